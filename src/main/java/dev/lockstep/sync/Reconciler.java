package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.EntryHandler;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.AuditEntry;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one subject: refresh, plan, write and commit, repeated until there is nothing left to
 * write.
 */
class Reconciler implements EntryHandler {
  /**
   * Rounds allow for edits made meanwhile; a pair that does not converge has a mapping that undoes
   * its own writes.
   */
  private static final int MOST_ROUNDS = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private final PairStore pairs;
  private final MappingCatalog mappings;
  private final PairStarter starter;
  private final CounterpartLinker linker;
  private final PairRefresher observer;
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
      PairRefresher observer,
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
    this.observer = observer;
    this.planner = planner;
    this.writer = writer;
    this.notes = notes;
    this.journal = journal;
    this.lateNews = lateNews;
    this.notifications = notifications;
  }

  @Override
  public void process(InboxEntry entry) {
    if (entry.subject() instanceof Subject.OfRecord record) {
      starter.startIfInScope(record.ref(), entry);
    } else if (entry.subject() instanceof Subject.OfPair pair) {
      pairs
          .find(pair.id())
          .filter(found -> found.state() != Pair.State.ENDED)
          .ifPresent(found -> reconcile(found, entry));
    }
  }

  private void reconcile(Pair stored, InboxEntry entry) {
    Mapping mapping =
        mappings
            .findByName(stored.mapping())
            .orElseThrow(
                () ->
                    new RequestRejectedException(
                        0,
                        "pair " + stored.id(),
                        "mapping " + stored.mapping() + " is not loaded",
                        "Restore the mapping file, restart, and retry."));
    try {
      Pair observed = observer.refresh(stored, mapping, entry.withRefetch(isBroken(stored)));
      lateNews.check(observed, mapping, entry);
      reportIfOutOfScope(stored, observed, mapping);
      sync(stored, observed, mapping, entry);
    } catch (RecordNotFoundException e) {
      markBroken(stored, e);
    }
  }

  private static boolean isLinking(Pair pair) {
    return pair.state() == Pair.State.LINKING;
  }

  private static boolean isBroken(Pair pair) {
    return pair.state() == Pair.State.BROKEN;
  }

  private void sync(Pair stored, Pair observed, Mapping mapping, InboxEntry entry) {
    if (observed.left() == null || observed.right() == null || isLinking(observed)) {
      if (!observed.creating() && isNoLongerNeeded(observed, mapping)) {
        starter.cancel(observed);
        return;
      }
      Pair linked = linker.link(stored, observed, mapping);
      // Events of the new record may have arrived before it was known to belong to this pair.
      finish(linked, observer.refresh(linked, mapping, entry.withoutRefetch()), mapping, entry);
    } else {
      finish(stored, observed.withState(Pair.State.LINKED), mapping, entry);
    }
  }

  /**
   * A pair is synced until it ends. If neither record is in scope any more, this is reported once.
   */
  private void reportIfOutOfScope(Pair stored, Pair observed, Mapping mapping) {
    if (isLinking(stored) || !inScope(stored, mapping) || inScope(observed, mapping)) {
      return;
    }
    String text = "Neither record is in scope any more; they are still kept in sync";
    pairs.record(stored.id(), List.of(new AuditEntry("scope", text, Map.of())));
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
    if (pair.left() != null && pair.right() != null) {
      return false;
    }
    Side side = pair.left() != null ? Side.LEFT : Side.RIGHT;
    return !mapping.startsSync(side, Objects.requireNonNull(pair.seen(side)).values());
  }

  private void finish(Pair stored, Pair observed, Mapping mapping, InboxEntry entry) {
    Failures failures = new Failures();
    Pair pair = merge(stored, observed, mapping, entry, failures);
    pair = failures.guard(pair, now -> linker.writeBackReference(now, mapping));
    for (Side side : Side.values()) {
      pair = failures.guard(pair, now -> notes.sync(now, mapping, side));
    }
    failures.rethrow();
  }

  private Pair merge(
      Pair stored, Pair observed, Mapping mapping, InboxEntry entry, Failures failures) {
    Pair before = stored;
    Pair pair = confirmed(observed, mapping, entry);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      SyncPlan plan = plan(pair, mapping);
      pair = writer.accept(before, pair, plan);
      Map<String, AgreedValue> base = pair.base();
      for (Side side : plan.updates().keySet()) {
        Pair current = pair;
        Pair written = failures.guard(() -> writer.write(current, mapping, plan, side));
        pair = written == null ? pair : written;
      }
      if (failures.any() || pair.base().equals(base)) {
        return pair;
      }
      before = pair;
    }
    throw new IllegalStateException(
        "Pair " + stored.id() + " does not converge: its mapping undoes its own writes");
  }

  private SyncPlan plan(Pair pair, Mapping mapping) {
    return planner.plan(
        mapping,
        pair.base(),
        Objects.requireNonNull(pair.leftSeen()),
        Objects.requireNonNull(pair.rightSeen()));
  }

  /**
   * Fetches a record before it is overwritten if it may have been edited unnoticed: its system
   * sends no webhooks for such records, or a change was found by polling, so webhooks may be
   * failing.
   */
  private Pair confirmed(Pair observed, Mapping mapping, InboxEntry entry) {
    if (entry.outcomeUnknown()) {
      return observed;
    }
    boolean polled = entry.hints().values().stream().anyMatch(Hint::polled);
    Pair pair = observed;
    for (Side side : plan(pair, mapping).updates().keySet()) {
      RecordRef ref = Objects.requireNonNull(pair.ref(side));
      Hint hint = entry.hints().get(ref);
      boolean read = hint != null && hint.mustFetch();
      boolean received = hint != null && hint.state() != null;
      boolean notified = notifications.areReceived(mapping.system(side), mapping.kind(side));
      if (!read && (!notified || polled && !received)) {
        pair = pair.seen(side, observer.fetch(pair, mapping, side, ref));
      }
    }
    return pair;
  }

  private void markBroken(Pair stored, RecordNotFoundException gone) {
    LOG.warn("Pair {} is broken: {}", stored.id(), gone.getMessage());
    // The pair may have been saved before the record was found missing.
    Pair latest = pairs.find(stored.id()).orElse(stored);
    if (isBroken(latest)) {
      return;
    }
    Map<String, String> gaps = new HashMap<>(latest.gaps());
    gaps.put("record", String.valueOf(gone.getMessage()));
    var entry = new AuditEntry("broken", String.valueOf(gone.getMessage()), Map.of());
    journal.commit(latest.withState(Pair.State.BROKEN).withGaps(gaps), List.of(entry), List.of());
  }

  /**
   * A failure on one side does not block the other: every step is tried, and the failure that is
   * most likely to be resolved by a retry is reported.
   */
  private static final class Failures {
    private final List<RuntimeException> found = new ArrayList<>();

    <T> @Nullable T guard(Supplier<T> step) {
      try {
        return step.get();
      } catch (RetryLaterException | SystemUnavailableException | RequestRejectedException e) {
        found.add(e);
        return null;
      }
    }

    /** The pair after a step, or unchanged if the step failed. */
    Pair guard(Pair pair, UnaryOperator<Pair> step) {
      Pair next = guard(() -> step.apply(pair));
      return next == null ? pair : next;
    }

    /** Unknown outcomes rank first, and retryable failures before final ones. */
    private static int rank(RuntimeException failure) {
      if (failure instanceof SystemUnavailableException) {
        return 0;
      }
      return failure instanceof RetryLaterException ? 1 : 2;
    }

    boolean any() {
      return !found.isEmpty();
    }

    void rethrow() {
      found.stream()
          .min(Comparator.comparing(Failures::rank))
          .ifPresent(
              e -> {
                throw e;
              });
    }
  }
}
