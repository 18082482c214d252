package dev.lockstep.sync;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.NotePolicy;
import dev.lockstep.mapping.NotePolicy.Approval;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The way of a note from the record where it was written to every other record of its correlation,
 * along the tree of pairs; its visibility is translated at each edge.
 */
final class NoteRoutes {
  private final MappingCatalog mappings;
  private final PausedMappings paused;
  private final Correlation correlation;
  private final List<Route> routes = new ArrayList<>();
  private final RecordRef source;
  private final String sourceKey;
  private final Instant writtenAt;
  private final Set<RecordRef> visited = new HashSet<>();
  private boolean complete = true;

  /**
   * The last edge of the way to a record.
   *
   * @param sourceKey display key of the record where the note was written
   * @param sentAs visibility there; empty: the note is not synced to that record
   * @param isHeld whether it waits until a record on its way has changed
   * @param isPaused whether it waits until a pause on its way ends
   * @param approval whether an operator approves it, by the strictest mapping on its way
   */
  record Route(
      RecordRef target,
      Pair pair,
      Mapping mapping,
      Side from,
      String sourceKey,
      Optional<Visibility> sentAs,
      boolean isHeld,
      boolean isPaused,
      Approval approval) {

    /**
     * Whether a delivery that is not final would show a note to more readers than its mapping now
     * allows: the note was public when the delivery was stored, and is internal.
     */
    boolean isTooPublic(StoredNote note, Delivery known) {
      return !note.own()
          && note.note().visibility() == Visibility.INTERNAL
          && known.sentAs() == Visibility.PUBLIC
          && known.state() != Delivery.State.WAITING
          && !sentAs.equals(Optional.of(Visibility.PUBLIC));
    }

    /**
     * Whether the target accepts no such notes.
     *
     * @param there its values
     */
    boolean isRefusedBy(Map<String, String> there) {
      NotePolicy policy = mapping.notes();
      return mapping.isClosed(from.other(), there)
          || Stream.of(Visibility.values())
              .filter(visibility -> policy.targetVisibility(from, visibility).equals(sentAs))
              .anyMatch(visibility -> policy.isHeld(from, visibility, there));
    }

    /** Whether the target accepts no notes in its present state. */
    boolean isClosed() {
      Snapshot there = Objects.requireNonNull(pair.seen(from.other()));
      return mapping.isClosed(from.other(), there.values());
    }
  }

  private NoteRoutes(
      MappingCatalog mappings,
      PausedMappings paused,
      Correlation correlation,
      RecordRef source,
      Instant writtenAt) {
    this.mappings = mappings;
    this.paused = paused;
    this.writtenAt = writtenAt;
    this.correlation = correlation;
    this.source = source;
    RecordState known = correlation.states().get(source);
    this.sourceKey = known == null ? source.id() : known.key();
    visited.add(source);
  }

  static NoteRoutes of(
      MappingCatalog mappings,
      PausedMappings paused,
      Correlation correlation,
      RecordRef source,
      WorkNote note) {
    NoteRoutes found = new NoteRoutes(mappings, paused, correlation, source, note.createdAt());
    found.follow(source, Optional.of(note.visibility()), false, false, Approval.NEVER);
    return found;
  }

  List<Route> routes() {
    return List.copyOf(routes);
  }

  /** To the record where it is stored: for a note of Lockstep's own that is for that record. */
  Optional<Route> toSource() {
    return correlation.pairsOf(source).stream()
        .filter(pair -> !pair.state().isOver())
        .flatMap(
            pair ->
                mappings.findByName(pair.mapping()).stream()
                    .map(mapping -> toSource(pair, mapping)))
        .findFirst();
  }

  private Route toSource(Pair pair, Mapping mapping) {
    Side side = Objects.requireNonNull(pair.sideOf(source));
    return new Route(
        source,
        pair,
        mapping,
        side.other(),
        sourceKey,
        Optional.empty(),
        false,
        !paused.isActive(mapping),
        Approval.NEVER);
  }

  /** Whether every record is reached; otherwise one is still to be created, or is deleted. */
  boolean isComplete() {
    return complete;
  }

  private void follow(
      RecordRef record,
      Optional<Visibility> visibility,
      boolean held,
      boolean pausedBefore,
      Approval approvalBefore) {
    for (Pair pair : correlation.pairsOf(record)) {
      Side from = Objects.requireNonNull(pair.sideOf(record));
      Snapshot there = pair.seen(from.other());
      Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
      if (there != null && visited.contains(there.ref()) || pair.state().isOver()) {
        continue;
      }
      if (there == null || mapping == null || pair.state() != Pair.State.LINKED) {
        complete = false;
        continue;
      }
      visited.add(there.ref());
      boolean isHeld =
          held
              || visibility
                  .map(shown -> mapping.notes().isHeld(from, shown, there.values()))
                  .orElse(false);
      Optional<Visibility> next =
          pair.isBeforeItsNotes(writtenAt)
              ? Optional.empty()
              : visibility.flatMap(shown -> mapping.notes().targetVisibility(from, shown));
      boolean isPaused = pausedBefore || !paused.isActive(mapping);
      Approval approval =
          visibility
              .map(shown -> mapping.notes().approval(from, shown))
              .filter(own -> own.compareTo(approvalBefore) > 0)
              .orElse(approvalBefore);
      routes.add(
          new Route(there.ref(), pair, mapping, from, sourceKey, next, isHeld, isPaused, approval));
      follow(there.ref(), next, isHeld, isPaused, approval);
    }
  }
}
