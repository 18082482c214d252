package dev.lockstep.duplicates;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.consolidate.ChildWakeUp;
import dev.lockstep.duplicates.consolidate.DuplicateReconciler;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.Pass;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The two steps of {@link DuplicateStep} for a ticket that is in a pair. */
@Component
class PairedHandler {
  private final Connectors connectors;
  private final PairStore pairs;
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final TicketRefresher refresher;
  private final DuplicateScreening screening;
  private final DuplicateDetector detector;
  private final ChildWakeUp childWakeUp;
  private final DuplicateReconciler reconciler;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;

  PairedHandler(
      Connectors connectors,
      PairStore pairs,
      TicketStore tickets,
      DuplicateStore duplicates,
      TicketRefresher refresher,
      DuplicateScreening screening,
      DuplicateDetector detector,
      ChildWakeUp childWakeUp,
      DuplicateReconciler reconciler,
      WorkScheduler scheduler,
      TransactionTemplate transaction) {
    this.connectors = connectors;
    this.pairs = pairs;
    this.tickets = tickets;
    this.duplicates = duplicates;
    this.refresher = refresher;
    this.screening = screening;
    this.detector = detector;
    this.childWakeUp = childWakeUp;
    this.reconciler = reconciler;
    this.scheduler = scheduler;
    this.transaction = transaction;
  }

  /** Finds out, before the pair is synced, whether its ticket is a duplicate. */
  Comparison compare(Pair pair, Mapping mapping, Pass pass) {
    Optional<Duplicate> link =
        duplicates
            .findActive(TicketLookup.records(pair))
            .or(() -> findManualMerge(pair, mapping, pass));
    if (link.isPresent()
        && !keepDuplicate(link.get(), pass.find(pair.id()).orElse(pair), mapping, pass)) {
      return new Comparison(mapping, Optional.empty(), null, null);
    }
    return new Comparison(mapping, link, pair, null);
  }

  /** After the pair was synced: compares its ticket, and schedules what depends on it. */
  void follow(Pair before, Mapping mapping, Pass pass) {
    Pair after = pass.find(before.id()).orElse(null);
    if (after == null) {
      // The pair was cancelled: its record is handled as an unpaired one again.
      TicketLookup.records(before).forEach(record -> scheduleRecord(record, pass.entry()));
    } else if (after.state() == Pair.State.BROKEN) {
      tickets
          .findFirst(TicketLookup.records(after))
          .filter(known -> !known.deleted())
          .ifPresent(detector::markDeleted);
      childWakeUp.scheduleChildren(TicketLookup.records(after), mapping.duplicates().orElseThrow());
    } else if (!after.state().isOver()) {
      compare(after, mapping);
    }
  }

  /** Compares the values of the ITSM record as soon as there is one. */
  private void compare(Pair pair, Mapping mapping) {
    Side side = pair.left() != null ? Side.LEFT : Side.RIGHT;
    RecordState state = Objects.requireNonNull(pair.state(side));
    StoredTicket known = tickets.findFirst(TicketLookup.records(pair)).orElse(null);
    RecordRef name = known == null ? state.ref() : known.record();
    if (known != null && !known.state().ref().equals(state.ref())) {
      tickets.setSeenRecord(name, side, state.ref());
    }
    screening
        .compare(screening.observe(name, mapping, side, state))
        .ifPresentOrElse(
            found -> reconciler.reconcile(found, mapping, false),
            () ->
                childWakeUp.scheduleChildren(
                    TicketLookup.records(pair), mapping.duplicates().orElseThrow()));
  }

  private void scheduleRecord(RecordRef record, InboxEntry entry) {
    Hint hint = entry.hints().get(record);
    scheduler.schedule(record, hint == null ? Map.of() : Map.of(record, hint), entry.receivedAt());
  }

  /**
   * @return false if its pair was cancelled: then only the other pairs are synced
   */
  private boolean keepDuplicate(Duplicate link, Pair pair, Mapping mapping, Pass pass) {
    boolean[] alone = {false};
    if (pair.state() != Pair.State.ENDED) {
      pass.attempt(pair, () -> alone[0] = hasNoCounterpart(pair, mapping));
    }
    if (alone[0]) {
      cancelPair(link, pair, pass.entry());
      pass.remove(pair);
      pass.startNothing();
      if (pass.correlation().pairs().isEmpty()) {
        pass.syncNothing();
      }
      return false;
    }
    RecordRef left = pair.left();
    boolean isSynced =
        left != null && pass.correlation().pairsOf(left).stream().anyMatch(Pair::isLive);
    if (left != null && !isSynced) {
      refreshLeft(link, pair, mapping, pass);
    }
    pass.startNothing();
    if (pass.correlation().pairs().stream().allMatch(one -> one.state() == Pair.State.ENDED)) {
      pass.syncNothing();
    }
    return true;
  }

  /** Of an ended pair only the left record is live; the right one was merged away. */
  private void refreshLeft(Duplicate link, Pair pair, Mapping mapping, Pass pass) {
    RecordState before = Objects.requireNonNull(pair.leftState());
    if (pair.state() == Pair.State.ENDED) {
      RecordState now = refresher.refresh(mapping, Side.LEFT, before.ref(), before, pass.entry());
      if (!now.equals(before)) {
        refresher.saveQuietly(now);
      }
      tickets.setSeenRecord(link.duplicate(), Side.LEFT, before.ref());
    }
  }

  /**
   * Whether the counterpart was not created; the system is searched if the outcome of the create
   * request is unknown.
   */
  private boolean hasNoCounterpart(Pair pair, Mapping mapping) {
    if (pair.state() != Pair.State.LINKING || pair.left() != null && pair.right() != null) {
      return false;
    }
    if (!pair.creating()) {
      return true;
    }
    Side from = pair.left() != null ? Side.LEFT : Side.RIGHT;
    RecordRef source = Objects.requireNonNull(pair.ref(from));
    return connectors
        .findByCorrelation(
            mapping.system(from.other()),
            mapping.kind(from.other()),
            pair.mention(source).toString())
        .isEmpty();
  }

  /**
   * Linked before its counterpart was created: the pair is cancelled, so that nobody is paged for
   * it.
   */
  private void cancelPair(Duplicate link, Pair pair, InboxEntry entry) {
    Side side = pair.left() != null ? Side.LEFT : Side.RIGHT;
    RecordRef alone = Objects.requireNonNull(pair.ref(side));
    transaction.executeWithoutResult(
        status -> {
          tickets.setSeenRecord(link.duplicate(), side, alone);
          pairs.delete(pair);
          scheduleRecord(alone, entry);
        });
  }

  /**
   * Detects that an operator merged the pair's platform record into another pair's. Its end is not
   * that of the ticket, which becomes a duplicate of the other pair's. This is recorded before the
   * end of the merged record could be synced.
   */
  private Optional<Duplicate> findManualMerge(Pair pair, Mapping mapping, Pass pass) {
    RecordState left = pair.leftState();
    if (pair.state() != Pair.State.LINKED || left == null) {
      return Optional.empty();
    }
    return TicketLookup.records(pair).stream()
        .flatMap(record -> findMergeTarget(record, pass).stream())
        .filter(target -> pairs.find(target, mapping.name()).map(Pair::left).isPresent())
        .findFirst()
        .flatMap(target -> recordMerge(pass, pair, left, mapping, target));
  }

  private Optional<RecordRef> findMergeTarget(RecordRef record, Pass pass) {
    boolean forGood =
        connectors.consolidates(record.system(), record.kind())
            && !connectors.separates(record.system(), record.kind());
    return Optional.ofNullable(forGood ? primaryId(record, pass) : null)
        .filter(into -> !into.isEmpty())
        .map(into -> new RecordRef(record.system(), record.kind(), into));
  }

  /** As received in this entry; fetched if what was received may be lost or is not sufficient. */
  private @Nullable String primaryId(RecordRef record, Pass pass) {
    Hint hint = pass.hint(record);
    if (pass.entry().outcomeUnknown() || hint != null && hint.mustFetch()) {
      pass.attempt(record, () -> pass.update(refresher.fetch(record)));
      RecordState now = pass.correlation().states().get(record);
      return now == null ? null : now.primaryId();
    }
    return hint == null || hint.state() == null ? null : hint.state().primaryId();
  }

  private Optional<Duplicate> recordMerge(
      Pass pass, Pair pair, RecordState left, Mapping mapping, RecordRef target) {
    RecordRef name =
        tickets.findFirst(TicketLookup.records(pair)).map(StoredTicket::record).orElse(left.ref());
    AuditEntry end = new AuditEntry("ended", "Merged by an operator; no longer synced", Map.of());
    return detector.recordMerge(
        screening.observe(name, mapping, Side.LEFT, left),
        target,
        () ->
            pass.store(
                pairs.save(
                    pass.find(pair.id()).orElse(pair).withState(Pair.State.ENDED), List.of(end))));
  }
}
