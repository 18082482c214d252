package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.pagerduty.EventType;
import dev.lockstep.sandbox.pagerduty.IncidentEvent;
import dev.lockstep.sandbox.pagerduty.Note;
import dev.lockstep.sandbox.pagerduty.StatusUpdate;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.RecordChange;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Records every change in ServiceNow and PagerDuty for the checks; of Jira only when something last
 * happened. Thread-safe.
 */
final class ChangeRecorder {
  private final SimulatedSystems systems;
  private final Queue<ObservedChange> changes = new ConcurrentLinkedQueue<>();
  private final Semaphore news = new Semaphore(0);
  private volatile Instant latest = Instant.EPOCH;
  private final Queue<String> emptyWrites = new ConcurrentLinkedQueue<>();

  /** Changes the call served on this thread has made so far. */
  private final ThreadLocal<AtomicInteger> changesOfCall =
      ThreadLocal.withInitial(AtomicInteger::new);

  private ChangeRecorder(SimulatedSystems systems) {
    this.systems = systems;
  }

  static ChangeRecorder of(SimulatedSystems systems) {
    ChangeRecorder recorder = new ChangeRecorder(systems);
    systems.serviceNow().onChange(recorder::ticket);
    systems.pagerDuty().onChange(recorder::incident);
    systems.jira().ifPresent(jira -> jira.onChange(change -> recorder.issue(change.at())));
    systems.pagerDuty().onRequest(recorder::served);
    systems.jira().ifPresent(jira -> jira.onRequest(recorder::served));
    return recorder;
  }

  /** Oldest first. */
  List<ObservedChange> changes() {
    List<ObservedChange> all = new ArrayList<>(changes);
    all.sort(Comparator.comparing(ObservedChange::at));
    return all;
  }

  /** When something last happened. */
  Instant latest() {
    return latest;
  }

  /** Updates over PagerDuty's and Jira's API that were accepted and changed nothing. */
  List<String> emptyWrites() {
    return List.copyOf(emptyWrites);
  }

  /** Has a permit for each recorded change; a waiter takes them. */
  Semaphore news() {
    return news;
  }

  private void served(Exchange call) {
    int changes = changesOfCall.get().getAndSet(0);
    if (call.method().equals("PUT") && call.status() == 200 && changes == 0) {
      emptyWrites.add(call.url() + " " + call.requestBody());
    }
  }

  private void issue(Instant at) {
    changesOfCall.get().incrementAndGet();
    happened(at);
  }

  private void ticket(RecordChange change) {
    if (!change.table().equals("incident") || change.kind() == RecordChange.Kind.DELETED) {
      return;
    }
    ServiceNowSimulator serviceNow = systems.serviceNow();
    boolean ours = change.by().equals(SimulatedSystems.SERVICENOW_USER);
    List<NoteLine> lines = new ArrayList<>();
    for (JournalEntry entry : change.journal()) {
      lines.add(new NoteLine(entry.value(), ours, entry.element().equals("comments")));
    }
    add(
        new ObservedChange(
            SystemSide.ITSM,
            change.sysId(),
            change.at(),
            ours,
            change.kind() == RecordChange.Kind.CREATED,
            FieldState.of(serviceNow, change.sysId()),
            lines));
  }

  private void incident(IncidentEvent change) {
    changesOfCall.get().incrementAndGet();
    boolean ours = SimulatedSystems.PAGERDUTY_USER.equals(change.by().email());
    List<NoteLine> lines = new ArrayList<>();
    Note note = change.note();
    if (note != null) {
      lines.add(new NoteLine(note.content(), ours, false));
    }
    StatusUpdate update = change.statusUpdate();
    if (update != null) {
      lines.add(new NoteLine(update.message(), ours, true));
    }
    boolean created =
        change.what() == EventType.TRIGGERED
            && change.incident().createdAt().equals(change.incident().updatedAt());
    add(
        new ObservedChange(
            SystemSide.PLATFORM,
            change.incident().id(),
            change.at(),
            ours,
            created,
            FieldState.of(change.incident()),
            lines));
  }

  private void add(ObservedChange change) {
    changes.add(change);
    happened(change.at());
  }

  private void happened(Instant at) {
    latest = at;
    news.release();
  }
}
