package dev.lockstep.communication.manager;

import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.communication.manager.ActiveIncidents.Found;
import dev.lockstep.communication.manager.ManagerChange.Kind;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.ManagerRules;
import dev.lockstep.incident.Assignment;
import dev.lockstep.incident.AssignmentStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes who leads an incident, for a person. The change, its audit entry and everything that is
 * to be delivered are one transaction under the lock for all incidents. A request is carried out
 * once.
 */
@Component
class ManagerChanges {
  private final ManagerRules rules;
  private final ActiveIncidents active;
  private final AssignmentStore assignments;
  private final ManagerChangeStore changes;
  private final ManagerMessages messages;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ManagerChanges(
      CommunicationSettings settings,
      ActiveIncidents active,
      AssignmentStore assignments,
      ManagerChangeStore changes,
      ManagerMessages messages,
      TransactionTemplate transaction,
      Clock clock) {
    this.rules = settings.managers();
    this.active = active;
    this.assignments = assignments;
    this.changes = changes;
    this.messages = messages;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * @param repeated whether the request was carried out before
   */
  record Made(ManagerChange change, boolean repeated) {}

  /** Carries a request out, unless it was carried out before. */
  Made make(KnownIncident incident, Kind kind, ManagerRequest request) {
    return Objects.requireNonNull(
        transaction.execute(status -> makeLocked(incident, kind, request)));
  }

  private Made makeLocked(KnownIncident known, Kind kind, ManagerRequest request) {
    assignments.lock();
    Instant now = clock.instant();
    Found found = active.load();
    ManagerPlan plan = ManagerPlan.of(rules, found.active(), source -> OnCallBook.UNASKED);
    Optional<ManagerChange> before = changes.findByRequest(request.key());
    if (before.isPresent()) {
      return new Made(requireSame(before.get(), known, kind, request, now), true);
    }
    ActiveIncident incident =
        plan.incident(known.ref())
            .orElseThrow(() -> RefusedUpdateException.conflict(notActive(known)));
    Assignment assignment = found.assignment(incident.ref());
    switch (kind) {
      case ASSIGNED -> requireAssignable(incident, plan, request);
      case HANDED_OVER -> requireHandover(incident, plan, request);
      case RELEASED -> requireReleasable(incident, assignment, request);
    }
    ManagerChange change = change(incident.manager(), known, kind, request, now);
    assignments.save(
        kind == Kind.RELEASED
            ? assignment.released().withActive(true).lacking(now, "", "", "")
            : assignment.assigned(request.to(), incident.facts(), now, request.by()));
    messages.announce(change.withId(changes.insert(change)));
    return new Made(change, false);
  }

  private static ManagerChange change(
      String from, KnownIncident incident, Kind kind, ManagerRequest request, Instant now) {
    return new ManagerChange(
        0,
        request.key(),
        incident.ref(),
        kind,
        now,
        request.by(),
        from,
        request.to(),
        request.reason(),
        kind == Kind.HANDED_OVER ? request.openPoints() : "");
  }

  private static ManagerChange requireSame(
      ManagerChange before,
      KnownIncident incident,
      Kind kind,
      ManagerRequest request,
      Instant now) {
    if (!before.isSameAs(change("", incident, kind, request, now))) {
      throw RefusedUpdateException.conflict(
          "key: another change was made with it, at %s; nothing was changed now. Use a new key."
              .formatted(DraftWriter.time(before.at())));
    }
    return before;
  }

  private String notActive(KnownIncident incident) {
    String level = incident.facts().level();
    return rules.levels().contains(level)
        ? "%s is over, or is worked on as part of another ticket.".formatted(incident.key())
        : "%s needs no incident manager: its level is %s, and those of %s do."
            .formatted(
                incident.key(),
                level.isEmpty() ? "unknown" : level,
                String.join(", ", rules.levels()));
  }

  private static void requireAssignable(
      ActiveIncident incident, ManagerPlan plan, ManagerRequest request) {
    requirePerson(request);
    requireUnchanged(incident, request);
    if (!incident.manager().isEmpty()) {
      throw RefusedUpdateException.conflict(
          "%s leads %s; hand it over instead.".formatted(incident.manager(), incident.key()));
    }
    requireFree(incident, plan, request);
  }

  private static void requireHandover(
      ActiveIncident incident, ManagerPlan plan, ManagerRequest request) {
    requirePerson(request);
    requireUnchanged(incident, request);
    if (incident.manager().isEmpty()) {
      throw RefusedUpdateException.conflict(
          "Nobody leads %s; assign somebody instead.".formatted(incident.key()));
    }
    if (incident.manager().equalsIgnoreCase(request.to())) {
      throw RefusedUpdateException.conflict(
          "%s leads %s already.".formatted(incident.manager(), incident.key()));
    }
    requireFree(incident, plan, request);
  }

  private static void requireReleasable(
      ActiveIncident incident, Assignment assignment, ManagerRequest request) {
    if (request.reason().isEmpty()) {
      throw RefusedUpdateException.invalid("reason: missing; say why, for the audit");
    }
    requireUnchanged(incident, request);
    if (incident.manager().isEmpty()) {
      throw RefusedUpdateException.conflict("Nobody leads %s.".formatted(incident.key()));
    }
    if (!assignment.isInForce(incident.facts())) {
      throw RefusedUpdateException.conflict(
          "The record of %s names %s; change it there, or hand the incident over."
              .formatted(incident.key(), incident.manager()));
    }
  }

  private static void requirePerson(ManagerRequest request) {
    if (request.to().isEmpty()) {
      throw RefusedUpdateException.invalid("to: missing; write an e-mail address");
    }
  }

  private static void requireUnchanged(ActiveIncident incident, ManagerRequest request) {
    String from = request.from();
    if (from != null && !from.strip().equalsIgnoreCase(incident.manager())) {
      throw RefusedUpdateException.conflict(
          "Nothing was changed: %s leads %s now."
              .formatted(
                  incident.manager().isEmpty() ? "nobody" : incident.manager(), incident.key()));
    }
  }

  /** A person leads one active incident at a time. */
  private static void requireFree(
      ActiveIncident incident, ManagerPlan plan, ManagerRequest request) {
    plan.otherOf(request.to(), incident.ref())
        .ifPresent(
            other -> {
              throw RefusedUpdateException.conflict(
                  "%s leads %s; hand that over first, or choose somebody else."
                      .formatted(request.to(), other));
            });
  }
}
