package dev.lockstep.inbox;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Work that waits for an operator. No method loads the received payloads. */
public interface DeadLetters {
  /** Upper bound of {@code limit}. */
  int MAX_LIMIT = 1000;

  /**
   * @param id short and stable, for the command line
   * @param subject {@code correlation:…}, {@code record:…}, {@code delivery:…}, {@code note:…} or
   *     {@code message:…}
   * @param title display title, for example {@code INC0010001 ⇄ #42}
   * @param problem the error, on one line
   * @param request the failed request, or the intended operation
   * @param answer the response; empty if there was none
   * @param advice recommended action, in one sentence
   */
  record DeadLetter(
      String id,
      String subject,
      String title,
      int attempts,
      Instant since,
      String problem,
      String request,
      String answer,
      String advice) {}

  /** Adds a dead letter for a rejected part of some work (a note) while the rest continues. */
  void add(Subject subject, RequestRejectedException why);

  /** Moves the dead letters of a record's notes to the record's new reference. */
  void rename(RecordRef old, RecordRef name);

  /**
   * Selects dead letters; an empty text matches any.
   *
   * @param system of one of its records
   * @param kind of one of its records, for example {@code incident}
   */
  record Filter(String system, String kind) {
    public static final Filter ANY = new Filter("", "");
  }

  /** An operator's decision on a dead letter, as recorded in the audit. */
  record Decision(
      String id,
      String subject,
      Instant at,
      String what,
      String decidedBy,
      String reason,
      String problem) {}

  /**
   * Oldest first.
   *
   * @param after the last id of the previous page; empty for the first page
   */
  List<DeadLetter> list(Filter filter, String after, int limit);

  default List<DeadLetter> list() {
    return list(Filter.ANY, "", MAX_LIMIT);
  }

  long count(Filter filter);

  Optional<DeadLetter> find(String id);

  /** The dead letter of the correlation of a record, or of the record itself if it has none. */
  Optional<DeadLetter> findByRecord(RecordRef record);

  /**
   * Who decides, for the audit.
   *
   * @param reason why; may be empty
   */
  record Decider(String name, String reason) {}

  /** Retries immediately and resets the attempts. Returns false if there is no such dead letter. */
  boolean retry(String id, Decider by);

  default boolean retry(String id, String by) {
    return retry(id, new Decider(by, ""));
  }

  /**
   * Retries all current dead letters that match.
   *
   * @return the number of retried dead letters
   */
  int retryAll(Filter filter, Decider by);

  default int retryAll(Filter filter, String by) {
    return retryAll(filter, new Decider(by, ""));
  }

  /**
   * Cancels the work; a later change of the same record creates new work. Returns false if there is
   * no such dead letter.
   */
  boolean discard(String id, Decider by);

  default boolean discard(String id, String by) {
    return discard(id, new Decider(by, ""));
  }

  /**
   * Discards all current dead letters that match.
   *
   * @return the number of discarded dead letters
   */
  int discardAll(Filter filter, Decider by);

  /** Newest first. */
  List<Decision> decisions(int limit);
}
