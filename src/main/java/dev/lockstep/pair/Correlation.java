package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The records that are about one thing, and the pairs in which they are kept in sync: a tree, since
 * mappings that form a cycle are refused at start. Immutable.
 *
 * @param pairs in the order in which they were started
 */
public record Correlation(UUID id, List<Pair> pairs) {

  public Correlation {
    pairs = List.copyOf(pairs);
  }

  /** All records, each once. */
  public Set<RecordRef> records() {
    Set<RecordRef> records = new LinkedHashSet<>();
    pairs.forEach(pair -> records.addAll(pair.records()));
    return records;
  }

  /** The state of each record. */
  public Map<RecordRef, RecordState> states() {
    Map<RecordRef, RecordState> states = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      for (Side side : Side.values()) {
        RecordState state = pair.state(side);
        if (state != null) {
          states.putIfAbsent(state.ref(), state);
        }
      }
    }
    return states;
  }

  /** The pair with that id. */
  public Optional<Pair> find(UUID pair) {
    return pairs.stream().filter(one -> one.id().equals(pair)).findFirst();
  }

  /** The pairs of a record. */
  public List<Pair> pairsOf(RecordRef record) {
    return pairs.stream().filter(pair -> pair.sideOf(record) != null).toList();
  }

  /** The pair of a record under a mapping. */
  public Optional<Pair> find(RecordRef record, String mapping) {
    return pairsOf(record).stream().filter(pair -> pair.mapping().equals(mapping)).findFirst();
  }

  /**
   * With a pair changed or added. The states of its records are those of every pair they belong to.
   */
  public Correlation with(Pair changed) {
    List<Pair> next =
        new java.util.ArrayList<>(
            pairs.stream()
                .map(pair -> pair.id().equals(changed.id()) ? changed : share(changed, pair))
                .toList());
    if (find(changed.id()).isEmpty()) {
      next.add(changed);
    }
    return new Correlation(id, next);
  }

  private static Pair share(Pair changed, Pair other) {
    Pair next = other;
    for (Side side : Side.values()) {
      RecordState state = changed.state(side);
      if (state != null) {
        next = next.sharing(state, !changed.unsaved().contains(side));
      }
    }
    return next;
  }

  /** With a record as its system now shows it. */
  public Correlation with(RecordState now) {
    return new Correlation(
        id,
        pairs.stream()
            .map(
                pair -> {
                  Side side = pair.sideOf(now.ref());
                  return side == null ? pair : pair.seen(side, now);
                })
            .toList());
  }

  /** Without a pair that was cancelled. */
  public Correlation without(UUID pair) {
    return new Correlation(id, pairs.stream().filter(one -> !one.id().equals(pair)).toList());
  }
}
