package dev.lockstep.sandbox.pagerduty;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of the incidents, and the history of it. Guarded by {@link AccountState}'s lock.
 */
final class IncidentLog {

  /** What is kept of one incident. */
  static final class Row {
    private PagerDutyIncident incident;
    private Instant lastEvent = Instant.EPOCH;
    final List<Note> notes = new ArrayList<>();
    final List<StatusUpdate> statusUpdates = new ArrayList<>();
    final List<LogEntry> log = new ArrayList<>();

    private Row(PagerDutyIncident incident) {
      this.incident = incident;
    }

    PagerDutyIncident incident() {
      return incident;
    }
  }

  private final Clock clock;
  private final Ids ids;
  private final Consumer<IncidentEvent> inOrder;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final List<Row> byNumber = new ArrayList<>();
  private final Map<String, List<Row>> byKey = new HashMap<>();
  private final List<LogEntry> log = new ArrayList<>();
  private final Map<String, IncidentTask> tasks = new LinkedHashMap<>();
  private Instant now = Instant.EPOCH;

  IncidentLog(Clock clock, Ids ids, Consumer<IncidentEvent> inOrder) {
    this.clock = clock;
    this.ids = ids;
    this.inOrder = inOrder;
  }

  /** The present, in milliseconds; never before what it was last time. */
  Instant tick() {
    Instant present = Instant.ofEpochMilli(clock.millis());
    now = present.isAfter(now) ? present : now;
    return now;
  }

  int nextNumber() {
    return rows.size() + 1;
  }

  Row add(PagerDutyIncident incident) {
    Row row = new Row(incident);
    rows.put(incident.id(), row);
    byNumber.add(row);
    if (incident.incidentKey() != null) {
      index(incident.incidentKey(), row);
    }
    incident.alertKeys().forEach(key -> index(key, row));
    return row;
  }

  /** Lets the incident be found by one more key. */
  void index(String key, Row row) {
    List<Row> same = byKey.computeIfAbsent(key, any -> new ArrayList<>(1));
    if (!same.contains(row)) {
      same.add(row);
    }
  }

  /** By id or by number, as {@code GET /incidents/{id}} allows. */
  @Nullable Row find(String idOrNumber) {
    Row row = rows.get(idOrNumber);
    if (row != null || !idOrNumber.matches("\\d{1,9}")) {
      return row;
    }
    int number = Integer.parseInt(idOrNumber);
    return number >= 1 && number <= byNumber.size() ? byNumber.get(number - 1) : null;
  }

  Row row(String idOrNumber) {
    Row row = find(idOrNumber);
    if (row == null) {
      throw PagerDutyException.notFound();
    }
    return row;
  }

  @Nullable Row openWithKey(String key, Service service) {
    return byKey.getOrDefault(key, List.of()).stream()
        .filter(row -> row.incident.isOpen())
        .filter(row -> row.incident.service().id().equals(service.id()))
        .findFirst()
        .orElse(null);
  }

  List<PagerDutyIncident> withKey(String key) {
    return byKey.getOrDefault(key, List.of()).stream().map(row -> row.incident).toList();
  }

  List<PagerDutyIncident> all() {
    return byNumber.stream().map(row -> row.incident).toList();
  }

  /** What happened at or after that time, oldest first. */
  List<LogEntry> logSince(Instant since) {
    int from = log.size();
    while (from > 0 && !log.get(from - 1).at().isBefore(since)) {
      from--;
    }
    return List.copyOf(log.subList(from, log.size()));
  }

  /** Stores what a rule decided, and writes down each thing that happened. */
  List<IncidentEvent> settle(Row row, IncidentLifecycle.Outcome outcome, Agent by) {
    row.incident = outcome.incident();
    return outcome.happened().stream()
        .map(what -> record(row, what, by, null, null, null, detail(what, row.incident)))
        .toList();
  }

  IncidentEvent annotated(Row row, Note note) {
    row.notes.add(note);
    return record(
        row, EventType.ANNOTATED, Agent.of(note.author()), note, null, null, note.content());
  }

  IncidentEvent published(Row row, StatusUpdate update) {
    row.statusUpdates.add(update);
    return record(
        row,
        EventType.STATUS_UPDATE_PUBLISHED,
        Agent.of(update.sender()),
        null,
        update,
        null,
        null);
  }

  IncidentTask task(String id) {
    IncidentTask task = tasks.get(id);
    if (task == null) {
      throw PagerDutyException.notFound();
    }
    return task;
  }

  List<IncidentTask> tasks(String incidentId) {
    return tasks.values().stream().filter(task -> task.incidentId().equals(incidentId)).toList();
  }

  IncidentEvent tasked(EventType what, IncidentTask task, Agent by) {
    tasks.put(task.id(), task);
    return record(row(task.incidentId()), what, by, null, null, task, null);
  }

  private IncidentEvent record(
      Row row,
      EventType what,
      Agent by,
      @Nullable Note note,
      @Nullable StatusUpdate update,
      @Nullable IncidentTask task,
      @Nullable String detail) {
    PagerDutyIncident incident = row.incident;
    if (what.logEntryType().isPresent()) {
      String id = what == EventType.TRIGGERED ? incident.firstLogEntryId() : ids.incident();
      LogEntry entry = new LogEntry(id, what, incident.id(), incident.service(), by, now, detail);
      row.log.add(entry);
      log.add(entry);
    }
    // Two things done to one incident never share a moment, or receivers could not order them.
    Instant next = row.lastEvent.plusMillis(1);
    row.lastEvent = now.isAfter(next) ? now : next;
    IncidentEvent change = new IncidentEvent(what, incident, by, row.lastEvent, note, update, task);
    inOrder.accept(change);
    return change;
  }

  private static @Nullable String detail(EventType what, PagerDutyIncident incident) {
    return switch (what) {
      case RESOLVED -> incident.resolution();
      case TITLE_UPDATED -> incident.title();
      case URGENCY_UPDATED -> incident.urgency().wire();
      case SERVICE_UPDATED -> incident.service().id();
      case PRIORITY_UPDATED -> {
        Priority priority = incident.priority();
        yield priority == null ? null : priority.name();
      }
      default -> null;
    };
  }
}
