package dev.lockstep.inbox;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was received about a record since it was last processed.
 *
 * @param state the newest state received; null: none
 * @param overtaken states received besides, each another one, at most {@value #MOST_OVERTAKEN}:
 *     they may show an edit that was overwritten meanwhile
 * @param mustFetch the record must be fetched: it changed and no state was received, or two states
 *     were received whose order is unknown
 * @param notesIncomplete the record's notes must be fetched
 * @param noteIds notes that must be fetched, by id
 * @param polled it was found by polling, so webhooks may be failing and the stored state of the
 *     counterpart may be outdated
 */
public record Hint(
    @Nullable NativeRecord state,
    List<NativeRecord> overtaken,
    boolean mustFetch,
    boolean notesIncomplete,
    Set<String> noteIds,
    boolean polled) {
  /** Only those written during one pass matter; a record that is not processed piles up more. */
  private static final int MOST_OVERTAKEN = 10;

  public Hint {
    overtaken = List.copyOf(overtaken);
    // Hints stored by an earlier version have none.
    noteIds = noteIds == null ? Set.of() : Set.copyOf(noteIds);
  }

  /** A hint without a state: the record must be fetched. */
  public static Hint toFetch(boolean notesIncomplete, boolean polled) {
    return new Hint(null, List.of(), true, notesIncomplete, Set.of(), polled);
  }

  static Hint of(InboundEvent event) {
    boolean mustFetch =
        event.state() == null && event.notes().isEmpty() && event.noteIds().isEmpty();
    return new Hint(
        event.state(),
        List.of(),
        mustFetch,
        event.notesIncomplete(),
        event.noteIds(),
        event.source().equals(InboundEvent.POLL));
  }

  /** As they are stored. */
  static Map<String, Hint> byName(Map<RecordRef, Hint> hints) {
    return hints.entrySet().stream()
        .collect(Collectors.toMap(hint -> hint.getKey().toString(), Map.Entry::getValue));
  }

  /** Whether the state is all there is to process. */
  boolean isStateOnly() {
    return state != null
        && overtaken.isEmpty()
        && !mustFetch
        && !notesIncomplete
        && noteIds.isEmpty();
  }

  /** Merges a hint that was received later. The later hint may still have the older state. */
  Hint merge(Hint later) {
    NativeRecord newest = newest(later);
    List<NativeRecord> others =
        Stream.of(overtaken, later.overtaken, states(), later.states())
            .flatMap(List::stream)
            .filter(other -> newest != null && !isSame(other, newest))
            .distinct()
            .toList();
    return new Hint(
        newest,
        others.subList(Math.max(0, others.size() - MOST_OVERTAKEN), others.size()),
        mustFetch || later.mustFetch || isOrderUnknown(later),
        notesIncomplete || later.notesIncomplete,
        Stream.concat(noteIds.stream(), later.noteIds.stream()).collect(Collectors.toSet()),
        polled || later.polled);
  }

  private @Nullable NativeRecord newest(Hint later) {
    if (state == null || later.state == null) {
      return state == null ? later.state : state;
    }
    return later.state.version().comparedTo(state.version()) == Version.Order.NEWER
        ? later.state
        : state;
  }

  private boolean isOrderUnknown(Hint later) {
    return state != null
        && later.state != null
        && later.state.version().comparedTo(state.version()) == Version.Order.OVERLAPPING
        && !later.state.json().equals(state.json());
  }

  private List<NativeRecord> states() {
    return state == null ? List.of() : List.of(state);
  }

  private static boolean isSame(NativeRecord one, NativeRecord other) {
    return one.version().comparedTo(other.version()) == Version.Order.SAME
        || one.json().equals(other.json());
  }

  /**
   * Whether this hint contains information that {@code known} does not.
   *
   * @param known the hint received before; null: none
   */
  boolean addsTo(@Nullable Hint known) {
    boolean newNotesAlone = state == null && !mustFetch && !notesIncomplete;
    if (known == null || newNotesAlone || !known.noteIds.containsAll(noteIds)) {
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
