package dev.lockstep.inbox;

import dev.lockstep.connector.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Work that waits for a person. */
public interface DeadLetters {

  /**
   * @param id short and stable, for the command line
   * @param subject {@code pair:…}, {@code record:…} or {@code delivery:…}
   * @param title what people call it, for example {@code INC0010001 ⇄ #42}
   * @param problem what went wrong, in one line
   * @param request what was asked of the other system; empty if nothing was
   * @param answer what it said; empty if nothing
   * @param advice what a person can do, in one sentence
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
  void add(Subject subject, Rejected why);

  /** Oldest first. */
  List<DeadLetter> list();

  Optional<DeadLetter> find(String id);

  /** Tries again at once. False when there is no such dead letter. */
  boolean retry(String id);

  /** Gives the work up; later changes of the same record start afresh. False when there is none. */
  boolean discard(String id);
}
