package dev.lockstep.communication.manager;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.communication.CadenceKeeper;
import dev.lockstep.communication.Dispatcher;
import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.manager.OnCallBook.Answer;
import dev.lockstep.communication.manager.OnCallStore.Shown;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.OnCallRules;
import dev.lockstep.communication.settings.OnCallSource;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.OnCall;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Says on the record of each active incident who is on call for its service, when it starts and
 * when that changes. As long as that is not known, it says nothing.
 */
@Component
class OnCallKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(OnCallKeeper.class);

  private final OnCallRules rules;
  private final ActiveIncidents active;
  private final IncidentSearch search;
  private final Connectors connectors;
  private final OnCallBook book;
  private final OnCallStore store;
  private final Dispatcher dispatcher;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /** Those of which it was logged that it is not known who is on call. */
  private final Set<RecordRef> unknown = ConcurrentHashMap.newKeySet();

  OnCallKeeper(
      CommunicationSettings settings,
      ActiveIncidents active,
      IncidentSearch search,
      Connectors connectors,
      OnCallBook book,
      OnCallStore store,
      Dispatcher dispatcher,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.rules = settings.onCall();
    this.active = active;
    this.search = search;
    this.connectors = connectors;
    this.book = book;
    this.store = store;
    this.dispatcher = dispatcher;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Goes through all incidents once; one that fails does not stop the others. */
  void run() {
    List<RecordRef> open =
        active.findOpen(rules.levels()).stream().map(IncidentFacts::record).toList();
    search
        .findAll(open)
        .forEach(
            (ref, incident) -> {
              try {
                show(incident);
                unknown.remove(ref);
              } catch (RuntimeException e) {
                if (unknown.add(ref)) {
                  LOG.warn("Who is on call for {} is not known: {}", ref, e.getMessage());
                }
              }
            });
  }

  private void show(KnownIncident incident) {
    OnCallSource source = source(incident).orElse(null);
    if (source == null) {
      return;
    }
    Answer answer = book.ask(source);
    if (!answer.isKnown()) {
      return;
    }
    String people = calledFirst(answer.people());
    Optional<Shown> shown = store.find(incident.ref());
    if (shown.isEmpty() || shown.get().number() == 0 || !shown.get().people().equals(people)) {
      transaction.executeWithoutResult(status -> showLocked(incident, source, people));
    }
  }

  private static String calledFirst(List<OnCall> people) {
    int first = people.stream().mapToInt(OnCall::level).min().orElse(0);
    return people.stream()
        .filter(one -> one.level() == first)
        .map(OnCall::person)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Empty if nothing names what to ask for. */
  private Optional<OnCallSource> source(KnownIncident incident) {
    String named = rules.services().get(incident.facts().service());
    Optional<String> id = named != null ? Optional.of(named) : value(incident).flatMap(this::idOf);
    return id.map(found -> new OnCallSource(rules.system(), rules.kind(), found));
  }

  /** What the field has on the incident's record in that system. */
  private Optional<String> value(KnownIncident incident) {
    return incident.correlation().states().values().stream()
        .filter(state -> state.ref().system().equals(rules.system()))
        .flatMap(state -> state.values().values().stream())
        .map((Map<String, String> values) -> values.getOrDefault(rules.field(), ""))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** Mapped references are keys, such as names. Cached. */
  private Optional<String> idOf(String key) {
    return connectors.idOf(rules.system(), rules.kind(), key);
  }

  private void showLocked(KnownIncident incident, OnCallSource source, String people) {
    Instant now = clock.instant();
    RecordRef ref = incident.ref();
    Shown before = store.lock(ref, now);
    if (before.number() > 0 && before.people().equals(people)) {
      return;
    }
    Shown after = new Shown(people, before.number() + 1);
    String service = incident.facts().service();
    String text =
        "On call%s: %s%s"
            .formatted(
                service.isEmpty() ? "" : " for " + service,
                people.isEmpty() ? "nobody" : people,
                before.number() == 0
                    ? ""
                    : " (before: %s)"
                        .formatted(before.people().isEmpty() ? "nobody" : before.people()));
    Map<String, String> outcomes =
        dispatcher.sendNotification(
            incident,
            List.of(ManagerMessages.onRecord(ref)),
            "on-call:" + after.number(),
            "",
            text);
    audit.record(
        CadenceKeeper.subject(ref),
        List.of(new AuditEntry("on-call", text, details(source, outcomes))));
    store.save(ref, after, now);
  }

  private static Map<String, String> details(OnCallSource source, Map<String, String> outcomes) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("asked", source.toString());
    details.putAll(outcomes);
    return details;
  }
}
