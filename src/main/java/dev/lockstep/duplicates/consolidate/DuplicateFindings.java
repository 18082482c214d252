package dev.lockstep.duplicates.consolidate;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.StoredTicket;

/**
 * Decisions that follow from what reconciliation finds out. They are serialized with all other
 * decisions about duplicates.
 */
public interface DuplicateFindings {

  /** The decider of automatic decisions. */
  String LOCKSTEP = "lockstep";

  /** Runs a decision under the lock of all decisions. */
  void runExclusively(Runnable decision);

  /**
   * Starts to unlink the duplicate and schedules it.
   *
   * @throws org.springframework.dao.OptimisticLockingFailureException when another decision was
   *     made meanwhile
   */
  void startUnlinking(Duplicate duplicate, UnlinkReason why, String text, String by);

  /** Marks a ticket whose record was deleted. */
  void markDeleted(StoredTicket ticket);
}
