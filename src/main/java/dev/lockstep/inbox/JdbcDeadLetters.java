package dev.lockstep.inbox;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.DeadLetterStore.Letter;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** The blocked rows of the inbox, as operators see them and decide about them. */
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
    inbox.upsertDeadLetter(subject, FailureReport.of(subject, why));
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
  public Optional<DeadLetter> findBySubject(Subject subject) {
    return store.findBySubject(subject).map(this::toDeadLetter);
  }

  @Override
  public boolean retry(String id, String by) {
    boolean released =
        store
            .find(parseId(id))
            .map(letter -> Boolean.TRUE.equals(transaction.execute(s -> reopen(letter, by))))
            .orElse(false);
    queue.pollNow();
    return released;
  }

  /**
   * In the order of their ids, which they keep: what is blocked again is not retried twice. Each in
   * a transaction of its own, since workers lock several rows in another order.
   */
  @Override
  public int retryAll(Filter filter, String by) {
    int retried = 0;
    long after = 0;
    List<Letter> batch = store.list(filter, after, BATCH);
    while (!batch.isEmpty()) {
      for (Letter letter : batch) {
        boolean released = Boolean.TRUE.equals(transaction.execute(s -> reopen(letter, by)));
        retried += released ? 1 : 0;
      }
      queue.pollNow();
      after = batch.get(batch.size() - 1).id();
      batch = store.list(filter, after, BATCH);
    }
    return retried;
  }

  private boolean reopen(Letter letter, String by) {
    Subject subject = letter.subject();
    // A note is sent by the pass over the record it is for.
    boolean note = subject instanceof Subject.OfNote;
    if (!(note ? store.discard(letter) : store.reopen(letter))) {
      return false;
    }
    recordDecision(letter, "retried", by);
    if (subject instanceof Subject.OfNote refused) {
      pairs
          .retryNote(refused)
          .ifPresent(target -> addHints(target, Map.of(target, Hint.toFetch())));
    } else {
      queue.enqueue(subject);
    }
    return true;
  }

  /**
   * A pass that is running may have read the note already: what was decided counts as news to it.
   *
   * @param target the record the note is for
   */
  private void addHints(RecordRef target, Map<RecordRef, Hint> news) {
    Subject subject =
        pairs
            .find(target)
            .<Subject>map(known -> new Subject.OfPair(known.pair()))
            .orElseGet(() -> new Subject.OfRecord(target));
    var row = inbox.lockOrInsert(subject, clock.instant());
    Map<RecordRef, Hint> hints = new HashMap<>(row.hints());
    news.forEach((ref, hint) -> hints.merge(ref, hint, Hint::merge));
    inbox.mergeHints(subject, row.state(), hints);
    if (row.state() != InboxStore.State.DEAD_LETTER) {
      queue.enqueue(subject); // One that is blocked waits for a decision of its own.
    }
  }

  @Override
  public boolean discard(String id, String by) {
    boolean discarded =
        store
            .find(parseId(id))
            .map(letter -> Boolean.TRUE.equals(transaction.execute(s -> delete(letter, by))))
            .orElse(false);
    queue.pollNow();
    return discarded;
  }

  private boolean delete(Letter letter, String by) {
    if (!store.discard(letter)) {
      return false;
    }
    recordDecision(letter, "discarded", by);
    if (letter.subject() instanceof Subject.OfNote note) {
      pairs.discardNote(note).ifPresent(target -> addHints(target, Map.of()));
    } else {
      pairs
          .reclaimUnsentNotes(letter.subject())
          .forEach(note -> inbox.upsertDeadLetter(note, unsentReport(letter)));
    }
    return true;
  }

  private static FailureReport unsentReport(Letter letter) {
    return new FailureReport(
        "It was retried and not sent",
        "send a note",
        "Dead letter " + letter.id() + ", which its record was waiting with, was discarded.",
        "Retry, or discard this.");
  }

  private void recordDecision(Letter letter, String what, String by) {
    store.insertDecision(letter, what, by);
    LOG.info("Dead letter {} ({}) was {} by {}", letter.id(), letter.subject(), what, by);
  }

  @Override
  public List<Decision> decisions(int limit) {
    return store.decisions(limit);
  }

  private DeadLetter toDeadLetter(Letter letter) {
    return new DeadLetter(
        String.valueOf(letter.id()),
        letter.subject().toString(),
        title(letter.subject()),
        letter.attempts(),
        letter.receivedAt(),
        letter.problem().text(),
        letter.problem().request(),
        letter.problem().answer(),
        letter.problem().advice());
  }

  private String title(Subject subject) {
    if (subject instanceof Subject.OfPair pair) {
      return pairs.titleOf(pair.id());
    }
    if (subject instanceof Subject.OfRecord record) {
      return record.ref().toString();
    }
    if (subject instanceof Subject.OfNote note) {
      return pairs.titleOf(note);
    }
    return subject.toString();
  }

  /** No row has the number 0. */
  private static long parseId(String id) {
    return id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
  }
}
