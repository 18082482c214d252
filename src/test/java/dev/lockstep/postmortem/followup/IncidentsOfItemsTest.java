package dev.lockstep.postmortem.followup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.mapping.ClosureRules;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.ChangeRequestState;
import dev.lockstep.postmortem.actionitem.EarlierChange;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.NoteSender;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableMapping;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an incident whose action items go on, on the engine itself. */
class IncidentsOfItemsTest {

  /** Closed is closed, and set back to resolved. */
  private static final ClosureRules RULES =
      new ClosureRules() {
        @Override
        public boolean isClosed(Side side, Map<String, String> values) {
          return "closed".equals(values.get("status"));
        }

        @Override
        public Map<String, String> reopen(Side side) {
          return Map.of("status", "resolved");
        }

        @Override
        public String priority(Side side, Map<String, String> values) {
          return values.getOrDefault("priority", "");
        }
      };

  private final FakeSystems systems = new FakeSystems();
  private final Engine engine =
      new Engine(
          new TableMapping(List.of(), Set.of()).guarded(RULES),
          systems,
          Map.of(
              "lockstep.postmortems.settings", "src/test/resources/postmortems/reopen-late.yaml"));
  private RecordRef incident;

  @BeforeEach
  void begin() {
    systems.onChange(engine::receive);
    incident = systems.person("itsm", Map.of("scope", "yes", "status", "open", "priority", "1/1"));
    engine.settle();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private ActionItem item(String title) {
    return item(title, incident, false);
  }

  private ActionItem item(String title, RecordRef of, boolean done) {
    SourceItem said =
        new SourceItem(null, 1, title, "", null, null, null, Set.of(), null, done, List.of());
    ActionItem item = engine.bean(ActionItems.class).add(null, "x", title, of, said, Instant.now());
    engine.settle();
    return item;
  }

  /** And of nothing else yet. */
  private void receiveThatItIsClosed(RecordRef ref, NativeRecord state) {
    if ("closed".equals(state.json().path("status").asText())) {
      engine.receive(ref, state);
    }
  }

  private int blocked() {
    return engine
        .jdbc
        .sql("select count(*) from inbox_entry where state = 'DEAD_LETTER'")
        .query(Integer.class)
        .single();
  }

  @Test
  void oneThatWasDeletedIsToldNothingAndNobodyIsCalledForIt() {
    systems.delete(incident);

    item("Do it");

    assertThat(blocked()).isZero();
  }

  @Test
  void oneThatAPersonOpenedAgainMeanwhileIsLeftAsItIs() {
    item("Do it");
    systems.onChange(this::receiveThatItIsClosed);
    systems.person(incident, Map.of("status", "closed"));
    engine.settle();
    assertThat(systems.values(incident)).containsEntry("status", "resolved");

    systems.person(incident, Map.of("status", "working"));
    item("Do that too");

    assertThat(systems.values(incident)).containsEntry("status", "working");
  }

  @Test
  void oneThatWasMergedAwayIsSeenAsItsTicketIs() {
    PairStore pairs = engine.bean(PairStore.class);
    Pair pair = pairs.find(incident, "test").orElseThrow();
    pairs.save(pair.withState(Pair.State.ENDED), List.of());
    ticket(pair.leftSeen());
    Map<String, String> values = new HashMap<>(pair.leftSeen().values());
    values.put("status", "closed");
    engine.bean(RecordStore.class).save(pair.leftState().withValues("test", values));

    IncidentLookup incidents = engine.bean(IncidentLookup.class);

    Incident found = incidents.toIncident(pairs.load(pair.correlation())).orElseThrow();
    assertThat(found.value("status")).isEqualTo("closed");
    assertThat(found.records()).hasSize(2);
    assertThat(incidents.findKnown(pair.right()).orElseThrow().ref()).isEqualTo(incident);
  }

  private void ticket(Snapshot seen) {
    engine
        .bean(TicketStore.class)
        .save(
            new StoredTicket(
                seen.ref(),
                "test",
                Side.LEFT,
                new DuplicateRules.Compared("", "", "", ""),
                Instant.now(),
                null,
                true,
                false,
                false,
                RecordState.of("test", seen),
                null,
                0));
  }

  /** Another ticket that is, or was, a duplicate of the incident. */
  private RecordRef duplicate(Duplicates.State state) {
    Map<String, String> fields = Map.of("scope", "no", "status", "open", "priority", "5/5");
    RecordRef other = systems.person("itsm", fields);
    engine.settle();
    ticket(engine.bean(PairStore.class).find(incident, "test").orElseThrow().leftSeen());
    ticket(
        new Snapshot(
            other, "INC-DUP", "", Version.count(1), Instant.EPOCH, "", Map.of("status", "open")));
    engine.bean(DuplicateStore.class).upsert(other, incident, state, 0.9, List.of(), "ann");
    return other;
  }

  private void close(RecordRef closed) {
    systems.onChange(this::receiveThatItIsClosed);
    systems.person(closed, Map.of("status", "closed"));
    engine.settle();
  }

  /** They are closed with it. */
  @ParameterizedTest
  @EnumSource(
      value = Duplicates.State.class,
      names = {"LINKED", "LINKING", "SPLIT", "REJECTED", "WITHDRAWN"})
  void theItemsOfItsDuplicatesCountAsItsOwnAsLongAsTheyAreDuplicates(Duplicates.State state) {
    boolean counts = state == Duplicates.State.LINKED || state == Duplicates.State.LINKING;
    RecordRef other = duplicate(state);
    ActionItem item = item("Only on the duplicate", other, false);

    close(incident);

    assertThat(systems.values(incident)).containsEntry("status", counts ? "resolved" : "closed");
    assertThat(systems.noteTexts(incident).toString().contains(item.key() + " \"Only on"))
        .isEqualTo(counts);
  }

  @Test
  void anItemOfADuplicateThatIsDoneKeepsNothingOpen() {
    item("Done", duplicate(Duplicates.State.LINKED), true);

    close(incident);

    assertThat(systems.values(incident)).containsEntry("status", "closed");
  }

  private long closingNotes() {
    return systems.noteTexts(incident).stream().filter(text -> text.contains("Timeline")).count();
  }

  @Test
  void aClosedOneGetsItsClosingNoteOnce() {
    engine.noteAtClosing("Timeline (UTC): opened");
    close(incident);
    assertThat(closingNotes()).isOne();

    systems.onChange(engine::receive);
    systems.person(incident, Map.of("status", "open"));
    engine.settle();
    systems.person(incident, Map.of("status", "closed"));
    engine.settle();
    assertThat(closingNotes()).isOne();
  }

  @Test
  void oneThatIsSetBackGetsNoClosingNote() {
    engine.noteAtClosing("Timeline (UTC): opened");
    item("Do it");
    close(incident);
    assertThat(systems.values(incident)).containsEntry("status", "resolved");
    assertThat(closingNotes()).isZero();
  }

  private static Snapshot seen(RecordRef ref, String key) {
    return new Snapshot(ref, key, "", Version.count(1), Instant.EPOCH, "", Map.of());
  }

  /** The issue an item is followed up in. */
  private RecordRef followedUp(ActionItem item) {
    TableMapping plain = new TableMapping(List.of(), Set.of());
    engine.map(
        List.of(
            plain.guarded(RULES), plain.between("follow-up", "lockstep", "platform").following()));
    RecordRef issue = systems.person("platform", Map.of("title", "Do it", "status", "open"));
    engine
        .bean(ActionItems.class)
        .change(item.id(), "", null, now -> now.edit().followUp(issue.toString()).done());
    engine
        .bean(PairStore.class)
        .insert(
            Pair.start(
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    "follow-up",
                    Side.LEFT,
                    RecordState.of("follow-up", seen(item.followUpRef(), item.key())))
                .seen(Side.RIGHT, RecordState.of("follow-up", seen(issue, "OPS-1")))
                .withState(Pair.State.LINKED),
            new AuditEntry("created", "", Map.of()));
    return issue;
  }

  @Test
  void aFollowUpThatWasDeletedInItsSystemIsToldOnce() {
    ActionItem item = item("Do it");
    RecordRef issue = followedUp(item);
    systems.delete(issue);

    engine.receiveIfKnown(issue);
    engine.settle();
    engine.receiveIfKnown(issue);
    engine.settle();

    assertThat(systems.noteTexts(incident).toString())
        .containsOnlyOnce("was deleted, or is no longer visible")
        .contains(item.key() + " \"Do it\"");
    assertThat(blocked()).isZero();
  }

  @Test
  void oneThatNeedsNoPostmortemIsLookedAtOnceWhenItMightBeDue() {
    systems.person(incident, Map.of("status", "closed", "priority", "5/5"));
    engine.settle();
    engine
        .jdbc
        .sql("update closure set closed_at = ?")
        .param(Timestamp.from(Instant.now().minus(Duration.ofDays(6))))
        .update();
    ClosureStore closures = engine.bean(ClosureStore.class);
    Instant due = Instant.now().minus(Duration.ofDays(5));
    assertThat(closures.withoutPostmortem(due)).containsExactly(incident);

    engine.bean(ClosureSweep.class).scheduleIncidents();
    engine.settle();

    assertThat(closures.withoutPostmortem(due)).isEmpty();
  }

  @Test
  void oneThatMayNotBeReopenedIsToldSo() {
    item("Do it");
    systems.failBefore(
        call -> {
          if (call.equals("update itsm")) {
            throw new RequestRejectedException(403, "PATCH", "may not reopen", "Give the role.");
          }
        });
    systems.onChange(this::receiveThatItIsClosed);
    systems.person(incident, Map.of("status", "closed"));
    engine.settle();

    assertThat(blocked()).isOne();
    assertThat(systems.noteTexts(incident).toString())
        .contains("could not reopen it")
        .doesNotContain("Reopened by Lockstep");
  }

  @Test
  void oneThatWasReopenedWhenTheWorkerDiedIsToldSoOnce() {
    item("Do it");
    AtomicInteger updates = new AtomicInteger();
    systems.failAfter(
        call -> {
          if (call.equals("update itsm") && updates.getAndIncrement() == 0) {
            throw new AssertionError("the worker dies here");
          }
        });
    systems.onChange(this::receiveThatItIsClosed);
    systems.person(incident, Map.of("status", "closed"));
    engine.settle();

    assertThat(systems.values(incident)).containsEntry("status", "resolved");
    assertThat(systems.noteTexts(incident).toString()).containsOnlyOnce("Reopened by Lockstep");
  }

  @Test
  void aFailedChangeIsGivenTheNameOfItsSuccessorOnce() {
    RecordRef open = systems.person("itsm", Map.of("status", "open"));
    Pair pair = succeeded(open);
    items().sendSuccessorNote(pair.left(), pair);
    items().sendSuccessorNote(pair.left(), pair);

    assertThat(systems.noteTexts(open).toString()).containsOnlyOnce("is continued in CHG2");
  }

  @Test
  void aClosedChangeThatRefusesTheNoteGetsItWhenItCan() {
    RecordRef closed = systems.person("itsm", Map.of("status", "closed"));
    Pair pair = succeeded(closed);
    refuseNotes();
    items().sendSuccessorNote(pair.left(), pair);
    assertThat(blocked()).isZero();

    systems.failBefore(call -> {});
    items().sendSuccessorNote(pair.left(), pair);
    assertThat(systems.noteTexts(closed).toString()).containsOnlyOnce("is continued in CHG2");
  }

  @Test
  void anOpenChangeThatRefusesTheNoteIsOneDeadLetter() {
    RecordRef open = systems.person("itsm", Map.of("status", "open"));
    Pair pair = succeeded(open);
    refuseNotes();
    items().sendSuccessorNote(pair.left(), pair);
    items().sendSuccessorNote(pair.left(), pair);

    assertThat(blocked()).isOne();
  }

  @Test
  void aChangeThatWasDeletedIsGivenNoNote() {
    RecordRef gone = systems.person("itsm", Map.of("status", "closed"));
    Pair pair = succeeded(gone);
    systems.delete(gone);

    items().sendSuccessorNote(pair.left(), pair);

    assertThat(blocked()).isZero();
  }

  private void refuseNotes() {
    systems.failBefore(
        call -> {
          if (call.equals("note itsm")) {
            throw new RequestRejectedException(403, "PATCH", "no note", "Give the role.");
          }
        });
  }

  private ActionItemPlanner items() {
    return new ActionItemPlanner(
        engine.bean(ActionItems.class),
        engine.bean(MappingCatalog.class),
        engine.bean(IncidentLookup.class),
        null,
        engine.bean(NoteStore.class),
        engine.bean(NoteSender.class),
        PostmortemSettings.DEFAULT);
  }

  /** The pair of a change request that failed, of an item that has another one. */
  private Pair succeeded(RecordRef change) {
    ActionItem item = item("Do it");
    ChangeRequestState failed = new ChangeRequestState("CHG1", "cancelled", "", "", "", "", false);
    ChangeRequestState successor = new ChangeRequestState("CHG2", "new", "", "", "", "", false);
    EarlierChange first = new EarlierChange("Do it", "", null, "", change.toString(), "", failed);
    engine
        .bean(ActionItems.class)
        .change(
            item.id(),
            "",
            null,
            known ->
                known
                    .edit()
                    .earlier(List.of(first))
                    .counterpart("itsm/incident/other")
                    .change(successor)
                    .done());
    engine.settle();
    Map<String, String> values = systems.values(change);
    Snapshot there = new Snapshot(change, "CHG1", "", Version.count(1), Instant.EPOCH, "", values);
    Snapshot here =
        new Snapshot(item.ref(), item.key(), "", Version.count(1), Instant.EPOCH, "", Map.of());
    return Pair.start(
            UUID.randomUUID(), UUID.randomUUID(), "test", Side.LEFT, RecordState.of("test", here))
        .seen(Side.RIGHT, RecordState.of("test", there))
        .withState(Pair.State.LINKED);
  }

  @Test
  void whatWaitedUnderThePlatformsIncidentIsSentToItsTicket() {
    RecordRef onPlatform = systems.all("platform").get(0);
    Incident alone =
        new Incident(
            List.of(onPlatform),
            engine.bean(PairStore.class).find(onPlatform, "test").orElseThrow().rightSeen(),
            Side.RIGHT,
            new TableMapping(List.of(), Set.of()));
    engine
        .bean(NoteSender.class)
        .enqueue(alone.noteSource(), "items:1", Visibility.INTERNAL, "Waited for its ticket");

    systems.person(incident, Map.of("title", "Something else"));
    engine.settle();

    assertThat(systems.noteTexts(incident).toString()).containsOnlyOnce("Waited for its ticket");
  }
}
