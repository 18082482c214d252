package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.StoredTicket;

/** What a pass finds out about a duplicate and may not decide while others decide. */
public interface DuplicateFindings {

  /** How Lockstep itself is called where it decides without a person. */
  String LOCKSTEP = "lockstep";

  /** Makes a decision that takes its turn among all others. */
  void runExclusively(Runnable decision);

  /**
   * The duplicate begins to leave its primary, and is woken.
   *
   * @throws org.springframework.dao.OptimisticLockingFailureException when somebody decided
   *     something else meanwhile
   */
  void startUnlinking(Duplicate duplicate, UnlinkReason why, String text, String by);

  /** The ticket's record was deleted. */
  void markDeleted(StoredTicket ticket);
}
