package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.AuditEntry;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.RecordRefresher.Refreshed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one correlation: refreshes its records, then, pair by pair along the tree, plans, writes
 * and commits. A write to a record makes its other pairs due in the same pass, until there is
 * nothing left to write.
 */
class Reconciler implements Step {
  /**
   * Rounds for each pair allow for edits made meanwhile, and for a change to cross the tree; pairs
   * that do not converge have mappings that undo each other's writes, or their own.
   */
  private static final int ROUNDS_PER_PAIR = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final PairStore pairs;
  private final MappingCatalog mappings;
  private final PairStarter starter;
  private final CounterpartLinker linker;
  private final RecordRefresher refresher;
  private final NoteListing listing;
  private final Planner planner;
  private final Writer writer;
  private final NoteSync notes;
  private final PairTransaction journal;
  private final LostUpdateDetector lateNews;
  private final Notifications notifications;

  Reconciler(
      PairStore pairs,
      MappingCatalog mappings,
      PairStarter starter,
      CounterpartLinker linker,
      RecordRefresher refresher,
      NoteListing listing,
      Planner planner,
      Writer writer,
      NoteSync notes,
      PairTransaction journal,
      LostUpdateDetector lateNews,
      Notifications notifications) {
    this.pairs = pairs;
    this.mappings = mappings;
    this.starter = starter;
    this.linker = linker;
    this.refresher = refresher;
    this.listing = listing;
    this.planner = planner;
    this.writer = writer;
    this.notes = notes;
    this.journal = journal;
    this.lateNews = lateNews;
    this.notifications = notifications;
  }

  @Override
  public void process(Pass pass) {
    pass.record()
        .ifPresentOrElse(
            record -> starter.startIfInScope(record, pass), () -> new Run(pass).process());
  }

  /** The pass over one correlation. */
  private final class Run {
    private final Pass pass;
    private final Failures failures;

    /** Records whose state is unknown: deleted, or their system cannot be asked now. */
    private final Set<RecordRef> unavailable = new HashSet<>();

    /** Pairs of which a step failed: nothing more is written to them in this pass. */
    private final Set<UUID> failed = new HashSet<>();

    Run(Pass pass) {
      this.pass = pass;
      this.failures = new Failures(gone -> markBroken(gone.ref(), gone));
    }

    void process() {
      refresh();
      for (Pair pair : due()) {
        failures.guard(() -> checkReceived(pair));
      }
      converge();
      for (Pair pair : due()) {
        if (pair.state() == Pair.State.LINKED) {
          failures.guard(
              () -> linker.writeBackReference(pass, pass.pair(pair.id()), mapping(pair)));
        }
      }
      notes.sync(pass, unavailable, failures);
      failures.rethrow();
    }

    /** The pairs that can be synced now; a failed step does not block the steps after it. */
    private List<Pair> due() {
      return pass.correlation().pairs().stream()
          .filter(pair -> pair.state() != Pair.State.ENDED)
          .filter(pair -> pair.records().stream().noneMatch(unavailable::contains))
          .filter(pair -> !isBroken(pair))
          .toList();
    }

    private void refresh() {
      for (RecordState seen : pass.correlation().states().values()) {
        List<Pair> of =
            pass.correlation().pairsOf(seen.ref()).stream()
                .filter(pair -> pair.state() != Pair.State.ENDED)
                .toList();
        boolean broken = of.stream().anyMatch(Reconciler::isBroken);
        if (!of.isEmpty() && !failures.guard(() -> refreshOrMarkBroken(seen, broken))) {
          unavailable.add(seen.ref());
        }
      }
      for (Pair pair : pass.correlation().pairs()) {
        if (isBroken(pair) && pair.records().stream().noneMatch(unavailable::contains)) {
          pass.update(
              pair.withState(
                  pair.records().size() == 2 ? Pair.State.LINKED : Pair.State.LINKING));
        }
      }
    }

    private void refreshOrMarkBroken(RecordState seen, boolean broken) {
      try {
        refresh(seen, pass.entry().outcomeUnknown() || broken);
      } catch (RecordNotFoundException e) {
        markBroken(seen.ref(), e);
      }
    }

    private void refresh(RecordState seen, boolean outcomeUnknown) {
      Hint hint = pass.hint(seen.ref());
      Refreshed refreshed = refresher.refresh(seen, hint, outcomeUnknown);
      pass.update(refreshed.state());
      if (refreshed.fetched()) {
        pass.markFresh(seen.ref());
      }
      if (outcomeUnknown || hint != null && hint.notesIncomplete()) {
        listing.read(pass, refreshed.state());
      } else {
        listing.readAgain(pass, refreshed.state());
      }
    }

    private void checkReceived(Pair pair) {
      Mapping mapping = mapping(pair);
      lateNews.check(pair, mapping, pass.entry());
      reportIfOutOfScope(pair, mapping);
    }

    /**
     * A pair is synced until it ends. If neither record is in scope any more, this is reported
     * once.
     */
    private void reportIfOutOfScope(Pair pair, Mapping mapping) {
      Pair stored = pass.stored(pair.id()).orElse(pair);
      if (isLinking(stored) || !inScope(stored, mapping) || inScope(pair, mapping)) {
        return;
      }
      String text = "Neither record is in scope any more; they are still kept in sync";
      pairs.record(stored.id(), List.of(new AuditEntry("scope", text, Map.of())));
    }

    private void converge() {
      int rounds = 0;
      boolean changed = true;
      while (changed) {
        if (rounds++ > ROUNDS_PER_PAIR * Math.max(1, pass.correlation().pairs().size())) {
          throw new IllegalStateException(notConverging());
        }
        changed = false;
        starter.startFurther(pass, failures);
        for (Pair pair : due()) {
          changed |= !failed.contains(pair.id()) && sync(pair.id());
        }
      }
    }

    private String notConverging() {
      return "The records of correlation %s do not converge: mapping %s undoes writes of its own or of another one"
          .formatted(
              pass.correlation().id(),
              due().stream().map(Pair::mapping).distinct().collect(Collectors.joining(" or ")));
    }

    /** Returns whether anything changed, so that the correlation has to be looked at again. */
    private boolean sync(UUID id) {
      Pair before = pass.pair(id);
      boolean succeeded = failures.guard(() -> linkOrMerge(pass.pair(id)));
      if (!succeeded) {
        failed.add(id);
      }
      return pass.find(id).map(now -> hasChanged(before, now)).orElse(true);
    }

    private void linkOrMerge(Pair pair) {
      Mapping mapping = mapping(pair);
      if (pair.records().size() == 2 && !isLinking(pair)) {
        merge(pair, mapping);
      } else if (!pair.creating() && isNoLongerNeeded(pair, mapping)) {
        starter.cancel(pass, pair);
      } else {
        linker.link(pass, pair, mapping);
        // Events of the new record may have arrived before it was known to belong to this pair.
        for (RecordRef ref : pass.pair(pair.id()).records()) {
          if (pair.sideOf(ref) == null) {
            refresh(Objects.requireNonNull(pass.correlation().states().get(ref)), false);
          }
        }
      }
    }

    private void merge(Pair pair, Mapping mapping) {
      Pair confirmed = confirm(pair, mapping);
      SyncPlan plan = plan(confirmed, mapping);
      writer.accept(pass, confirmed, plan);
      for (Side side : plan.updates().keySet()) {
        Pair now = pass.pair(pair.id());
        if (!failures.guard(() -> writer.write(pass, now, mapping, plan, side))) {
          failed.add(pair.id());
        }
      }
    }

    /**
     * Fetches a record before it is overwritten if it may have been edited unnoticed: its system
     * sends no webhooks for such records, or a change was found by polling, so webhooks may be
     * failing.
     */
    private Pair confirm(Pair pair, Mapping mapping) {
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

    private void markBroken(RecordRef ref, RecordNotFoundException gone) {
      LOG.warn("A record of correlation {} is gone: {}", pass.correlation().id(), gone.getMessage());
      unavailable.add(ref);
      for (Pair pair : pass.correlation().pairsOf(ref)) {
        if (pair.isLive()) {
          Map<String, String> gaps = new HashMap<>(pair.gaps());
          gaps.put("record", String.valueOf(gone.getMessage()));
          var entry = new AuditEntry("broken", String.valueOf(gone.getMessage()), Map.of());
          journal.commit(
              pass,
              pair.withState(Pair.State.BROKEN).withGaps(gaps),
              List.of(entry),
              List.of());
        }
      }
    }
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

  private SyncPlan plan(Pair pair, Mapping mapping) {
    return planner.plan(
        mapping,
        pair.base(),
        Objects.requireNonNull(pair.leftSeen()),
        Objects.requireNonNull(pair.rightSeen()));
  }

  /** A pair that only took over what another pair wrote has nothing to write itself yet. */
  private static boolean hasChanged(Pair before, Pair now) {
    return !now.base().equals(before.base()) || now.state() != before.state();
  }

  private static boolean isLinking(Pair pair) {
    return pair.state() == Pair.State.LINKING;
  }

  private static boolean isBroken(Pair pair) {
    return pair.state() == Pair.State.BROKEN;
  }

  private static boolean inScope(Pair pair, Mapping mapping) {
    for (Side side : Side.values()) {
      Snapshot seen = pair.seen(side);
      if (seen != null && mapping.startsSync(side, seen.values())) {
        return true;
      }
    }
    return false;
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
}
