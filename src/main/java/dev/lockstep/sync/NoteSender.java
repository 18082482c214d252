package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sync.WriteMetrics.Action;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends a note exactly once. The note is claimed and marked before it is sent. If no response
 * arrives, the note is searched for on its record, and sent again only if that system is known to
 * list its notes.
 */
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

    boolean isFresh(Instant claimed, Instant now) {
      return !now.isAfter(claimed.plus(length.dividedBy(2)));
    }
  }

  /** How often and for how long a system is asked again before an operator has to decide. */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String LET_READ = " Let the integration user read the record's notes.";

  private static final Logger LOG = LoggerFactory.getLogger(NoteSender.class);

  private final Connectors connectors;
  private final NoteStore notes;
  private final WriteMetrics actions;
  private final DeadLetters deadLetters;
  private final TransactionTemplate transaction;
  private final Lease lease;
  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();
  private final String owner = UUID.randomUUID().toString();

  NoteSender(
      Connectors connectors,
      NoteStore notes,
      WriteMetrics actions,
      DeadLetters deadLetters,
      TransactionTemplate transaction,
      Lease lease,
      Clock clock) {
    this.connectors = connectors;
    this.notes = notes;
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
    String mark = newMark();
    var note = new WorkNote(name, "Lockstep", clock.instant(), text, visibility);
    return notes.enqueue(from, note, visibility, NoteFormat.formatOwn(text, mark, LONGEST), mark);
  }

  String newMark() {
    return NoteMark.random(random);
  }

  /**
   * Sends a note that is ready, or whose earlier attempt ended without an outcome. Refused notes
   * are skipped.
   *
   * @throws RequestRejectedException if the system refuses it or does not show whether it was
   *     delivered: see {@link #refuse}
   */
  public void send(StoredNote note, RecordRef target, OnSent done) {
    if (note.state() == StoredNote.State.REFUSED) {
      return;
    }
    // The earlier attempt may have had another target: the incident got its ticket in between.
    RecordRef before = Objects.requireNonNullElse(note.target(), target);
    try {
      if (note.state() == StoredNote.State.SENDING && isDelivered(note, before, done)) {
        return;
      }
    } catch (RecordNotFoundException e) {
      if (before.equals(target)) {
        throw e;
      }
      // A note delivered there was deleted with its record.
    }
    send(
        note,
        target,
        Objects.requireNonNull(note.sentAs()),
        Objects.requireNonNull(note.sentText()),
        Objects.requireNonNull(note.mark()),
        done);
  }

  void send(
      StoredNote note, RecordRef target, Visibility sentAs, String text, String mark, OnSent done) {
    Instant claimed = clock.instant();
    if (!notes.claim(note, target, sentAs, text, mark, owner, claimed, lease.end(claimed))) {
      waitForOther(note);
      return;
    }
    try {
      var id =
          actions.count(
              Action.NOTE,
              () -> {
                requireFresh(claimed);
                return connectors.addNote(target, text, sentAs);
              });
      done.sent(id.orElse(null));
    } catch (RetryLaterException | RequestRejectedException e) {
      // The call was not executed, so no search is needed.
      notes.release(note, owner);
      throw e;
    }
  }

  /** Marks the note as refused and creates one dead letter for it; later notes are not blocked. */
  public void refuse(StoredNote note, RequestRejectedException why) {
    transaction.executeWithoutResult(
        status -> {
          notes.settle(note, StoredNote.State.REFUSED);
          deadLetters.add(new Subject.OfNote(note.record(), note.note().id()), why);
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
  private void waitForOther(StoredNote note) {
    if (notes.isOpen(note)) {
      throw new RetryLaterException(
          lease.length(), "another process is sending a note of " + note.record());
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
  private boolean isDelivered(StoredNote note, RecordRef target, OnSent done) {
    Instant now = clock.instant();
    if (!notes.takeOver(note, owner, now, lease.end(now))) {
      waitForOther(note);
      return true;
    }
    requireListed(note, target);
    List<WorkNote> listed = listNotes(note, target);
    String mark = Objects.requireNonNull(note.mark());
    // The mark is random: wherever it occurs, even in a quotation, the note was delivered.
    if (listed.stream().anyMatch(other -> NoteMark.findAll(other.text()).contains(mark))) {
      done.sent(findId(note, target, listed).orElse(null));
      return true;
    }
    Optional<String> cut = findId(note, target, listed);
    if (cut.isPresent()) {
      done.sent(cut.get());
      return true;
    }
    requireReadable(note, target, listed);
    return false;
  }

  private void requireListed(StoredNote note, RecordRef target) {
    Visibility visibility = Objects.requireNonNull(note.sentAs());
    if (!connectors.showsNotes(target, visibility)) {
      throw outcomeUnknown(
          note,
          target,
          "It lists no %s notes.".formatted(visibility.name().toLowerCase(Locale.ROOT)),
          "");
    }
  }

  private List<WorkNote> listNotes(StoredNote note, RecordRef target) {
    try {
      List<WorkNote> listed = connectors.notes(target);
      notes.insertNew(target, listed, true);
      return listed;
    } catch (RequestRejectedException e) {
      throw outcomeUnknown(note, target, "It does not show its notes. " + e.answer(), LET_READ);
    }
  }

  /** The id of the note whose entire text is ours; a reply that quotes it has another id. */
  private Optional<String> findId(StoredNote note, RecordRef target, List<WorkNote> listed) {
    return listed.stream()
        .filter(other -> isSame(note, target, other.text()))
        .findFirst()
        .map(WorkNote::id);
  }

  /**
   * Whether a text on that record is the complete text of a sent note, as the system renders it.
   */
  boolean isSame(StoredNote sent, RecordRef on, String text) {
    String whole = sent.sentText();
    return whole != null
        && (NoteFormat.isSame(whole, text) || NoteFormat.isSame(connectors.shown(on, whole), text));
  }

  /** Whether a note sent to a record is among those its system lists. */
  boolean isListed(List<WorkNote> listed, RecordRef on, StoredNote sent) {
    return listed.stream()
        .anyMatch(other -> other.id().equals(sent.syncedId()) || isSame(sent, on, other.text()));
  }

  /**
   * A missing note proves that it was not delivered only if the system is known to list its notes:
   * an access rule may hide all of them, with the same response as for no notes.
   */
  private void requireReadable(StoredNote note, RecordRef target, List<WorkNote> listed) {
    Visibility visibility = Objects.requireNonNull(note.sentAs());
    List<StoredNote> before =
        notes.syncedTo(target).stream().filter(sent -> sent.sentAs() == visibility).toList();
    boolean readable =
        before.isEmpty()
            ? listed.stream().anyMatch(other -> other.visibility() == visibility)
                || isReadableElsewhere(note, target, visibility)
            : before.stream().anyMatch(sent -> isListed(listed, target, sent));
    if (!readable) {
      throw outcomeUnknown(
          note,
          target,
          "It does not show its notes. A note sent there earlier is not listed.",
          LET_READ);
    }
  }

  /**
   * Checks whether another record of that kind shows a note known to be there. If that record is
   * deleted or refused, it proves nothing about this one.
   */
  private boolean isReadableElsewhere(StoredNote note, RecordRef target, Visibility visibility) {
    Optional<RecordRef> other = notes.lastSyncedTo(target.system(), target.kind(), visibility);
    if (other.isPresent()) {
      try {
        List<WorkNote> listed = connectors.notes(other.get());
        return notes.syncedTo(other.get()).stream()
            .anyMatch(sent -> isListed(listed, other.get(), sent));
      } catch (RecordNotFoundException | RequestRejectedException e) {
        LOG.info("The notes of {} cannot be read: {}", other.get(), e.getMessage());
      }
    }
    Instant since = Objects.requireNonNullElse(note.sentAt(), Instant.EPOCH);
    if (clock.instant().isBefore(since.plus(PATIENCE))) {
      throw new RetryLaterException(
          NEXT_LOOK,
          target + " does not yet show whether a note was delivered, nor any other note");
    }
    return false;
  }

  private RequestRejectedException outcomeUnknown(
      StoredNote note, RecordRef target, String why, String permission) {
    return new RequestRejectedException(
        0,
        "note on " + target + ": " + note.sentText(),
        "%s did not answer when this note was sent. %s"
            .formatted(connectors.title(target.system()), why),
        "Open the record: if the note is there, discard this; if it is not, retry, which sends it"
            + " again."
            + permission);
  }
}
