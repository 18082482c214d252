package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.ClosureRules;
import dev.lockstep.mapping.References;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.postmortem.settings.PostmortemSettings.Mode;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.SnapshotReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Checks for an incident that was closed although action items of it have no change request, or
 * that has no postmortem when one is due, so that follow-ups are not lost when the ticket is
 * closed.
 */
@Component
class ClosureGuard {
  private static final String CLOSED = "It was closed, but these are missing:\n";
  private static final String REOPENED = "Reopened by Lockstep because these are missing:\n";

  private final ClosureStore closures;
  private final PostmortemStore postmortems;
  private final PostmortemSettings settings;
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final References references;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final MeterRegistry metrics;

  ClosureGuard(
      ClosureStore closures,
      PostmortemStore postmortems,
      PostmortemSettings settings,
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.closures = closures;
    this.postmortems = postmortems;
    this.settings = settings;
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.references = references;
    this.transaction = transaction;
    this.clock = clock;
    this.metrics = metrics;
    for (Mode mode : List.of(Mode.WARN, Mode.REOPEN)) {
      counter(mode);
    }
  }

  /** A note for the incident. */
  record Note(String name, String text) {}

  interface NoteQueue {
    void enqueue(Note note);
  }

  /**
   * @param items its own and those of its duplicates, which are closed with it; evaluated only if
   *     it is closed
   * @return false if it is set back to open
   */
  boolean check(Incident incident, Supplier<List<ActionItem>> items, NoteQueue telling) {
    ClosureRules rules = incident.mapping().closure().orElse(null);
    if (rules == null || settings.guard().mode() == Mode.OFF) {
      return true;
    }
    Map<String, String> values = incident.seen().values();
    if (!rules.isClosed(incident.side(), values)) {
      closures.markOpen(incident.ref()).ifPresent(closure -> notifyReopened(closure, telling));
      return true;
    }
    ClosureStore.Closure closure = closures.markClosed(incident.ref(), clock.instant());
    boolean due = clock.instant().isAfter(closure.closedAt().plus(settings.guard().within()));
    List<String> missing =
        missing(incident, items.get(), due, rules.priority(incident.side(), values));
    Mode mode = mode(incident, rules);
    String text = String.join("\n", missing);
    if (due) {
      closures.markChecked(closure);
    }
    boolean news = !missing.isEmpty() && !text.equals(closure.missing());
    if (!missing.isEmpty() && mode == Mode.REOPEN) {
      reopen(incident, rules, closure, news ? text : "", telling);
      return false;
    }
    if (news) {
      notifyIncident(closure, CLOSED + text, text, mode, telling);
    }
    return true;
  }

  /** Reopens first and notifies afterwards, since a system may refuse to reopen it. */
  private void reopen(
      Incident incident,
      ClosureRules rules,
      ClosureStore.Closure closure,
      String news,
      NoteQueue telling) {
    if (!news.isEmpty()) {
      closures.markReopening(closure, news);
    }
    try {
      reopen(incident, rules);
    } catch (RequestRejectedException e) {
      if (!news.isEmpty()) {
        String refused = "Lockstep could not reopen it (see the dead letters).\n";
        notifyIncident(closure, refused + CLOSED + news, news, Mode.WARN, telling);
      }
      throw e;
    }
    if (!news.isEmpty()) {
      notifyIncident(closure, REOPENED + news, news, Mode.REOPEN, telling);
    }
  }

  /** The process died after the incident was reopened and before the note was written. */
  private void notifyReopened(ClosureStore.Closure closure, NoteQueue telling) {
    notifyIncident(closure, REOPENED + closure.missing(), "", Mode.REOPEN, telling);
  }

  /** If the mapping defines no way to reopen, only warns. */
  private Mode mode(Incident incident, ClosureRules rules) {
    return rules.reopen(incident.side()).isEmpty() ? Mode.WARN : settings.guard().mode();
  }

  private void notifyIncident(
      ClosureStore.Closure closure, String text, String missing, Mode mode, NoteQueue telling) {
    transaction.executeWithoutResult(
        status -> {
          telling.enqueue(new Note("closure:" + closure.times(), text));
          closures.markNotified(closure, missing);
        });
    counter(mode).increment();
  }

  private io.micrometer.core.instrument.Counter counter(Mode mode) {
    return metrics.counter(
        "lockstep.closures.guarded", "action", mode.name().toLowerCase(java.util.Locale.ROOT));
  }

  private List<String> missing(
      Incident incident, List<ActionItem> items, boolean due, String priority) {
    List<String> missing = new ArrayList<>();
    for (ActionItem item : items) {
      if (item.stage() == ActionItemStatus.NEEDS_OWNER
          || item.stage() == ActionItemStatus.NEEDS_DUE_DATE
          || item.stage() == ActionItemStatus.NEEDS_STATUS
          || item.stage() == ActionItemStatus.READY) {
        missing.add(
            "%s \"%s\" has no change request: %s"
                .formatted(item.key(), item.title(), item.statusText()));
      }
    }
    if (due
        && settings.guard().needsPostmortem().contains(priority)
        && postmortems.findByIncident(incident.records()).isEmpty()) {
      missing.add(
          "a postmortem: incidents of priority %s need one within %s"
              .formatted(priority, describe(settings.guard().within())));
    }
    return missing;
  }

  private static String describe(Duration time) {
    if (time.toHours() < 1) {
      return time.toSeconds() + " seconds";
    }
    return time.toHours() < 48 ? time.toHours() + " hours" : time.toDays() + " days";
  }

  /**
   * Unless a user already reopened it and the event has not arrived. Idempotent, so a crash in
   * between is harmless.
   */
  private void reopen(Incident incident, ClosureRules rules) {
    RecordState before = RecordState.of(incident.mapping().name(), incident.seen());
    Snapshot now =
        snapshots.read(connectors.fetch(incident.ref()), before).in(incident.mapping().name());
    if (!rules.isClosed(incident.side(), now.values())) {
      return;
    }
    var write =
        incident.mapping().write(incident.side(), rules.reopen(incident.side()), references);
    connectors.update(incident.ref(), write.body());
  }
}
