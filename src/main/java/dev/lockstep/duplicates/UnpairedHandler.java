package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.duplicates.consolidate.ChildWakeUp;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketRefresher;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.Pass;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The two steps of {@link DuplicateStep} for a record without a pair: it is compared before a pair
 * may start for it.
 */
@Component
class UnpairedHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UnpairedHandler.class);

  private final Connectors connectors;
  private final RecordStore records;
  private final PairStore pairs;
  private final NoteStore notes;
  private final TicketStore tickets;
  private final TicketRefresher refresher;
  private final DuplicateScreening screening;
  private final DuplicateDetector detector;
  private final ChildWakeUp childWakeUp;

  UnpairedHandler(
      Connectors connectors,
      RecordStore records,
      PairStore pairs,
      NoteStore notes,
      TicketStore tickets,
      TicketRefresher refresher,
      DuplicateScreening screening,
      DuplicateDetector detector,
      ChildWakeUp childWakeUp) {
    this.connectors = connectors;
    this.records = records;
    this.pairs = pairs;
    this.notes = notes;
    this.tickets = tickets;
    this.refresher = refresher;
    this.screening = screening;
    this.detector = detector;
    this.childWakeUp = childWakeUp;
  }

  /**
   * Compares a record before a pair may start for it.
   *
   * @param ref a record that is in no pair of the mapping, though perhaps of another one
   */
  Comparison compare(RecordRef ref, Mappings.MappedSide place, Pass pass) {
    StoredTicket known = tickets.find(ref).orElse(null);
    Optional<Duplicate> link = Optional.empty();
    try {
      RecordState state = refresh(ref, place, pass);
      link = compare(ref, place, state);
      if (pass.isUnpaired() && state.revision() == 0) {
        // Stored with its ticket.
        records.findState(ref).ifPresent(pass::update);
      }
    } catch (RecordNotFoundException e) {
      if (known != null && e.ref().equals(ref)) {
        detector.markDeleted(known);
      }
    } catch (RetryLaterException | SystemUnavailableException | RequestRejectedException e) {
      if (pass.isUnpaired()) {
        throw e;
      }
      // Whether it is a duplicate is not known; its correlation's other records do not wait for it.
      pass.skip(ref, e);
      pass.startNothing();
    }
    if (link.isPresent()) {
      // A duplicate starts no pair, but stays in those it has.
      pass.startNothing();
      if (pass.isUnpaired()) {
        pass.syncNothing();
      }
    }
    return new Comparison(place.mapping(), link, null, known == null ? null : ref);
  }

  /** What a ticket that is not a duplicate means for others. */
  void follow(RecordRef ref, Mapping mapping, Pass pass) {
    DuplicateRules rules = mapping.duplicates().orElseThrow();
    Side side = mapping.system(Side.LEFT).equals(ref.system()) ? Side.LEFT : Side.RIGHT;
    storeNotes(ref, rules.follows(side), pass.entry());
    childWakeUp.scheduleChildren(List.of(ref), rules);
  }

  private RecordState refresh(RecordRef ref, Mappings.MappedSide place, Pass pass) {
    RecordState before =
        pass.record().isPresent() ? pass.lastKnownState() : pass.correlation().states().get(ref);
    RecordState state = refresher.refresh(place.mapping(), place.side(), ref, before, pass.entry());
    // A record in a pair is stored with that pair.
    boolean isStored = pass.record().isPresent() && before != null;
    if (isStored && !state.equals(before)) {
      state = refresher.save(state);
    }
    pass.update(state);
    return state;
  }

  private Optional<Duplicate> compare(RecordRef ref, Mappings.MappedSide place, RecordState state) {
    // A record created for a pair, or to be adopted into one, is compared as part of that pair.
    return namesCounterpart(place.mapping(), place.side(), state)
        ? Optional.empty()
        : screening.compare(screening.observe(ref, place.mapping(), place.side(), state));
  }

  private boolean namesCounterpart(Mapping mapping, Side side, RecordState state) {
    return Mention.parse(state.correlationId())
        .map(Mention::ref)
        .filter(far -> far.system().equals(mapping.system(side.other())))
        .filter(far -> far.kind().equals(mapping.kind(side.other())))
        .map(
            far ->
                pairs
                    .find(far, mapping.name())
                    .map(pair -> pair.state() != Pair.State.ENDED)
                    .orElse(true))
        .orElse(false);
  }

  /** Stores its public comments, which may have to be copied to present or future duplicates. */
  private void storeNotes(RecordRef ref, boolean followed, InboxEntry entry) {
    Hint hint = entry.hints().get(ref);
    boolean due = entry.outcomeUnknown() || hint != null && hint.notesIncomplete();
    if (followed && due && pairs.findAll(ref).isEmpty()) {
      try {
        notes.insertNew(ref, connectors.notes(ref), true);
      } catch (RecordNotFoundException e) {
        notes.forget(ref);
      } catch (RequestRejectedException e) {
        LOG.warn("The notes of {} cannot be read: {}", ref, e.getMessage());
      }
    }
  }
}
