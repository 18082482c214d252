package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.NoteSender.OnSent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether a note whose outcome is unknown was delivered. */
class DeliverySearch {
  /** How often and for how long a system is asked again before an operator has to decide. */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** How much a system's clock may be behind. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  private static final String LET_READ = " Let the integration user read the record's notes.";

  private static final Logger LOG = LoggerFactory.getLogger(DeliverySearch.class);

  private final Connectors connectors;
  private final NoteStore notes;
  private final DeliveryStore deliveries;
  private final SentNotes sent;
  private final Clock clock;

  DeliverySearch(
      Connectors connectors,
      NoteStore notes,
      DeliveryStore deliveries,
      SentNotes sent,
      Clock clock) {
    this.connectors = connectors;
    this.notes = notes;
    this.deliveries = deliveries;
    this.sent = sent;
    this.clock = clock;
  }

  /**
   * @return whether it was delivered, and is stored as such; otherwise it must be sent
   * @throws RequestRejectedException if that cannot be found out: an operator has to decide
   */
  boolean isDelivered(Delivery delivery, OnSent done) {
    requireListed(delivery);
    List<WorkNote> listed = listNotes(delivery);
    if (sent.isTextOnly(delivery.target())) {
      return isTextDelivered(delivery, listed, done);
    }
    if (hasMark(listed, delivery)) {
      done.sent(findId(delivery, listed).orElse(null));
      return true;
    }
    Optional<String> cut = findId(delivery, listed);
    if (cut.isPresent()) {
      done.sent(cut.get());
      return true;
    }
    requireReadable(delivery, listed);
    return false;
  }

  /**
   * Whether a text that waited for its approval is there already: sent before the database was
   * restored from a backup in which it still waits, or written by somebody who had read it here.
   * Texts that never waited are not looked for.
   */
  boolean isThere(Delivery approved, OnSent done) {
    Instant since = approved.waitingSince();
    if (since == null || !connectors.showsNotes(approved.target(), approved.sentAs())) {
      return false;
    }
    List<WorkNote> listed;
    try {
      listed = connectors.notes(approved.target());
    } catch (RequestRejectedException e) {
      LOG.debug("The notes of {} cannot be read", approved.target(), e);
      return false;
    }
    boolean isThere =
        sent.isTextOnly(approved.target())
            ? sent.candidates(listed, approved).stream()
                .anyMatch(note -> !note.createdAt().isBefore(since.minus(CLOCKS_APART)))
            : hasMark(listed, approved);
    if (isThere) {
      done.sent(null);
    }
    return isThere;
  }

  /** The mark is random: wherever it occurs, even in a quotation, the note was delivered. */
  private static boolean hasMark(List<WorkNote> listed, Delivery delivery) {
    return listed.stream()
        .anyMatch(note -> NoteMark.findAll(note.text()).contains(delivery.mark()));
  }

  /** Its id stays unknown: another note may have the same text. */
  private boolean isTextDelivered(Delivery delivery, List<WorkNote> listed, OnSent done) {
    if (sent.candidates(listed, delivery).isEmpty()) {
      requireReadable(delivery, listed);
      return false;
    }
    done.sent(null);
    return true;
  }

  private void requireListed(Delivery delivery) {
    if (!connectors.showsNotes(delivery.target(), delivery.sentAs())) {
      throw outcomeUnknown(
          delivery,
          "It lists no %s notes.".formatted(delivery.sentAs().name().toLowerCase(Locale.ROOT)),
          "");
    }
  }

  private List<WorkNote> listNotes(Delivery delivery) {
    try {
      List<WorkNote> listed = connectors.notes(delivery.target());
      notes.insertNew(delivery.target(), listed, true);
      return listed;
    } catch (RequestRejectedException e) {
      throw outcomeUnknown(delivery, "It does not show its notes. " + e.answer(), LET_READ);
    }
  }

  /** The id of the note whose entire text is ours; a reply that quotes it has another id. */
  private Optional<String> findId(Delivery delivery, List<WorkNote> listed) {
    return listed.stream()
        .filter(other -> sent.isSame(delivery, delivery.target(), other.text()))
        .findFirst()
        .map(WorkNote::id);
  }

  /**
   * A missing note proves that it was not delivered only if the system is known to list its notes:
   * an access rule may hide all of them, with the same response as for no notes.
   */
  private void requireReadable(Delivery delivery, List<WorkNote> listed) {
    RecordRef target = delivery.target();
    Visibility visibility = delivery.sentAs();
    List<Delivery> earlier =
        deliveries.sentTo(target).stream().filter(one -> one.sentAs() == visibility).toList();
    boolean readable =
        earlier.isEmpty()
            ? listed.stream().anyMatch(other -> other.visibility() == visibility)
                || isReadableElsewhere(delivery)
            : earlier.stream().anyMatch(before -> sent.isListed(listed, target, before));
    if (!readable) {
      throw outcomeUnknown(
          delivery,
          "It does not show its notes. A note sent there earlier is not listed.",
          LET_READ);
    }
  }

  /**
   * Checks whether another record of that kind shows a note known to be there. If that record is
   * deleted or refused, it proves nothing about this one.
   */
  private boolean isReadableElsewhere(Delivery delivery) {
    RecordRef target = delivery.target();
    Optional<RecordRef> other =
        deliveries.lastSentTo(target.system(), target.kind(), delivery.sentAs());
    if (other.isPresent()) {
      try {
        List<WorkNote> listed = connectors.notes(other.get());
        return deliveries.sentTo(other.get()).stream()
            .anyMatch(before -> sent.isListed(listed, other.get(), before));
      } catch (RecordNotFoundException | RequestRejectedException e) {
        LOG.info("The notes of {} cannot be read: {}", other.get(), e.getMessage());
      }
    }
    Instant since = Objects.requireNonNullElse(delivery.sentAt(), Instant.EPOCH);
    if (clock.instant().isBefore(since.plus(PATIENCE))) {
      throw new RetryLaterException(
          NEXT_LOOK,
          target + " does not yet show whether a note was delivered, nor any other note");
    }
    return false;
  }

  private RequestRejectedException outcomeUnknown(
      Delivery delivery, String why, String permission) {
    return new RequestRejectedException(
        0,
        "note on " + delivery.target() + ": " + delivery.text(),
        "%s did not answer when this note was sent. %s"
            .formatted(connectors.title(delivery.target().system()), why),
        "Open the record: if the note is there, discard this; if it is not, retry, which sends it"
            + " again."
            + permission);
  }
}
