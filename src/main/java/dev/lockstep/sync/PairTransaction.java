package dev.lockstep.sync;

import dev.lockstep.pair.AuditEntry;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.List;
import java.util.Objects;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits what was done. The new base, the audit and any note that is owed are one transaction, so
 * that a crash leaves either all of them or none.
 */
class PairTransaction {
  private final PairStore pairs;
  private final NoteSender sender;
  private final TransactionTemplate transaction;

  /**
   * A note Lockstep owes a side.
   *
   * @param name unlike any other note's of this pair
   */
  record PendingNote(Side to, String name, String text) {}

  PairTransaction(PairStore pairs, NoteSender sender, TransactionTemplate transaction) {
    this.pairs = pairs;
    this.sender = sender;
    this.transaction = transaction;
  }

  Pair commit(Pair pair, List<AuditEntry> entries, List<PendingNote> notes) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              notes.forEach(note -> enqueue(pair, note));
              return pairs.save(pair, entries);
            }));
  }

  /** Adds to the audit, with a note that is owed; heard twice, it is told once. */
  void record(Pair pair, AuditEntry entry, PendingNote note) {
    transaction.executeWithoutResult(
        status -> {
          if (enqueue(pair, note)) {
            pairs.record(pair.id(), List.of(entry));
          }
        });
  }

  /** Saves only if something differs from what is stored. */
  Pair commitIfChanged(Pair stored, Pair pair) {
    return pair.equals(stored) ? stored : commit(pair, List.of(), List.of());
  }

  private boolean enqueue(Pair pair, PendingNote note) {
    RecordRef about = Objects.requireNonNull(pair.ref(note.to().other()));
    return sender.enqueue(about, "lockstep:" + note.name(), Visibility.INTERNAL, note.text());
  }
}
