package dev.lockstep.sandbox.servicenow;

/**
 * What access control lists leave the API user of {@code sys_journal_field}. A rule of the table
 * refuses the query; one of its rows leaves out those it hides, so that the answer looks empty.
 */
public enum JournalAccess {
  READABLE,
  /** 200 and no rows. */
  HIDDEN,
  /** 403. */
  REFUSED
}
