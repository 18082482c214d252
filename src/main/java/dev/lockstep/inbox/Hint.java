package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
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
    @Nullable NativeRecord state, boolean look, boolean notesIncomplete, boolean polled) {

  static Hint of(InboundEvent event) {
    boolean look = event.state() == null && event.notes().isEmpty();
    return new Hint(
        event.state(), look, event.notesIncomplete(), event.source().equals(InboundEvent.POLL));
  }

  /**
   * What is known after hearing {@code later} too; "later" is when it arrived, not when it was
   * true.
   */
  Hint and(Hint later) {
    boolean looks = look || later.look;
    boolean notes = notesIncomplete || later.notesIncomplete;
    boolean polls = polled || later.polled;
    if (state == null || later.state == null) {
      return new Hint(state == null ? later.state : state, looks, notes, polls);
    }
    return switch (later.state.version().comparedTo(state.version())) {
      case NEWER -> new Hint(later.state, looks, notes, polls);
      case OLDER, SAME -> new Hint(state, looks, notes, polls);
      case UNSURE ->
          new Hint(state, looks || !later.state.json().equals(state.json()), notes, polls);
    };
  }
}
