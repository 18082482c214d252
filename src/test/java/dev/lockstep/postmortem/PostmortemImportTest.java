package dev.lockstep.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.audit.AuditSubject;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.postmortem.Postmortems.Receipt;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.Postmortems.Refused;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.parse.ShippedWords;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TableMapping;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which document is which, on a real database, while the systems answer or do not. */
class PostmortemImportTest {
  private static final String PORTAL =
      """
      # Portal was down, %s

      ## Action items

      - [ ] Add an index to the sessions (ann@example.com, 2026-12-01)
      - [ ] Write a runbook (ben@example.com, 2026-12-05)
      """;

  private static final String OTHER =
      """
      # Printing was slow, %s

      ## Action items

      - [ ] Replace the printer (cid@example.com, 2026-12-09)
      """;

  private final Tables tables = new Tables();
  private final PostmortemStore postmortems = tables.postmortems;
  private final ActionItemStore store = tables.store;
  private final PostmortemParser documents = new PostmortemParser(ShippedWords.reader());
  private final Map<String, Incident> known = new HashMap<>();
  private boolean away;
  private final PostmortemImport filing =
      new PostmortemImport(
          postmortems,
          store,
          tables.items,
          this::named,
          tables.auditStore,
          tables.transaction,
          tables.clock);

  PostmortemImportTest() {
    known("INC0000001", "INC0000001");
    known("#1", "INC0000001");
    known("INC0000002", "INC0000002");
  }

  private void known(String name, String key) {
    RecordRef ref = new RecordRef("itsm", "incident", key.toLowerCase(java.util.Locale.ROOT));
    Snapshot seen =
        new Snapshot(
            ref,
            key,
            "",
            Version.exactly(tables.clock.instant()),
            tables.clock.instant(),
            "",
            Map.of());
    known.put(
        name, new Incident(List.of(ref), seen, Side.LEFT, new TableMapping(List.of(), Set.of())));
  }

  private Optional<Incident> named(String name) {
    if (away) {
      throw new SystemUnavailableException("itsm does not answer");
    }
    return Optional.ofNullable(known.get(name));
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private Receipt send(String name, String document) {
    return filing.receive(read(name, document), "ann");
  }

  @Test
  void whoSentItIsInTheAudit() {
    String document =
        "# Review\n\nIncident: INC0000001\n\n## Action items\n\n- [ ] Grow the disk\n";
    Receipt receipt = send("disk.md", document);
    filing.receive(read("disk.md", document), "");
    assertThat(
            tables.auditStore.findAll(new AuditSubject("postmortem", String.valueOf(receipt.id()))))
        .singleElement()
        .satisfies(event -> assertThat(event.entry().actor()).isEqualTo("ann"))
        .satisfies(
            event ->
                assertThat(event.entry().text())
                    .isEqualTo(
                        "Postmortem imported: 1 action items added, 0 updated, 0 cancelled"));
  }

  private Received read(String name, String document) {
    return documents.markdown(document.getBytes(StandardCharsets.UTF_8), name, "", "");
  }

  private static List<String> titles(List<ActionItem> items, ActionItemStatus... except) {
    return items.stream()
        .filter(item -> !List.of(except).contains(item.stage()))
        .map(ActionItem::title)
        .toList();
  }

  private List<String> alive() {
    return titles(store.findAll(), ActionItemStatus.CANCELLED);
  }

  @Test
  void aSecondPostmortemOfAnIncidentIsRefusedWithTheLineThatNamesIt() {
    send("portal.md", PORTAL.formatted("INC0000001"));

    assertThatThrownBy(() -> send("other.md", "\n" + OTHER.formatted("INC0000001")))
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.line()).isEqualTo(2))
        .hasMessageContaining("INC0000001 already has the postmortem \"portal.md\"");
    assertThat(alive()).hasSize(2);
  }

  @Test
  void oneWithoutANameDoesNotTakeThePlaceOfAnother() {
    send("portal.md", PORTAL.formatted("INC0000001"));

    assertThatThrownBy(() -> send("", OTHER.formatted("INC0000001")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("to replace it, send this one with the same title");
    assertThatThrownBy(() -> send("", OTHER.formatted("#1"))).isInstanceOf(Refused.class);

    assertThat(alive()).hasSize(2);
  }

  @Test
  void theSameWithoutItsNameIsTheSameAndKeepsIt() {
    send("portal.md", PORTAL.formatted("INC0000001"));

    Receipt again = send("", PORTAL.formatted("INC0000001"));

    assertThat(again.added() + again.updated() + again.cancelled()).isZero();
    assertThat(postmortems.findByName("portal.md")).isPresent();
  }

  @Test
  void oneWhoseNumberWasMendedTakesItsItemsAlong() {
    send("portal.md", PORTAL.formatted("INC0000002"));

    Receipt mended = send("portal.md", PORTAL.formatted("INC0000001"));

    assertThat(mended.added()).isZero();
    assertThat(store.findAll())
        .hasSize(2)
        .allSatisfy(item -> assertThat(item.incident()).hasToString("itsm/incident/inc0000001"));
  }

  @Test
  void aNameThatIsUsedForTwoIsRefused() {
    send("postmortem.md", PORTAL.formatted("INC0000001"));

    assertThatThrownBy(() -> send("postmortem.md", OTHER.formatted("INC0000002")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("is the name of the postmortem of INC0000001");
    assertThat(alive()).hasSize(2);
  }

  @Test
  void whileItsSystemIsAwayItWaitsAndIsJoinedLater() {
    away = true;
    Receipt first = send("", PORTAL.formatted("INC0000001"));
    Receipt second = send("", OTHER.formatted("INC0000002"));
    Receipt again = send("", PORTAL.formatted("INC0000001"));
    filing.retry();

    assertThat(List.of(first.waiting(), second.waiting(), again.waiting())).containsOnly(true);
    assertThat(again.added() + again.updated() + again.cancelled()).isZero();
    assertThat(store.findAll()).hasSize(3).allMatch(item -> item.incident() == null);

    away = false;
    filing.retry();

    assertThat(postmortems.findWaiting()).isEmpty();
    assertThat(store.findByIncidents(known.get("INC0000001").records())).hasSize(2);
    assertThat(store.findByIncidents(known.get("INC0000002").records())).hasSize(1);
  }

  @Test
  void oneThatWaitsAndIsSentAgainBeforeItIsJoinedIsThereOnce() {
    away = true;
    send("", PORTAL.formatted("INC0000001"));
    away = false;

    Receipt receipt = send("", PORTAL.formatted("INC0000001"));
    filing.retry();

    assertThat(receipt.waiting()).isFalse();
    assertThat(postmortems.findNewest(10)).hasSize(1);
    assertThat(store.findByIncidents(known.get("INC0000001").records())).hasSize(2);
  }

  @Test
  void oneThatIsJoinedStaysSoThoughItIsEditedWhileItsSystemIsAway() {
    send("portal.md", PORTAL.formatted("INC0000001"));
    away = true;

    Receipt edited =
        send("portal.md", PORTAL.formatted("INC0000001").replace("runbook", "good runbook"));

    assertThat(edited.updated()).isEqualTo(1);
    assertThat(edited.waiting()).isFalse();
    assertThat(postmortems.findByIncident(known.get("INC0000001").records())).isPresent();
  }

  @Test
  void oneThatNamesNoIncidentThereIsSaysSoOnceItCanBeAsked() {
    away = true;
    send("lost.md", PORTAL.formatted("INC0000009"));
    away = false;
    filing.retry();

    assertThat(postmortems.findByName("lost.md").map(StoredPostmortem::problem).orElseThrow())
        .isEqualTo("incident \"INC0000009\" was not found");

    send("lost.md", PORTAL.formatted("INC0000001"));

    assertThat(postmortems.findByName("lost.md").map(StoredPostmortem::problem).orElseThrow())
        .isEmpty();
    assertThat(store.findByIncidents(known.get("INC0000001").records())).hasSize(2);
  }

  @Test
  void sentTwiceAtOnceItIsThereOnce() throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try {
      CyclicBarrier together = new CyclicBarrier(4);
      Callable<Receipt> send =
          () -> {
            together.await();
            return send("portal.md", PORTAL.formatted("INC0000001"));
          };
      for (Future<Receipt> sent : senders.invokeAll(List.of(send, send, send, send))) {
        assertThat(sent.get().items()).hasSize(2);
      }
    } finally {
      senders.shutdownNow();
    }
    assertThat(store.findAll()).hasSize(2);
  }

  @Test
  void anIssueTwoPostmortemsNameStaysTheFirstOnes() {
    send("a.md", "# INC0000001\n\n## Action items\n\n- [ ] Add an index OPS-1\n");

    Receipt other =
        send("b.md", "# INC0000002\n\n## Action items\n\n- [ ] The index, still OPS-1\n");

    assertThat(other.items()).extracting(ActionItem::title).containsExactly("Add an index");
    assertThat(store.findAll())
        .singleElement()
        .satisfies(item -> assertThat(item.incident()).hasToString("itsm/incident/inc0000001"));
    send("b.md", "# INC0000002\n\n## Action items\n\nNone\n");
    assertThat(alive()).containsExactly("Add an index");
  }

  @Test
  void twoItemsThatNameTheSameIssueAreBothKept() {
    String document =
        "# INC0000001\n\n"
            + "## Action items\n\n"
            + "- [ ] Add an index OPS-1\n"
            + "- [ ] Replace the pool OPS-1\n";
    Receipt first = send("a.md", document);
    Receipt again = send("a.md", document);

    assertThat(alive()).containsExactly("Add an index", "Replace the pool");
    assertThat(first.items().get(1).sourceItem().problems())
        .containsExactly(
            "the ticket \"OPS-1\" is also that of \"Add an index\", which is followed in it; give"
                + " each its own");
    assertThat(again.added() + again.updated() + again.cancelled()).isZero();
  }

  @Test
  void anIssueThatItsPostmortemNamesNoLongerIsTheNextOnes() {
    send("a.md", "# INC0000001\n\n## Action items\n\n- [ ] Add an index OPS-1\n");
    send("a.md", "# INC0000001\n\n## Action items\n\nNone\n");

    String other = "# INC0000002\n\n## Action items\n\n- [ ] Add the index OPS-1\n";
    send("b.md", other);

    assertThat(alive()).containsExactly("Add the index");
    assertThat(store.findAll())
        .singleElement()
        .satisfies(item -> assertThat(item.incident()).hasToString("itsm/incident/inc0000002"));
    Receipt again = send("b.md", other);
    assertThat(again.added() + again.updated() + again.cancelled()).isZero();
    send("b.md", "# INC0000002\n\n## Action items\n\nNone\n");
    assertThat(alive()).isEmpty();
  }

  @Test
  void anIncidentThatItemsComeToIsToldOfThemThoughAnotherWas() {
    send("portal.md", PORTAL.formatted("INC0000002"));
    for (ActionItem item : store.findAll()) {
      tables.items.change(item.id(), "", null, now -> now.edit().notified(now.statusText()).done());
    }

    send("portal.md", PORTAL.formatted("INC0000001"));

    assertThat(store.findAll()).extracting(ActionItem::notified).containsOnly("");
  }

  @Test
  void whatIsPlannedInItsIssueStaysWhereThePostmortemSaysNothingOfIt() {
    SourceItem begun =
        new SourceItem(
            null,
            0,
            "Index",
            "",
            "cid@example.com",
            LocalDate.parse("2026-12-05"),
            null,
            Set.of(),
            "OPS-1",
            false,
            List.of());
    ActionItem item =
        tables.items.add(null, "jira", "jira/issue/1", null, begun, tables.clock.instant());
    tables.items.change(item.id(), "", null, now -> now.edit().owner("cid@example.com").done());

    send("a.md", "# INC0000001\n\n## Action items\n\n- [ ] Add an index OPS-1\n");

    assertThat(store.findAll())
        .singleElement()
        .satisfies(
            now -> {
              assertThat(now.title()).isEqualTo("Add an index");
              assertThat(now.owner()).isEqualTo("cid@example.com");
              assertThat(now.due()).isEqualTo("2026-12-05");
            });

    send(
        "a.md",
        "# INC0000001\n\n"
            + "## Action items\n\n"
            + "- [ ] Add an index (ann@example.com, 2026-12-01) OPS-1\n");

    assertThat(store.findAll())
        .singleElement()
        .satisfies(now -> assertThat(now.sourceItem().owner()).isEqualTo("ann@example.com"));
  }

  /**
   * A worker locks an item, then its incident's row in the inbox. An edit that locked them the
   * other way round made the database end one of the two.
   */
  @Test
  void anEditAndAWorkerDoNotLockEachOtherOut() throws Exception {
    Receipt first = send("p", PORTAL.formatted("INC0000001"));
    tables.woken =
        subject ->
            tables
                .jdbc
                .sql(
                    """
                    insert into inbox_entry
                      (subject, generation, state, attempts, outcome_unknown, hints, received_at, changed_at)
                    values (?, 0, 'RECEIVED', 0, false, '{}', now(), now())
                    on conflict (subject) do update set generation = inbox_entry.generation + 1
                    """)
                .param(subject.toString())
                .update();
    CountDownLatch held = new CountDownLatch(1);
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try {
      Future<ActionItem> change =
          worker.submit(
              () ->
                  tables.items.change(
                      first.items().get(1).id(),
                      "",
                      null,
                      item -> {
                        held.countDown();
                        Awaitility.await().until(this::somebodyWaitsForALock);
                        return item.edit().owner("eva@example.com").due(null).done();
                      }));
      held.await();
      Receipt edited =
          send(
              "p",
              PORTAL
                  .formatted("INC0000001")
                  .replace(
                      "- [ ] Add an index",
                      "- [ ] Tell the clinics (fay@example.com, 2026-12-11)\n- [ ] Add an index"));

      assertThat(edited.added()).isEqualTo(1);
      assertThat(change.get().owner()).isEqualTo("eva@example.com");
    } finally {
      worker.shutdownNow();
    }
  }

  private boolean somebodyWaitsForALock() {
    return tables
        .jdbc
        .sql(
            "select count(*) > 0 from pg_stat_activity"
                + " where wait_event_type = 'Lock' and datname = current_database()")
        .query(Boolean.class)
        .single();
  }

  /** Documents as teams hand them in, in both forms, whole and broken. */
  private static final Map<String, String> CORPUS =
      Map.ofEntries(
          Map.entry(
              "good.md", "# INC0000001\n\n## Action items\n\n- Add an index (@ann, 2026-12-01)\n"),
          Map.entry("nameless.md", "# Portal\n\n## Action items\n\n- Add an index\n"),
          Map.entry(
              "open.md", "---\ntitle: Portal\n\n# Portal\n\n## Action items\n\n- Add an index\n"),
          Map.entry(
              "broken.md", "---\nincident INC0000001\n---\n\n## Action items\n\n- Add an index\n"),
          Map.entry("json.md", "{\"incident\": \"INC0000001\", \"items\": []}"),
          Map.entry("good.json", "{\"incident\": \"INC0000002\", \"items\": []}"),
          Map.entry("nameless.json", "{\"items\": []}"),
          Map.entry(
              "twice.json", "{\"incident\": \"INC0000001\", \"incident\": \"\", \"items\": []}"),
          Map.entry("behind.json", "{\"incident\": \"INC0000001\", \"items\": []} x"),
          Map.entry("markdown.json", "# INC0000001\n"),
          Map.entry("empty.md", ""),
          Map.entry("nul.md", "# INC0000001\n\0"));

  @Test
  void aCheckAndTheServiceComeToTheSame() {
    CORPUS.forEach(
        (name, text) -> {
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          String checked = "";
          try {
            Received received = documents.file(body, name, "");
            checked = PostmortemParser.refusal(received).map(Refused::getMessage).orElse("");
            var shown = PostmortemJson.toJson(name, received);
            assertThat(shown.path("problems").toString()).contains(checked);
          } catch (Refused e) {
            checked = String.valueOf(e.getMessage());
          }
          String sent = "";
          try {
            filing.receive(
                PostmortemParser.isJson(name)
                    ? documents.json(body)
                    : documents.markdown(body, "same", "", ""),
                "ann");
          } catch (Refused e) {
            sent = String.valueOf(e.getMessage());
          }
          assertThat(checked).as(name).isEqualTo(sent);
          assertThat(sent.isEmpty()).as(name).isEqualTo(name.startsWith("good"));
        });
  }

  @Test
  void whatIsCancelledOrNotUnderstoodGetsNoChangeAndIsNotDropped() {
    String table =
        "# INC0000001\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n";
    String row = "| Add an index | ann@example.com | 2026-12-01 | %s |\n";
    send("a.md", table + row.formatted("Won't do"));
    assertThat(store.findAll()).singleElement();
    assertThat(store.findAll().get(0).stage()).isEqualTo(ActionItemStatus.CANCELLED);
    assertThat(store.findAll().get(0).statusText()).isEqualTo("cancelled by its source");

    send("a.md", table + row.formatted("ask Dana"));
    tables.items.change(
        store.findAll().get(0).id(), "", null, item -> item.edit().owner("ann@example.com").done());
    assertThat(store.findAll().get(0).stage()).isEqualTo(ActionItemStatus.NEEDS_STATUS);
    assertThat(store.findAll().get(0).sourceItem().problems())
        .singleElement()
        .asString()
        .contains("the status \"ask Dana\" is not understood");

    send("a.md", table + row.formatted("in progress"));
    assertThat(store.findAll().get(0).stage()).isEqualTo(ActionItemStatus.READY);
  }

  @Test
  void anItemFoundInItsIssueFirstBelongsToThePostmortemThatNamesIt() {
    SourceItem begun =
        new SourceItem(
            null,
            0,
            "Index",
            "",
            "cid@example.com",
            null,
            null,
            Set.of(),
            "OPS-1",
            false,
            List.of());
    ActionItem item =
        tables.items.add(null, "jira", "jira/issue/1", null, begun, tables.clock.instant());
    String document = "# INC0000001\n\n## Action items\n\n- [ ] Add an index OPS-1%s\n";
    Receipt receipt = send("a.md", document.formatted(""));
    assertThat(store.find(item.id()).orElseThrow().postmortem()).isEqualTo(receipt.id());

    send("a.md", document.formatted("\n- [ ] Write a runbook"));
    assertThat(store.find(item.id()).orElseThrow().sourceItem().owner())
        .isEqualTo("cid@example.com");
    assertThat(store.findAll()).hasSize(2);

    send("a.md", "# INC0000001\n\n## Action items\n\n- [ ] Write a runbook\n");
    assertThat(store.find(item.id()).orElseThrow())
        .satisfies(now -> assertThat(now.postmortem()).isNull())
        .satisfies(now -> assertThat(now.stage()).isNotEqualTo(ActionItemStatus.CANCELLED));
  }
}
