package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.RefusedNoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Sends notes that an operator retried and that processing of their record left unsent: the record
 * may have been closed, its pair ended, or the duplicate unlinked from its parent. Each note is
 * either sent or becomes one dead letter again, with the reason.
 */
@Component
public final class RetriedNotes {
  private final RefusedNoteStore refusedNotes;
  private final DeliveryStore deliveries;
  private final NoteSender sender;
  private final WorkScheduler scheduler;
  private final Clock clock;

  public RetriedNotes(
      RefusedNoteStore refusedNotes,
      DeliveryStore deliveries,
      NoteSender sender,
      WorkScheduler scheduler,
      Clock clock) {
    this.refusedNotes = refusedNotes;
    this.deliveries = deliveries;
    this.sender = sender;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Also after a step was rejected: a note must not wait for something else to be mended. */
  public void send(Pass pass) {
    pass.finish(() -> sendUnsent(pass));
  }

  private void sendUnsent(Pass pass) {
    Set<RecordRef> targets = targets(pass);
    List<StoredNote> unsent = targets.isEmpty() ? List.of() : refusedNotes.retried(targets);
    unsent.forEach(note -> note.deliveries().forEach(delivery -> send(note, delivery.target())));
    if (!unsent.isEmpty() && !pass.isUnpaired()) {
      // Its pairs report how many of their notes are refused.
      scheduler.schedule(pass.entry().subject(), Map.of(), clock.instant());
    }
  }

  /**
   * Retrying a note schedules a fetch of its record; received state is lost if the process dies.
   */
  private static Set<RecordRef> targets(Pass pass) {
    Set<RecordRef> targets = new HashSet<>();
    pass.entry()
        .hints()
        .forEach(
            (ref, hint) -> {
              if (hint.mustFetch()) {
                targets.add(ref);
              }
            });
    if (pass.entry().outcomeUnknown()) {
      pass.record().ifPresent(targets::add);
      targets.addAll(pass.correlation().records());
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
