package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.pagerduty.Note;
import dev.lockstep.sandbox.pagerduty.StatusUpdate;
import dev.lockstep.sandbox.servicenow.Change;
import dev.lockstep.sandbox.servicenow.JournalEntry;
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
 * Writes down everything that happens in ServiceNow and PagerDuty, for the reckoning; that
 * something happened in Jira is news only. Thread-safe.
 */
final class Witness {
  private final Sandboxes sandboxes;
  private final Queue<Happening> happenings = new ConcurrentLinkedQueue<>();
  private final Semaphore news = new Semaphore(0);
  private volatile Instant latest = Instant.EPOCH;
  private final Queue<String> emptyWrites = new ConcurrentLinkedQueue<>();

  /** Changes the call served on this thread has made so far. */
  private final ThreadLocal<AtomicInteger> changesOfCall =
      ThreadLocal.withInitial(AtomicInteger::new);

  private Witness(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  static Witness of(Sandboxes sandboxes) {
    Witness witness = new Witness(sandboxes);
    sandboxes.serviceNow().onChange(witness::ticket);
    sandboxes.pagerDuty().onChange(witness::incident);
    sandboxes.jira().ifPresent(jira -> jira.onChange(change -> witness.news.release()));
    sandboxes
        .pagerDuty()
        .onRequest(
            call -> {
              int changes = witness.changesOfCall.get().getAndSet(0);
              if (call.method().equals("PUT") && call.status() == 200 && changes == 0) {
                witness.emptyWrites.add(call.url() + " " + call.requestBody());
              }
            });
    return witness;
  }

  /** Oldest first. */
  List<Happening> happenings() {
    List<Happening> all = new ArrayList<>(happenings);
    all.sort(Comparator.comparing(Happening::at));
    return all;
  }

  /** When something last happened. */
  Instant latest() {
    return latest;
  }

  /** Updates over PagerDuty's API that were accepted and changed nothing. */
  List<String> emptyPlatformWrites() {
    return List.copyOf(emptyWrites);
  }

  /** Has a permit for each thing that happened; whoever waits for news takes them. */
  Semaphore news() {
    return news;
  }

  private void ticket(Change change) {
    if (!change.table().equals("incident") || change.kind() == Change.Kind.DELETED) {
      return;
    }
    ServiceNowSimulator serviceNow = sandboxes.serviceNow();
    boolean ours = change.by().equals(Sandboxes.SERVICENOW_USER);
    List<Line> lines = new ArrayList<>();
    for (JournalEntry entry : change.journal()) {
      lines.add(new Line(entry.value(), ours, entry.element().equals("comments")));
    }
    add(
        new Happening(
            Place.ITSM,
            change.sysId(),
            change.at(),
            ours,
            change.kind() == Change.Kind.CREATED,
            State.of(serviceNow, change.sysId()),
            lines));
  }

  private void incident(dev.lockstep.sandbox.pagerduty.Change change) {
    changesOfCall.get().incrementAndGet();
    boolean ours = Sandboxes.PAGERDUTY_USER.equals(change.by().email());
    List<Line> lines = new ArrayList<>();
    Note note = change.note();
    if (note != null) {
      lines.add(new Line(note.content(), ours, false));
    }
    StatusUpdate update = change.statusUpdate();
    if (update != null) {
      lines.add(new Line(update.message(), ours, true));
    }
    boolean created =
        change.what() == dev.lockstep.sandbox.pagerduty.What.TRIGGERED
            && change.incident().createdAt().equals(change.incident().updatedAt());
    add(
        new Happening(
            Place.PLATFORM,
            change.incident().id(),
            change.at(),
            ours,
            created,
            State.of(change.incident()),
            lines));
  }

  private void add(Happening happening) {
    happenings.add(happening);
    latest = happening.at();
    news.release();
  }
}
