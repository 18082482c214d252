package dev.lockstep.postmortem.item;

import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.Wakes;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.reading.Status;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
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
  private final Wakes wakes;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final MeterRegistry metrics;

  public ActionItems(
      ActionItemStore store,
      JdbcClient jdbc,
      PairStore pairs,
      Wakes wakes,
      TransactionTemplate transaction,
      Clock clock,
      MeterRegistry metrics) {
    this.store = store;
    this.jdbc = jdbc;
    this.pairs = pairs;
    this.wakes = wakes;
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
      Said said,
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
          ActionItem after = store.save(staged(change.apply(before)));
          if (after.revision() != before.revision()) {
            audit(before, after, by);
            tell(before, after, teller);
          }
          return after;
        });
  }

  /** As its parts say. One that was cancelled stays so until its source says it again. */
  static ActionItem staged(ActionItem item) {
    return item.stage() == Stage.CANCELLED ? item : item.edit().stage(stage(item)).done();
  }

  private static Stage stage(ActionItem item) {
    boolean deployed = item.hasChange() && item.change().isClosed() && !item.change().failed();
    if (item.said().status() == Status.CANCELLED && !deployed) {
      return Stage.CANCELLED;
    }
    if (item.hasChange()) {
      if (item.change().failed()) {
        return Stage.REOPENED;
      }
      return item.change().isClosed() ? Stage.DEPLOYED : Stage.IN_CHANGE;
    }
    if (item.said().done()) {
      return Stage.DONE;
    }
    if (item.said().status() == Status.UNCLEAR) {
      return Stage.NEEDS_STATUS;
    }
    if (item.owner().isEmpty()) {
      return Stage.NEEDS_OWNER;
    }
    return item.due() == null ? Stage.NEEDS_DUE_DATE : Stage.READY;
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
    if (!before.change().equals(after.change()) && after.hasChange()) {
      String standing = after.change().standing();
      if (!before.hasChange() || !standing.equals(before.change().standing())) {
        store.record(after, "change", standing, after.change().by());
      }
    }
    if (before.stage() != after.stage()) {
      store.record(after, after.stage().word(), after.standing(), by);
      metrics.counter("lockstep.action.items", "event", after.stage().word()).increment();
    }
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
      wakes.wake(subject(record), Map.of(record, LOOK), clock.instant());
    } else {
      wakes.decided(subject(record), clock.instant());
    }
  }

  /** The same where only time has passed: a dead letter stays one. */
  public void remind(RecordRef record) {
    wakes.wake(
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
