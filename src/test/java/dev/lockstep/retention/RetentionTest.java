package dev.lockstep.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

/** What is over for long is deleted; what was deleted never gets a second counterpart or note. */
class RetentionTest {
  private static final List<String> TABLES =
      List.of(
          "pair",
          "record",
          "note",
          "note_delivery",
          "inbox_entry",
          "ticket",
          "drift",
          "cadence",
          "incident_update",
          "incident_manager",
          "manager_change",
          "on_call_shown",
          "problem",
          "problem_incident",
          "message");

  @TempDir Path folder;
  private final FakeSystems systems = new FakeSystems();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Engine engine =
      new Engine(
          new TableMapping(
              List.of(
                  new TableField("scope", Owner.LEFT),
                  new TableField("title", Owner.LEFT),
                  new TableField("status", Owner.LEFT)
                      .line("1", "triggered")
                      .line("closed", "resolved")),
              Set.of()),
          systems);

  RetentionTest() {
    systems.onChange((ref, state) -> engine.receive(ref, state));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void runAfter(Duration time) {
    RetentionSettings settings =
        new RetentionSettings(Duration.ofDays(400), folder.resolve("archive").toString());
    new Retention(
            engine.bean(RetentionStore.class),
            new RetentionArchive(settings),
            settings,
            engine.bean(PairStore.class),
            engine.bean(MappingCatalog.class),
            engine.bean(AuditStore.class),
            engine.bean(TransactionTemplate.class),
            Clock.offset(Clock.systemUTC(), time),
            metrics)
        .run();
  }

  private void runLate() {
    runAfter(Duration.ofDays(401));
  }

  private RecordRef opened(String system) {
    RecordRef ref =
        systems.person(
            system,
            Map.of(
                "scope",
                "yes",
                "title",
                "Down",
                "status",
                system.equals("itsm") ? "1" : "triggered"));
    engine.settle();
    return ref;
  }

  private RecordRef ticket() {
    return systems.all("itsm").get(0);
  }

  private RecordRef incident() {
    return systems.all("platform").get(0);
  }

  private void note(RecordRef ref, String text) {
    systems.personNotes(ref, text, Visibility.INTERNAL);
    engine.settle();
  }

  private void closeTicket() {
    systems.person(ticket(), Map.of("status", "closed", "scope", "no"));
    engine.settle();
    assertThat(systems.values(incident())).containsEntry("status", "resolved");
  }

  private long count(String table) {
    return engine.jdbc.sql("select count(*) from " + table).query(Long.class).single();
  }

  private Map<RecordRef, List<String>> notes() {
    Map<RecordRef, List<String>> notes = new TreeMap<>();
    Stream.of("itsm", "platform")
        .flatMap(system -> systems.all(system).stream())
        .forEach(ref -> notes.put(ref, new ArrayList<>(systems.noteTexts(ref))));
    return notes;
  }

  private void restartLater() {
    engine.stop();
    engine.age();
    engine.start();
  }

  @Test
  void deletesWhatIsOverAndWritesItToTheArchiveFirst() throws IOException {
    opened("itsm");
    note(ticket(), "It was the disk.");
    inform();
    closeTicket();
    runAfter(Duration.ofDays(399));
    assertThat(count("pair")).isEqualTo(1);

    runLate();
    assertThat(TABLES).allSatisfy(table -> assertThat(count(table)).as(table).isZero());
    assertThat(engine.jdbc.sql("select subject, text from audit").query().listOfRows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("subject").toString()).startsWith("retention:");
              assertThat(row.get("text").toString()).startsWith("Deleted 1 correlations");
            });
    assertThat(metrics.counter("lockstep.retention.deleted").count()).isEqualTo(1);

    try (Stream<Path> files = Files.list(folder.resolve("archive"))) {
      Path file = files.findFirst().orElseThrow();
      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSize(1);
      JsonNode archived = new ObjectMapper().readTree(lines.get(0));
      assertThat(archived.get("pairs")).hasSize(1);
      assertThat(archived.get("records")).hasSize(2);
      assertThat(archived.get("notes").toString()).contains("It was the disk.");
      assertThat(archived.get("audit").toString()).contains("created", "Sent update 1");
      assertThat(archived.get("updates").toString()).contains("We work on it.");
      assertThat(archived.get("managerChanges").toString()).contains("Call the vendor");
      assertThat(archived.get("managers").toString()).contains("bob@example.com");
      assertThat(archived.get("onCall").toString()).contains("cyd@example.com");
      assertThat(archived.get("messages").toString()).contains("we know");
    }
  }

  /** Its stakeholders were informed. */
  private void inform() {
    String ref = ticket().toString();
    for (String sql :
        List.of(
            "insert into cadence values (:ref, 'all', 'P1', 'CLOSED', null, false, 0, null, '', '',"
                + " now())",
            """
            insert into incident_update (request_key, record, audience, number, sent_at, sent_by,
              subject, text, late, facts, targets)
            values ('k', :ref, 'all', 1, now(), 'ann', '', 'We work on it.', false, '{}', '[]')
            """,
            """
            insert into incident_manager values (:ref, 'bob@example.com', '', now(), 'ann', false, null,
              '', '', 0, '', 0)
            """,
            """
            insert into manager_change (request_key, record, kind, made_at, made_by, from_person,
              to_person, reason, open_points)
            values ('k', :ref, 'HANDED_OVER', now(), 'ann', 'ann', 'bob@example.com', '',
              'Call the vendor')
            """,
            """
            with added as (
              insert into problem (state, service, title, proposed_at, changed_at)
              values ('PROPOSED', 'Portal', 'Down again', now(), now()) returning id)
            insert into problem_incident (incident, problem, added_at)
            select :ref, id, now() from added
            """,
            "insert into on_call_shown values (:ref, 'cyd@example.com', 1, now())",
            """
            insert into message values (gen_random_uuid(), 'ops', 'teams', '', 'we know', '', '', :ref,
              now(), now())
            """,
            """
            insert into audit (subject, at, what, text, details, actor)
            values ('incident:' || :ref, now(), 'informed', 'Sent update 1', '{}', 'ann')
            """)) {
      engine.jdbc.sql(sql).param("ref", ref).update();
    }
  }

  @Test
  void forgetsValuesWithoutAMappingAndWhatWasChosen() {
    opened("itsm");
    systems.person(ticket(), Map.of("status", "9"));
    systems.person("platform", Map.of("scope", "SEV-1", "title", "Out of scope"));
    engine.settle();
    assertThat(engine.bean(PairCounts.class).countUnmapped(Instant.EPOCH, 10)).hasSize(2);
    closeTicket();
    engine
        .jdbc
        .sql(
            "insert into chosen_value select id, 'title', 'LEFT', 'a', 'b', 'ann', false from pair")
        .update();

    runLate();

    assertThat(engine.bean(PairCounts.class).countUnmapped(Instant.EPOCH, 10)).isEmpty();
    assertThat(count("chosen_value")).isZero();
  }

  @Test
  void deletesNothingThatCannotBeArchived() throws IOException {
    opened("itsm");
    closeTicket();
    Files.writeString(folder.resolve("archive"), "a file where the folder should be");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(this::runLate))
        .hasMessageContaining("nothing was deleted");
    assertThat(count("pair")).isEqualTo(1);
    assertThat(count("inbox_entry")).isZero();
  }

  @Test
  void keepsWhatIsOpenOrWouldStartAgain() {
    opened("itsm");
    runLate();
    assertThat(count("pair")).isEqualTo(1);
    systems.person(ticket(), Map.of("status", "closed"));
    engine.settle();
    runLate();
    assertThat(count("pair")).as("it is still in scope").isEqualTo(1);
  }

  @Test
  void keepsWhatIsStillToBeDone() {
    opened("itsm");
    closeTicket();
    engine
        .jdbc
        .sql(
            """
            insert into action_item (revision, source, source_id, incident, source_item, title,
              description, owner, service, work_group, change_type, change, stage, problems, notified,
              reported_at, created_at, changed_at)
            values (1, 's', '1', ?, '{}', 't', '', '', '', '', '', '{}', 'IN_CHANGE', '{}', '', now(),
              now(), now())
            """)
        .param(ticket().toString())
        .update();
    runLate();
    assertThat(count("pair")).as("an action item is not deployed").isEqualTo(1);
    engine.jdbc.sql("update action_item set stage = 'DEPLOYED'").update();
    runLate();
    assertThat(count("pair")).isZero();
    assertThat(count("action_item")).isEqualTo(1);
  }

  @Test
  void keepsWhatADeadLetterIsAbout() {
    opened("itsm");
    systems.failBefore(
        call -> {
          if (call.equals("note platform")) {
            throw new RequestRejectedException(400, "note", "no", "let it be");
          }
        });
    note(ticket(), "refused");
    closeTicket();
    assertThat(count("inbox_entry")).isEqualTo(1);
    runLate();
    assertThat(count("pair")).isEqualTo(1);
  }

  @Test
  void keepsATextThatWaitsForAnApprovalAsLongAsItCanBeDelivered() {
    opened("itsm");
    note(ticket(), "first");
    closeTicket();
    assertThat(
            engine
                .jdbc
                .sql(
                    """
                    update note_delivery set state = 'WAITING', waiting_since = now()
                    where text like '%first%'
                    """)
                .update())
        .isEqualTo(1);
    runLate();
    assertThat(count("pair")).isEqualTo(1);
    engine.jdbc.sql("update pair set state = 'UNLINKED'").update();
    runLate();
    assertThat(count("pair")).isZero();
    assertThat(count("note_delivery")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"itsm", "platform"})
  void aLateCommentOnADeletedTicketStartsNothing(String origin) {
    opened(origin);
    note(ticket(), "first");
    closeTicket();
    runLate();
    restartLater();

    systems.personNotes(ticket(), "Thanks!", Visibility.INTERNAL);
    systems.personNotes(incident(), "Late, too.", Visibility.INTERNAL);
    Map<RecordRef, List<String>> before = notes();
    engine.settle();
    assertThat(notes()).isEqualTo(before);
    assertThat(before).hasSize(2);
    assertThat(count("pair")).isZero();
    assertThat(count("note")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"itsm", "platform"})
  void aReopenedTicketGetsItsCounterpartBackAndNoNoteTwice(String origin) {
    opened(origin);
    note(ticket(), "first");
    note(incident(), "second");
    closeTicket();
    runLate();
    restartLater();
    Map<RecordRef, List<String>> before = notes();

    systems.person(ticket(), Map.of("status", "1", "scope", "yes"));
    engine.settle();
    // What was agreed on is deleted, so the values that lose are reported.
    Map<RecordRef, List<String>> after = notes();
    after.values().forEach(texts -> texts.removeIf(text -> text.contains("at the same time")));
    assertThat(after).isEqualTo(before);
    assertThat(systems.values(incident())).containsEntry("status", "triggered");
    note(ticket(), "third");
    assertThat(systems.noteTexts(incident())).filteredOn(text -> text.contains("third")).hasSize(1);
    assertThat(notes()).hasSize(2);
  }
}
