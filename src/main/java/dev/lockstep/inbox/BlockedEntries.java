package dev.lockstep.inbox;

import dev.lockstep.connector.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.springframework.transaction.support.TransactionTemplate;

/** The blocked rows of the inbox, as people see them. */
class BlockedEntries implements DeadLetters {
  private final InboxStore store;
  private final WorkQueue queue;
  private final PairDirectory pairs;
  private final TransactionTemplate transaction;
  private final Clock clock;

  BlockedEntries(
      InboxStore store,
      WorkQueue queue,
      PairDirectory pairs,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.queue = queue;
    this.pairs = pairs;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public void add(Subject subject, Rejected why) {
    store.block(subject, Problem.of(why));
  }

  @Override
  public List<DeadLetter> list() {
    return store.blocked().stream().map(this::letter).toList();
  }

  @Override
  public Optional<DeadLetter> find(String id) {
    return list().stream().filter(letter -> letter.id().equals(id)).findFirst();
  }

  @Override
  public boolean retry(String id) {
    return decide(
        id,
        subject -> {
          if (subject instanceof Subject.OfNote note) {
            return store.discard(subject) && schedule(pairs.retried(note));
          }
          return store.release(subject) && schedule(Optional.of(subject));
        });
  }

  @Override
  public boolean discard(String id) {
    return decide(
        id,
        subject -> {
          boolean discarded = store.discard(subject);
          if (discarded && subject instanceof Subject.OfNote note) {
            schedule(pairs.discarded(note));
          }
          return discarded;
        });
  }

  private boolean decide(String id, Predicate<Subject> decision) {
    var letter = find(id);
    if (letter.isEmpty()) {
      return false;
    }
    var subject = Subject.parse(letter.get().subject());
    boolean decided =
        Boolean.TRUE.equals(
            transaction.execute(
                status -> {
                  store.lock(subject);
                  return decision.test(subject);
                }));
    queue.look();
    return decided;
  }

  private boolean schedule(Optional<Subject> subject) {
    subject.ifPresent(
        work -> {
          store.lockOrInsert(work, clock.instant());
          queue.put(work);
        });
    return true;
  }

  private DeadLetter letter(InboxStore.Row row) {
    Problem problem = row.problem() == null ? new Problem("", "", "", "") : row.problem();
    return new DeadLetter(
        shortId(row.subject()),
        row.subject().toString(),
        title(row.subject()),
        row.attempts(),
        row.receivedAt(),
        problem.text(),
        problem.request(),
        problem.answer(),
        problem.advice());
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

  /** Eight hex digits are enough to type and, among the few that wait, to tell apart. */
  private static String shortId(Subject subject) {
    var sum = new CRC32();
    sum.update(subject.toString().getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", sum.getValue());
  }
}
