package dev.lockstep.sandbox.servicenow;

import java.util.Set;

/**
 * On whose behalf something is done.
 *
 * @param sysId of the person's {@code sys_user}, or empty for one that has none
 * @param roles what was given on top of the access; an administrator has them all
 * @param readOnly columns that field ACLs let them read and not write
 */
record UserSession(
    String userName,
    String sysId,
    Access access,
    Set<String> roles,
    Set<String> readOnly,
    boolean overHttp) {
  static final String CHANGE_MANAGER = "change_manager";

  UserSession(String userName, String sysId, Access access, boolean overHttp) {
    this(userName, sysId, access, Set.of(), overHttp);
  }

  UserSession(String userName, String sysId, Access access, Set<String> roles, boolean overHttp) {
    this(userName, sysId, access, roles, Set.of(), overHttp);
  }

  boolean has(String role) {
    return access == Access.ADMIN || roles.contains(role);
  }

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
