package dev.lockstep.duplicates;

import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.Wakes;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Wakes a primary's duplicates when something changed that they follow. That they were woken is
 * committed with their waking, so that a crash leaves both or neither.
 */
class Primaries {
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final Standings standings;
  private final PairStore pairs;
  private final NoteStore notes;
  private final Wakes wakes;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Primaries(
      TicketStore tickets,
      DuplicateStore duplicates,
      Standings standings,
      PairStore pairs,
      NoteStore notes,
      Wakes wakes,
      TransactionTemplate transaction,
      Clock clock) {
    this.tickets = tickets;
    this.duplicates = duplicates;
    this.standings = standings;
    this.pairs = pairs;
    this.notes = notes;
    this.wakes = wakes;
    this.transaction = transaction;
    this.clock = clock;
  }

  boolean isOne(List<RecordRef> records) {
    return !duplicates.under(records).isEmpty();
  }

  void passOn(List<RecordRef> records, DuplicateRules rules) {
    List<Duplicate> under = duplicates.under(records);
    if (under.isEmpty()) {
      return;
    }
    Standing primary = standings.get(under.get(0).primary());
    String shown = shown(primary, rules);
    transaction.executeWithoutResult(
        status -> {
          if (tickets.passOn(primary.ticket().record(), shown)) {
            under.stream().map(this::subject).sorted().forEach(this::wake);
          }
        });
  }

  /** All of a primary that matters to its duplicates. */
  private String shown(Standing primary, DuplicateRules rules) {
    List<String> shown = new ArrayList<>();
    for (Side side : Side.values()) {
      RecordRef ref = primary.ref(side);
      Snapshot seen = primary.seen(side);
      shown.add(ref == null ? "no record, to come: " + primary.mayGet(side) : ref.toString());
      if (ref != null && seen != null) {
        shown.add("over: " + rules.isOver(side, seen.values()));
        shown.add("resolved: " + rules.isResolved(side, seen.values()));
        rules
            .followed(side)
            .forEach(field -> shown.add(field + ": " + seen.values().getOrDefault(field, "")));
        if (!rules.followed(side).isEmpty()) {
          shown.add("comments: " + notes.publicSince(ref, Instant.EPOCH).size());
        }
      }
    }
    return String.join("\n", shown);
  }

  /** In one order for all, so that nobody waits for a row another one holds. */
  private String subject(Duplicate duplicate) {
    return pairs
        .find(duplicate.duplicate())
        .<Subject>map(pair -> new Subject.OfPair(pair.id()))
        .orElseGet(() -> new Subject.OfRecord(duplicate.duplicate()))
        .toString();
  }

  private void wake(String subject) {
    wakes.wake(Subject.parse(subject), Map.of(), clock.instant());
  }
}
