package dev.lockstep.inbox;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.DeadLetterStore.Letter;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Dead letters in the database, with the decisions of operators. */
@Component
class JdbcDeadLetters implements DeadLetters {
  private static final int BATCH = 200;
  private static final Logger LOG = LoggerFactory.getLogger(JdbcDeadLetters.class);

  private final InboxStore inbox;
  private final DeadLetterStore store;
  private final WorkQueue queue;
  private final PairLookup pairs;
  private final TransactionTemplate transaction;
  private final Clock clock;

  JdbcDeadLetters(
      InboxStore inbox,
      DeadLetterStore store,
      WorkQueue queue,
      PairLookup pairs,
      TransactionTemplate transaction,
      Clock clock) {
    this.inbox = inbox;
    this.store = store;
    this.queue = queue;
    this.pairs = pairs;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public void add(Subject subject, RequestRejectedException why) {
    store.upsert(subject, FailureReport.of(subject, why));
  }

  @Override
  public void rename(RecordRef old, RecordRef name) {
    store.rename(old, name);
  }

  @Override
  public List<DeadLetter> list(Filter filter, String after, int limit) {
    return store.list(filter, after.isEmpty() ? 0 : parseId(after), limit).stream()
        .map(this::toDeadLetter)
        .toList();
  }

  @Override
  public long count(Filter filter) {
    return store.count(filter);
  }

  @Override
  public Optional<DeadLetter> find(String id) {
    return store.find(parseId(id)).map(this::toDeadLetter);
  }

  @Override
  public Optional<DeadLetter> findByRecord(RecordRef record) {
    return store.findBySubject(subjectOf(record)).map(this::toDeadLetter);
  }

  private Subject subjectOf(RecordRef record) {
    return pairs
        .find(record)
        .<Subject>map(known -> new Subject.OfCorrelation(known.correlation()))
        .orElseGet(() -> new Subject.OfRecord(record));
  }

  @Override
  public boolean retry(String id, Decider by) {
    boolean reopened =
        store
            .find(parseId(id))
            .map(letter -> Boolean.TRUE.equals(transaction.execute(s -> reopen(letter, by))))
            .orElse(false);
    return reopened;
  }

  @Override
  public int retryAll(Filter filter, Decider by) {
    return decideAll(filter, letter -> reopen(letter, by));
  }

  @Override
  public int discardAll(Filter filter, Decider by) {
    return decideAll(filter, letter -> delete(letter, by));
  }

  /**
   * Processes dead letters by ascending id, which never changes, so that one that fails again
   * meanwhile is not retried twice. One transaction each: workers lock several rows in another
   * order.
   */
  private int decideAll(Filter filter, Predicate<Letter> decision) {
    int decided = 0;
    long after = 0;
    List<Letter> batch = store.list(filter, after, BATCH);
    while (!batch.isEmpty()) {
      for (Letter letter : batch) {
        boolean done = Boolean.TRUE.equals(transaction.execute(s -> decision.test(letter)));
        decided += done ? 1 : 0;
      }
      after = batch.get(batch.size() - 1).id();
      batch = store.list(filter, after, BATCH);
    }
    return decided;
  }

  private boolean reopen(Letter letter, Decider by) {
    Subject subject = letter.subject();
    // A note is sent when the target record's subject is processed.
    boolean note = subject instanceof Subject.OfNote;
    if (!(note ? store.discard(letter) : store.reopen(letter))) {
      return false;
    }
    recordDecision(letter, "retried", by);
    if (subject instanceof Subject.OfNote refused) {
      if (pairs.retryNote(refused)) {
        addHints(refused.target(), Map.of(refused.target(), Hint.toFetch(false, false)));
      }
    } else {
      queue.runNow(subject); // Of some the rest waits for a retry.
    }
    return true;
  }

  /**
   * Schedules the subject of a record. Changing its entry also restarts a running attempt that may
   * have read the note already.
   *
   * @param target the record the note is sent to
   */
  private void addHints(RecordRef target, Map<RecordRef, Hint> received) {
    Subject subject = subjectOf(target);
    var row = inbox.lockOrInsert(subject, clock.instant());
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    received.forEach((ref, hint) -> hints.merge(ref, hint, Hint::merge));
    inbox.mergeHints(subject, row.state(), false, hints, List.of());
    if (row.state() != InboxStore.State.DEAD_LETTER) {
      queue.enqueue(subject); // A dead letter waits for its own decision.
    }
  }

  @Override
  public boolean discard(String id, Decider by) {
    boolean discarded =
        store
            .find(parseId(id))
            .map(letter -> Boolean.TRUE.equals(transaction.execute(s -> delete(letter, by))))
            .orElse(false);
    return discarded;
  }

  private boolean delete(Letter letter, Decider by) {
    if (!(letter.isPart() ? store.discardRejected(letter) : store.discard(letter))) {
      return false;
    }
    recordDecision(letter, "discarded", by);
    if (letter.isPart()) {
      return true; // The rest of the entry goes on.
    }
    if (letter.subject() instanceof Subject.OfNote note) {
      if (pairs.discardNote(note)) {
        addHints(note.target(), Map.of());
      }
    } else {
      pairs
          .reclaimUnsentNotes(letter.subject())
          .forEach(note -> store.upsert(note, unsentReport(letter)));
    }
    return true;
  }

  private static FailureReport unsentReport(Letter letter) {
    return new FailureReport(
        "The note was retried but not sent",
        "send a note",
        "Dead letter " + letter.id() + " of its record was discarded before the note was sent.",
        "Retry or discard this dead letter.");
  }

  private void recordDecision(Letter letter, String what, Decider by) {
    store.insertDecision(letter, what, by);
    LOG.info("Dead letter {} ({}) was {} by {}", letter.id(), letter.subject(), what, by.name());
  }

  @Override
  public List<Decision> decisions(int limit) {
    return store.decisions(limit);
  }

  private DeadLetter toDeadLetter(Letter letter) {
    return new DeadLetter(
        String.valueOf(letter.id()),
        letter.subject().toString(),
        title(letter),
        letter.attempts(),
        letter.receivedAt(),
        letter.problem().text(),
        letter.problem().request(),
        letter.problem().answer(),
        letter.problem().advice());
  }

  private String title(Letter letter) {
    Subject subject = letter.subject();
    if (subject instanceof Subject.OfCorrelation correlation) {
      return pairs.titleOf(correlation.id());
    }
    if (subject instanceof Subject.OfRecord record) {
      return record.ref().toString();
    }
    if (subject instanceof Subject.OfNote note) {
      return pairs.titleOf(note);
    }
    if (subject instanceof Subject.OfMessage && !letter.problem().request().isEmpty()) {
      return letter.problem().request();
    }
    return subject.toString();
  }

  /** Returns 0, which is no row's id, for a malformed id. */
  private static long parseId(String id) {
    return id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
  }
}
