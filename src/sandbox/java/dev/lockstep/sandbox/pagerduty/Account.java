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
final class Account {

  /** A change asked of one incident. */
  record Wish(String id, IncidentChange change) {}

  private static final int MOST_NOTES = 2000;

  private final Clock clock;
  private final Ids ids = new Ids();
  private final Directory directory = new Directory(ids);
  private final IncidentRules rules;
  private final Ledger ledger;
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param inOrder told of every change in the order they were made, under the lock: it must be
   *     quick
   */
  Account(Clock clock, IncidentRules rules, Consumer<Change> inOrder) {
    this.clock = clock;
    this.rules = rules;
    this.ledger = new Ledger(clock, ids, inOrder);
  }

  Directory directory() {
    return directory;
  }

  Clock clock() {
    return clock;
  }

  void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  Incident open(NewIncident wanted, Agent by) {
    return doing(told -> openLocked(wanted, by, told));
  }

  Incident change(String id, IncidentChange wanted, Agent by) {
    return changeAll(List.of(new Wish(id, wanted)), by).get(0);
  }

  /** All or none. */
  List<Incident> changeAll(List<Wish> wishes, Agent by) {
    return doing(told -> changeLocked(wishes, by, told));
  }

  Note annotate(String id, String content, User by) {
    return doing(
        told -> {
          Ledger.Row row = ledger.row(id);
          if (content.isBlank()) {
            throw ApiError.invalid("Content cannot be empty.");
          }
          if (row.notes.size() >= MOST_NOTES) {
            throw ApiError.invalid("A maximum of 2000 notes can be added to an incident.");
          }
          Note note = new Note(ids.small(), row.incident().id(), content, by, ledger.tick());
          told.add(ledger.annotated(row, note));
          return note;
        });
  }

  StatusUpdate publish(
      String id, String message, @Nullable String subject, @Nullable String html, User by) {
    return doing(
        told -> {
          Ledger.Row row = ledger.row(id);
          if (message.isBlank()) {
            throw ApiError.invalid("Message cannot be empty.");
          }
          String of = row.incident().id();
          StatusUpdate update =
              new StatusUpdate(ids.small(), of, message, by, ledger.tick(), subject, html);
          told.add(ledger.published(row, update));
          return update;
        });
  }

  IncidentTask addTask(
      String incident, String name, String description, List<User> assignees, User by) {
    return doing(
        told -> {
          String of = ledger.row(incident).incident().id();
          IncidentTask task =
              new IncidentTask(
                  ids.small(), of, named(name), description, IncidentTask.Status.TODO, assignees);
          return tasked(What.TASK_CREATED, task, by, told);
        });
  }

  IncidentTask changeTask(String id, UnaryOperator<IncidentTask> how, User by) {
    return doing(
        told -> {
          IncidentTask before = ledger.task(id);
          IncidentTask after = how.apply(before);
          named(after.name());
          if (after.equals(before)) {
            return before;
          }
          boolean done = after.status() != before.status();
          return tasked(done ? What.TASK_COMPLETED : What.TASK_UPDATED, after, by, told);
        });
  }

  private IncidentTask tasked(What what, IncidentTask task, User by, List<Change> told) {
    ledger.tick();
    told.add(ledger.tasked(what, task, Agent.of(by)));
    return task;
  }

  private static String named(String name) {
    if (name.isBlank()) {
      throw ApiError.invalid("Name cannot be empty.");
    }
    return name;
  }

  synchronized List<IncidentTask> tasks(String incident) {
    return ledger.tasks(ledger.row(incident).incident().id());
  }

  Incident merge(String targetId, List<String> sourceIds, Agent by) {
    return doing(
        told -> {
          Ledger.Row target = ledger.row(targetId);
          List<Ledger.Row> sources = sourceIds.stream().distinct().map(ledger::row).toList();
          MergeRules.Merged merged =
              MergeRules.merge(
                  target.incident(),
                  sources.stream().map(Ledger.Row::incident).toList(),
                  by,
                  ledger.tick());
          for (int i = 0; i < sources.size(); i++) {
            told.addAll(ledger.settle(sources.get(i), merged.sources().get(i), by));
          }
          told.addAll(ledger.settle(target, merged.target(), by));
          target.incident().alertKeys().forEach(key -> ledger.index(key, target));
          return target.incident();
        });
  }

  /** An integration's alert: opens an incident, or joins the open one with that key. */
  Incident alert(Service service, String title, String key) {
    return doing(
        told -> {
          Ledger.Row open = ledger.openWithKey(key, service);
          return open == null
              ? openLocked(NewIncident.of(title, service).forAlert(key), Agent.of(service), told)
              : open.incident();
        });
  }

  /** The integration says that it is over. */
  Incident closeAlert(Service service, String key) {
    return doing(
        told -> {
          Ledger.Row open = ledger.openWithKey(key, service);
          if (open == null) {
            throw ApiError.notFound();
          }
          IncidentChange resolve = IncidentChange.toStatus(IncidentStatus.RESOLVED);
          Wish wish = new Wish(open.incident().id(), resolve);
          return changeLocked(List.of(wish), Agent.of(service), told).get(0);
        });
  }

  synchronized Optional<Incident> find(String idOrNumber) {
    return Optional.ofNullable(ledger.find(idOrNumber)).map(Ledger.Row::incident);
  }

  synchronized List<Incident> incidents() {
    return ledger.all();
  }

  synchronized List<Incident> withKey(String key) {
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

  private Incident openLocked(NewIncident wanted, Agent by, List<Change> told) {
    refuseKnownKey(wanted.incidentKey(), wanted.service());
    IncidentRules.Outcome outcome =
        rules.open(wanted, by, ids.incident(), ledger.nextNumber(), ids.incident(), ledger.tick());
    Ledger.Row row = ledger.add(outcome.incident());
    told.addAll(ledger.settle(row, outcome, by));
    return row.incident();
  }

  private List<Incident> changeLocked(List<Wish> wishes, Agent by, List<Change> told) {
    Instant at = ledger.tick();
    Map<Ledger.Row, IncidentRules.Outcome> outcomes = new LinkedHashMap<>();
    for (Wish wish : wishes) {
      Ledger.Row row = ledger.row(wish.id());
      Incident before = row.incident();
      Service service = wish.change().service;
      if (service != null && before.isOpen() && !service.id().equals(before.service().id())) {
        refuseKnownKey(before.incidentKey(), service);
      }
      if (outcomes.put(row, rules.change(before, wish.change(), by, at)) != null) {
        throw ApiError.invalid("Incidents must be unique.");
      }
    }
    outcomes.forEach((row, outcome) -> told.addAll(ledger.settle(row, outcome, by)));
    return outcomes.keySet().stream().map(Ledger.Row::incident).toList();
  }

  /**
   * "Requests will be rejected if an open incident matches that incident_key" (POST /incidents).
   */
  private void refuseKnownKey(@Nullable String key, Service service) {
    if (key != null && ledger.openWithKey(key, service) != null) {
      throw new ApiError(
          400,
          2002,
          "Arguments Caused Error",
          List.of("Open incident with matching dedup key already exists on this service"));
    }
  }

  private <T> T doing(Function<List<Change>, T> step) {
    List<Change> told = new ArrayList<>();
    T result;
    synchronized (this) {
      result = step.apply(told);
    }
    // Outside the lock: a listener may read the account, or wait for others that do.
    told.forEach(change -> listeners.forEach(listener -> listener.accept(change)));
    return result;
  }
}
