package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Syncs the pairs of one correlation along the tree: plans, writes and commits. A write to a record
 * makes its other pairs due in the same pass, until there is nothing left to write.
 */
@Component
public final class PairSync {
  /**
   * Rounds for each pair allow for edits made meanwhile, and for a change to cross the tree; pairs
   * that do not converge have mappings that undo each other's writes, or their own.
   */
  private static final int ROUNDS_PER_PAIR = 6;

  private final MappingCatalog mappings;
  private final PairStarter starter;
  private final NewPairs newPairs;
  private final CounterpartLinker linker;
  private final ReferenceWriter referenceWriter;
  private final RecordRefresher refresher;
  private final Refresh refresh;
  private final Planner planner = new Planner();
  private final Writer writer;
  private final Notifications notifications;
  private final PausedMappings paused;
  private final DelayedWrites delays;
  private final Connectors connectors;

  PairSync(
      MappingCatalog mappings,
      PairStarter starter,
      NewPairs newPairs,
      CounterpartLinker linker,
      ReferenceWriter referenceWriter,
      RecordRefresher refresher,
      Refresh refresh,
      Writer writer,
      Notifications notifications,
      PausedMappings paused,
      DelayedWrites delays,
      Connectors connectors) {
    this.connectors = connectors;
    this.paused = paused;
    this.delays = delays;
    this.mappings = mappings;
    this.starter = starter;
    this.newPairs = newPairs;
    this.linker = linker;
    this.referenceWriter = referenceWriter;
    this.refresher = refresher;
    this.refresh = refresh;
    this.writer = writer;
    this.notifications = notifications;
  }

  /** Goes on until all records agree. A pair of which a step failed does not block the others. */
  public void converge(Pass pass) {
    int rounds = 0;
    boolean changed = true;
    while (changed) {
      if (rounds++ > ROUNDS_PER_PAIR * Math.max(1, pass.correlation().pairs().size())) {
        // The notes, and what follows the pairs, do not wait for the mappings to be corrected.
        pass.failures().addEndless(new IllegalStateException(notConverging(pass)));
        return;
      }
      changed = false;
      starter.startFurther(pass);
      for (Pair pair : pass.duePairs()) {
        changed |= !pass.hasFailed(pair.id()) && sync(pass, pair.id());
      }
    }
  }

  private static String notConverging(Pass pass) {
    return "The records of correlation %s do not converge: mapping %s undoes writes of its own or of another one"
        .formatted(
            pass.correlation().id(),
            pass.duePairs().stream()
                .map(Pair::mapping)
                .distinct()
                .collect(Collectors.joining(" or ")));
  }

  /** Returns whether anything changed, so that the correlation has to be looked at again. */
  private boolean sync(Pass pass, UUID id) {
    Pair before = pass.pair(id);
    if (!pass.guard("sync", id, () -> linkOrMerge(pass, pass.pair(id)))) {
      pass.markFailed(id);
    }
    return pass.find(id).map(now -> hasChanged(before, now)).orElse(true);
  }

  private static boolean hasChanged(Pair before, Pair now) {
    return !now.base().equals(before.base()) || now.state() != before.state();
  }

  private void linkOrMerge(Pass pass, Pair pair) {
    paused.requireActive(pair.mapping());
    Mapping mapping = mapping(pair);
    if (pair.state() == Pair.State.LINKED) {
      merge(pass, pair, mapping);
    } else if (!pair.creating() && isNoLongerNeeded(pair, mapping) && !isOfEvents(mapping)) {
      newPairs.cancel(pass, pair);
    } else {
      linker.link(pass, pair, mapping);
      // Events of the new record may have arrived before it was known to belong to this pair.
      for (RecordRef ref : pass.pair(pair.id()).records()) {
        if (pair.sideOf(ref) == null) {
          RecordState created = Objects.requireNonNull(pass.correlation().states().get(ref));
          refresh.refresh(pass, created, false);
        }
      }
    }
  }

  /**
   * The record was resolved before its counterpart was created; nobody must be paged for it now.
   */
  private static boolean isNoLongerNeeded(Pair pair, Mapping mapping) {
    if (pair.records().size() == 2) {
      return false;
    }
    Side side = pair.left() != null ? Side.LEFT : Side.RIGHT;
    return !mapping.startsSync(side, Objects.requireNonNull(pair.seen(side)).values());
  }

  /** What happened is reported, though it is over by then. */
  private boolean isOfEvents(Mapping mapping) {
    return Stream.of(Side.values())
        .anyMatch(side -> connectors.isAppendOnly(mapping.system(side), mapping.kind(side)));
  }

  private void merge(Pass pass, Pair pair, Mapping mapping) {
    Pair confirmed = confirm(pass, pair, mapping);
    SyncPlan plan = plan(confirmed, mapping);
    writer.accept(pass, confirmed, plan);
    for (Side side : plan.updates().keySet()) {
      Pair now = pass.pair(pair.id());
      if (!pass.guard(
          "write " + side, pair.id(), () -> writer.write(pass, now, mapping, plan, side))) {
        pass.markFailed(pair.id());
      }
    }
  }

  private SyncPlan plan(Pair pair, Mapping mapping) {
    SyncPlan plan =
        planner.plan(
            mapping,
            pair.base(),
            Objects.requireNonNull(pair.leftSeen()),
            Objects.requireNonNull(pair.rightSeen()));
    return delays.withoutEarly(pair, mapping, plan);
  }

  /**
   * Fetches a record before it is overwritten if it may have been edited unnoticed: its system
   * sends no webhooks for such records, or a change was found by polling, so webhooks may be
   * failing.
   */
  private Pair confirm(Pass pass, Pair pair, Mapping mapping) {
    boolean polled = pass.entry().hints().values().stream().anyMatch(Hint::polled);
    for (Side side : plan(pair, mapping).updates().keySet()) {
      RecordState state = Objects.requireNonNull(pair.state(side));
      Hint hint = pass.hint(state.ref());
      boolean received = hint != null && hint.state() != null;
      boolean notified = notifications.areReceived(mapping.system(side), mapping.kind(side));
      if (!pass.isFresh(state.ref()) && (!notified || polled && !received)) {
        pass.update(refresher.fetch(state.ref(), state));
        pass.markFresh(state.ref());
      }
    }
    return pass.pair(pair.id());
  }

  /** Writes the reference to its counterpart to each record, if its system has a field for it. */
  public void writeReferences(Pass pass) {
    for (Pair pair : pass.duePairs()) {
      if (pair.state() == Pair.State.LINKED) {
        pass.guard("refer", pair.id(), () -> writeReferences(pass, pass.pair(pair.id())));
      }
    }
  }

  private void writeReferences(Pass pass, Pair pair) {
    paused.requireActive(pair.mapping());
    referenceWriter.write(pass, pair, mapping(pair));
  }

  /**
   * Reports the failure that is most likely to be resolved by a retry. A system may be paused for
   * days: what follows the pairs, and does not need it, does not wait for it.
   */
  public void reportFailures(Pass pass) {
    if (!pass.failures().areAllOfPausedSystems()) {
      pass.failures().rethrow();
    }
  }

  /** Last step of an entry: some of it waits for the end of a pause. */
  public void reportPauses(Pass pass) {
    pass.failures().rethrow();
  }

  private Mapping mapping(Pair pair) {
    return mappings
        .findByName(pair.mapping())
        .orElseThrow(
            () ->
                new RequestRejectedException(
                    0,
                    "pair " + pair.id(),
                    "mapping " + pair.mapping() + " is not loaded",
                    "Restore the mapping file, restart, and retry."));
  }
}
