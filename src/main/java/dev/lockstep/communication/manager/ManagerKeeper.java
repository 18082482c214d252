package dev.lockstep.communication.manager;

import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.manager.ActiveIncidents.Found;
import dev.lockstep.communication.manager.ManagerChange.Kind;
import dev.lockstep.communication.manager.ManagerPlan.Lack;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.CommunicationSettings.Escalation;
import dev.lockstep.communication.settings.ManagerRules;
import dev.lockstep.incident.Assignment;
import dev.lockstep.incident.AssignmentStore;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notices which incidents lack a manager of their own, proposes or assigns candidates, and
 * escalates. Each step is decided again under the lock and committed with what it sends, so that
 * several processes take it once.
 */
@Component
class ManagerKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerKeeper.class);

  private final ManagerRules rules;
  private final ActiveIncidents active;
  private final AssignmentStore assignments;
  private final ManagerChangeStore changes;
  private final OnCallBook onCall;
  private final ManagerMessages messages;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ManagerKeeper(
      CommunicationSettings settings,
      ActiveIncidents active,
      AssignmentStore assignments,
      ManagerChangeStore changes,
      OnCallBook onCall,
      ManagerMessages messages,
      TransactionTemplate transaction,
      Clock clock) {
    this.rules = settings.managers();
    this.active = active;
    this.assignments = assignments;
    this.changes = changes;
    this.onCall = onCall;
    this.messages = messages;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Goes through all incidents once; one that fails does not stop the others. */
  void run() {
    Found found = active.load();
    // Calls are made here, and not while the lock is held.
    ManagerPlan plan = ManagerPlan.of(rules, found.active(), onCall::ask);
    Set<RecordRef> all = new LinkedHashSet<>();
    plan.incidents().forEach(incident -> all.add(incident.ref()));
    all.addAll(found.assignments().keySet());
    for (RecordRef ref : all) {
      Assignment before = found.assignment(ref);
      Assignment after = follow(before, plan);
      if (!after.equals(before) || nextStep(after).isPresent() || candidate(ref, plan) != null) {
        keep(ref);
      }
    }
  }

  private void keep(RecordRef ref) {
    try {
      transaction.executeWithoutResult(status -> keepLocked(ref));
    } catch (RuntimeException e) {
      LOG.error("The incident manager of {} is not looked after", ref, e);
    }
  }

  private void keepLocked(RecordRef ref) {
    assignments.lock();
    Found found = active.load();
    ManagerPlan plan = ManagerPlan.of(rules, found.active(), onCall::last);
    Assignment before = found.assignment(ref);
    Assignment after = follow(before, plan);
    ActiveIncident incident = plan.incident(ref).orElse(null);
    if (incident == null) {
      save(before, after);
      return;
    }
    report(before, after, incident);
    Lack lack = candidate(ref, plan);
    if (lack == null) {
      after = escalate(after);
    } else {
      Instant now = clock.instant();
      after = after.assigned(lack.candidate(), incident.facts(), now, "");
      assign(incident, lack, now);
    }
    save(before, after);
  }

  private void save(Assignment before, Assignment after) {
    if (!after.equals(before)) {
      assignments.save(after);
    }
  }

  /** Null unless somebody is to be assigned; a manager whom a record names is never replaced. */
  private @Nullable Lack candidate(RecordRef ref, ManagerPlan plan) {
    Lack lack = plan.lack(ref);
    return rules.automatic()
            && lack != null
            && lack.clash().isEmpty()
            && !lack.candidate().isEmpty()
        ? lack
        : null;
  }

  /** What follows from the plan, without an assignment and without escalation. */
  private Assignment follow(Assignment before, ManagerPlan plan) {
    ActiveIncident incident = plan.incident(before.incident()).orElse(null);
    if (incident == null) {
      return before.active() ? before.satisfied().withActive(false) : before;
    }
    IncidentFacts facts = incident.facts();
    boolean isNew = before.equals(Assignment.none(before.incident()));
    Assignment next = before;
    if (!next.manager().isEmpty() && !next.isInForce(facts)) {
      next = next.released();
    }
    boolean isReopened = !before.active() && !next.manager().isEmpty();
    if (isReopened && plan.otherOf(next.manager(), incident.ref()).isPresent()) {
      return next.released().withActive(true).lacking(clock.instant(), "", "", "");
    }
    Lack lack = plan.lack(incident.ref());
    next = next.withActive(true);
    return lack == null
        ? next.satisfied()
        : next.lacking(
            since(facts, isNew),
            lack.clash(),
            rules.automatic() && lack.clash().isEmpty() ? "" : lack.candidate(),
            lack.why());
  }

  /** A new one lacks a manager since it was seen, unless the time it has would be over by now. */
  private Instant since(IncidentFacts facts, boolean isNew) {
    Instant now = clock.instant();
    return isNew && facts.seenAt().plus(rules.within()).isAfter(now) ? facts.seenAt() : now;
  }

  private void report(Assignment before, Assignment after, ActiveIncident incident) {
    RecordRef ref = incident.ref();
    if (!before.manager().isEmpty() && after.manager().isEmpty()) {
      messages.note(
          ref,
          "manager-released",
          before.isInForce(incident.facts())
              ? "%s leads another incident since this one was over".formatted(before.manager())
              : "Its record names %s; the assignment of %s has ended"
                  .formatted(incident.facts().manager(), before.manager()));
    }
    if (!after.clash().isEmpty() && !after.clash().equals(before.clash())) {
      messages.note(ref, "manager-clash", after.clash());
    }
    if (before.withoutSince() == null && after.withoutSince() != null) {
      messages.note(ref, "manager-missing", "It needs an incident manager of its own");
    }
    if (before.withoutSince() != null && after.withoutSince() == null) {
      messages.note(ref, "manager-named", "%s leads it".formatted(incident.manager()));
    }
    if (after.proposals() > before.proposals()) {
      messages.propose(incident, after.proposed(), after.why(), after.proposals());
    }
  }

  private void assign(ActiveIncident incident, Lack lack, Instant now) {
    ManagerChange change =
        new ManagerChange(
            0,
            UUID.randomUUID().toString(),
            incident.ref(),
            Kind.ASSIGNED,
            now,
            "",
            "",
            lack.candidate(),
            lack.why(),
            "");
    messages.announce(change.withId(changes.insert(change)));
  }

  private Optional<Escalation> nextStep(Assignment assignment) {
    Instant since = assignment.withoutSince();
    return since == null || assignment.escalated() >= rules.escalate().size()
        ? Optional.empty()
        : Optional.of(rules.escalate().get(assignment.escalated()))
            .filter(
                step -> !clock.instant().isBefore(since.plus(rules.within()).plus(step.after())));
  }

  private Assignment escalate(Assignment assignment) {
    Assignment next = assignment;
    Optional<Escalation> step = nextStep(next);
    while (step.isPresent()) {
      Instant since = Objects.requireNonNull(next.withoutSince());
      int number = next.escalated() + 1;
      String problem =
          "no incident manager%s since %s"
              .formatted(
                  next.clash().isEmpty() ? "" : " of its own (" + next.clash() + ")",
                  DraftWriter.time(since));
      messages.escalate(
          next.incident(),
          step.get().to(),
          "manager:escalated:%d:%d".formatted(since.toEpochMilli(), number),
          problem,
          advice(next));
      next = next.withEscalated(number);
      step = nextStep(next);
    }
    return next;
  }

  private static String advice(Assignment assignment) {
    return assignment.proposed().isEmpty()
        ? assignment.why().isEmpty() ? "" : "Nobody is proposed: " + assignment.why() + "."
        : "Proposed: %s (%s).".formatted(assignment.proposed(), assignment.why());
  }
}
