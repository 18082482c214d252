package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.NoteRoutes.Route;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Recognizes notes that were synced before the database knew it. They would be sent once more, and
 * Lockstep's copies of them sent back. Only notes that are not {@linkplain Novelty new} are looked
 * for, so that live traffic costs no call.
 */
@Component
class DeliveryRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryRecovery.class);

  private final Connectors connectors;
  private final MappingCatalog mappings;
  private final PausedMappings paused;
  private final NoteStore notes;
  private final DeliveryStore deliveries;
  private final SentNotes sent;
  private final NoteMessages messages;
  private final Novelty novelty;
  private final Clock clock;

  DeliveryRecovery(
      Connectors connectors,
      MappingCatalog mappings,
      PausedMappings paused,
      NoteStore notes,
      DeliveryStore deliveries,
      SentNotes sent,
      NoteMessages messages,
      Novelty novelty,
      Clock clock) {
    this.messages = messages;
    this.connectors = connectors;
    this.mappings = mappings;
    this.paused = paused;
    this.notes = notes;
    this.deliveries = deliveries;
    this.sent = sent;
    this.novelty = novelty;
    this.clock = clock;
  }

  /**
   * @param isChanged whether some open notes may have turned out to be where they belong
   * @param unknown records whose notes cannot be listed now: late notes to them must wait
   */
  record Recovered(boolean isChanged, Set<RecordRef> unknown) {
    private static final Recovered NOTHING = new Recovered(false, Set.of());

    /** Whether it is not known yet if the note, which is late, was sent before. */
    boolean leavesOpen(StoredNote note, RecordRef target) {
      boolean mayBeCopy = NoteMark.ofWriter(note.note().text()).isPresent();
      return unknown.contains(target) || mayBeCopy && !unknown.isEmpty();
    }
  }

  /** Whether a note is to be sent for the first time, though it was not written just now. */
  boolean isLate(StoredNote note) {
    return !note.own()
        && note.deliveries().isEmpty()
        && !novelty.isNew(note.note().createdAt(), clock.instant());
  }

  /** Stores the deliveries of late notes that are on their target already. */
  Recovered recover(Pass pass, List<StoredNote> open) {
    Correlation correlation = pass.correlation();
    if (open.stream().noneMatch(note -> isLate(note) && mayBeSent(note, correlation))) {
      return Recovered.NOTHING;
    }
    Map<RecordRef, List<WorkNote>> listed = new LinkedHashMap<>();
    Set<RecordRef> unknown = new HashSet<>();
    for (RecordRef record : correlation.records()) {
      if (pass.unavailable().contains(record)
          || !pass.guard("list notes", record, () -> listed.put(record, list(record)))) {
        unknown.add(record);
      }
    }
    Map<RecordRef, Set<WorkNote>> recognized = new LinkedHashMap<>();
    listed.forEach((record, all) -> recognized.put(record, linkNotes(correlation, record, all)));
    listed.forEach(
        (record, all) ->
            all.forEach(note -> recoverCopies(correlation, record, note, listed, recognized)));
    listed.forEach(
        (record, all) -> settleOwn(record, all, recognized.getOrDefault(record, Set.of())));
    return new Recovered(true, unknown);
  }

  private boolean mayBeSent(StoredNote note, Correlation correlation) {
    return !sent.isOwn(note.record(), note.note().text())
        && routes(correlation, note.record(), note.note()).stream()
            .anyMatch(route -> route.sentAs().isPresent() && !route.isHeld() && !route.isClosed());
  }

  private List<Route> routes(Correlation correlation, RecordRef record, WorkNote note) {
    return NoteRoutes.of(mappings, paused, correlation, record, note).routes();
  }

  /** Notes that may not be read prove nothing. */
  private List<WorkNote> list(RecordRef record) {
    try {
      List<WorkNote> all = connectors.notes(record);
      notes.insertNew(record, all, true);
      return all;
    } catch (RequestRejectedException e) {
      LOG.debug("The notes of {} cannot be read", record, e);
      return List.of();
    }
  }

  private Set<WorkNote> linkNotes(Correlation correlation, RecordRef record, List<WorkNote> all) {
    Set<WorkNote> found = new HashSet<>();
    for (Pair pair : correlation.pairsOf(record)) {
      Side side = Objects.requireNonNull(pair.sideOf(record));
      Snapshot counterpart = pair.seen(side.other());
      if (counterpart != null) {
        String title = connectors.title(counterpart.ref().system());
        all.stream()
            .filter(note -> LinkNote.isAbout(note.text(), title, counterpart))
            .forEach(found::add);
      }
    }
    return found;
  }

  private void recoverCopies(
      Correlation correlation,
      RecordRef record,
      WorkNote note,
      Map<RecordRef, List<WorkNote>> listed,
      Map<RecordRef, Set<WorkNote>> recognized) {
    for (Route route : routes(correlation, record, note)) {
      Set<WorkNote> known = recognized.getOrDefault(route.target(), Set.of());
      listed.getOrDefault(route.target(), List.of()).stream()
          .filter(shown -> isCopy(note, route, shown, known))
          .findFirst()
          .ifPresent(
              copy -> {
                known.add(copy);
                deliveries.insertSent(record, note.id(), message(route, copy), copy);
              });
    }
  }

  /** Without a mark, a note there is the copy of at most one. */
  private boolean isCopy(WorkNote note, Route route, WorkNote shown, Set<WorkNote> known) {
    return sent.isTextOnly(route.target())
        ? route.sentAs().isPresent()
            && !note.text().isBlank()
            && !known.contains(shown)
            && isSameText(note, route, shown.text())
        : isCopy(note, route, shown.text());
  }

  private boolean isSameText(WorkNote note, Route route, String shown) {
    Visibility as = route.sentAs().orElseThrow();
    String text = messages.synced(note, route.sourceKey(), route.target(), as).text();
    return sent.isSame(text, route.target(), shown);
  }

  private boolean isCopy(WorkNote note, Route route, String shown) {
    return NoteFormat.isCopy(
        note,
        route.sourceKey(),
        shown,
        NoteSender.LONGEST,
        text -> connectors.shown(route.target(), text));
  }

  private DeliveryStore.Message message(Route route, WorkNote copy) {
    return new DeliveryStore.Message(
        route.target(),
        route.sentAs().orElse(Visibility.INTERNAL),
        copy.text(),
        NoteMark.ofWriter(copy.text()).orElseGet(messages::newMark));
  }

  /**
   * Other notes of Lockstep's own, such as announcements, cannot be compared with anything: they
   * have its mark and the author of those that were recognized.
   */
  private void settleOwn(RecordRef record, List<WorkNote> all, Set<WorkNote> recognized) {
    Set<String> authors = new HashSet<>();
    recognized.forEach(note -> authors.add(note.author()));
    all.stream()
        .filter(note -> recognized.contains(note) || authors.contains(note.author()))
        .filter(note -> NoteMark.ofWriter(note.text()).isPresent())
        .filter(note -> !sent.isOwn(record, note.text()))
        .forEach(note -> notes.markEcho(record, note.id()));
  }
}
