package dev.lockstep.inbox;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Work that waits for an operator. No method loads what was received with it. */
public interface DeadLetters {
  /** How many are listed at most. */
  int MAX_LIMIT = 1000;

  /**
   * @param id short and stable, for the command line
   * @param subject {@code pair:…}, {@code record:…} or {@code delivery:…}
   * @param title what people call it, for example {@code INC0010001 ⇄ #42}
   * @param problem what went wrong, in one line
   * @param request what was asked of the other system, or what was to be done
   * @param answer what came back; empty if nothing
   * @param advice what an operator can do, in one sentence
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

  /** Adds work that was refused on its own, while the work it is part of goes on. */
  void add(Subject subject, RequestRejectedException why);

  /** The refused notes kept under one name are from now on kept under another. */
  void rename(RecordRef old, RecordRef name);

  /**
   * Which ones; an empty text stands for any.
   *
   * @param system of one of its records
   * @param kind of one of its records, for example {@code incident}
   */
  record Filter(String system, String kind) {
    public static final Filter ANY = new Filter("", "");
  }

  /** What an operator decided about one, as the audit keeps it. */
  record Decision(
      String id, String subject, Instant at, String what, String decidedBy, String problem) {}

  /**
   * Oldest first.
   *
   * @param after the id of the last one of the page before; empty for the first page
   */
  List<DeadLetter> list(Filter filter, String after, int limit);

  default List<DeadLetter> list() {
    return list(Filter.ANY, "", MAX_LIMIT);
  }

  long count(Filter filter);

  Optional<DeadLetter> find(String id);

  Optional<DeadLetter> findBySubject(Subject subject);

  /**
   * Tries again at once, counting attempts from zero. False when there is no such dead letter.
   *
   * @param by who decided it
   */
  boolean retry(String id, String by);

  /**
   * The same for each that is one now.
   *
   * @return how many
   */
  int retryAll(Filter filter, String by);

  /** Gives the work up; later changes of the same record start again. False when there is none. */
  boolean discard(String id, String by);

  /** Newest first. */
  List<Decision> decisions(int limit);
}
