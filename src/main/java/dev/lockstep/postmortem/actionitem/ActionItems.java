package dev.lockstep.postmortem.actionitem;

import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
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
 * Changes action items: each change is one transaction with its audit and with the wake-up of all
 * it concerns, so that a crash leaves either all of it or none.
 */
public class ActionItems {
  private static final Hint LOOK = new Hint(null, true, false, false);

  /** The same as a routine: it revives no dead letter. */
  private static final Hint ROUTINE = new Hint(null, true, false, true);

  private final ActionItemStore store;
  private final JdbcClient jdbc;
  private final PairStore pairs;
  private final WorkScheduler wakes;
  private final PostmortemSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final MeterRegistry metrics;

  public ActionItems(
      ActionItemStore store,
      JdbcClient jdbc,
      PairStore pairs,
      WorkScheduler wakes,
      PostmortemSettings settings,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.jdbc = jdbc;
    this.pairs = pairs;
    this.wakes = wakes;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Adds an item. Told again of one that is there, or of one with the same ticket, it does nothing.
   *
   * @param incident null while it is not known
   * @param heardAt when it was said, by its source's clock
   * @return the item, new or not
   */
  public ActionItem add(
      @Nullable Long postmortem,
      String source,
      String sourceId,
      @Nullable RecordRef incident,
      SourceItem said,
      Instant heardAt) {
    return inTransaction(
        () ->
            ofTicket(said.ticket())
                .or(
                    () ->
                        store
                            .insert(postmortem, source, sourceId, incident, said, heardAt)
                            .map(this::added))
                .or(() -> store.find(source, sourceId))
                .orElseThrow());
  }

  /**
   * An issue is one item, whether a postmortem names it or it is found where it lives, and though
   * both happen at once: whoever adds items with tickets takes turns.
   */
  private Optional<ActionItem> ofTicket(@Nullable String ticket) {
    if (ticket == null) {
      return Optional.empty();
    }
    lockTickets();
    return store.ofTicket(ticket);
  }

  private void lockTickets() {
    jdbc.sql("select pg_advisory_xact_lock(hashtext('action items with tickets'))")
        .query()
        .listOfRows();
  }

  /**
   * Locks all that filing a postmortem may change, in the order in which everybody locks it: its
   * document has an order of its own, which changes from one version to the next.
   */
  public void lock(long postmortem, boolean withTickets) {
    if (withTickets) {
      lockTickets();
    }
    store.lockOfPostmortem(postmortem);
  }

  private ActionItem added(ActionItem item) {
    ActionItem staged =
        store.save(
            staged(
                item.edit().due(item.said().due()).description(item.said().description()).done()));
    store.record(staged, "added", "«%s», from %s".formatted(staged.title(), item.source()), "");
    metrics.counter("lockstep.action.items", "event", "added").increment();
    rouse(staged.ref());
    if (staged.said().ticket() != null) {
      rouse(staged.followUpRef());
    }
    rouse(staged.incident());
    return staged;
  }

  /**
   * Changes an item, whoever else is about to.
   *
   * @param by who did it, as its system names them; empty for Lockstep itself
   * @param teller the record that told of it, which need not be told; null if none did
   */
  public ActionItem change(
      long id, String by, @Nullable RecordRef teller, UnaryOperator<ActionItem> change) {
    return inTransaction(
        () -> {
          jdbc.sql("select id from action_item where id = ? for update")
              .param(id)
              .query()
              .listOfRows();
          ActionItem before = store.find(id).orElseThrow();
          ActionItem after = store.save(staged(renewed(change.apply(before))));
          if (after.revision() != before.revision()) {
            audit(before, after, by);
            tell(before, after, teller);
          }
          return after;
        });
  }

  /**
   * An item whose change request failed wants another one, where the settings say so: in the same
   * transaction, so that a failure has one successor, however often and by whom it is reported. A
   * change request that is gone has not failed: it may only be hidden.
   */
  private ActionItem renewed(ActionItem item) {
    ChangeRequestState failed = item.change();
    boolean ended = item.hasChange() && failed.failed() && !failed.gone();
    boolean open =
        item.stage() != ActionItemStatus.CANCELLED && item.said().status() == Status.OPEN;
    if (!ended
        || !open
        || !item.hasOnlyFailedBefore()
        || !settings.reopened().allows(item.earlier().size() + 1)) {
      return item;
    }
    List<EarlierChange> earlier = new ArrayList<>(item.earlier());
    earlier.add(EarlierChange.failed(item, url(item.ref())));
    return item.edit()
        .earlier(earlier)
        .counterpart("")
        .change(ChangeRequestState.NONE)
        .due(dueAgain(item))
        .done();
  }

  /**
   * A date that has passed and that no setting replaces stays: nobody has committed another one.
   */
  private @Nullable LocalDate dueAgain(ActionItem item) {
    LocalDate due = item.due();
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return due != null && !due.isBefore(today)
        ? due
        : settings.due(item.said().priority(), today).orElse(due);
  }

  /** Where people read the counterpart of a record. */
  private String url(RecordRef face) {
    Pair pair = pairs.find(face).orElse(null);
    Side side = pair == null ? null : pair.sideOf(face);
    Snapshot seen = pair == null || side == null ? null : pair.seen(side.other());
    return seen == null ? "" : seen.url();
  }

  /** Whether one of its change requests is there; what is known of one that is not stays. */
  public void see(LocalRecordId face, boolean there) {
    change(
        face.item(),
        "",
        face.ref(),
        item -> {
          if (face.attempt() > item.earlier().size()) {
            return item;
          }
          ActionItem seen = item.at(face.attempt());
          return item.with(face.attempt(), seen.edit().change(seen.change().gone(!there)).done());
        });
  }

  /** For what the settings say since the last start. */
  public void renew(ActionItem item) {
    change(item.id(), "", null, known -> known);
  }

  /** As its parts say. One that was cancelled stays so until its source says it again. */
  static ActionItem staged(ActionItem item) {
    return item.stage() == ActionItemStatus.CANCELLED
        ? item
        : item.edit().stage(stage(item)).done();
  }

  private static ActionItemStatus stage(ActionItem item) {
    ChangeRequestState change = item.decisive();
    boolean hasChange = item.hasChange() || !item.hasOnlyFailedBefore();
    boolean deployed = hasChange && change.isClosed() && !change.failed();
    if (item.said().status() == Status.CANCELLED && !deployed) {
      return ActionItemStatus.CANCELLED;
    }
    if (hasChange) {
      if (change.failed()) {
        return ActionItemStatus.REOPENED;
      }
      return change.isClosed() ? ActionItemStatus.DEPLOYED : ActionItemStatus.IN_CHANGE;
    }
    if (item.said().done()) {
      return ActionItemStatus.DONE;
    }
    if (item.said().status() == Status.UNCLEAR) {
      return ActionItemStatus.NEEDS_STATUS;
    }
    if (item.owner().isEmpty()) {
      return ActionItemStatus.NEEDS_OWNER;
    }
    return item.due() == null ? ActionItemStatus.NEEDS_DUE_DATE : ActionItemStatus.READY;
  }

  private void audit(ActionItem before, ActionItem after, String by) {
    differ(after, "title", before.title(), after.title(), by);
    differ(after, "owner", before.owner(), after.owner(), by);
    differ(
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
      entered(after.at(attempts), by);
    }
    if (before.stage() != after.stage()) {
      entered(after, by);
    }
  }

  private void auditChange(ActionItem before, ActionItem after, int attempt) {
    ActionItem now = after.at(attempt);
    ActionItem then = attempt <= before.earlier().size() ? before.at(attempt) : null;
    String standing = now.change().standing();
    if (now.hasChange()
        && (then == null || !then.hasChange() || !standing.equals(then.change().standing()))
        && (then == null || !now.change().equals(then.change()))) {
      store.record(after, "change", standing, now.change().by());
    }
  }

  private void entered(ActionItem item, String by) {
    store.record(item, item.stage().word(), item.standing(), by);
    metrics.counter("lockstep.action.items", "event", item.stage().word()).increment();
  }

  private void differ(ActionItem item, String what, String before, String after, String by) {
    if (!before.equals(after) && !before.isEmpty()) {
      store.record(
          item,
          "changed",
          "%s: %s → %s".formatted(what, before, after.isEmpty() ? "none" : after),
          by);
    }
  }

  private void tell(ActionItem before, ActionItem after, @Nullable RecordRef teller) {
    boolean ticket = after.said().ticket() != null || !after.followUp().isEmpty();
    if (!after.ref().equals(teller)) {
      rouse(after.ref());
    }
    if (ticket && !after.followUpRef().equals(teller)) {
      rouse(after.followUpRef());
    }
    int attempts = after.earlier().size();
    boolean named = !after.change().key().equals(before.change().key());
    if (named && attempts > 0 && !after.at(attempts - 1).ref().equals(teller)) {
      rouse(after.at(attempts - 1).ref());
    }
    boolean news = !after.standing().equals(before.standing());
    if (news || !Objects.equals(after.incident(), before.incident())) {
      rouse(after.incident());
    }
  }

  /**
   * Schedules work on a record of which something changed: in its pair if it has one. Within a
   * transaction that is done at its end, in one order: all that change items lock items first and
   * the list of work last, so that no two wait for each other.
   */
  public void rouse(@Nullable RecordRef record) {
    if (record == null) {
      return;
    }
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      schedule(record);
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

  /** What is to be scheduled when the transaction ends. */
  private final class Scheduling implements TransactionSynchronization {
    private final SortedMap<String, RecordRef> records = new TreeMap<>();

    @Override
    public void beforeCommit(boolean readOnly) {
      records.values().forEach(ActionItems.this::schedule);
    }
  }

  private void schedule(RecordRef record) {
    if (isOwn(record)) {
      wakes.schedule(subject(record), Map.of(record, LOOK), clock.instant());
    } else {
      wakes.scheduleAfterDecision(subject(record), clock.instant());
    }
  }

  /** The same where only time has passed: a dead letter stays one. */
  public void remind(RecordRef record) {
    wakes.schedule(
        subject(record), isOwn(record) ? Map.of(record, ROUTINE) : Map.of(), clock.instant());
  }

  private static boolean isOwn(RecordRef record) {
    return record.system().equals(ActionItem.SYSTEM);
  }

  private Subject subject(RecordRef record) {
    return pairs
        .find(record)
        .<Subject>map(pair -> new Subject.OfPair(pair.id()))
        .orElseGet(() -> new Subject.OfRecord(record));
  }

  private <T> T inTransaction(java.util.function.Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }

  public Optional<ActionItem> find(long id) {
    return store.find(id);
  }
}
