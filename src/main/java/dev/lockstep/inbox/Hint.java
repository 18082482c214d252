package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.record.RecordRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was received about a record since it was last processed.
 *
 * @param state the newest state received; null: none
 * @param mustFetch the record must be fetched: it changed and no state was received, or two states
 *     were received whose order is unknown
 * @param notesIncomplete the record's notes must be fetched
 * @param polled it was found by polling, so webhooks may be failing and the stored state of the
 *     counterpart may be outdated
 */
public record Hint(
    @Nullable NativeRecord state, boolean mustFetch, boolean notesIncomplete, boolean polled) {

  /** A hint without a state: the record must be fetched. */
  static Hint toFetch() {
    return new Hint(null, true, false, false);
  }

  static Hint of(InboundEvent event) {
    boolean mustFetch = event.state() == null && event.notes().isEmpty();
    return new Hint(
        event.state(),
        mustFetch,
        event.notesIncomplete(),
        event.source().equals(InboundEvent.POLL));
  }

  /** Merges a hint that was received later. The later hint may still have the older state. */
  Hint merge(Hint later) {
    boolean fetch = mustFetch || later.mustFetch;
    boolean fetchNotes = notesIncomplete || later.notesIncomplete;
    boolean anyPolled = polled || later.polled;
    if (state == null || later.state == null) {
      return new Hint(state == null ? later.state : state, fetch, fetchNotes, anyPolled);
    }
    return switch (later.state.version().comparedTo(state.version())) {
      case NEWER -> new Hint(later.state, fetch, fetchNotes, anyPolled);
      case OLDER, SAME -> new Hint(state, fetch, fetchNotes, anyPolled);
      case OVERLAPPING ->
          new Hint(state, fetch || !later.state.json().equals(state.json()), fetchNotes, anyPolled);
    };
  }

  /**
   * Whether this hint contains information that {@code known} does not.
   *
   * @param known the hint received before; null: none
   */
  boolean addsTo(@Nullable Hint known) {
    boolean newNotesAlone = state == null && !mustFetch && !notesIncomplete;
    if (known == null || newNotesAlone) {
      return true;
    }
    // Each webhook is a change of its own; polling returns the same change repeatedly.
    if (mustFetch && !(polled && known.mustFetch) || notesIncomplete && !known.notesIncomplete) {
      return true;
    }
    if (state == null) {
      return false;
    }
    if (known.state == null) {
      return true;
    }
    return switch (state.version().comparedTo(known.state.version())) {
      case NEWER -> true;
      case OLDER, SAME -> false;
      // The record must be fetched anyway, so a differing state from a poll adds nothing.
      case OVERLAPPING -> !(polled && known.mustFetch) && !state.json().equals(known.state.json());
    };
  }

  static boolean anyAddsTo(Map<RecordRef, Hint> later, Map<RecordRef, Hint> known) {
    return later.entrySet().stream()
        .anyMatch(hint -> hint.getValue().addsTo(known.get(hint.getKey())));
  }
}
