package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Delivery;
import dev.lockstep.pair.DeliveryStore.Message;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.pair.WaitingNoteStore;
import dev.lockstep.pair.WaitingNoteStore.WaitingNote;
import dev.lockstep.record.Visibility;
import dev.lockstep.sync.NoteRoutes.Route;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Has notes wait for an operator where their mapping says {@code approve}. The text that an
 * operator approves is the one that is delivered, whatever becomes of the note meanwhile; an edit
 * before the decision makes it another text, to be approved by itself.
 */
@Component
public class NoteApprovals {
  private final WaitingNoteStore waiting;
  private final NoteMessages messages;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final TransactionTemplate transaction;
  private final Clock clock;

  NoteApprovals(
      WaitingNoteStore waiting,
      NoteMessages messages,
      PairStore pairs,
      WorkScheduler scheduler,
      TransactionTemplate transaction,
      Clock clock) {
    this.waiting = waiting;
    this.messages = messages;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Whether a note must not be sent yet. If it needs an approval, it waits for one from now on.
   *
   * @param known its delivery; empty if there is none yet
   */
  boolean isAwaited(StoredNote note, Route route, Optional<Delivery> known) {
    if (known.isPresent()) {
      boolean waits = known.get().state() == Delivery.State.WAITING;
      if (waits) {
        replaceIfEdited(note, route, known.get());
      }
      return waits;
    }
    boolean needed =
        switch (route.approval()) {
          case NEVER -> false;
          case FIRST -> !waiting.hasApproved(route.target());
          case ALWAYS -> true;
        };
    if (needed) {
      Visibility as = route.sentAs().orElseThrow();
      Message message = messages.synced(note.note(), route.sourceKey(), route.target(), as);
      waiting.insert(note, message, clock.instant());
    }
    return needed;
  }

  private void replaceIfEdited(StoredNote note, Route route, Delivery shown) {
    Visibility as = route.sentAs().orElseThrow();
    Message now = messages.synced(note.note(), route.sourceKey(), route.target(), as, shown.mark());
    if (!now.text().equals(shown.text()) || now.sentAs() != shown.sentAs()) {
      waiting.replace(
          note, shown, messages.synced(note.note(), route.sourceKey(), route.target(), as));
    }
  }

  /** The texts that wait, the longest waiting first. */
  public List<WaitingNote> list(int limit) {
    return waiting.list(limit);
  }

  /** Those of a correlation. */
  public List<WaitingNote> list(UUID correlation) {
    return waiting.list(correlation);
  }

  /** How many texts wait. */
  public long count() {
    return waiting.count();
  }

  /** A text that waits, by its id. */
  public Optional<WaitingNote> find(String id) {
    return waiting.find(id);
  }

  /**
   * Has a text delivered as it was shown.
   *
   * @param id of a {@link WaitingNote}
   * @param by the operator
   * @return false if no such text waits: it was decided on, or edited since
   */
  public boolean approve(String id, String by) {
    return decide(id, Delivery.State.READY, "approved", "An operator approved a text", by, "");
  }

  /**
   * The same for a text that is not to be delivered.
   *
   * @param reason why; may be empty
   */
  public boolean reject(String id, String by, String reason) {
    return decide(
        id, Delivery.State.SKIPPED, "rejected", "An operator rejected a text", by, reason);
  }

  private boolean decide(
      String id, Delivery.State next, String what, String text, String by, String reason) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              WaitingNote note = waiting.find(id).orElse(null);
              if (note == null || !waiting.decide(note, next)) {
                return false;
              }
              Map<String, String> details = new LinkedHashMap<>();
              details.put("text", note.text());
              details.put("from", note.from().toString());
              details.put("to", note.target().toString());
              if (!reason.isEmpty()) {
                details.put("reason", reason);
              }
              String line = "%s of %s for %s".formatted(text, note.fromKey(), note.targetKey());
              pairs.record(note.pair(), List.of(new AuditEntry(what, line, details, by)));
              scheduler.scheduleAfterDecision(note.target(), clock.instant());
              return true;
            }));
  }
}
