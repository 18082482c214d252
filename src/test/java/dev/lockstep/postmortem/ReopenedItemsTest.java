package dev.lockstep.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.pair.Pair;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemGateway;
import dev.lockstep.postmortem.actionitem.ActionItemGateway.ContextProvider;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ChangeRequestState;
import dev.lockstep.postmortem.actionitem.ItemOrigin;
import dev.lockstep.postmortem.actionitem.LocalRecordId;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.postmortem.settings.PostmortemSettings.Guard;
import dev.lockstep.postmortem.settings.PostmortemSettings.Renewal;
import dev.lockstep.postmortem.settings.PostmortemSettings.Reopened;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Items whose change requests fail, where the settings want another one. */
class ReopenedItemsTest {
  private static final LocalDate DUE = LocalDate.parse("2026-12-01");

  private final Tables tables =
      new Tables(
          new PostmortemSettings(
              Map.of(),
              Map.of(),
              Map.of("p1", 14),
              List.of(),
              new Reopened(Renewal.NEW_CHANGE, 3),
              Guard.DEFAULT));

  private final List<RecordRef> woken = new ArrayList<>();
  private final ActionItemGateway records =
      new ActionItemGateway(
          tables.store, tables.audit, tables.items, new Nothing(), tables.json, tables.clock);

  private static final class Nothing implements ContextProvider {
    @Override
    public ItemOrigin findOrigin(ActionItem item) {
      return new ItemOrigin(Map.of(), "INC0010001", "");
    }

    @Override
    public Optional<RecordRef> findMentioned(String text) {
      return Optional.empty();
    }

    @Override
    public String followUp(String ticket) {
      return "";
    }

    @Override
    public boolean isFollowUp(RecordRef counterpart) {
      return false;
    }
  }

  ReopenedItemsTest() {
    tables.woken = woken::add;
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private static SourceItem said(String priority, Status status) {
    return new SourceItem(
        null, 1, "Do it", "", null, null, priority, Set.of(), null, status, List.of());
  }

  /** Planned, and ready for its change request. */
  private ActionItem item(LocalDate due) {
    ActionItem item =
        tables.items.add(null, "x", "1", null, said("P1", Status.OPEN), tables.clock.instant());
    return tables.items.change(
        item.id(), "", null, known -> known.edit().owner("ann@example.com").due(due).done());
  }

  private ActionItem now(ActionItem item) {
    return tables.store.find(item.id()).orElseThrow();
  }

  /** What a pair does when its change request is created. */
  private void link(String face, String key) {
    update(face, "{\"counterpart\": \"itsm/change/%s\", \"counterpartKey\": \"%s\"}", key, key);
  }

  private JsonNode move(String face, String state, String code) {
    return update(face, "{\"change\": {\"state\": \"%s\", \"closeCode\": \"%s\"}}", state, code);
  }

  private JsonNode update(String face, String body, Object... values) {
    return read(records.update(face, body.formatted(values)));
  }

  private JsonNode record(String face) {
    return read(records.fetch(face));
  }

  private JsonNode read(String text) {
    try {
      return tables.json.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ActionItem failed() {
    ActionItem item = item(DUE);
    link("1", "CHG1");
    move("1", "closed", "unsuccessful");
    return now(item);
  }

  @Test
  void aChangeThatFailedIsSucceededByAnother() {
    ActionItem item = failed();

    assertThat(item.stage()).isEqualTo(ActionItemStatus.READY);
    assertThat(item.ref()).isEqualTo(RecordRef.parse("lockstep/action-item/1-2"));
    assertThat(woken).contains(item.ref());
    assertThat(record("1-2").path("stage").asText()).isEqualTo("ready");
    assertThat(record("1-2").path("owner").asText()).isEqualTo("ann@example.com");
    assertThat(record("1-2").path("description").asText())
        .contains("It was reopened: CHG1 was closed unsuccessful.");

    woken.clear();
    link("1-2", "CHG2");
    assertThat(now(item).statusText())
        .isEqualTo("CHG1 was closed unsuccessful; its successor CHG2 was created");
    // So that the failed change request gets a note that names it.
    assertThat(woken).contains(RecordRef.parse("lockstep/action-item/1"));

    move("1-2", "closed", "successful");
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.DEPLOYED);
    assertThat(now(item).statusText()).isEqualTo("deployed: CHG2 was closed successful");
    assertThat(tables.audit.history(item))
        .extracting(event -> event.entry().what() + ": " + event.entry().text())
        .contains(
            "change: CHG1 was closed unsuccessful",
            "reopened: open again: CHG1 was closed unsuccessful",
            "change: CHG2 was closed successful");
  }

  @Test
  void theFailureReportedAgainMakesNoOther() {
    ActionItem item = failed();
    move("1", "closed", "unsuccessful");
    move("1", "implement", "");
    move("1", "cancelled", "");
    tables.items.refresh(now(item));
    tables.items.markChangePresent(new LocalRecordId(1, 0), true);

    assertThat(now(item).earlier()).hasSize(1);
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.READY);
    assertThat(records.fetch("1-3")).isEmpty();
    assertThat(records.update("1-3", "{\"title\": \"x\"}")).isEmpty();
  }

  @Test
  void twoThatReportItAtOnceMakeOneSuccessor() throws Exception {
    ActionItem item = item(DUE);
    link("1", "CHG1");
    tables.woken = subject -> {};
    int workers = 4;
    CyclicBarrier together = new CyclicBarrier(workers);
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try {
      Callable<JsonNode> report =
          () -> {
            together.await();
            return move("1", "closed", "unsuccessful");
          };
      for (Future<JsonNode> done : threads.invokeAll(List.of(report, report, report, report))) {
        assertThat(done.get().path("id").asText()).isEqualTo("1");
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(now(item).earlier()).hasSize(1);
  }

  @Test
  void aFailureThatCannotBeStoredLeavesTheItemAsItWas() {
    ActionItem item = item(DUE);
    link("1", "CHG1");
    tables.woken =
        subject -> {
          throw new IllegalStateException("the worker dies here");
        };

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> move("1", "closed", "unsuccessful"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(now(item).earlier()).isEmpty();
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.IN_CHANGE);

    tables.woken = woken::add;
    move("1", "closed", "unsuccessful");
    assertThat(now(item).earlier()).hasSize(1);
    assertThat(woken).contains(now(item).ref());
  }

  @Test
  void theFailedOneIsKeptAsItWasAndItsEditsAreItsOwn() {
    ActionItem item = failed();
    JsonNode edited = update("1", "{\"title\": \"Closed one\", \"owner\": \"eve@example.com\"}");
    tables.items.change(item.id(), "", null, known -> known.edit().title("Do it well").done());

    assertThat(edited.path("title").asText()).isEqualTo("Closed one");
    assertThat(record("1").path("title").asText()).isEqualTo("Closed one");
    assertThat(record("1").path("counterpart").asText()).isEqualTo("itsm/change/CHG1");
    assertThat(record("1").path("stage").asText()).isEqualTo("reopened");
    assertThat(record("1-2").path("title").asText()).isEqualTo("Do it well");
    assertThat(now(item).owner()).isEqualTo("ann@example.com");
    assertThat(tables.store.findByRecord("itsm/change/CHG1")).contains(now(item));
    assertThat(read(records.find("itsm/change/CHG1")).findValuesAsText("id")).containsExactly("1");
    assertThat(read(records.changed("2026-01-01T00:00:00Z")).findValuesAsText("id"))
        .containsExactly("1", "1-2");
  }

  @Test
  void itsDescriptionLinksTheFailedOne() {
    item(DUE);
    link("1", "CHG1");
    RecordRef change = RecordRef.parse("itsm/change/CHG1");
    tables.pairs.insert(
        Pair.start(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "action-item",
                Side.LEFT,
                seen(RecordRef.parse("lockstep/action-item/1"), ""))
            .seen(Side.RIGHT, seen(change, "https://itsm/CHG1"))
            .withState(Pair.State.LINKED),
        new AuditEntry("created", "", Map.of()));
    move("1", "cancelled", "");

    assertThat(record("1-2").path("description").asText())
        .endsWith("It was reopened: CHG1 was cancelled: https://itsm/CHG1");
  }

  private static RecordState seen(RecordRef ref, String url) {
    return RecordState.of(
        "action-item",
        new Snapshot(ref, ref.id(), url, Version.count(1), Instant.EPOCH, "", Map.of()));
  }

  @Test
  void whatIsHandledByHandGetsNoOther() {
    ActionItem item = item(DUE);
    link("1", "CHG1");
    for (Status status : List.of(Status.DONE, Status.UNCLEAR)) {
      tables.items.change(
          item.id(), "", null, known -> known.edit().sourceItem(said("P1", status)).done());
      move("1", "cancelled", "");
      assertThat(now(item).stage()).as(status.name()).isEqualTo(ActionItemStatus.REOPENED);
    }
    // Said to be open all the same: now it does.
    tables.items.change(
        item.id(), "", null, known -> known.edit().sourceItem(said("P1", Status.OPEN)).done());
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.READY);

    // Done or cancelled before the other one was created: it is not wanted any more.
    tables.items.change(
        item.id(), "", null, known -> known.edit().sourceItem(said("P1", Status.DONE)).done());
    assertThat(record("1-2").path("stage").asText()).isEqualTo("done");
    tables.items.change(
        item.id(), "", null, known -> known.edit().sourceItem(said("P1", Status.CANCELLED)).done());
    assertThat(record("1-2").path("stage").asText()).isEqualTo("cancelled");
    // The failed one is over: it is not told so.
    assertThat(record("1").path("stage").asText()).isEqualTo("reopened");
  }

  @Test
  void aCancelledItemAndOneWithAnotherChangeGetNoOther() {
    ActionItem item = item(DUE);
    link("1", "CHG1");
    tables.items.change(
        item.id(), "", null, known -> known.edit().stage(ActionItemStatus.CANCELLED).done());
    move("1", "cancelled", "");
    assertThat(now(item).earlier()).isEmpty();
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.CANCELLED);

    tables.items.change(
        item.id(), "", null, known -> known.edit().stage(ActionItemStatus.READY).done());
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.READY);
    // An operator names another one before it is created.
    link("1-2", "CHG7");
    assertThat(record("1-2").path("stage").asText()).isEqualTo("in-change");
  }

  @Test
  void aChangeThatIsGoneHasNotFailed() {
    ActionItem item = item(DUE);
    link("1", "CHG1");
    tables.items.markChangePresent(new LocalRecordId(1, 0), false);
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.REOPENED);
    assertThat(now(item).earlier()).isEmpty();

    tables.items.markChangePresent(new LocalRecordId(1, 0), true);
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.IN_CHANGE);
  }

  @Test
  void afterTheLastOneItIsReported() {
    ActionItem item = failed();
    link("1-2", "CHG2");
    move("1-2", "cancelled", "");
    assertThat(now(item).ref().id()).isEqualTo("1-3");
    link("1-3", "CHG3");
    move("1-3", "closed", "unsuccessful");
    tables.items.refresh(now(item));

    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.REOPENED);
    assertThat(now(item).earlier()).hasSize(2);
    assertThat(now(item).statusText())
        .isEqualTo("open again after 3 change requests: CHG3 was closed unsuccessful");
  }

  @Test
  void oneThatIsReopenedBeforeItsSuccessorIsCreatedHasNone() {
    ActionItem item = failed();
    move("1", "implement", "");

    assertThat(record("1-2").path("stage").asText()).isEqualTo("in-change");
    assertThat(now(item).statusText()).isEqualTo("CHG1 is in implement");
    move("1", "closed", "successful");
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.DEPLOYED);

    move("1", "cancelled", "");
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.READY);
    assertThat(now(item).ref().id()).isEqualTo("1-2");
  }

  @Test
  void oneThatIsReopenedAfterwardsIsShownBesideItsSuccessor() {
    ActionItem item = failed();
    link("1-2", "CHG2");
    move("1", "closed", "successful");
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.IN_CHANGE);
    assertThat(now(item).statusText())
        .isEqualTo("CHG1 was closed successful; its successor CHG2 was created");

    // It is not needed any more.
    move("1-2", "cancelled", "");
    assertThat(now(item).stage()).isEqualTo(ActionItemStatus.DEPLOYED);
    assertThat(now(item).statusText()).isEqualTo("deployed: CHG1 was closed successful");
    assertThat(now(item).earlier()).hasSize(1);
  }

  @Test
  void aDateThatHasPassedIsReplacedByThePriority() {
    tables.clock.advance(Duration.ofDays(10));
    ActionItem item = failed();
    assertThat(now(item).due()).isEqualTo(LocalDate.parse("2026-12-18"));

    tables.items.change(
        item.id(),
        "",
        null,
        known -> known.edit().sourceItem(said("P4", Status.OPEN)).due(DUE).done());
    link("1-2", "CHG2");
    move("1-2", "cancelled", "");
    // Nothing says when else: it stays, and is overdue.
    assertThat(now(item).due()).isEqualTo(DUE);
  }

  @Test
  void aDateToComeStays() {
    assertThat(failed().due()).isEqualTo(DUE);
  }

  @Test
  void byDefaultItIsReported() {
    try (Tables reporting = new Tables()) {
      ActionItem item =
          reporting.items.add(
              null, "x", "1", null, said("P1", Status.OPEN), reporting.clock.instant());
      ActionItem failed =
          reporting.items.change(
              item.id(),
              "",
              null,
              known ->
                  known
                      .edit()
                      .counterpart("itsm/change/c1")
                      .change(
                          new ChangeRequestState(
                              "CHG1", "closed", "unsuccessful", "", "", "", false))
                      .done());
      assertThat(failed.stage()).isEqualTo(ActionItemStatus.REOPENED);
      assertThat(failed.statusText()).isEqualTo("open again: CHG1 was closed unsuccessful");
      assertThat(failed.ref()).isEqualTo(item.ref());
    }
  }
}
