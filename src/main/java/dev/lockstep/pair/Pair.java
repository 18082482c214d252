package dev.lockstep.pair;

import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two records that are kept in sync.
 *
 * @param mapping the name of the mapping that applies
 * @param creating set before the missing record is created, and never reset: from then on a search
 *     precedes each create, even after a crash
 * @param linked whether both records name each other
 * @param revision incremented with each save; a save of an older revision is refused
 * @param base by field name, the value both last agreed on
 * @param leftSeen the left record as its system last showed it; null while unknown
 * @param rightSeen the right record, likewise
 * @param gaps by field name, why it could not be synced; and why notes could not
 */
public record Pair(
    UUID id,
    String mapping,
    @Nullable RecordRef left,
    @Nullable RecordRef right,
    State state,
    boolean creating,
    boolean linked,
    long revision,
    Map<String, AgreedValue> base,
    @Nullable Snapshot leftSeen,
    @Nullable Snapshot rightSeen,
    Map<String, String> gaps) {

  /** Prefix of the names of note gaps; no field name contains a blank. */
  private static final String NOTES = "notes ";

  /** The lifecycle of a pair. */
  public enum State {
    /** One record is known; the other is to be found or created. */
    LINKING,
    /** Both are known and kept in sync. */
    LINKED,
    /** One record is deleted; nothing is synced until it reappears. */
    BROKEN,
    /**
     * The right record was merged into another one. The left one, now a duplicate, stays a member
     * until it is unlinked, and may then start a new pair.
     */
    ENDED
  }

  public Pair {
    base = Map.copyOf(base);
    gaps = Map.copyOf(gaps);
  }

  /** A new pair with one known record. */
  public static Pair start(UUID id, String mapping, Side side, Snapshot snapshot) {
    return new Pair(
            id, mapping, null, null, State.LINKING, false, false, 0, Map.of(), null, null, Map.of())
        .seen(side, snapshot);
  }

  /** Its records, the left one first. */
  public List<RecordRef> records() {
    return Stream.of(left, right).filter(Objects::nonNull).toList();
  }

  public @Nullable RecordRef ref(Side side) {
    return side == Side.LEFT ? left : right;
  }

  public @Nullable Snapshot seen(Side side) {
    return side == Side.LEFT ? leftSeen : rightSeen;
  }

  /** The side of a record; null if it does not belong to this pair. */
  public @Nullable Side sideOf(RecordRef ref) {
    if (ref.equals(left)) {
      return Side.LEFT;
    }
    return ref.equals(right) ? Side.RIGHT : null;
  }

  public Pair seen(Side side, Snapshot snapshot) {
    return side == Side.LEFT
        ? new Pair(
            id,
            mapping,
            snapshot.ref(),
            right,
            state,
            creating,
            linked,
            revision,
            base,
            snapshot,
            rightSeen,
            gaps)
        : new Pair(
            id,
            mapping,
            left,
            snapshot.ref(),
            state,
            creating,
            linked,
            revision,
            base,
            leftSeen,
            snapshot,
            gaps);
  }

  public Pair withState(State next) {
    return new Pair(
        id, mapping, left, right, next, creating, linked, revision, base, leftSeen, rightSeen,
        gaps);
  }

  public Pair markCreating() {
    return new Pair(
        id, mapping, left, right, state, true, linked, revision, base, leftSeen, rightSeen, gaps);
  }

  public Pair markLinked() {
    return new Pair(
        id, mapping, left, right, state, creating, true, revision, base, leftSeen, rightSeen, gaps);
  }

  public Pair withBase(Map<String, AgreedValue> agreed) {
    Map<String, AgreedValue> next = new HashMap<>(base);
    next.putAll(agreed);
    return new Pair(
        id, mapping, left, right, state, creating, linked, revision, next, leftSeen, rightSeen,
        gaps);
  }

  /**
   * The reference to {@code source} that is written to its new counterpart. The pair's random id is
   * stored before the record is created.
   */
  public Mention mention(RecordRef source) {
    return new Mention(source, id.toString().replace("-", ""));
  }

  /** Replaces the gaps of fields; those of notes are kept. */
  public Pair withGaps(Map<String, String> found) {
    Map<String, String> next = new HashMap<>(found);
    gaps.forEach(
        (name, why) -> {
          if (name.startsWith(NOTES)) {
            next.put(name, why);
          }
        });
    return new Pair(
        id, mapping, left, right, state, creating, linked, revision, base, leftSeen, rightSeen,
        next);
  }

  /** The name of the gap for notes of a side that cannot be read. */
  public static String notesOf(Side side) {
    return NOTES + "of " + side.label();
  }

  /** The name of the gap for notes that a side refuses. */
  public static String notesTo(Side side) {
    return NOTES + "to " + side.label();
  }

  /**
   * @param name from {@link #notesOf} or {@link #notesTo}
   * @param why empty to remove the gap
   */
  public Pair withNoteGap(String name, Optional<String> why) {
    Map<String, String> next = new HashMap<>(gaps);
    next.remove(name);
    why.ifPresent(text -> next.put(name, text));
    return new Pair(
        id, mapping, left, right, state, creating, linked, revision, base, leftSeen, rightSeen,
        next);
  }

  /** Ends the pair and releases its left record, which may then start a new pair. */
  public Pair withoutLeft() {
    return new Pair(
        id,
        mapping,
        null,
        right,
        State.ENDED,
        creating,
        linked,
        revision,
        base,
        leftSeen,
        rightSeen,
        gaps);
  }

  Pair withNextRevision() {
    return new Pair(
        id,
        mapping,
        left,
        right,
        state,
        creating,
        linked,
        revision + 1,
        base,
        leftSeen,
        rightSeen,
        gaps);
  }
}
