package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.record.RecordRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The best that was heard of a record since it was last dealt with.
 *
 * @param state the newest state heard; null when none was
 * @param look the record must be fetched: something changed that no state told, or two states were
 *     heard whose order is unknown
 * @param notesIncomplete its notes must be fetched
 * @param polled it was found by polling, so webhooks may be failing and what is remembered of the
 *     other record may be old
 */
public record Hint(
    @Nullable NativeRecord state, boolean mustFetch, boolean notesIncomplete, boolean polled) {

  /** Nothing was received, but the record must be fetched. */
  static Hint toFetch() {
    return new Hint(null, true, false, false);
  }

  static Hint of(InboundEvent event) {
    boolean look = event.state() == null && event.notes().isEmpty();
    return new Hint(
        event.state(), look, event.notesIncomplete(), event.source().equals(InboundEvent.POLL));
  }

  /**
   * What is known after hearing {@code later} too; "later" is when it arrived, not when it was
   * true.
   */
  Hint merge(Hint later) {
    boolean looks = mustFetch || later.mustFetch;
    boolean notes = notesIncomplete || later.notesIncomplete;
    boolean polls = polled || later.polled;
    if (state == null || later.state == null) {
      return new Hint(state == null ? later.state : state, looks, notes, polls);
    }
    return switch (later.state.version().comparedTo(state.version())) {
      case NEWER -> new Hint(later.state, looks, notes, polls);
      case OLDER, SAME -> new Hint(state, looks, notes, polls);
      case OVERLAPPING ->
          new Hint(state, looks || !later.state.json().equals(state.json()), notes, polls);
    };
  }

  /**
   * Whether this, received later, says anything that {@code known} does not say.
   *
   * @param known null when nothing was known
   */
  boolean addsTo(@Nullable Hint known) {
    boolean newNotesAlone = state == null && !mustFetch && !notesIncomplete;
    if (known == null || newNotesAlone) {
      return true;
    }
    // Each webhook stands for a change of its own, a listing shows the same change again and again.
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
      // A record that must be fetched anyway: the listing's other wording of it adds nothing.
      case OVERLAPPING -> !(polled && known.mustFetch) && !state.json().equals(known.state.json());
    };
  }

  static boolean anyAddsTo(Map<RecordRef, Hint> later, Map<RecordRef, Hint> known) {
    return later.entrySet().stream()
        .anyMatch(hint -> hint.getValue().addsTo(known.get(hint.getKey())));
  }
}
