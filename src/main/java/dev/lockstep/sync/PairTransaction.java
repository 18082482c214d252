package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.UnmappedValue;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits a step. The records, the new base, the audit entries and the notes to send are written in
 * one transaction: after a crash either all of them exist or none.
 */
@Component
class PairTransaction {
  private final PairStore pairs;
  private final MappingCatalog mappings;
  private final NoteSender sender;
  private final TransactionTemplate transaction;

  /**
   * A note to be sent to a side.
   *
   * @param name unique among the notes of this pair
   */
  record PendingNote(Side to, String name, String text) {}

  PairTransaction(
      PairStore pairs,
      MappingCatalog mappings,
      NoteSender sender,
      TransactionTemplate transaction) {
    this.pairs = pairs;
    this.mappings = mappings;
    this.sender = sender;
    this.transaction = transaction;
  }

  Pair commit(Pass pass, Pair pair, List<AuditEntry> entries, List<PendingNote> notes) {
    List<AuditEntry> all = new ArrayList<>(entries);
    mappings
        .findByName(pair.mapping())
        .map(mapping -> UnmappedValue.appeared(mapping, pass.stored(pair.id()).orElse(null), pair))
        .ifPresent(all::addAll);
    Pair saved =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  notes.forEach(note -> enqueue(pair, note));
                  return pairs.save(pair, all);
                }));
    pass.store(saved);
    return saved;
  }

  /** Adds an audit entry and a note; repeated calls with the same note have no effect. */
  void record(Pair pair, AuditEntry entry, PendingNote note) {
    transaction.executeWithoutResult(
        status -> {
          if (enqueue(pair, note)) {
            pairs.record(pair.id(), List.of(entry));
          }
        });
  }

  /** Saves only if something differs from the stored pair. */
  Pair commitIfChanged(Pass pass, Pair pair) {
    if (pass.stored(pair.id()).equals(Optional.of(pair))) {
      pass.update(pair);
      return pair;
    }
    return commit(pass, pair, List.of(), List.of());
  }

  private boolean enqueue(Pair pair, PendingNote note) {
    RecordRef about = Objects.requireNonNull(pair.ref(note.to().other()));
    RecordRef target = Objects.requireNonNull(pair.ref(note.to()));
    String name = "lockstep:" + pair.id() + ":" + note.name();
    boolean isTaken =
        mappings
            .findByName(pair.mapping())
            .map(mapping -> mapping.notes().takesOwn(note.to()))
            .orElse(true);
    return isTaken
        ? sender.enqueue(about, name, Visibility.INTERNAL, note.text(), target)
        : sender.withhold(about, name, Visibility.INTERNAL, note.text());
  }
}
