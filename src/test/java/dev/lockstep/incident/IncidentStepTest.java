package dev.lockstep.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is stored of an incident while its records change in both systems. */
class IncidentStepTest {
  private static final TableMapping PLAIN =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("priority", Owner.LEFT),
              new TableField("assignee", Owner.LEFT),
              new TableField("status", Owner.NEWEST)),
          Set.of());

  private final FakeSystems systems = new FakeSystems();
  private final Engine engine = new Engine(PLAIN.about(rule()), systems);

  private static IncidentRule rule() {
    Map<String, List<String>> levels = new LinkedHashMap<>();
    levels.put("P1", List.of("1"));
    levels.put("P2", List.of("2"));
    return new IncidentRule(
        Side.LEFT,
        "priority",
        levels,
        new Condition.Never(),
        new Condition.In("status", Set.of("working")),
        new Condition.In("status", Set.of("watching")),
        new Condition.In("status", Set.of("resolved")),
        "",
        "",
        "assignee",
        "");
  }

  @BeforeEach
  void connect() {
    systems.onChange(engine::receive);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private RecordRef open(String system, String status) {
    RecordRef ref =
        systems.person(
            system, Map.of("scope", "yes", "priority", "1", "assignee", "ann", "status", status));
    engine.settle();
    return ref;
  }

  private void edit(RecordRef ref, String field, String value) {
    systems.person(ref, Map.of(field, value));
    engine.settle();
  }

  private IncidentFacts facts() {
    return engine.bean(IncidentStore.class).find(systems.all("itsm").get(0)).orElseThrow();
  }

  private Instant changed(RecordRef ref) {
    return systems.peek(ref).updatedAt();
  }

  @Test
  void eachStageHasTheTimeAtWhichItWasReachedFirst() {
    RecordRef ticket = open("itsm", "new");
    assertThat(facts().stage()).isEqualTo(IncidentStage.OPEN);
    assertThat(facts().level()).isEqualTo("P1");
    assertThat(facts().manager()).isEqualTo("ann");
    assertThat(facts().openedAt()).isEqualTo(systems.peek(ticket).openedAt());

    // By the other system's people: the ticket follows, and is acknowledged when it does.
    edit(systems.all("platform").get(0), "status", "working");
    Instant acknowledged = changed(ticket);
    assertThat(facts().acknowledgedAt()).isEqualTo(acknowledged);

    edit(ticket, "status", "watching");
    assertThat(facts().stage()).isEqualTo(IncidentStage.MITIGATED);
    Instant mitigated = changed(ticket);
    edit(ticket, "status", "resolved");
    assertThat(facts().acknowledgedAt()).isEqualTo(acknowledged);
    assertThat(facts().mitigatedAt()).isEqualTo(mitigated);
    assertThat(facts().resolvedAt()).isEqualTo(changed(ticket));
    assertThat(facts().reopened()).isZero();

    edit(ticket, "status", "new");
    assertThat(facts().stage()).isEqualTo(IncidentStage.OPEN);
    assertThat(facts().acknowledgedAt()).isEqualTo(acknowledged);
    assertThat(facts().mitigatedAt()).isNull();
    assertThat(facts().resolvedAt()).isNull();
    assertThat(facts().reopened()).isEqualTo(1);

    edit(ticket, "status", "resolved");
    assertThat(facts().resolvedAt()).isEqualTo(changed(ticket));
    assertThat(facts().reopened()).isEqualTo(1);
  }

  @Test
  void whatHappenedBeforeItWasFirstSeenHasNoTime() {
    open("itsm", "watching");
    assertThat(facts().stage()).isEqualTo(IncidentStage.MITIGATED);
    assertThat(facts().acknowledgedAt()).isNull();
    assertThat(facts().mitigatedAt()).isNull();
  }

  @Test
  void aFieldThatTheSystemNoLongerShowsChangesNothing() {
    RecordRef ticket = open("itsm", "resolved");
    for (String field : List.of("status", "priority", "assignee")) {
      systems.hide("itsm", field);
    }
    edit(ticket, "title", "more");
    assertThat(facts().stage()).isEqualTo(IncidentStage.RESOLVED);
    assertThat(facts().level()).isEqualTo("P1");
    assertThat(facts().manager()).isEqualTo("ann");
    assertThat(facts().reopened()).isZero();
  }

  @Test
  void aPriorityWithoutALevelIsAnEmptyLevel() {
    RecordRef ticket = open("itsm", "new");
    edit(ticket, "priority", "5");
    assertThat(facts().level()).isEmpty();
    edit(ticket, "priority", "2");
    assertThat(facts().level()).isEqualTo("P2");
  }

  @Test
  void isKnownThoughTheOtherSystemRefusesTheChange() {
    RecordRef ticket = open("itsm", "new");
    systems.failBefore(
        call -> {
          if (call.startsWith("update platform")) {
            throw new RequestRejectedException(400, call, "no", "Correct it.");
          }
        });
    edit(ticket, "status", "resolved");
    assertThat(engine.bean(DeadLetters.class).list()).hasSize(1);
    assertThat(facts().stage()).isEqualTo(IncidentStage.RESOLVED);
  }

  @Test
  void isKnownThoughTheProcessEndedBeforeItWasStored() {
    RecordRef ticket = open("itsm", "new");
    engine
        .jdbc
        .sql("alter table incident add constraint away check (stage <> 'RESOLVED')")
        .update();
    systems.person(ticket, Map.of("status", "resolved"));
    Awaitility.await()
        .until(
            () ->
                engine.jdbc.sql("select max(faults) from inbox_entry").query(Long.class).single()
                    > 0);
    engine.jdbc.sql("alter table incident drop constraint away").update();
    engine.settle();
    assertThat(facts().stage()).isEqualTo(IncidentStage.RESOLVED);
    assertThat(facts().resolvedAt()).isNotNull();
  }

  @Test
  void incidentsOlderThanTheSectionAreAdded() {
    engine.map(List.of(PLAIN));
    open("itsm", "working");
    assertThat(engine.bean(IncidentStore.class).findOpen(List.of("P1", "P2"))).isEmpty();
    engine.map(List.of(PLAIN.about(rule())));
    engine.bean(IncidentStep.class).addMissing();
    assertThat(facts().stage()).isEqualTo(IncidentStage.ACKNOWLEDGED);
    assertThat(engine.bean(IncidentStore.class).findOpen(List.of("P1", "P2")))
        .containsExactly(facts());
  }

  @Test
  void anEditThatSaysNothingNewOfTheIncidentCostsNoStatement() {
    RecordRef ticket = open("itsm", "new");
    engine.statements.forget();
    edit(ticket, "title", "other");
    assertThat(engine.statements.executed())
        .noneMatch(sql -> sql.contains("incident (") || sql.contains("from incident"));
  }
}
