package dev.lockstep.sandbox.jira;

import java.time.ZoneId;

/**
 * A user of the site.
 *
 * @param emailVisible false: the API leaves the address out, as a profile's privacy setting can ask
 * @param active false: found by id only, and cannot be assigned
 * @param assignable false: may not be given issues
 * @param timeZone what JQL reads plain times in
 */
public record JiraUser(
    String accountId,
    String displayName,
    String email,
    boolean emailVisible,
    boolean active,
    boolean assignable,
    ZoneId timeZone) {

  JiraUser with(boolean visible, boolean mayLogIn, boolean mayBeAssigned) {
    return new JiraUser(accountId, displayName, email, visible, mayLogIn, mayBeAssigned, timeZone);
  }
}
