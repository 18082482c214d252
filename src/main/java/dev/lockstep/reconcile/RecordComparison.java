package dev.lockstep.reconcile;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.sync.RecordRefresher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Fetches the records of a correlation and compares them with what is stored of them. */
@Component
class RecordComparison {
  /** A younger change is not missed yet: its webhook or poll may be on the way. */
  private static final Duration GRACE = Duration.ofMinutes(5);

  private final Connectors connectors;
  private final RecordRefresher refresher;

  RecordComparison(Connectors connectors, RecordRefresher refresher) {
    this.connectors = connectors;
    this.refresher = refresher;
  }

  /** The records that are kept in sync, or were until one of them was deleted. */
  static List<RecordState> compared(Correlation correlation) {
    return correlation.states().values().stream()
        .filter(
            state ->
                correlation.pairsOf(state.ref()).stream()
                    .anyMatch(
                        pair ->
                            pair.state() == Pair.State.LINKED || pair.state() == Pair.State.BROKEN))
        .toList();
  }

  /**
   * Compares them; one call each.
   *
   * @throws dev.lockstep.connector.RetryLaterException or {@link
   *     dev.lockstep.connector.SystemUnavailableException} if a system cannot be asked now
   */
  List<Drift> compare(Correlation correlation) {
    List<Drift> found = new ArrayList<>();
    Set<RecordRef> missing = new HashSet<>();
    for (RecordState known : compared(correlation)) {
      try {
        compare(known).ifPresent(found::add);
      } catch (RecordNotFoundException e) {
        missing.add(known.ref());
        if (!isBroken(correlation, known.ref())) {
          found.add(Drift.deleted(known));
        }
      } catch (RequestRejectedException e) {
        missing.add(known.ref());
        found.add(Drift.unreadable(known, Objects.requireNonNullElse(e.getMessage(), "")));
      }
    }
    correlation.pairs().stream()
        .filter(pair -> pair.state() == Pair.State.BROKEN)
        .filter(pair -> pair.records().stream().noneMatch(missing::contains))
        .map(pair -> correlation.states().get(pair.records().get(0)))
        .filter(known -> found.stream().noneMatch(drift -> drift.record().equals(known.ref())))
        .map(Drift::restored)
        .forEach(found::add);
    return found;
  }

  /** The pair of a deleted record is broken, and that is known. */
  private static boolean isBroken(Correlation correlation, RecordRef ref) {
    return correlation.pairsOf(ref).stream().anyMatch(pair -> pair.state() == Pair.State.BROKEN);
  }

  private Optional<Drift> compare(RecordState known) {
    if (connectors.isAppendOnly(known.ref().system(), known.ref().kind())) {
      return Optional.empty();
    }
    RecordState shown = refresher.fetch(known.ref(), known);
    Instant now = connectors.now(known.ref().system());
    return shown.updatedAt().isAfter(now.minus(GRACE))
        ? Optional.empty()
        : Drift.between(known, shown);
  }
}
