package dev.lockstep.inbox;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.springframework.transaction.support.TransactionTemplate;

/** The blocked rows of the inbox, as people see them. */
class BlockedEntries implements DeadLetters {
  private final InboxStore store;
  private final WorkQueue queue;
  private final PairDirectory pairs;
  private final TransactionTemplate transaction;

  BlockedEntries(
      InboxStore store, WorkQueue queue, PairDirectory pairs, TransactionTemplate transaction) {
    this.store = store;
    this.queue = queue;
    this.pairs = pairs;
    this.transaction = transaction;
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
    var letter = find(id);
    if (letter.isEmpty()) {
      return false;
    }
    var subject = Subject.parse(letter.get().subject());
    boolean released =
        Boolean.TRUE.equals(
            transaction.execute(
                status -> {
                  store.lock(subject);
                  boolean was = store.release(subject);
                  if (was) {
                    queue.put(subject);
                  }
                  return was;
                }));
    queue.look();
    return released;
  }

  @Override
  public boolean discard(String id) {
    return find(id).map(letter -> store.discard(Subject.parse(letter.subject()))).orElse(false);
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
    return subject.toString();
  }

  /** Eight hex digits are enough to type and, among the few that wait, to tell apart. */
  private static String shortId(Subject subject) {
    var sum = new CRC32();
    sum.update(subject.toString().getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", sum.getValue());
  }
}
