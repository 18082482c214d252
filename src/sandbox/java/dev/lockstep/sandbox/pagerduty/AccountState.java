package dev.lockstep.sandbox.pagerduty;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The account's incidents. Every change is one step under one lock: it is seen whole or not at all,
 * and is announced in the order it was made. Reading gives values that no longer change.
 */
final class AccountState {

  /** A change asked of one incident. */
  record IncidentUpdate(String id, IncidentChange change) {}

  private static final int MOST_NOTES = 2000;

  private final Clock clock;
  private final Ids ids = new Ids();
  private final Directory directory = new Directory(ids);
  private final IncidentLifecycle rules;
  private final IncidentLog ledger;
  private final List<Consumer<IncidentEvent>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param inOrder receives every event in order, under the lock: it must be quick
   */
  AccountState(Clock clock, IncidentLifecycle rules, Consumer<IncidentEvent> inOrder) {
    this.clock = clock;
    this.rules = rules;
    this.ledger = new IncidentLog(clock, ids, inOrder);
  }

  Directory directory() {
    return directory;
  }

  Clock clock() {
    return clock;
  }

  void listen(Consumer<IncidentEvent> listener) {
    listeners.add(listener);
  }

  PagerDutyIncident open(NewIncident wanted, Agent by) {
    return inOneStep(events -> openLocked(wanted, by, events));
  }

  PagerDutyIncident change(String id, IncidentChange wanted, Agent by) {
    return changeAll(List.of(new IncidentUpdate(id, wanted)), by).get(0);
  }

  /** All or none. */
  List<PagerDutyIncident> changeAll(List<IncidentUpdate> updates, Agent by) {
    return inOneStep(events -> changeLocked(updates, by, events));
  }

  Note annotate(String id, String content, PagerDutyUser by) {
    return inOneStep(
        events -> {
          IncidentLog.Row row = ledger.row(id);
          if (content.isBlank()) {
            throw PagerDutyException.invalid("Content cannot be empty.");
          }
          if (row.notes.size() >= MOST_NOTES) {
            throw PagerDutyException.invalid(
                "A maximum of 2000 notes can be added to an incident.");
          }
          Note note = new Note(ids.small(), row.incident().id(), content, by, ledger.tick());
          events.add(ledger.annotated(row, note));
          return note;
        });
  }

  StatusUpdate publish(
      String id,
      String message,
      @Nullable String subject,
      @Nullable String html,
      PagerDutyUser by) {
    return inOneStep(
        events -> {
          IncidentLog.Row row = ledger.row(id);
          if (message.isBlank()) {
            throw PagerDutyException.invalid("Message cannot be empty.");
          }
          String of = row.incident().id();
          StatusUpdate update =
              new StatusUpdate(ids.small(), of, message, by, ledger.tick(), subject, html);
          events.add(ledger.published(row, update));
          return update;
        });
  }

  IncidentTask addTask(
      String incident,
      String name,
      String description,
      List<PagerDutyUser> assignees,
      PagerDutyUser by) {
    return inOneStep(
        events -> {
          String of = ledger.row(incident).incident().id();
          IncidentTask task =
              new IncidentTask(
                  ids.small(), of, named(name), description, IncidentTask.Status.TODO, assignees);
          return tasked(EventType.TASK_CREATED, task, by, events);
        });
  }

  IncidentTask changeTask(String id, UnaryOperator<IncidentTask> how, PagerDutyUser by) {
    return inOneStep(
        events -> {
          IncidentTask before = ledger.task(id);
          IncidentTask after = how.apply(before);
          named(after.name());
          if (after.equals(before)) {
            return before;
          }
          boolean done = after.status() != before.status();
          return tasked(
              done ? EventType.TASK_COMPLETED : EventType.TASK_UPDATED, after, by, events);
        });
  }

  private IncidentTask tasked(
      EventType what, IncidentTask task, PagerDutyUser by, List<IncidentEvent> events) {
    ledger.tick();
    events.add(ledger.tasked(what, task, Agent.of(by)));
    return task;
  }

  private static String named(String name) {
    if (name.isBlank()) {
      throw PagerDutyException.invalid("Name cannot be empty.");
    }
    return name;
  }

  synchronized List<IncidentTask> tasks(String incident) {
    return ledger.tasks(ledger.row(incident).incident().id());
  }

  PagerDutyIncident merge(String targetId, List<String> sourceIds, Agent by) {
    return inOneStep(
        events -> {
          IncidentLog.Row target = ledger.row(targetId);
          List<IncidentLog.Row> sources = sourceIds.stream().distinct().map(ledger::row).toList();
          MergeRules.Merged merged =
              MergeRules.merge(
                  target.incident(),
                  sources.stream().map(IncidentLog.Row::incident).toList(),
                  by,
                  ledger.tick());
          for (int i = 0; i < sources.size(); i++) {
            events.addAll(ledger.settle(sources.get(i), merged.sources().get(i), by));
          }
          events.addAll(ledger.settle(target, merged.target(), by));
          target.incident().alertKeys().forEach(key -> ledger.index(key, target));
          return target.incident();
        });
  }

  /** An integration's alert: opens an incident, or joins the open one with that key. */
  PagerDutyIncident alert(Service service, String title, String key) {
    return inOneStep(
        events -> {
          IncidentLog.Row open = ledger.openWithKey(key, service);
          return open == null
              ? openLocked(NewIncident.of(title, service).forAlert(key), Agent.of(service), events)
              : open.incident();
        });
  }

  /** The integration says that it is over. */
  PagerDutyIncident closeAlert(Service service, String key) {
    return inOneStep(
        events -> {
          IncidentLog.Row open = ledger.openWithKey(key, service);
          if (open == null) {
            throw PagerDutyException.notFound();
          }
          IncidentChange resolve = IncidentChange.toStatus(IncidentStatus.RESOLVED);
          IncidentUpdate each = new IncidentUpdate(open.incident().id(), resolve);
          return changeLocked(List.of(each), Agent.of(service), events).get(0);
        });
  }

  synchronized Optional<PagerDutyIncident> find(String idOrNumber) {
    return Optional.ofNullable(ledger.find(idOrNumber)).map(IncidentLog.Row::incident);
  }

  synchronized List<PagerDutyIncident> incidents() {
    return ledger.all();
  }

  synchronized List<PagerDutyIncident> withKey(String key) {
    return ledger.withKey(key);
  }

  synchronized List<Note> notes(String id) {
    return List.copyOf(ledger.row(id).notes);
  }

  synchronized List<StatusUpdate> statusUpdates(String id) {
    return List.copyOf(ledger.row(id).statusUpdates);
  }

  synchronized List<LogEntry> logEntries(String id) {
    return List.copyOf(ledger.row(id).log);
  }

  /** What happened at or after that time, oldest first. */
  synchronized List<LogEntry> logSince(Instant since) {
    return ledger.logSince(since);
  }

  private PagerDutyIncident openLocked(NewIncident wanted, Agent by, List<IncidentEvent> events) {
    refuseKnownKey(wanted.incidentKey(), wanted.service());
    IncidentLifecycle.Outcome outcome =
        rules.open(wanted, by, ids.incident(), ledger.nextNumber(), ids.incident(), ledger.tick());
    IncidentLog.Row row = ledger.add(outcome.incident());
    events.addAll(ledger.settle(row, outcome, by));
    return row.incident();
  }

  private List<PagerDutyIncident> changeLocked(
      List<IncidentUpdate> updates, Agent by, List<IncidentEvent> events) {
    Instant at = ledger.tick();
    Map<IncidentLog.Row, IncidentLifecycle.Outcome> outcomes = new LinkedHashMap<>();
    for (IncidentUpdate each : updates) {
      IncidentLog.Row row = ledger.row(each.id());
      PagerDutyIncident before = row.incident();
      Service service = each.change().service;
      if (service != null && before.isOpen() && !service.id().equals(before.service().id())) {
        refuseKnownKey(before.incidentKey(), service);
      }
      if (outcomes.put(row, rules.change(before, each.change(), by, at)) != null) {
        throw PagerDutyException.invalid("Incidents must be unique.");
      }
    }
    outcomes.forEach((row, outcome) -> events.addAll(ledger.settle(row, outcome, by)));
    return outcomes.keySet().stream().map(IncidentLog.Row::incident).toList();
  }

  /**
   * "Requests will be rejected if an open incident matches that incident_key" (POST /incidents).
   */
  private void refuseKnownKey(@Nullable String key, Service service) {
    if (key != null && ledger.openWithKey(key, service) != null) {
      throw new PagerDutyException(
          400,
          2002,
          "Arguments Caused Error",
          List.of("Open incident with matching dedup key already exists on this service"));
    }
  }

  private <T> T inOneStep(Function<List<IncidentEvent>, T> step) {
    List<IncidentEvent> events = new ArrayList<>();
    T result;
    synchronized (this) {
      result = step.apply(events);
    }
    // Outside the lock: a listener may read the account, or wait for others that do.
    events.forEach(change -> listeners.forEach(listener -> listener.accept(change)));
    return result;
  }
}
