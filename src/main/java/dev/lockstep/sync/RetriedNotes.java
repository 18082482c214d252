package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends notes that an operator retried and that processing of their record left unsent: the record
 * may have been closed, its pair ended, or the duplicate unlinked from its parent. Each note is
 * either sent or becomes one dead letter again, with the reason.
 */
public final class RetriedNotes implements EntryHandler {
  private final EntryHandler next;
  private final PairStore pairs;
  private final DeliveryStore deliveries;
  private final NoteSender sender;
  private final WorkScheduler scheduler;
  private final Clock clock;

  public RetriedNotes(
      EntryHandler next,
      PairStore pairs,
      DeliveryStore deliveries,
      NoteSender sender,
      WorkScheduler scheduler,
      Clock clock) {
    this.next = next;
    this.pairs = pairs;
    this.deliveries = deliveries;
    this.sender = sender;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  @Override
  public void process(InboxEntry entry) {
    try {
      next.process(entry);
    } catch (RequestRejectedException e) {
      sendUnsent(entry);
      throw e;
    }
    sendUnsent(entry);
  }

  private void sendUnsent(InboxEntry entry) {
    Set<RecordRef> targets = targets(entry);
    List<StoredNote> unsent = targets.isEmpty() ? List.of() : deliveries.retried(targets);
    unsent.forEach(
        note -> note.deliveries().forEach(delivery -> send(note, delivery.target())));
    if (!unsent.isEmpty() && entry.subject() instanceof Subject.OfCorrelation) {
      // Its pairs report how many of their notes are refused.
      scheduler.schedule(entry.subject(), Map.of(), clock.instant());
    }
  }

  /**
   * Retrying a note schedules a fetch of its record; received state is lost if the process dies.
   */
  private Set<RecordRef> targets(InboxEntry entry) {
    Set<RecordRef> targets = new HashSet<>();
    entry
        .hints()
        .forEach(
            (ref, hint) -> {
              if (hint.mustFetch()) {
                targets.add(ref);
              }
            });
    if (entry.outcomeUnknown() && entry.subject() instanceof Subject.OfRecord record) {
      targets.add(record.ref());
    } else if (entry.outcomeUnknown() && entry.subject() instanceof Subject.OfCorrelation of) {
      targets.addAll(pairs.load(of.id()).records());
    }
    return targets;
  }

  private void send(StoredNote note, RecordRef target) {
    try {
      sender.send(note, target, id -> deliveries.markSent(note, target, id));
    } catch (RecordNotFoundException e) {
      sender.refuse(
          note,
          target,
          new RequestRejectedException(
              0,
              "note on " + target + ": " + note.note().text(),
              String.valueOf(e.getMessage()),
              "Restore the record and retry, or discard this."));
    } catch (RequestRejectedException e) {
      sender.refuse(note, target, e);
    }
  }
}
