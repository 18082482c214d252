package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.DeliveryStore.Message;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.DeliveryRecovery.Recovered;
import dev.lockstep.sync.NoteRoutes.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers each note to every other record of its correlation once, in the order they were written.
 * A refused note waits for an operator; the others continue.
 */
@Component
public final class NoteSync {
  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final RecordRefresher refresher;
  private final NoteStore notes;
  private final DeliveryStore deliveries;
  private final PairStore pairs;
  private final PairTransaction journal;
  private final TransactionTemplate transaction;
  private final NoteSender sender;
  private final SentNotes sent;
  private final PausedMappings paused;
  private final DeliveryRecovery recovery;
  private final NoteMessages messages;
  private final NoteApprovals approvals;
  private final NoteGaps gaps;

  NoteSync(
      Connectors connectors,
      MappingCatalog mappings,
      RecordRefresher refresher,
      NoteStore notes,
      DeliveryStore deliveries,
      PairStore pairs,
      PairTransaction journal,
      TransactionTemplate transaction,
      NoteSender sender,
      SentNotes sent,
      DeliveryRecovery recovery,
      NoteMessages messages,
      NoteApprovals approvals,
      PausedMappings paused) {
    this.messages = messages;
    this.approvals = approvals;
    this.paused = paused;
    this.connectors = connectors;
    this.gaps = new NoteGaps(connectors);
    this.mappings = mappings;
    this.refresher = refresher;
    this.notes = notes;
    this.deliveries = deliveries;
    this.pairs = pairs;
    this.journal = journal;
    this.transaction = transaction;
    this.sender = sender;
    this.sent = sent;
    this.recovery = recovery;
  }

  private record Edge(UUID pair, RecordRef target) {}

  /** Where a pass over the notes stands. */
  private static final class Progress {
    /** How many notes a record refused and nobody has decided on, by the pair they came through. */
    final Map<Edge, Integer> refused = new HashMap<>();

    /** Where a note was not sent because the record's system takes none. */
    final Set<Edge> unsupported = new HashSet<>();

    /** Where a note could not be sent just now: later ones must not overtake it. */
    final Set<Queue> blocked = new HashSet<>();

    /** What is known of notes that may have been sent before the database knew it. */
    final Recovered recovered;

    Progress(Recovered recovered) {
      this.recovered = recovered;
    }
  }

  /**
   * The notes to a record in their order. Lockstep's own ones, about the links of the record, are
   * apart from what people wrote: if the outcome of the first note of either kind is unknown, the
   * other kind is sent nevertheless, and its listing proves whether the system shows notes.
   */
  private record Queue(RecordRef target, boolean own) {}

  /** Sends all pending notes; a pair with refused ones gets a gap. */
  public void deliver(Pass pass) {
    List<StoredNote> open = notes.open(pass.correlation().records());
    Progress progress = new Progress(recovery.recover(pass, open));
    if (progress.recovered.isChanged()) {
      open = notes.open(pass.correlation().records());
    }
    for (RecordRef target : pass.unavailable()) {
      progress.blocked.add(new Queue(target, true));
      progress.blocked.add(new Queue(target, false));
    }
    for (StoredNote note : open) {
      deliver(pass, note, progress);
    }
    for (Pair pair : pass.correlation().pairs()) {
      if (pair.state() == Pair.State.LINKED) {
        storeGaps(pass, pass.pair(pair.id()), progress);
      }
    }
  }

  private void deliver(Pass pass, StoredNote note, Progress progress) {
    if (!note.own()
        && note.deliveries().isEmpty()
        && sent.isOwn(note.record(), note.note().text())) {
      notes.settle(note, StoredNote.State.ECHO);
      return;
    }
    NoteRoutes found =
        NoteRoutes.of(mappings, paused, pass.correlation(), note.record(), note.note());
    List<Route> routes =
        Stream.concat(found.routes().stream(), found.toSource().stream())
            .filter(route -> isFor(note, route))
            .toList();
    boolean settled = !routes.isEmpty() && (found.isComplete() || note.own());
    for (Route route : routes) {
      settled &= deliver(pass, note, route, progress);
    }
    if (settled) {
      notes.settle(note, StoredNote.State.SETTLED);
    }
  }

  /** What people wrote goes to all other records; a note of Lockstep's own to those it names. */
  private static boolean isFor(StoredNote note, Route route) {
    return note.own()
        ? note.delivery(route.target()).isPresent()
        : !route.target().equals(note.record());
  }

  /** Returns whether nothing more happens to that delivery. */
  private boolean deliver(Pass pass, StoredNote note, Route route, Progress progress) {
    RecordRef target = route.target();
    Optional<Delivery> known = note.delivery(target);
    if (known.map(delivery -> delivery.state().isFinal()).orElse(false)) {
      return true;
    }
    if (known.map(delivery -> delivery.state() == Delivery.State.REFUSED).orElse(false)) {
      progress.refused.merge(new Edge(route.pair().id(), target), 1, Integer::sum);
      return false;
    }
    if (known.isPresent() && route.isTooPublic(note, known.get())) {
      return withdraw(pass, note, route, known.get());
    }
    if (isNotSynced(note, route, known)) {
      deliveries.skip(note, target);
      return true;
    }
    if (known.isEmpty() && !connectors.takesNotes(target, route.sentAs().orElseThrow())) {
      deliveries.skip(note, target);
      progress.unsupported.add(new Edge(route.pair().id(), target));
      return true;
    }
    boolean waits =
        route.isClosed()
            || known.isEmpty() && route.isHeld()
            || recovery.isLate(note) && progress.recovered.leavesOpen(note, target);
    Queue queue = new Queue(target, note.own());
    if (waits
        || approvals.isAwaited(note, route, known)
        || route.isPaused()
        || progress.blocked.contains(queue)) {
      // Notes to a closed record are sent if it is reopened.
      return false;
    }
    Outcome[] outcome = {Outcome.WAITS};
    if (!pass.guard("note", target, () -> outcome[0] = send(note, route))) {
      progress.blocked.add(queue);
    } else if (outcome[0] == Outcome.REFUSED) {
      progress.refused.merge(new Edge(route.pair().id(), target), 1, Integer::sum);
    }
    return outcome[0] == Outcome.SENT;
  }

  /** Returns whether it turned out to have been sent. */
  private boolean withdraw(Pass pass, StoredNote note, Route route, Delivery known) {
    boolean[] sent = {false};
    pass.guard(
        "note",
        route.target(),
        () -> {
          try {
            sender.withdraw(note, known, id -> markSent(note, route, id));
            sent[0] = true;
          } catch (RequestRejectedException e) {
            sender.refuse(note, route.target(), e);
          }
        });
    return sent[0];
  }

  /** A note that became internal before it was sent is no longer sent where none are. */
  private static boolean isNotSynced(StoredNote note, Route route, Optional<Delivery> known) {
    boolean isUndecided =
        known
            .map(delivery -> delivery.state() != Delivery.State.SENDING && !delivery.retried())
            .orElse(true);
    return isUndecided
        && (!note.own() || known.isEmpty())
        && (route.sentAs().isEmpty() || note.note().text().isBlank());
  }

  private enum Outcome {
    SENT,
    REFUSED,
    WAITS
  }

  private Outcome send(StoredNote note, Route route) {
    RecordRef target = route.target();
    NoteSender.OnSent done = sentId -> markSent(note, route, sentId);
    try {
      if (note.delivery(target).isPresent()) {
        sender.send(note, target, done);
      } else {
        sender.send(note, message(note, route), done);
      }
      return Outcome.SENT;
    } catch (RequestRejectedException e) {
      RecordState before = Objects.requireNonNull(route.pair().state(route.from().other()));
      Map<String, String> now = refresher.fetch(target, before).in(route.mapping().name()).values();
      if (route.isRefusedBy(now)) {
        return Outcome.WAITS;
      }
      sender.refuse(note, target, e);
      return Outcome.REFUSED;
    }
  }

  private Message message(StoredNote note, Route route) {
    return messages.synced(
        note.note(), route.sourceKey(), route.target(), route.sentAs().orElseThrow());
  }

  /** An operator may have settled some of the refused notes. */
  private void storeGaps(Pass pass, Pair pair, Progress progress) {
    Pair next = pair;
    for (Side side : Side.values()) {
      Edge edge = new Edge(pair.id(), Objects.requireNonNull(pair.ref(side)));
      Optional<String> gap =
          gaps.find(
              pair,
              side,
              progress.refused.getOrDefault(edge, 0),
              progress.unsupported.contains(edge));
      next = next.withNoteGap(Pair.notesTo(side), gap);
    }
    journal.commitIfChanged(pass, next);
  }

  private void markSent(StoredNote note, Route route, @Nullable String sentId) {
    Map<String, String> details = new HashMap<>();
    details.put("from", note.record().toString());
    details.put("note", note.note().id());
    String text = "A note was synced to " + connectors.title(route.target().system());
    transaction.executeWithoutResult(
        status -> {
          deliveries.markSent(note, route.target(), sentId);
          pairs.record(route.pair().id(), List.of(new AuditEntry("note", text, details)));
        });
  }
}
