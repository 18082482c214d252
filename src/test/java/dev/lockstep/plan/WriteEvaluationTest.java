package dev.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Writes to the right side; the left side is the source. */
class WriteEvaluationTest {
  private static final TableMapping MAPPING =
      new TableMapping(
          List.of(
              new TableField("title", Owner.NEWEST),
              new TableField("status", Owner.NEWEST).line("1", "open").line("2", "resolved"),
              new TableField("assignee", Owner.LEFT),
              new TableField("team", Owner.LEFT).line("db", "Database"),
              new TableField("opened-by", Owner.LEFT).onlyToRight()),
          Set.of());

  /** A value of the right side that the left side cannot be set to. */
  private static final String INTEGRATION_USER = "lockstep@example.com";

  private static Snapshot seen(Side side, Map<String, String> values) {
    return new Snapshot(
        new RecordRef(MAPPING.system(side), "incident", "1"),
        side.label(),
        "",
        Version.count(1),
        Instant.EPOCH,
        "",
        values);
  }

  private static Pair pair(Map<String, String> left, Map<String, String> right) {
    return Pair.start(
            UUID.randomUUID(), UUID.randomUUID(), MAPPING.name(), Side.LEFT, state(Side.LEFT, left))
        .seen(Side.RIGHT, state(Side.RIGHT, right));
  }

  private static RecordState state(Side side, Map<String, String> values) {
    return RecordState.of(MAPPING.name(), seen(side, values));
  }

  private static SyncPlan.Update update(Map<String, String> values, Conflict... conflicts) {
    return new SyncPlan.Update(values, Map.of(), List.of(conflicts));
  }

  /** All of an update. */
  private static SentUpdate sent(SyncPlan.Update update) {
    return new SentUpdate(
        Side.RIGHT, update, update.values(), Set.of(), Set.of(), Map.of(), Map.of());
  }

  private static WriteOutcome evaluate(Pair pair, SentUpdate sent, Map<String, String> after) {
    return WriteEvaluation.evaluate(
        pair,
        MAPPING,
        sent,
        seen(Side.RIGHT, after),
        (side, field, value) -> !value.isEmpty() && !value.equals(INTEGRATION_USER));
  }

  @Test
  void agreesOnAValueThatTheSystemKept() {
    Pair pair = pair(Map.of("status", "2"), Map.of("status", "open"));

    WriteOutcome outcome =
        evaluate(pair, sent(update(Map.of("status", "resolved"))), Map.of("status", "resolved"));

    assertThat(outcome)
        .isEqualTo(
            new WriteOutcome(
                Map.of("status", "resolved"),
                Map.of("status", new AgreedValue("2", "resolved")),
                Map.of(),
                List.of()));
  }

  @Test
  void agreesWithTheValueThatWasTranslatedRatherThanTheCurrentOne() {
    Pair pair = pair(Map.of("title", "Portal is down"), Map.of("title", ""));
    SyncPlan.Update update =
        new SyncPlan.Update(
            Map.of("title", "Portal"), Map.of("title", "Portal was down"), List.of());

    WriteOutcome outcome = evaluate(pair, sent(update), Map.of("title", "Portal"));

    assertThat(outcome.agreed())
        .isEqualTo(Map.of("title", new AgreedValue("Portal was down", "Portal")));
  }

  @Test
  void reportsAValueThatTheSystemDidNotKeepAsAGap() {
    Pair pair = pair(Map.of("title", "Portal"), Map.of("title", ""));

    WriteOutcome outcome =
        evaluate(pair, sent(update(Map.of("title", "Portal"))), Map.of("title", "PORTAL"));

    String reason = "platform kept 'PORTAL' instead of 'Portal'";
    assertThat(outcome.gaps()).isEqualTo(Map.of("title", reason));
    assertThat(outcome.agreed())
        .isEqualTo(
            Map.of(
                "title",
                AgreedValue.NOTHING.withUnconfirmed(
                    new UnconfirmedWrite(Side.RIGHT, "Portal", "Portal", "PORTAL", 1, reason))));
  }

  @Test
  void reportsAValueThatTheSystemDoesNotShowAsAGap() {
    Pair pair = pair(Map.of("title", "Portal"), Map.of("title", ""));

    WriteOutcome outcome = evaluate(pair, sent(update(Map.of("title", "Portal"))), Map.of());

    assertThat(outcome.gaps())
        .isEqualTo(Map.of("title", "platform does not show whether it kept 'Portal'"));
  }

  @Test
  void keepsGapsOfEarlierWrites() {
    Pair pair = pair(Map.of("title", "Portal"), Map.of("title", ""));
    SyncPlan.Update update = update(Map.of("title", "Portal"));
    SentUpdate sent =
        new SentUpdate(
            Side.RIGHT,
            update,
            update.values(),
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of("assignee", "ann is unknown there"));

    assertThat(evaluate(pair, sent, Map.of("title", "Portal")).gaps())
        .isEqualTo(Map.of("assignee", "ann is unknown there"));
  }

  @Test
  void aFieldThatWaitsOrIsAtAnIntermediateStepIsDueAgainAndNotAnEdit() {
    Pair pair =
        pair(Map.of("status", "2", "assignee", "ann"), Map.of("status", "open", "assignee", ""))
            .withBase(
                Map.of(
                    "status", new AgreedValue("1", "open"),
                    "assignee", new AgreedValue("", "")));
    SyncPlan.Update update = update(Map.of("status", "resolved", "assignee", "ann"));
    SentUpdate sent =
        new SentUpdate(
            Side.RIGHT,
            update,
            Map.of("status", "acknowledged"),
            Set.of("assignee"),
            Set.of(),
            Map.of(),
            Map.of());

    WriteOutcome outcome =
        evaluate(pair, sent, Map.of("status", "acknowledged", "assignee", "on-call"));

    assertThat(outcome.agreed())
        .isEqualTo(
            Map.of(
                "status", new AgreedValue("1", "acknowledged"),
                "assignee", new AgreedValue("", "on-call")));
    assertThat(outcome.written()).containsOnlyKeys("status");
  }

  @Test
  void aFieldThatWasWrittenPartlyIsNotSentAgain() {
    Pair pair = pair(Map.of("title", "Portal"), Map.of("title", "Gate"));
    SentUpdate sent =
        new SentUpdate(
            Side.RIGHT,
            update(Map.of("title", "Portal")),
            Map.of(),
            Set.of(),
            Set.of("title"),
            Map.of(),
            Map.of("title", "there is no such title"));

    WriteOutcome outcome = evaluate(pair, sent, Map.of("title", "Gate"));

    UnconfirmedWrite open =
        new UnconfirmedWrite(Side.RIGHT, "Portal", "Portal", "Gate", 2, "there is no such title");
    assertThat(outcome.agreed())
        .isEqualTo(Map.of("title", AgreedValue.NOTHING.withUnconfirmed(open)));
    assertThat(open.canRetry()).isFalse();
    assertThat(outcome.written()).as("what its record shows").isEqualTo(Map.of("title", "Gate"));
  }

  @Test
  void reportsOnlyConflictsOfFieldsThatWereSentOrWait() {
    Conflict title = new Conflict("title", Side.LEFT, "Portal", "Gate");
    Conflict status = new Conflict("status", Side.LEFT, "2", "open");
    Conflict assignee = new Conflict("assignee", Side.LEFT, "ann", "ben");
    Pair pair =
        pair(
            Map.of("title", "Portal", "status", "2", "assignee", "ann"),
            Map.of("title", "Gate", "status", "open", "assignee", "ben"));
    SyncPlan.Update update =
        update(
            Map.of("title", "Portal", "status", "resolved", "assignee", "ann"),
            title,
            status,
            assignee);
    SentUpdate sent =
        new SentUpdate(
            Side.RIGHT,
            update,
            Map.of("title", "Portal"),
            Set.of("status"),
            Set.of(),
            Map.of(),
            Map.of("assignee", "ann is unknown there"));

    WriteOutcome outcome =
        evaluate(pair, sent, Map.of("title", "Portal", "status", "open", "assignee", "ben"));

    assertThat(outcome.conflicts()).containsExactly(title, status);
  }

  @Test
  void anOwnedFieldThatARecordSetWhenItWasReopenedIsDueAgain() {
    Pair pair =
        pair(Map.of("status", "1", "assignee", "ann"), Map.of("status", "closed", "assignee", ""));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("status", "open"))),
            Map.of("status", "open", "assignee", "on-call"));

    assertThat(outcome.agreed()).containsEntry("assignee", new AgreedValue(null, "on-call"));
    assertThat(outcome.conflicts()).isEmpty();
  }

  @Test
  void anOwnedFieldThatTheWriteSetToWhatTheOwnerCannotHaveIsDueAgain() {
    Pair pair =
        pair(
            Map.of("status", "1", "assignee", "ann"),
            Map.of("status", "resolved", "assignee", "ann"));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("status", "open"))),
            Map.of("status", "open", "assignee", INTEGRATION_USER));

    assertThat(outcome.agreed()).containsEntry("assignee", new AgreedValue(null, INTEGRATION_USER));
    assertThat(outcome.conflicts())
        .containsExactly(new Conflict("assignee", Side.LEFT, "ann", INTEGRATION_USER));
  }

  @Test
  void aValueThatTheOwnerCanHaveWasSetByAUserMeanwhile() {
    Pair pair =
        pair(
            Map.of("status", "1", "assignee", "ann", "title", "Portal"),
            Map.of("status", "resolved", "assignee", "ann", "title", "Portal"));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("status", "open"))),
            Map.of("status", "open", "assignee", "ben", "title", INTEGRATION_USER));

    assertThat(outcome.agreed()).as("neither is owned and lost").containsOnlyKeys("status");
    assertThat(outcome.conflicts()).isEmpty();
  }

  /** A ticket that is assigned to ann, and its incident, which the write reopens. */
  private static WriteOutcome reopened(String assigneeBefore, String assigneeAfter) {
    Pair pair =
        pair(
            Map.of("status", "1", "assignee", "ann"),
            Map.of("status", "closed", "assignee", assigneeBefore));
    return evaluate(
        pair,
        sent(update(Map.of("status", "open"))),
        Map.of("status", "open", "assignee", assigneeAfter));
  }

  @Test
  void anOwnedFieldThatTheWriteDidNotChangeIsNotDue() {
    assertThat(reopened("on-call", "on-call").agreed()).containsOnlyKeys("status");
    assertThat(reopened(INTEGRATION_USER, INTEGRATION_USER).conflicts()).isEmpty();
  }

  @Test
  void anOwnedFieldThatTheWriteClearedIsNoConflict() {
    assertThat(reopened("ann", "").conflicts()).isEmpty();
  }

  @Test
  void anOwnedFieldThatIsStillNotAcceptedIsNotDue() {
    Pair pair =
        pair(
            Map.of("title", "Portal", "assignee", "ann"),
            Map.of("title", "", "status", "closed", "assignee", ""));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("title", "Portal"))),
            Map.of("title", "Portal", "status", "closed", "assignee", "on-call"));

    assertThat(outcome.agreed()).containsOnlyKeys("title");
  }

  @Test
  void aFieldWhoseOwnerHasNoValueIsNotDue() {
    Pair pair =
        pair(Map.of("status", "1", "assignee", ""), Map.of("status", "closed", "assignee", ""));
    SentUpdate sent = sent(update(Map.of("status", "open")));

    for (String assignee : List.of("on-call", INTEGRATION_USER)) {
      WriteOutcome outcome = evaluate(pair, sent, Map.of("status", "open", "assignee", assignee));

      assertThat(outcome.agreed()).as(assignee).containsOnlyKeys("status");
      assertThat(outcome.conflicts()).as(assignee).isEmpty();
    }
  }

  @Test
  void anOwnedFieldThatWasWrittenIsAGapAndNoSideEffect() {
    Pair pair =
        pair(Map.of("status", "1", "assignee", "ann"), Map.of("status", "closed", "assignee", ""));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("status", "open", "assignee", "ann"))),
            Map.of("status", "open", "assignee", INTEGRATION_USER));

    assertThat(outcome.gaps()).containsOnlyKeys("assignee");
    assertThat(outcome.agreed().get("assignee").unconfirmed()).isNotNull();
    assertThat(outcome.conflicts()).isEmpty();
  }

  @Test
  void anOwnedFieldThatTheWriteSetToAnUnmappedValueIsDueAgain() {
    Pair pair =
        pair(Map.of("status", "1", "team", "db"), Map.of("status", "resolved", "team", "Database"));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("status", "open"))),
            Map.of("status", "open", "team", "Triage"));

    assertThat(outcome.conflicts())
        .containsExactly(new Conflict("team", Side.LEFT, "db", "Triage"));
  }

  @Test
  void aFieldThatFlowsOneWayOnlyIsNotDue() {
    Pair pair =
        pair(
            Map.of("status", "1", "opened-by", "ann"),
            Map.of("status", "closed", "opened-by", "ann"));

    WriteOutcome outcome =
        evaluate(
            pair,
            sent(update(Map.of("status", "open"))),
            Map.of("status", "open", "opened-by", INTEGRATION_USER));

    assertThat(outcome.agreed()).containsOnlyKeys("status");
    assertThat(outcome.conflicts()).isEmpty();
  }

  @Test
  void aFieldThatWasRefusedIsAGapWithItsReasonAndIsNotSentAgain() {
    Pair pair =
        pair(Map.of("title", "Portal", "status", "2"), Map.of("title", "Old", "status", "open"));
    SyncPlan.Update update = update(Map.of("title", "Portal", "status", "resolved"));
    SentUpdate sent =
        new SentUpdate(
            Side.RIGHT,
            update,
            update.values(),
            Set.of(),
            Set.of(),
            Map.of("status", "refused: not_in_channel"),
            Map.of());

    WriteOutcome outcome = evaluate(pair, sent, Map.of("title", "Portal", "status", "open"));

    assertThat(outcome.gaps()).isEqualTo(Map.of("status", "refused: not_in_channel"));
    assertThat(outcome.agreed().get("title")).isEqualTo(new AgreedValue("Portal", "Portal"));
    UnconfirmedWrite open = outcome.agreed().get("status").unconfirmed();
    assertThat(open.canRetry()).isFalse();
    assertThat(open.source()).isEqualTo("2");
    assertThat(open.shown()).isEqualTo("open");
  }
}
