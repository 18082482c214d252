package dev.lockstep.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.Backfills.Progress;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that are open already start syncing, once, as the operator wants. */
class BackfillerTest {
  private static final StartPolicy ALL = new StartPolicy(OlderNotes.ALL, "");

  private static final FakeSystems systems = new FakeSystems();
  private static final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("external", Owner.LEFT)),
          Set.of());
  private static Engine engine;

  @BeforeAll
  static void start() {
    engine = new Engine(mapping, systems);
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  /** Nothing is reported by webhooks. */
  @BeforeEach
  void forget() {
    engine.forget();
    systems.forget();
    systems.onChange((ref, state) -> {});
  }

  private static RecordRef ticket(String title) {
    return systems.person("itsm", Map.of("scope", "yes", "title", title));
  }

  private static Backfills backfills() {
    return engine.bean(Backfills.class);
  }

  private static Progress latest() {
    return backfills().findLatest().orElseThrow();
  }

  private static Selection only(String kind) {
    return new Selection("", kind, "");
  }

  private static Progress begin(StartPolicy policy) {
    return backfills().start(Instant.EPOCH, only("incident"), policy, "ann").orElseThrow();
  }

  private static void round() {
    engine.jdbc.sql("update backfill set next_at = '-infinity'").update();
    engine.bean(Backfiller.class).runRound();
  }

  private static Progress awaitEnd() {
    for (int round = 0; latest().run().finishedAt() == null && round < 50; round++) {
      round();
      engine.settle();
    }
    assertThat(latest().run().finishedAt()).isNotNull();
    assertThat(latest().waiting() + latest().pending()).isZero();
    return latest();
  }

  private static Pair pairOf(RecordRef ref) {
    return engine.bean(PairStore.class).find(ref, "test").orElseThrow();
  }

  @Test
  void startsWhatIsInScopeAndNothingElse() {
    RecordRef one = ticket("Portal is down");
    RecordRef other = systems.person("platform", Map.of("scope", "yes", "title", "Disk is full"));
    RecordRef outside = systems.person("itsm", Map.of("scope", "no", "title", "Mouse"));
    begin(ALL);
    Progress end = awaitEnd();
    assertThat(end.found()).isEqualTo(2);
    assertThat(end.done()).isEqualTo(1);
    assertThat(end.created()).isEqualTo(2);
    assertThat(end.adopted()).isZero();
    assertThat(end.isBusy()).isFalse();
    assertThat(end.remaining(Instant.now())).isEmpty();
    assertThat(pairOf(one).state()).isEqualTo(Pair.State.LINKED);
    assertThat(pairOf(other).state()).isEqualTo(Pair.State.LINKED);
    assertThat(engine.bean(PairStore.class).findAll(outside)).isEmpty();
    assertThat(systems.all("itsm")).hasSize(3);
    assertThat(systems.all("platform")).hasSize(2);
  }

  @Test
  void aSecondRunFindsThatAllIsInSync() {
    ticket("Portal is down");
    begin(ALL);
    awaitEnd();
    int writes = systems.calls("update itsm") + systems.calls("create platform");
    begin(ALL);
    awaitEnd();
    assertThat(systems.calls("update itsm") + systems.calls("create platform")).isEqualTo(writes);
    assertThat(systems.all("platform")).hasSize(1);
    assertThat(backfills().latest(10)).extracting(Progress::created).containsExactly(0L, 1L);
    assertThat(backfills().latest(1)).hasSize(1);
  }

  @Test
  void estimatesWhatIsLeftFromWhatWasDone() {
    for (int i = 0; i < 3; i++) {
      ticket("Ticket " + i);
    }
    Progress started = begin(ALL);
    assertThat(started.remaining(Instant.now())).as("nothing is done yet").isEmpty();
    Progress half =
        new Progress(started.run(), 4, 1, 1, List.of(), 1, started.created(), started.adopted());

    assertThat(half.share()).isEqualTo(0.5);
    assertThat(half.isBusy()).isTrue();
    assertThat(half.remaining(started.run().startedAt().plusSeconds(60)))
        .contains(Duration.ofSeconds(60));
  }

  @Test
  void syncsOlderNotesAsTheOperatorWants() {
    for (OlderNotes which : OlderNotes.values()) {
      RecordRef ref = ticket("With " + which);
      systems.personNotes(ref, "older", Visibility.INTERNAL);
      systemTimeIsThatOf(systems.peekNotes(ref).get(0));
      begin(new StartPolicy(which, ""));
      awaitEnd();
      systems.personNotes(ref, "newer", Visibility.INTERNAL);
      engine.receive(ref, systems.peek(ref));
      engine.settle();
      RecordRef counterpart = pairOf(ref).right();
      assertThat(systems.noteTexts(counterpart))
          .as(which.name())
          .anyMatch(text -> text.contains("newer"));
      assertThat(systems.noteTexts(counterpart).stream().anyMatch(text -> text.contains("older")))
          .as(which.name())
          .isEqualTo(which == OlderNotes.ALL);
    }
  }

  /** Just after a note, before the next one. */
  private static void systemTimeIsThatOf(WorkNote note) {
    systems.sinceLastChange(Duration.ZERO);
    Duration passed = Duration.between(systems.now("itsm"), note.createdAt());
    systems.sinceLastChange(passed.plusMillis(1));
  }

  @Test
  void adoptsTheRecordThatAFieldNamesInsteadOfCreatingOne() {
    RecordRef incident = systems.person("platform", Map.of("scope", "yes", "title", "Down"));
    systems.personNotes(incident, "before both existed", Visibility.INTERNAL);
    RecordRef ticket =
        systems.person(
            "itsm", Map.of("scope", "yes", "title", "Portal", "external", incident.id()));
    systems.personNotes(ticket, "since both exist", Visibility.INTERNAL);
    begin(new StartPolicy(OlderNotes.SINCE_LINK, "external"));
    assertThat(awaitEnd())
        .satisfies(
            end -> {
              assertThat(end.created()).isZero();
              assertThat(end.adopted()).isEqualTo(1);
            });
    assertThat(pairOf(ticket).right()).isEqualTo(incident);
    assertThat(systems.values(incident)).containsEntry("title", "Portal");
    assertThat(systems.all("itsm")).hasSize(1);
    assertThat(systems.all("platform")).hasSize(1);
    assertThat(systems.noteTexts(incident)).anyMatch(text -> text.contains("since both exist"));
    assertThat(systems.noteTexts(ticket)).noneMatch(text -> text.contains("before both existed"));
  }

  /** Another integration wrote it; it stays as it is. */
  @Test
  void adoptsTheRecordWithTheSameCorrelationIdAndKeepsThatId() {
    RecordRef ticket = ticket("Portal is down");
    systems.names(ticket, "alert-42");
    RecordRef incident =
        systems.person("platform", Map.of("scope", "yes", "title", "Portal is down"));
    systems.names(incident, "alert-42");
    begin(new StartPolicy(OlderNotes.ALL, StartPolicy.CORRELATION));
    awaitEnd();
    assertThat(pairOf(ticket).right()).isEqualTo(incident);
    assertThat(systems.correlationOf(ticket)).isEqualTo("alert-42");
    assertThat(systems.correlationOf(incident)).isEqualTo("alert-42");
    assertThat(systems.all("itsm")).hasSize(1);
    assertThat(systems.all("platform")).hasSize(1);
  }

  @Test
  void aNamedRecordThatIsInAnotherPairIsForAnOperator() {
    RecordRef first = ticket("Portal is down");
    begin(ALL);
    awaitEnd();
    RecordRef taken = pairOf(first).right();
    systems.person("itsm", Map.of("scope", "yes", "title", "Again", "external", taken.id()));
    begin(new StartPolicy(OlderNotes.ALL, "external"));
    awaitEnd();
    assertThat(engine.bean(DeadLetters.class).list())
        .singleElement()
        .satisfies(letter -> assertThat(letter.answer()).contains("already kept in sync"));
    assertThat(systems.all("platform")).hasSize(1);
  }

  @Test
  void aRecordThatNamesNoneStartsAsAnyOther() {
    RecordRef ticket =
        systems.person("itsm", Map.of("scope", "yes", "title", "x", "external", "p999"));
    begin(new StartPolicy(OlderNotes.ALL, "external"));
    awaitEnd();
    assertThat(systems.all("platform")).containsExactly(pairOf(ticket).right());
  }

  @Test
  void goesOnAfterARestartWhereItStopped() {
    for (int i = 0; i < 4; i++) {
      ticket("Ticket " + i);
    }
    begin(ALL);
    round();
    round();
    engine.settle();
    assertThat(systems.all("platform")).hasSize(2);
    int lists = systems.calls("list itsm");
    engine.stop();
    engine.start();
    Progress end = awaitEnd();
    assertThat(end.found()).isEqualTo(4);
    assertThat(systems.all("platform")).hasSize(4);
    assertThat(systems.calls("list itsm")).isEqualTo(lists);
  }

  @Test
  void waitsForASystemThatIsAwayAndSaysSo() {
    ticket("Portal is down");
    begin(ALL);
    systems.failBefore(
        call -> {
          if (call.startsWith("list")) {
            throw new SystemUnavailableException("ITSM answered 503");
          }
        });
    round();
    assertThat(latest().run().problem()).isEqualTo("ITSM answered 503");
    assertThat(latest().run().nextAt()).isAfter(Instant.now().plus(Duration.ofSeconds(20)));
    systems.failBefore(call -> {});
    awaitEnd();
    assertThat(latest().run().problem()).isNull();
    assertThat(systems.all("platform")).hasSize(1);
  }

  @Test
  void letsLiveTrafficGoFirst() {
    ticket("Portal is down");
    begin(ALL);
    engine
        .jdbc
        .sql(
            """
            insert into inbox_entry (subject, generation, state, attempts, outcome_unknown, hints, received_at, changed_at)
            select 'delivery:' || n, 1, 'RECEIVED', 0, false, '{}', now(), now() from generate_series(1, 50) n
            """)
        .update();
    round();
    assertThat(latest().found()).isZero();
    engine.jdbc.sql("delete from inbox_entry").update();
    awaitEnd();
    assertThat(systems.all("platform")).hasSize(1);
  }

  @Test
  void oneRunAtATimeAndAnOperatorMayStopIt() {
    for (int i = 0; i < 3; i++) {
      ticket("Ticket " + i);
    }
    begin(ALL);
    assertThat(backfills().start(Instant.EPOCH, only(""), ALL, "bob")).isEmpty();
    round();
    assertThat(backfills().stop("bob").orElseThrow().run().stoppedBy()).isEqualTo("bob");
    assertThat(engine.bean(AuditStore.class).findLatest("backfill", 2))
        .extracting(event -> event.entry().what() + " by " + event.entry().actor())
        .containsExactly("stopped by bob", "started by ann");
    round();
    engine.settle();
    assertThat(systems.all("platform")).hasSize(1);
    assertThat(backfills().stop("bob")).isEmpty();
    assertThat(backfills().start(Instant.EPOCH, only(""), ALL, "bob")).isPresent();
  }

  @Test
  void refusesWhatNoMappingKnows() {
    assertThatThrownBy(() -> backfills().start(Instant.EPOCH, only("task"), ALL, "ann"))
        .hasMessageContaining("no mapping in use has records of kind 'task'; use incident");
    StartPolicy unknown = new StartPolicy(OlderNotes.ALL, "u_alert");
    assertThatThrownBy(() -> backfills().start(Instant.EPOCH, only(""), unknown, "ann"))
        .hasMessageContaining("no mapping in use has a field 'u_alert'");
    Selection paging = new Selection("paging", "", "");
    assertThatThrownBy(() -> backfills().start(Instant.EPOCH, paging, ALL, "ann"))
        .hasMessage("system: 'paging' is in no mapping in use; use itsm or platform");
    Selection query = new Selection("itsm", "", "priority=1");
    assertThatThrownBy(() -> backfills().start(Instant.EPOCH, query, ALL, "ann"))
        .hasMessage("system: 'itsm' is in no mapping in use, or takes no query");
  }

  @Test
  void carriesOutASavedPlanButNotForRecordsThatChangedSince() throws IOException {
    RecordRef kept = ticket("Portal is down");
    RecordRef changed = ticket("Disk is full");
    RecordRef left = ticket("Not planned");
    JsonNode plan = plan("1", kept, changed);
    systems.person(changed, Map.of("title", "Disk is nearly full"));
    assertThat(backfills().apply(plan, "ann")).isPresent();
    Progress end = awaitEnd();
    assertThat(end.refused())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.record()).isEqualTo(changed);
              assertThat(one.reason()).contains("was changed after the plan was made");
            });
    assertThat(systems.all("platform")).containsExactly(pairOf(kept).right());
    assertThat(engine.bean(PairStore.class).findAll(left)).isEmpty();
  }

  @Test
  void refusesAPlanOfOtherMappingsAndWhatIsNone() throws IOException {
    RecordRef ticket = ticket("Portal is down");
    JsonNode other = plan("2", ticket);
    assertThatThrownBy(() -> backfills().apply(other, "ann"))
        .hasMessageContaining("another version of mapping 'test'");
    JsonNode none = new ObjectMapper().readTree("{\"records\": 1}");
    assertThatThrownBy(() -> backfills().apply(none, "ann"))
        .hasMessageContaining("This is not a plan");
    assertThat(backfills().findLatest()).isEqualTo(Optional.empty());
  }

  /** Records that depend on each other are carried out together or not at all. */
  @Test
  void aGroupIsRefusedIfOneOfItsRecordsChanged() throws IOException {
    RecordRef ticket = ticket("Portal is down");
    RecordRef incident =
        systems.person("platform", Map.of("scope", "yes", "title", "Portal is down"));
    JsonNode plan =
        new ObjectMapper()
            .readTree(
                """
                {"mappings": {"test": "1"}, "notes": "ALL", "adoptBy": "",
                 "records": [{"basis": {"%s": "%s", "%s": "%s"}}, {"basis": {"%s": "%s"}}]}
                """
                    .formatted(
                        ticket,
                        version(ticket),
                        incident,
                        version(incident),
                        ticket,
                        version(ticket)));
    systems.person(incident, Map.of("title", "Portal is slow"));
    backfills().apply(plan, "ann");
    assertThat(awaitEnd().refused()).hasSize(1);
    assertThat(systems.all("itsm")).hasSize(1);
    assertThat(systems.all("platform")).hasSize(1);
  }

  private static JsonNode plan(String fingerprint, RecordRef... records) throws IOException {
    StringBuilder text = new StringBuilder();
    for (RecordRef ref : records) {
      text.append(text.isEmpty() ? "" : ",")
          .append("{\"basis\": {\"%s\": \"%s\"}}".formatted(ref, version(ref)));
    }
    return new ObjectMapper()
        .readTree(
            "{\"mappings\": {\"test\": \"%s\"}, \"notes\": \"ALL\", \"adoptBy\": \"\", \"records\": [%s]}"
                .formatted(fingerprint, text));
  }

  private static String version(RecordRef ref) {
    Version version = systems.peek(ref).version();
    return version.from() + "-" + version.to();
  }
}
