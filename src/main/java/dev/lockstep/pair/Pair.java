package dev.lockstep.pair;

import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two records that are kept in sync.
 *
 * @param correlation the records that are about one thing; this pair's are two of them
 * @param mapping the name of the mapping that applies
 * @param leftState the left record as its system last showed it; null while unknown
 * @param rightState the right record, likewise
 * @param creating set before the missing record is created, and never reset: from then on a search
 *     precedes each create, even after a crash
 * @param linked whether both records name each other
 * @param revision incremented with each save; a save of an older revision is refused
 * @param base by field name, the value both last agreed on
 * @param gaps by field name, why it could not be synced; and why notes could not
 * @param notesSince received notes written before then are not synced by this pair; null: all are
 * @param unsaved the sides whose record has changed since it was stored
 */
public record Pair(
    UUID id,
    UUID correlation,
    String mapping,
    @Nullable RecordState leftState,
    @Nullable RecordState rightState,
    State state,
    boolean creating,
    boolean linked,
    long revision,
    Map<String, AgreedValue> base,
    Map<String, String> gaps,
    @Nullable Instant notesSince,
    Set<Side> unsaved) {

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
    ENDED,
    /**
     * An operator ended it: its records are kept, so that they start no other pair of its mapping.
     */
    UNLINKED;

    /** Whether it will never be synced again. */
    public boolean isOver() {
      return this == ENDED || this == UNLINKED;
    }
  }

  public Pair {
    base = Map.copyOf(base);
    gaps = Map.copyOf(gaps);
    unsaved = Set.copyOf(unsaved);
  }

  /** A new pair with one known record. */
  public static Pair start(
      UUID id, UUID correlation, String mapping, Side side, RecordState record) {
    return new Pair(
            id,
            correlation,
            mapping,
            null,
            null,
            State.LINKING,
            false,
            false,
            0,
            Map.of(),
            Map.of(),
            null,
            Set.of())
        .seen(side, record);
  }

  public @Nullable RecordRef left() {
    return ref(Side.LEFT);
  }

  public @Nullable RecordRef right() {
    return ref(Side.RIGHT);
  }

  /** Its records, the left one first. */
  public List<RecordRef> records() {
    return Stream.of(Side.values()).map(this::ref).filter(Objects::nonNull).toList();
  }

  public @Nullable RecordRef ref(Side side) {
    RecordState known = state(side);
    return known == null ? null : known.ref();
  }

  public @Nullable RecordState state(Side side) {
    return side == Side.LEFT ? leftState : rightState;
  }

  /** The record of a side in the fields of this pair's mapping; null while unknown. */
  public @Nullable Snapshot seen(Side side) {
    RecordState known = state(side);
    return known == null ? null : known.in(mapping);
  }

  public @Nullable Snapshot leftSeen() {
    return seen(Side.LEFT);
  }

  public @Nullable Snapshot rightSeen() {
    return seen(Side.RIGHT);
  }

  /** The side of a record; null if it does not belong to this pair. */
  public @Nullable Side sideOf(RecordRef ref) {
    if (ref.equals(left())) {
      return Side.LEFT;
    }
    return ref.equals(right()) ? Side.RIGHT : null;
  }

  /** Whether it is being synced, or will be once its counterpart exists. */
  public boolean isLive() {
    return state == State.LINKING || state == State.LINKED;
  }

  /**
   * The reference to {@code source} that is written to its new counterpart. The pair's random id is
   * stored before the record is created.
   */
  public Mention mention(RecordRef source) {
    return new Mention(source, id.toString().replace("-", ""));
  }

  /** With a record as its system now shows it. */
  public Pair seen(Side side, RecordState now) {
    return now.equals(state(side)) ? this : withRecord(side, now, false);
  }

  /** With the state of a record that another pair has stored, or has received, as well. */
  public Pair sharing(RecordState now, boolean stored) {
    Side side = sideOf(now.ref());
    return side == null ? this : withRecord(side, now, stored);
  }

  private Pair withRecord(Side side, RecordState now, boolean stored) {
    Set<Side> changed = EnumSet.noneOf(Side.class);
    changed.addAll(unsaved);
    if (stored) {
      changed.remove(side);
    } else {
      changed.add(side);
    }
    return new Pair(
        id,
        correlation,
        mapping,
        side == Side.LEFT ? now : leftState,
        side == Side.RIGHT ? now : rightState,
        state,
        creating,
        linked,
        revision,
        base,
        gaps,
        notesSince,
        changed);
  }

  private Pair with(
      State next,
      boolean isCreating,
      boolean isLinked,
      Map<String, AgreedValue> agreed,
      Map<String, String> found) {
    return new Pair(
        id,
        correlation,
        mapping,
        leftState,
        rightState,
        next,
        isCreating,
        isLinked,
        revision,
        agreed,
        found,
        notesSince,
        unsaved);
  }

  public Pair withState(State next) {
    return with(next, creating, linked, base, gaps);
  }

  public Pair markCreating() {
    return with(state, true, linked, base, gaps);
  }

  /** A new pair that leaves older notes where they are. */
  public Pair withNotesSince(Instant since) {
    return new Pair(
        id,
        correlation,
        mapping,
        leftState,
        rightState,
        state,
        creating,
        linked,
        revision,
        base,
        gaps,
        since,
        unsaved);
  }

  /** Whether it leaves a received note of that time where it is. */
  public boolean isBeforeItsNotes(Instant writtenAt) {
    return notesSince != null && writtenAt.isBefore(notesSince);
  }

  public Pair markLinked() {
    return with(state, creating, true, base, gaps);
  }

  public Pair withBase(Map<String, AgreedValue> agreed) {
    Map<String, AgreedValue> next = new HashMap<>(base);
    next.putAll(agreed);
    return with(state, creating, linked, next, gaps);
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
    return with(state, creating, linked, base, next);
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
    return with(state, creating, linked, base, next);
  }

  /**
   * Ends the pair and releases its left record, which may then start a new pair.
   *
   * @param remaining the correlation in which the pair and its right record remain
   */
  Pair withoutLeft(UUID remaining) {
    return new Pair(
        id,
        remaining,
        mapping,
        null,
        rightState,
        State.ENDED,
        creating,
        linked,
        revision,
        base,
        gaps,
        notesSince,
        unsaved.contains(Side.RIGHT) ? Set.of(Side.RIGHT) : Set.of());
  }

  /** As it is after it was stored with its unsaved records. */
  Pair stored() {
    return new Pair(
        id,
        correlation,
        mapping,
        stored(Side.LEFT),
        stored(Side.RIGHT),
        state,
        creating,
        linked,
        revision + 1,
        base,
        gaps,
        notesSince,
        Set.of());
  }

  private @Nullable RecordState stored(Side side) {
    RecordState known = state(side);
    return known == null || !unsaved.contains(side)
        ? known
        : known.withRevision(known.revision() + 1);
  }
}
