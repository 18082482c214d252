package dev.lockstep.communication;

import dev.lockstep.communication.settings.Audience;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStage;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When an audience is next informed of an incident, by Lockstep's clock. Immutable; decides nothing
 * but times.
 *
 * @param level of the incident when the time was last computed
 * @param dueAt null if nothing is due any more
 * @param reminded whether the reminder of this update was sent, or its time has passed
 * @param escalated how many steps of the escalation were taken for this update
 * @param snooze null if the update was not postponed
 * @param lastSentAt null if none was sent
 */
record Cadence(
    RecordRef incident,
    String audience,
    String level,
    State state,
    @Nullable Instant dueAt,
    boolean reminded,
    int escalated,
    @Nullable Snooze snooze,
    @Nullable Instant lastSentAt) {

  enum State {
    /** Updates are due again and again. */
    OPEN,
    /** One more update is due. */
    LAST,
    /** No more updates are due. */
    CLOSED
  }

  /** Someone postponed an update. */
  record Snooze(Instant until, String reason, String by) {}

  /** Before anything is due. */
  static Cadence closed(RecordRef incident, String audience, String level) {
    return new Cadence(incident, audience, level, State.CLOSED, null, false, 0, null, null);
  }

  /**
   * The first time: counted from when Lockstep first saw the incident. If that has passed, since
   * the incident is older than the settings or its level, it is counted from now.
   */
  static Cadence first(Audience audience, IncidentFacts facts, Instant now) {
    Cadence none = closed(facts.record(), audience.name(), facts.level());
    Optional<Duration> interval = audience.interval(facts.level());
    if (interval.isEmpty() || facts.stage() == IncidentStage.RESOLVED) {
      return none;
    }
    Duration first = audience.first() == null ? interval.get() : audience.first();
    Instant due = facts.seenAt().plus(first);
    return none.due(State.OPEN, facts.level(), due.isAfter(now) ? due : now.plus(first));
  }

  /**
   * After the incident may have changed.
   *
   * @param isCovered whether others are informed of it: it is a duplicate, or no longer synced
   */
  Cadence follow(Audience audience, IncidentFacts facts, boolean isCovered, Instant now) {
    if (isCovered) {
      return closed();
    }
    if (facts.stage() == IncidentStage.RESOLVED) {
      return resolved(audience, facts, now);
    }
    Duration interval = audience.interval(facts.level()).orElse(null);
    if (interval == null) {
      // The audience learns that the incident is less urgent now.
      return state == State.OPEN ? due(State.LAST, facts.level(), dueAt) : this;
    }
    if (state == State.CLOSED) {
      return due(State.OPEN, facts.level(), now.plus(interval));
    }
    if (facts.level().equals(level)) {
      return state == State.OPEN ? this : due(State.OPEN, level, dueAt);
    }
    boolean isLowered =
        audience.interval(level).filter(before -> before.compareTo(interval) < 0).isPresent();
    Instant next = isLowered ? dueAt : earlier(dueAt, now.plus(interval));
    return due(State.OPEN, facts.level(), next);
  }

  private Cadence resolved(Audience audience, IncidentFacts facts, Instant now) {
    if (state != State.OPEN) {
      return this;
    }
    return audience.afterResolution() == null
        ? closed()
        : due(State.LAST, facts.level(), earlier(dueAt, now.plus(audience.afterResolution())));
  }

  /** What was promised is not postponed. */
  private static Instant earlier(@Nullable Instant promised, Instant other) {
    return promised != null && promised.isBefore(other) ? promised : other;
  }

  /** An update was sent. */
  Cadence sent(Audience audience, Instant now) {
    Cadence next =
        state == State.OPEN
            ? due(State.OPEN, level, now.plus(audience.interval(level).orElse(Duration.ZERO)))
            : closed();
    return new Cadence(
        incident, this.audience, next.level, next.state, next.dueAt, false, 0, null, now);
  }

  Cadence snoozed(Snooze until) {
    return new Cadence(
        incident, audience, level, state, until.until(), false, 0, until, lastSentAt);
  }

  Cadence withReminded() {
    return new Cadence(
        incident, audience, level, state, dueAt, true, escalated, snooze, lastSentAt);
  }

  Cadence withEscalated(int steps) {
    return new Cadence(incident, audience, level, state, dueAt, true, steps, snooze, lastSentAt);
  }

  /** A time that is moved is reminded of again, and nobody has postponed it. */
  private Cadence due(State next, String newLevel, @Nullable Instant due) {
    boolean isMoved = due != null && !due.equals(dueAt);
    return new Cadence(
        incident,
        audience,
        newLevel,
        next,
        due,
        !isMoved && reminded,
        isMoved ? 0 : escalated,
        isMoved ? null : snooze,
        lastSentAt);
  }

  private Cadence closed() {
    return state == State.CLOSED
        ? this
        : new Cadence(incident, audience, level, State.CLOSED, null, false, 0, null, lastSentAt);
  }

  boolean isOverdue(Instant now) {
    return dueAt != null && dueAt.isBefore(now);
  }

  /** Whether the reminder is to be sent: only before the update is due. */
  boolean needsReminder(Duration before, Instant now) {
    return dueAt != null
        && !reminded
        && !before.isZero()
        && !now.isBefore(dueAt.minus(before))
        && now.isBefore(dueAt);
  }
}
