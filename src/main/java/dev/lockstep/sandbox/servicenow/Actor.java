package dev.lockstep.sandbox.servicenow;

/**
 * On whose behalf something is done.
 *
 * @param sysId of the person's {@code sys_user}, or empty for one that has none
 */
record Actor(String userName, String sysId, Access access, boolean overHttp) {

  /** What somebody's roles let them do. */
  enum Access {
    /** No role: the API is closed. */
    NONE,
    /** Reads, and may not write. */
    READ,
    /** Works on records that are not closed: the role {@code itil}. */
    WORK,
    /** May change closed records too: the role {@code admin}. */
    ADMIN
  }
}
