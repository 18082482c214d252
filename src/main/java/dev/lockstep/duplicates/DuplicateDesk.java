package dev.lockstep.duplicates;

import dev.lockstep.apply.MappingCatalog;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.Gone;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Reconciliation;
import dev.lockstep.inbox.Subject;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.History;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stands before the pairs: a record is compared before it may begin one, and what is a duplicate
 * never does. Everything else is passed on.
 */
class DuplicateDesk implements Reconciliation {
  private static final Logger LOG = LoggerFactory.getLogger(DuplicateDesk.class);

  private final Reconciliation next;
  private final MappingCatalog mappings;
  private final Connectors connectors;
  private final PairStore pairs;
  private final NoteStore notes;
  private final TicketStore tickets;
  private final DuplicateStore duplicates;
  private final Standings standings;
  private final Lookout lookout;
  private final Triage triage;
  private final Primaries primaries;
  private final DuplicatePass pass;
  private final TransactionTemplate transaction;

  DuplicateDesk(
      Reconciliation next,
      MappingCatalog mappings,
      Connectors connectors,
      PairStore pairs,
      NoteStore notes,
      TicketStore tickets,
      DuplicateStore duplicates,
      Standings standings,
      Lookout lookout,
      Triage triage,
      Primaries primaries,
      DuplicatePass pass,
      TransactionTemplate transaction) {
    this.next = next;
    this.mappings = mappings;
    this.connectors = connectors;
    this.pairs = pairs;
    this.notes = notes;
    this.tickets = tickets;
    this.duplicates = duplicates;
    this.standings = standings;
    this.lookout = lookout;
    this.triage = triage;
    this.primaries = primaries;
    this.pass = pass;
    this.transaction = transaction;
  }

  @Override
  public void process(InboxEntry entry) {
    if (entry.subject() instanceof Subject.OfRecord record && pairs.find(record.ref()).isEmpty()) {
      place(record.ref())
          .ifPresentOrElse(place -> alone(record.ref(), place, entry), () -> next.process(entry));
    } else if (entry.subject() instanceof Subject.OfPair pair) {
      pairs.find(pair.id()).ifPresent(found -> paired(found, entry));
    } else {
      next.process(entry);
    }
  }

  private Optional<Mappings.Place> place(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind()).stream()
        .filter(place -> place.mapping().duplicates().isPresent())
        .findFirst();
  }

  /** A record that is in no pair. */
  private void alone(RecordRef ref, Mappings.Place place, InboxEntry entry) {
    Mapping mapping = place.mapping();
    Side side = place.side();
    KnownTicket known = tickets.find(ref).orElse(null);
    Observed observed;
    try {
      observed = lookout.observe(mapping, side, ref, known == null ? null : known.seen(), entry);
      if (known != null && !observed.seen().equals(known.seen())) {
        tickets.see(ref, side, observed.seen());
      }
      if (!namesCounterpart(mapping, side, observed.seen())) {
        knowNamed(arrival(ref, mapping, side, observed));
      }
    } catch (Gone e) {
      gone(ref);
      next.process(entry);
      return;
    }
    if (namesCounterpart(mapping, side, observed.seen())) {
      // It was created for a pair, or is to be adopted into one: it is compared as part of that.
      next.process(entry);
      return;
    }
    Optional<Duplicate> hangs = consider(arrival(ref, mapping, side, observed), known);
    if (hangs.isPresent()) {
      pass.work(hangs.get(), mapping, observed, entry.doubt());
      return;
    }
    next.process(entry);
    if (known != null && primaries.isOne(List.of(ref))) {
      keepNotes(ref, entry);
      primaries.passOn(List.of(ref), rules(mapping));
    }
  }

  private boolean namesCounterpart(Mapping mapping, Side side, Snapshot seen) {
    String prefix = mapping.system(side.other()) + "/" + mapping.kind(side.other()) + "/";
    String far = seen.correlationId();
    return far.startsWith(prefix)
        && far.length() > prefix.length()
        && pairs
            .find(RecordRef.parse(far))
            .map(pair -> pair.state() != Pair.State.ENDED)
            .orElse(true);
  }

  /** What is compared in the words of a pair's ITSM record, as soon as there is one. */
  private void paired(Pair pair, InboxEntry entry) {
    Mapping mapping = mappings.named(pair.mapping()).orElse(null);
    if (mapping == null || mapping.duplicates().isEmpty()) {
      next.process(entry);
      return;
    }
    Optional<Duplicate> hangs =
        duplicates.inForce(Standings.records(pair)).or(() -> mergedByAPerson(pair, mapping, entry));
    if (hangs.isPresent()) {
      duplicate(hangs.get(), pair, mapping, entry);
      return;
    }
    next.process(entry);
    Pair after = pairs.find(pair.id()).orElse(null);
    if (after == null || after.state() == Pair.State.ENDED) {
      return;
    }
    Side side = after.leftSeen() != null ? Side.LEFT : Side.RIGHT;
    Observed observed = lookout.ofPair(Objects.requireNonNull(after.seen(side)), entry);
    KnownTicket known = tickets.of(Standings.records(after)).orElse(null);
    RecordRef name = known == null ? observed.seen().ref() : known.record();
    if (known != null && !observed.seen().equals(known.seen())) {
      tickets.see(name, side, observed.seen());
    }
    Arrival arrival = arrival(name, mapping, side, observed);
    knowNamed(arrival);
    consider(arrival, known)
        .ifPresentOrElse(
            found -> pass.work(found, mapping, null, false),
            () -> primaries.passOn(Standings.records(after), rules(mapping)));
  }

  /**
   * Somebody merged a pair's platform record into another pair's. Its end is not that of the
   * ticket, which hangs from now on under the other pair's: this is known before the end could be
   * carried.
   */
  private Optional<Duplicate> mergedByAPerson(Pair pair, Mapping mapping, InboxEntry entry) {
    for (Side side : Side.values()) {
      RecordRef ref = pair.ref(side);
      Hint hint = ref == null ? null : entry.hints().get(ref);
      if (ref == null || hint == null || hint.state() == null || pair.left() == null) {
        continue;
      }
      String into = hint.state().primaryId();
      boolean forGood =
          connectors.consolidates(ref.system(), ref.kind())
              && !connectors.separates(ref.system(), ref.kind());
      if (forGood && into != null && !into.isEmpty() && pair.state() == Pair.State.LINKED) {
        RecordRef target = new RecordRef(ref.system(), ref.kind(), into);
        if (pairs.find(target).map(Pair::left).isPresent()) {
          return merged(pair, mapping, target, entry);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Duplicate> merged(
      Pair pair, Mapping mapping, RecordRef target, InboxEntry entry) {
    Snapshot left = Objects.requireNonNull(pair.leftSeen());
    KnownTicket known = tickets.of(Standings.records(pair)).orElse(null);
    RecordRef name = known == null ? left.ref() : known.record();
    Arrival arrival = arrival(name, mapping, Side.LEFT, lookout.ofPair(left, entry));
    return triage.merged(
        arrival,
        target,
        () ->
            pairs.save(
                pair.in(Pair.State.ENDED),
                List.of(
                    new History("ended", "A person merged it; no longer kept in step", Map.of()))));
  }

  private void duplicate(Duplicate hangs, Pair found, Mapping mapping, InboxEntry entry) {
    Pair pair = pairs.find(found.id()).orElse(found);
    if (pair.state() == Pair.State.ENDED) {
      pass.work(hangs, mapping, ofEnded(hangs, pair, mapping, entry), entry.doubt());
    } else if (isYetToBegin(pair)) {
      // Consolidated before its counterpart was created: nobody is to be paged for it.
      Side side = pair.left() != null ? Side.LEFT : Side.RIGHT;
      Snapshot seen = Objects.requireNonNull(pair.seen(side));
      transaction.executeWithoutResult(
          status -> {
            pairs.delete(pair);
            tickets.see(hangs.duplicate(), side, seen);
          });
      pass.work(hangs, mapping, null, entry.doubt());
    } else {
      next.process(entry);
      Snapshot left = pairs.find(pair.id()).map(Pair::leftSeen).orElse(null);
      pass.work(hangs, mapping, left == null ? null : lookout.ofPair(left, entry), entry.doubt());
    }
  }

  private static boolean isYetToBegin(Pair pair) {
    return pair.state() == Pair.State.LINKING
        && !pair.creating()
        && (pair.left() == null || pair.right() == null);
  }

  /** Only the left record of an ended pair still has a life; the right one was merged away. */
  private @Nullable Observed ofEnded(
      Duplicate hangs, Pair pair, Mapping mapping, InboxEntry entry) {
    RecordRef left = pair.left();
    if (left == null) {
      return null;
    }
    Snapshot before = tickets.find(hangs.duplicate()).map(KnownTicket::seen).orElse(null);
    Observed observed = lookout.observe(mapping, Side.LEFT, left, before, entry);
    if (!observed.seen().equals(before)) {
      tickets.see(hangs.duplicate(), Side.LEFT, observed.seen());
    }
    return observed;
  }

  /**
   * What goes wrong in comparing must not keep an incident from anybody: it is then no duplicate,
   * and its pair begins.
   */
  private Optional<Duplicate> consider(Arrival arrival, @Nullable KnownTicket known) {
    try {
      return triage.consider(arrival);
    } catch (DataAccessException | TransactionException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      LOG.error("{} could not be compared with other tickets", arrival.record(), e);
      return known == null ? Optional.empty() : duplicates.inForce(List.of(known.record()));
    }
  }

  /** Somebody made it a duplicate of a ticket that was never heard of: that one is filed first. */
  private void knowNamed(Arrival arrival) {
    RecordRef named = arrival.namedPrimary();
    if (named == null || standings.nameOf(named).isPresent()) {
      return;
    }
    try {
      Observed observed = lookout.fetch(arrival.mapping(), arrival.side(), named, null);
      triage.file(arrival(named, arrival.mapping(), arrival.side(), observed));
    } catch (Gone e) {
      LOG.warn("{} names {} as its primary, which does not exist", arrival.record(), named);
    }
  }

  private Arrival arrival(RecordRef name, Mapping mapping, Side side, Observed observed) {
    boolean starts = mapping.starts(side, observed.seen().values());
    return new Arrival(
        name,
        mapping,
        rules(mapping),
        side,
        observed.seen(),
        starts || pairs.find(name).isPresent(),
        observed.openedAt(),
        observed.primaryId());
  }

  private void keepNotes(RecordRef ref, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    if (entry.doubt() || hint != null && hint.notesIncomplete()) {
      notes.keep(ref, connectors.notes(ref));
    }
  }

  private void gone(RecordRef ref) {
    duplicates
        .inForce(List.of(ref))
        .ifPresent(
            hangs ->
                transaction.executeWithoutResult(
                    status -> {
                      duplicates.save(hangs.in(Duplicates.State.WITHDRAWN));
                      duplicates.record(hangs, "gone", "The duplicate was deleted", "");
                    }));
  }

  private static DuplicateRules rules(Mapping mapping) {
    return mapping.duplicates().orElseThrow();
  }
}
