package dev.lockstep.postmortem.actionitem;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes action items. Each change, its audit and the scheduling of everything it affects are one
 * transaction: after a crash either all of it exists or none.
 */
@Component
public class ActionItems {
  private static final Hint LOOK = Hint.toFetch(false, false);

  /** The same for routine work: it does not retry a dead letter. */
  private static final Hint ROUTINE = Hint.toFetch(false, true);

  private final ActionItemStore store;
  private final ActionItemAudit audit;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final ActionItemLifecycle lifecycle;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final MeterRegistry metrics;

  public ActionItems(
      ActionItemStore store,
      ActionItemAudit audit,
      PairStore pairs,
      WorkScheduler scheduler,
      PostmortemSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.audit = audit;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.lifecycle = new ActionItemLifecycle(settings);
    this.transaction = transaction;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Adds an item. No effect if the item, or one with the same ticket, exists.
   *
   * @param incident null while unknown
   * @param reportedAt when it was reported, by its source's clock
   * @return the item, new or not
   */
  public ActionItem add(
      @Nullable Long postmortem,
      String source,
      String sourceId,
      @Nullable RecordRef incident,
      SourceItem sourceItem,
      Instant reportedAt) {
    return inTransaction(
        () ->
            findByTicket(sourceItem.ticket())
                .or(
                    () ->
                        store
                            .insert(postmortem, source, sourceId, incident, sourceItem, reportedAt)
                            .map(this::added))
                .or(() -> store.find(source, sourceId))
                .orElseThrow());
  }

  /**
   * An issue is one item, whether a postmortem names it or it is found in its own system, even if
   * both happen at once: transactions that add items with tickets are serialized.
   */
  private Optional<ActionItem> findByTicket(@Nullable String ticket) {
    if (ticket == null) {
      return Optional.empty();
    }
    store.lockTickets();
    return store.findByTicket(ticket);
  }

  /**
   * Locks everything that an import may change, in a fixed order: the order within a document
   * changes from one version to the next, and would cause deadlocks.
   */
  public void lock(long postmortem, boolean withTickets) {
    if (withTickets) {
      store.lockTickets();
    }
    store.lockByPostmortem(postmortem);
  }

  private ActionItem added(ActionItem item) {
    ActionItem staged =
        store.save(
            ActionItemLifecycle.withStatus(
                item.edit()
                    .due(item.sourceItem().due())
                    .description(item.sourceItem().description())
                    .done()));
    String text = "\"%s\", from %s".formatted(staged.title(), item.source());
    audit.record(staged, List.of(new AuditEntry("added", text, Map.of())));
    count("added");
    schedule(staged.ref());
    if (staged.sourceItem().ticket() != null) {
      schedule(staged.followUpRef());
    }
    schedule(staged.incident());
    return staged;
  }

  /**
   * Changes an item; concurrent changes are serialized.
   *
   * @param by who did it, as its system names them; empty for Lockstep itself
   * @param reporter the record that reported the change and need not be notified; null if none did
   */
  public ActionItem change(
      long id, String by, @Nullable RecordRef reporter, UnaryOperator<ActionItem> change) {
    return inTransaction(
        () -> {
          ActionItem before = store.lock(id).orElseThrow();
          ActionItem changed = withSuccessor(change.apply(before));
          ActionItem after = store.save(ActionItemLifecycle.withStatus(changed));
          if (after.revision() != before.revision()) {
            var difference = new ActionItemDifference(before, after);
            audit.record(after, difference.auditEntries(by));
            difference.reachedStatuses().forEach(reached -> count(reached.stage().slug()));
            difference.affectedRecords(reporter).forEach(this::schedule);
          }
          return after;
        });
  }

  /**
   * Starts a successor of a failed change request in the transaction that records the failure, so
   * that a failure has one successor, however often it is reported.
   */
  private ActionItem withSuccessor(ActionItem item) {
    return lifecycle.needsSuccessor(item)
        ? lifecycle.withSuccessor(
            item, url(item.ref()), LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
        : item;
  }

  /** The URL of a record's counterpart. */
  private String url(RecordRef localId) {
    return pairs.findAll(localId).stream()
        .map(pair -> pair.state(Objects.requireNonNull(pair.sideOf(localId)).other()))
        .filter(Objects::nonNull)
        .map(RecordState::url)
        .findFirst()
        .orElse("");
  }

  /**
   * Records whether one of its change requests exists; the last known values of a missing one are
   * kept.
   */
  public void markChangePresent(LocalRecordId localId, boolean there) {
    change(
        localId.item(),
        "",
        localId.ref(),
        item -> {
          if (localId.attempt() > item.earlier().size()) {
            return item;
          }
          ActionItem seen = item.forAttempt(localId.attempt());
          return item.withAttempt(
              localId.attempt(), seen.edit().change(seen.change().withGone(!there)).done());
        });
  }

  /** Applies settings that changed since the last start. */
  public void refresh(ActionItem item) {
    change(item.id(), "", null, known -> known);
  }

  private void count(String event) {
    metrics.counter("lockstep.action.items", "event", event).increment();
  }

  /**
   * Schedules work on a changed record, or on its correlation if it has one. Within a transaction
   * the work is scheduled at its end, in a fixed order: all transactions lock items first and inbox
   * rows last, which avoids deadlocks.
   */
  public void schedule(@Nullable RecordRef record) {
    if (record == null) {
      return;
    }
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      scheduleNow(record);
      return;
    }
    TransactionSynchronizationManager.getSynchronizations().stream()
        .filter(Scheduling.class::isInstance)
        .map(Scheduling.class::cast)
        .findFirst()
        .orElseGet(
            () -> {
              Scheduling scheduling = new Scheduling();
              TransactionSynchronizationManager.registerSynchronization(scheduling);
              return scheduling;
            })
        .records
        .put(record.toString(), record);
  }

  /** Records to be scheduled when the transaction ends. */
  private final class Scheduling implements TransactionSynchronization {
    private final SortedMap<String, RecordRef> records = new TreeMap<>();

    @Override
    public void beforeCommit(boolean readOnly) {
      records.values().forEach(ActionItems.this::scheduleNow);
    }
  }

  private void scheduleNow(RecordRef record) {
    if (isOwn(record)) {
      scheduler.schedule(record, Map.of(record, LOOK), clock.instant());
    } else {
      scheduler.scheduleAfterDecision(record, clock.instant());
    }
  }

  /** Schedules routine work when only time has passed; dead letters are not retried. */
  public void scheduleRoutine(RecordRef record) {
    scheduler.schedule(record, isOwn(record) ? Map.of(record, ROUTINE) : Map.of(), clock.instant());
  }

  private static boolean isOwn(RecordRef record) {
    return record.system().equals(ActionItem.SYSTEM);
  }

  private <T> T inTransaction(Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }

  public Optional<ActionItem> find(long id) {
    return store.find(id);
  }
}
