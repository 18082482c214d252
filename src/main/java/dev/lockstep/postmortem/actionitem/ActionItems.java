package dev.lockstep.postmortem.actionitem;

import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes action items. Each change, its audit and the scheduling of everything it affects are one
 * transaction: after a crash either all of it exists or none.
 */
public class ActionItems {
  private static final Hint LOOK = Hint.toFetch(false, false);

  /** The same for routine work: it does not retry a dead letter. */
  private static final Hint ROUTINE = Hint.toFetch(false, true);

  private final ActionItemStore store;
  private final JdbcClient jdbc;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final PostmortemSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final MeterRegistry metrics;

  public ActionItems(
      ActionItemStore store,
      JdbcClient jdbc,
      PairStore pairs,
      WorkScheduler scheduler,
      PostmortemSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.jdbc = jdbc;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.settings = settings;
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
    lockTickets();
    return store.findByTicket(ticket);
  }

  private void lockTickets() {
    jdbc.sql("select pg_advisory_xact_lock(hashtext('action items with tickets'))")
        .query()
        .listOfRows();
  }

  /**
   * Locks everything that an import may change, in a fixed order: the order within a document
   * changes from one version to the next, and would cause deadlocks.
   */
  public void lock(long postmortem, boolean withTickets) {
    if (withTickets) {
      lockTickets();
    }
    store.lockByPostmortem(postmortem);
  }

  private ActionItem added(ActionItem item) {
    ActionItem staged =
        store.save(
            withStatus(
                item.edit()
                    .due(item.sourceItem().due())
                    .description(item.sourceItem().description())
                    .done()));
    store.record(staged, "added", "\"%s\", from %s".formatted(staged.title(), item.source()), "");
    metrics.counter("lockstep.action.items", "event", "added").increment();
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
          jdbc.sql("select id from action_item where id = ? for update")
              .param(id)
              .query()
              .listOfRows();
          ActionItem before = store.find(id).orElseThrow();
          ActionItem after = store.save(withStatus(withSuccessor(change.apply(before))));
          if (after.revision() != before.revision()) {
            audit(before, after, by);
            notifyRecords(before, after, reporter);
          }
          return after;
        });
  }

  /**
   * Starts a successor of a failed change request if the settings allow it. Runs in the transaction
   * that records the failure, so that a failure has one successor, however often it is reported. A
   * deleted change request has not failed: it may only be hidden.
   */
  private ActionItem withSuccessor(ActionItem item) {
    ChangeRequestState failed = item.change();
    boolean ended = item.hasChange() && failed.failed() && !failed.gone();
    boolean open =
        item.stage() != ActionItemStatus.CANCELLED && item.sourceItem().status() == Status.OPEN;
    if (!ended
        || !open
        || !item.hasOnlyFailedBefore()
        || !settings.reopened().allows(item.earlier().size() + 1)) {
      return item;
    }
    List<EarlierChange> earlier = new ArrayList<>(item.earlier());
    earlier.add(EarlierChange.from(item, url(item.ref())));
    return item.edit()
        .earlier(earlier)
        .counterpart("")
        .change(ChangeRequestState.NONE)
        .due(newDueDate(item))
        .done();
  }

  /**
   * A date that has passed is kept unless the settings supply another, since nobody has committed
   * to a new one.
   */
  private @Nullable LocalDate newDueDate(ActionItem item) {
    LocalDate due = item.due();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return due != null && !due.isBefore(today)
        ? due
        : settings.due(item.sourceItem().priority(), today).orElse(due);
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

  /** Derives the status. A cancelled item stays cancelled until its source reports it again. */
  static ActionItem withStatus(ActionItem item) {
    return item.stage() == ActionItemStatus.CANCELLED
        ? item
        : item.edit().stage(statusOf(item)).done();
  }

  private static ActionItemStatus statusOf(ActionItem item) {
    ChangeRequestState change = item.effectiveChange();
    boolean hasChange = item.hasChange() || !item.hasOnlyFailedBefore();
    boolean deployed = hasChange && change.isClosed() && !change.failed();
    if (item.sourceItem().status() == Status.CANCELLED && !deployed) {
      return ActionItemStatus.CANCELLED;
    }
    if (hasChange) {
      if (change.failed()) {
        return ActionItemStatus.REOPENED;
      }
      return change.isClosed() ? ActionItemStatus.DEPLOYED : ActionItemStatus.IN_CHANGE;
    }
    if (item.sourceItem().done()) {
      return ActionItemStatus.DONE;
    }
    if (item.sourceItem().status() == Status.UNCLEAR) {
      return ActionItemStatus.NEEDS_STATUS;
    }
    if (item.owner().isEmpty()) {
      return ActionItemStatus.NEEDS_OWNER;
    }
    return item.due() == null ? ActionItemStatus.NEEDS_DUE_DATE : ActionItemStatus.READY;
  }

  private void audit(ActionItem before, ActionItem after, String by) {
    recordDifference(after, "title", before.title(), after.title(), by);
    recordDifference(after, "owner", before.owner(), after.owner(), by);
    recordDifference(
        after,
        "due date",
        Objects.toString(before.due(), ""),
        Objects.toString(after.due(), ""),
        by);
    for (int attempt = 0; attempt <= after.earlier().size(); attempt++) {
      auditChange(before, after, attempt);
    }
    int attempts = before.earlier().size();
    if (after.earlier().size() > attempts && before.stage() != ActionItemStatus.REOPENED) {
      recordStatus(after.forAttempt(attempts), by);
    }
    if (before.stage() != after.stage()) {
      recordStatus(after, by);
    }
  }

  private void auditChange(ActionItem before, ActionItem after, int attempt) {
    ActionItem now = after.forAttempt(attempt);
    ActionItem previous = attempt <= before.earlier().size() ? before.forAttempt(attempt) : null;
    String standing = now.change().statusText();
    if (now.hasChange()
        && (previous == null
            || !previous.hasChange()
            || !standing.equals(previous.change().statusText()))
        && (previous == null || !now.change().equals(previous.change()))) {
      store.record(after, "change", standing, now.change().by());
    }
  }

  private void recordStatus(ActionItem item, String by) {
    store.record(item, item.stage().slug(), item.statusText(), by);
    metrics.counter("lockstep.action.items", "event", item.stage().slug()).increment();
  }

  private void recordDifference(
      ActionItem item, String what, String before, String after, String by) {
    if (!before.equals(after) && !before.isEmpty()) {
      store.record(
          item,
          "changed",
          "%s: %s → %s".formatted(what, before, after.isEmpty() ? "none" : after),
          by);
    }
  }

  private void notifyRecords(ActionItem before, ActionItem after, @Nullable RecordRef reporter) {
    boolean ticket = after.sourceItem().ticket() != null || !after.followUp().isEmpty();
    if (!after.ref().equals(reporter)) {
      schedule(after.ref());
    }
    if (ticket && !after.followUpRef().equals(reporter)) {
      schedule(after.followUpRef());
    }
    int attempts = after.earlier().size();
    boolean named = !after.change().key().equals(before.change().key());
    if (named && attempts > 0 && !after.forAttempt(attempts - 1).ref().equals(reporter)) {
      schedule(after.forAttempt(attempts - 1).ref());
    }
    boolean news = !after.statusText().equals(before.statusText());
    if (news || !Objects.equals(after.incident(), before.incident())) {
      schedule(after.incident());
    }
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

  private <T> T inTransaction(java.util.function.Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }

  public Optional<ActionItem> find(long id) {
    return store.find(id);
  }
}
