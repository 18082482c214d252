package dev.lockstep.incident;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an incident. Times are by the clock of its record's system, except {@code
 * seenAt}; null if it did not happen, or happened before Lockstep first saw the record.
 *
 * @param record the one that is the incident, of the side that its mapping's section {@code
 *     incident} names
 * @param level for example {@code P1}; empty if its priority is in no level
 * @param service empty if unknown, as {@code team} and {@code manager}
 * @param openedAt null if its system does not say
 * @param seenAt when Lockstep first saw it, by Lockstep's clock
 * @param changedAt of the change of its record that this is based on
 * @param reopened how often it was reopened after it was resolved
 */
public record IncidentFacts(
    RecordRef record,
    String mapping,
    String level,
    boolean major,
    IncidentStage stage,
    String service,
    String team,
    String manager,
    @Nullable Instant openedAt,
    Instant seenAt,
    @Nullable Instant acknowledgedAt,
    @Nullable Instant mitigatedAt,
    @Nullable Instant resolvedAt,
    Instant changedAt,
    int reopened) {

  static IncidentFacts first(
      String mapping,
      RecordState state,
      IncidentReading reading,
      IncidentStage stage,
      Instant seenAt) {
    return new IncidentFacts(
        state.ref(),
        mapping,
        reading.level().orElse(""),
        reading.major().orElse(false),
        stage,
        reading.service().orElse(""),
        reading.team().orElse(""),
        reading.manager().orElse(""),
        state.openedAt(),
        seenAt,
        null,
        null,
        null,
        state.updatedAt(),
        0);
  }

  /** With level, stage and times only, as if nothing else was known. */
  public IncidentFacts withoutNames() {
    return new IncidentFacts(
        record,
        mapping,
        level,
        major,
        stage,
        "",
        "",
        "",
        openedAt,
        seenAt,
        acknowledgedAt,
        mitigatedAt,
        resolvedAt,
        changedAt,
        reopened);
  }

  /** With the times that its record's system dated by another clock. */
  public IncidentFacts by(UnaryOperator<Instant> clock) {
    return new IncidentFacts(
        record,
        mapping,
        level,
        major,
        stage,
        service,
        team,
        manager,
        shift(openedAt, clock),
        seenAt,
        shift(acknowledgedAt, clock),
        shift(mitigatedAt, clock),
        shift(resolvedAt, clock),
        clock.apply(changedAt),
        reopened);
  }

  private static @Nullable Instant shift(@Nullable Instant at, UnaryOperator<Instant> clock) {
    return at == null ? null : clock.apply(at);
  }

  /** After a change of its record. */
  IncidentFacts after(String newMapping, RecordState state, IncidentReading reading) {
    IncidentStage next = reading.stage().orElse(stage);
    Instant at = state.updatedAt();
    boolean reopens = stage == IncidentStage.RESOLVED && next != IncidentStage.RESOLVED;
    return new IncidentFacts(
        record,
        newMapping,
        reading.level().orElse(level),
        reading.major().orElse(major),
        next,
        reading.service().orElse(service),
        reading.team().orElse(team),
        reading.manager().orElse(manager),
        state.openedAt() == null ? openedAt : state.openedAt(),
        seenAt,
        // Only the first time counts: who reopens it works on it.
        acknowledgedAt == null
            ? reached(IncidentStage.ACKNOWLEDGED, null, next, at)
            : acknowledgedAt,
        reached(IncidentStage.MITIGATED, mitigatedAt, next, at),
        reached(IncidentStage.RESOLVED, resolvedAt, next, at),
        at,
        reopens ? reopened + 1 : reopened);
  }

  /** When it reached a stage: now, before, or not (any more). */
  private @Nullable Instant reached(
      IncidentStage which, @Nullable Instant before, IncidentStage next, Instant at) {
    if (!next.isAtLeast(which)) {
      return null;
    }
    return stage.isAtLeast(which) ? before : at;
  }
}
