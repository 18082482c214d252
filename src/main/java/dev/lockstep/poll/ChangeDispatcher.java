package dev.lockstep.poll;

import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.Failure;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes polled changes to the inbox: one event per record of a page. */
final class ChangeDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeDispatcher.class);

  private final Inbox inbox;
  private final Clock clock;

  ChangeDispatcher(Inbox inbox, Clock clock) {
    this.inbox = inbox;
    this.clock = clock;
  }

  /**
   * @param feed for the log
   * @param unchanged records that are not passed on
   */
  void dispatch(String feed, ChangePage changes, Set<RecordRef> unchanged) {
    Map<RecordRef, NativeRecord> states = new LinkedHashMap<>();
    changes.records().forEach(record -> states.put(record.ref(), record));
    Set<RecordRef> refs = new LinkedHashSet<>(states.keySet());
    refs.addAll(changes.notes().keySet());
    refs.addAll(changes.toFetch());
    refs.removeAll(unchanged);
    refs.forEach(ref -> receive(feed, event(ref, states.get(ref), changes)));
  }

  private InboundEvent event(RecordRef ref, @Nullable NativeRecord state, ChangePage changes) {
    boolean mustFetch = changes.toFetch().contains(ref);
    // An event with notes only means that nothing else changed; mustFetch means that something
    // may have.
    List<WorkNote> notes =
        mustFetch && state == null ? List.of() : changes.notes().getOrDefault(ref, List.of());
    return new InboundEvent(InboundEvent.POLL, "", ref, state, notes, mustFetch, clock.instant());
  }

  /** An event that the inbox cannot store does not block others: the record is fetched instead. */
  private void receive(String feed, InboundEvent event) {
    try {
      inbox.receive(event);
    } catch (RuntimeException e) {
      if (Failure.classify(e) != Failure.FAULT) {
        throw e;
      }
      LOG.warn("{}: the state of {} cannot be stored; fetching it", feed, event.record(), e);
      requestFetch(event.record());
    }
  }

  /** Passes on the notes of one record; they say nothing of the record itself. */
  void dispatchNotes(RecordRef record, List<WorkNote> notes) {
    if (!notes.isEmpty()) {
      inbox.receive(
          new InboundEvent(InboundEvent.POLL, "", record, null, notes, false, clock.instant()));
    }
  }

  /** Has a record and its notes fetched. */
  void requestFetch(RecordRef ref) {
    inbox.receive(
        new InboundEvent(InboundEvent.POLL, "", ref, null, List.of(), true, clock.instant()));
  }
}
