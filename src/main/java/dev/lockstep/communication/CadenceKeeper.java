package dev.lockstep.communication;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.communication.Cadence.State;
import dev.lockstep.communication.IncidentUpdate.SentTo;
import dev.lockstep.communication.settings.Audience;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.CommunicationSettings.Escalation;
import dev.lockstep.communication.settings.Target;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStage;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Says when updates are due, and reminds and escalates. Each step is decided again under the lock
 * of its row and committed with what it sends, so that several processes take it once.
 */
@Component
public class CadenceKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(CadenceKeeper.class);

  private final CommunicationSettings settings;
  private final IncidentStore incidents;
  private final IncidentSearch search;
  private final CadenceStore cadences;
  private final Dispatcher dispatcher;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  CadenceKeeper(
      CommunicationSettings settings,
      IncidentStore incidents,
      IncidentSearch search,
      CadenceStore cadences,
      Dispatcher dispatcher,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.settings = settings;
    this.incidents = incidents;
    this.search = search;
    this.cadences = cadences;
    this.dispatcher = dispatcher;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Of what is recorded about an incident. */
  public static AuditSubject subject(RecordRef incident) {
    return new AuditSubject(AuditSubject.INCIDENT, incident.toString());
  }

  private record Key(RecordRef incident, String audience) {}

  /** Looks at every incident once; one that fails does not stop the others. */
  void run() {
    transaction.executeWithoutResult(status -> closeOthers());
    if (settings.audiences().isEmpty()) {
      return;
    }
    Map<RecordRef, IncidentFacts> facts = new LinkedHashMap<>();
    incidents.findOpen(settings.levels()).forEach(one -> facts.put(one.record(), one));
    Map<Key, Cadence> known = new HashMap<>();
    Set<RecordRef> others = new HashSet<>();
    for (Cadence cadence : cadences.findDueOrOf(facts.keySet())) {
      known.put(new Key(cadence.incident(), cadence.audience()), cadence);
      if (!facts.containsKey(cadence.incident())) {
        others.add(cadence.incident());
      }
    }
    incidents.findAll(others).forEach(one -> facts.put(one.record(), one));
    Set<RecordRef> covered = cadences.findCovered(facts.keySet());
    for (IncidentFacts incident : facts.values()) {
      for (Audience audience : settings.audiences()) {
        Cadence cadence = known.get(new Key(incident.record(), audience.name()));
        if (isDue(audience, incident, cadence, covered.contains(incident.record()))) {
          keep(audience, incident.record());
        }
      }
    }
  }

  /** Nothing is due for an audience that is no longer configured, also if it is again later. */
  private void closeOthers() {
    List<String> names = settings.audiences().stream().map(Audience::name).toList();
    for (Cadence closed : cadences.closeOthers(names)) {
      String text =
          "No more updates for %s are due: it is not configured".formatted(closed.audience());
      record(closed.incident(), "updates", text, Map.of());
    }
  }

  /** Costs no statement. */
  private boolean isDue(
      Audience audience, IncidentFacts facts, @Nullable Cadence cadence, boolean isCovered) {
    Instant now = clock.instant();
    if (cadence == null) {
      return !isCovered && Cadence.first(audience, facts, now).dueAt() != null;
    }
    return !cadence.follow(audience, facts, isCovered, now).equals(cadence)
        || cadence.needsReminder(settings.remindBefore(), now)
        || nextStep(cadence, now).isPresent();
  }

  private Optional<Escalation> nextStep(Cadence cadence, Instant now) {
    Instant due = cadence.dueAt();
    return due == null || cadence.escalated() >= settings.escalate().size()
        ? Optional.empty()
        : Optional.of(settings.escalate().get(cadence.escalated()))
            .filter(step -> !now.isBefore(due.plus(step.after())));
  }

  private void keep(Audience audience, RecordRef incident) {
    try {
      transaction.executeWithoutResult(status -> keepLocked(audience, incident));
    } catch (RuntimeException e) {
      LOG.error("Updates of {} for {} are not kept", incident, audience.name(), e);
    }
  }

  private void keepLocked(Audience audience, RecordRef ref) {
    KnownIncident incident = search.find(ref).orElse(null);
    IncidentFacts facts = incidents.find(ref).orElse(null);
    if (facts == null) {
      return;
    }
    boolean isCovered = incident == null || cadences.findCovered(Set.of(ref)).contains(ref);
    Cadence cadence = cadences.lock(ref, audience.name()).orElse(null);
    Instant now = clock.instant();
    if (cadence == null) {
      Cadence first = Cadence.first(audience, facts, now);
      if (!isCovered && cadences.insert(first)) {
        record(ref, "updates", described(audience, facts, first), Map.of());
      }
      return;
    }
    Cadence next = cadence.follow(audience, facts, isCovered, now);
    if (!next.equals(cadence)) {
      record(ref, "updates", described(audience, facts, next), Map.of());
    }
    if (incident != null) {
      next = remind(audience, incident, next, now);
      next = escalate(audience, incident, next, now);
    }
    cadences.save(next);
  }

  private static String described(Audience audience, IncidentFacts facts, Cadence cadence) {
    String title = audience.title();
    if (cadence.dueAt() == null) {
      return "No more updates for %s are due".formatted(title);
    }
    String due = DraftWriter.time(cadence.dueAt());
    if (cadence.state() == State.LAST) {
      return facts.stage() == IncidentStage.RESOLVED
          ? "The final update for %s is due at %s".formatted(title, due)
          : "The last update for %s is due at %s: its level is %s now"
              .formatted(title, due, facts.level().isEmpty() ? "unknown" : facts.level());
    }
    return "An update for %s is due at %s: its level is %s".formatted(title, due, facts.level());
  }

  private Cadence remind(Audience audience, KnownIncident incident, Cadence cadence, Instant now) {
    if (!cadence.needsReminder(settings.remindBefore(), now)) {
      return cadence;
    }
    String when = "is due at " + DraftWriter.time(Objects.requireNonNull(cadence.dueAt()));
    notify(audience, incident, cadence, settings.remind(), "reminded", "Reminded", when, "0");
    return cadence.withReminded();
  }

  private Cadence escalate(
      Audience audience, KnownIncident incident, Cadence cadence, Instant now) {
    Cadence next = cadence;
    Optional<Escalation> step = nextStep(next, now);
    while (step.isPresent()) {
      int number = next.escalated() + 1;
      String when = "is overdue since " + DraftWriter.time(Objects.requireNonNull(next.dueAt()));
      notify(
          audience,
          incident,
          next,
          step.get().to(),
          "escalated",
          "Escalated to",
          when,
          String.valueOf(number));
      next = next.withEscalated(number);
      step = nextStep(next, now);
    }
    return next;
  }

  private void notify(
      Audience audience,
      KnownIncident incident,
      Cadence cadence,
      List<Target> targets,
      String what,
      String done,
      String when,
      String step) {
    if (targets.isEmpty()) {
      return;
    }
    IncidentFacts facts = incident.facts();
    String subject =
        "Update for %s %s: %s %s".formatted(audience.title(), when, facts.level(), incident.key());
    String text =
        "The update for %s on %s %s.\n\n%s\n%s, %s\n%s"
            .formatted(
                audience.title(),
                incident.key(),
                when,
                incident.title(),
                facts.level(),
                DraftWriter.words(facts.stage()),
                incident.url());
    String name =
        "%s:%s:%d:%s"
            .formatted(
                what,
                audience.name(),
                Objects.requireNonNull(cadence.dueAt()).toEpochMilli(),
                step);
    List<SentTo> sent = dispatcher.send(incident, targets, name, subject, text);
    record(
        incident.ref(),
        what,
        "%s %s: the update for %s %s"
            .formatted(
                done,
                targets.stream().map(Target::toString).collect(Collectors.joining(", ")),
                audience.title(),
                when),
        Dispatcher.outcomes(sent));
  }

  private void record(RecordRef incident, String what, String text, Map<String, String> details) {
    audit.record(subject(incident), List.of(new AuditEntry(what, text, details)));
  }
}
