package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.DeliveryStore.Message;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.WriteMetrics.Action;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends a note exactly once. The note is claimed and marked before it is sent. If no response
 * arrives, the note is searched for on its record, and sent again only if that system is known to
 * list its notes.
 */
@Component
public class NoteSender {
  /**
   * The default limit of a ServiceNow journal field, the lowest of the supported systems, in
   * characters.
   */
  public static final int LONGEST = 4000;

  /**
   * @param length how long a claim excludes other senders. A claim older than half of it is not
   *     used: the process may have been suspended, and the other half is reserved for the call.
   */
  public record Lease(Duration length) {
    Instant end(Instant claimed) {
      return claimed.plus(length);
    }

    /** At most its length, also if the clock of the process that holds it is ahead. */
    Duration remaining(Instant end, Instant now) {
      Duration left = Duration.between(now, end);
      return left.isNegative() ? Duration.ZERO : left.compareTo(length) > 0 ? length : left;
    }

    boolean isFresh(Instant claimed, Instant now) {
      return !now.isAfter(claimed.plus(length.dividedBy(2)));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(NoteSender.class);

  private final Connectors connectors;
  private final NoteStore notes;
  private final DeliveryStore deliveries;
  private final DeliverySearch search;
  private final NoteMessages messages;
  private final WriteMetrics actions;
  private final DeadLetters deadLetters;
  private final TransactionTemplate transaction;
  private final Lease lease;
  private final Clock clock;
  private final String owner = UUID.randomUUID().toString();

  NoteSender(
      Connectors connectors,
      NoteStore notes,
      DeliveryStore deliveries,
      WriteMetrics actions,
      DeadLetters deadLetters,
      SentNotes sent,
      NoteMessages messages,
      TransactionTemplate transaction,
      Lease lease,
      Clock clock) {
    this.connectors = connectors;
    this.notes = notes;
    this.deliveries = deliveries;
    this.search = new DeliverySearch(connectors, notes, deliveries, sent, clock);
    this.messages = messages;
    this.actions = actions;
    this.deadLetters = deadLetters;
    this.transaction = transaction;
    this.lease = lease;
    this.clock = clock;
  }

  /** Runs in the transaction that stores the note as sent. */
  public interface OnSent {
    /**
     * @param id the note's id on the target record; null if unknown
     */
    void sent(@Nullable String id);
  }

  /**
   * Stores a note written by Lockstep, to be sent later; in the caller's transaction.
   *
   * @param from the record under which it is stored until it is sent
   * @param name unique among the notes of {@code from}
   * @return false if it was stored before
   */
  public boolean enqueue(RecordRef from, String name, Visibility visibility, String text) {
    var note = new WorkNote(name, "Lockstep", clock.instant(), text, visibility);
    return notes.insertOwn(from, note, StoredNote.State.OPEN);
  }

  /**
   * Stores a note that a user wrote in Lockstep as if it had been written on that record: it goes
   * to the others by the rules of their mappings, in the visibility that these allow.
   */
  public void enqueueWritten(RecordRef record, WorkNote note) {
    notes.insertNew(record, List.of(note), false);
  }

  /**
   * The same for a note to a certain record; also to {@code from} itself.
   *
   * @return false if it was stored before
   */
  public boolean enqueue(
      RecordRef from, String name, Visibility visibility, String text, RecordRef target) {
    boolean isNew = enqueue(from, name, visibility, text);
    if (isNew) {
      deliveries.enqueue(from, name, messages.own(target, visibility, text));
    }
    return isNew;
  }

  /**
   * Stores a note written by Lockstep that its mapping sends nowhere; in the caller's transaction.
   *
   * @return false if it was stored before
   */
  boolean withhold(RecordRef from, String name, Visibility visibility, String text) {
    var note = new WorkNote(name, "Lockstep", clock.instant(), text, visibility);
    return notes.insertOwn(from, note, StoredNote.State.SETTLED);
  }

  /**
   * Sends a note written by Lockstep, or one whose earlier attempt ended without an outcome.
   * Settled deliveries and those that wait for a decision are skipped, and so is a note to a system
   * that takes none.
   *
   * @throws RequestRejectedException if the system refuses it or does not show whether it was
   *     delivered: see {@link #refuse}
   */
  public void send(StoredNote note, RecordRef target, OnSent done) {
    Delivery delivery = note.delivery(target).orElse(null);
    if (delivery == null) {
      sendElsewhere(note, target, done);
      return;
    }
    if (isDecided(note, delivery)) {
      return;
    }
    if (delivery.state() == Delivery.State.SENDING
        ? isDelivered(note, delivery, done)
        : search.isThere(delivery, done)) {
      return;
    }
    send(note, message(delivery), done);
  }

  /**
   * Withdraws a delivery in a visibility that the note no longer has on its target. If it turns out
   * to have been sent, it is stored as such; otherwise it is forgotten, and its mapping decides
   * again.
   *
   * @throws RetryLaterException if it was forgotten: the note is to be routed again
   * @throws RequestRejectedException as {@link #send}
   */
  void withdraw(StoredNote note, Delivery delivery, OnSent done) {
    if (delivery.state() == Delivery.State.SENDING && isDelivered(note, delivery, done)) {
      return;
    }
    deliveries.forget(note, delivery.target(), owner);
    throw new RetryLaterException(
        Duration.ZERO, "a note of " + note.record() + " has another visibility by now");
  }

  /** A note of Lockstep's own has one target only: with its delivery it is settled, too. */
  private boolean isDecided(StoredNote note, Delivery delivery) {
    if (delivery.state().isFinal() && note.own()) {
      notes.settle(note, StoredNote.State.SETTLED);
    }
    return delivery.state().isFinal() || delivery.state().needsDecision();
  }

  private static Message message(Delivery delivery) {
    return new Message(delivery.target(), delivery.sentAs(), delivery.text(), delivery.mark());
  }

  /**
   * A note of Lockstep's own whose target is decided only now. An earlier attempt may have had
   * another one: the incident got its ticket in between.
   */
  private void sendElsewhere(StoredNote note, RecordRef target, OnSent done) {
    for (Delivery earlier : note.deliveries()) {
      if (isDecided(note, earlier)) {
        return;
      }
      try {
        if (earlier.state() == Delivery.State.SENDING && isDelivered(note, earlier, done)) {
          return;
        }
      } catch (RecordNotFoundException e) {
        LOG.debug("A note delivered to {} was deleted with it", earlier.target(), e);
      }
      deliveries.settle(note, earlier.target(), Delivery.State.SKIPPED);
    }
    send(note, messages.own(target, note.note().visibility(), note.note().text()), done);
  }

  void send(StoredNote note, Message message, OnSent done) {
    if (!connectors.takesNotes(message.target(), message.sentAs())) {
      deliveries.skip(note, message.target());
      return;
    }
    Instant claimed = clock.instant();
    if (!deliveries.claim(note, message, owner, claimed, lease.end(claimed))) {
      waitForOther(note, message.target());
      return;
    }
    try {
      var id =
          actions.count(
              Action.NOTE,
              () -> {
                requireFresh(claimed);
                return connectors.addNote(message.target(), message.text(), message.sentAs());
              });
      done.sent(id.orElse(null));
    } catch (RetryLaterException | RequestRejectedException e) {
      // The call was not executed, so no search is needed.
      deliveries.release(note, message.target(), owner);
      throw e;
    }
  }

  /** Stores that a note of Lockstep's own, which has one target only, was sent. */
  public OnSent settle(StoredNote note, RecordRef target) {
    return id ->
        transaction.executeWithoutResult(
            status -> {
              deliveries.markSent(note, target, id);
              notes.settle(note, StoredNote.State.SETTLED);
            });
  }

  /** Marks the note as refused and creates one dead letter for it; later notes are not blocked. */
  public void refuse(StoredNote note, RecordRef target, RequestRejectedException why) {
    transaction.executeWithoutResult(
        status -> {
          deliveries.settle(note, target, Delivery.State.REFUSED);
          deadLetters.add(new Subject.OfNote(note.record(), note.note().id(), target), why);
        });
  }

  /** Moves the notes stored under one record, and their dead letters, to another. */
  public void rename(RecordRef old, RecordRef name) {
    transaction.executeWithoutResult(
        status -> {
          notes.rename(old, name);
          deadLetters.rename(old, name);
        });
  }

  /**
   * Another process is sending the note, or has just sent or settled it; in the latter case there
   * is nothing to do.
   */
  private void waitForOther(StoredNote note, RecordRef target) {
    Instant now = clock.instant();
    Optional<Instant> end = deliveries.leaseEnd(note, target, lease.end(now));
    if (end.isPresent()) {
      throw new RetryLaterException(
          lease.remaining(end.get(), now), "another process is sending a note of " + note.record());
    }
  }

  private void requireFresh(Instant claimed) {
    if (!lease.isFresh(claimed, clock.instant())) {
      throw new RetryLaterException(
          Duration.ZERO, "this process was suspended before it sent a note");
    }
  }

  /**
   * Searches for a note whose outcome is unknown.
   *
   * @return whether it is settled; otherwise it was not delivered and must be sent
   */
  private boolean isDelivered(StoredNote note, Delivery delivery, OnSent done) {
    Instant now = clock.instant();
    if (!deliveries.takeOver(note, delivery.target(), owner, now, lease.end(now))) {
      waitForOther(note, delivery.target());
      return true;
    }
    return search.isDelivered(delivery, done);
  }
}
