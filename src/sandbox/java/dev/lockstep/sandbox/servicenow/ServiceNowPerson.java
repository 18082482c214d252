package dev.lockstep.sandbox.servicenow;

import java.util.Map;
import java.util.Set;

/**
 * A user who acts in the instance, in-process: the same checks and business rules as over HTTP, the
 * same webhooks, but no API call is counted. Every method throws {@link ServiceNowException} where
 * the API would answer an error. Thread-safe.
 */
public final class ServiceNowPerson {
  private static final UserSession MANAGER =
      new UserSession(
          "change.manager", "", UserSession.Access.WORK, Set.of(UserSession.CHANGE_MANAGER), false);

  private final RecordService service;
  private final UserSession actor;

  ServiceNowPerson(RecordService service, UserSession actor) {
    this.service = service;
    this.actor = actor;
  }

  /** Creates a record and returns its sys_id. */
  public String create(String table, Map<String, String> fields) {
    return service.insert(actor, table, fields).sysId();
  }

  /** Returns whether anything changed. */
  public boolean update(String sysId, Map<String, String> fields) {
    return service.update(actor, service.tableOf(sysId), sysId, fields).changed();
  }

  /**
   * Takes a change request from where it is to its end, a state at a time, as this person; what
   * asks for an approval is approved by a change manager. Does nothing to one that has ended.
   *
   * @param closeNotes what the close notes will say
   */
  public void carryOut(String sysId, ChangeOutcome outcome, String closeNotes) {
    if (outcome == ChangeOutcome.CANCELLED) {
      update(sysId, Map.of("state", ChangeRequestTable.CANCELED, "close_notes", closeNotes));
      return;
    }
    String state = stateOf(sysId);
    String next = nextOf(sysId);
    while (!next.equals(state)) {
      switch (state) {
        case ChangeRequestTable.ASSESS, ChangeRequestTable.AUTHORIZE ->
            service.update(
                MANAGER, ChangeRequestTable.TABLE, sysId, Map.of("approval", "approved"));
        case ChangeRequestTable.REVIEW ->
            update(
                sysId,
                Map.of(
                    "state", next, "close_code", outcome.closeCode(), "close_notes", closeNotes));
        default -> update(sysId, Map.of("state", next));
      }
      state = stateOf(sysId);
      next = nextOf(sysId);
    }
  }

  private String stateOf(String sysId) {
    return service.read(ChangeRequestTable.TABLE, sysId).get("state");
  }

  private String nextOf(String sysId) {
    Row change = service.read(ChangeRequestTable.TABLE, sysId);
    return ChangeRequestRules.next(change.get("type"), change.get("state"));
  }

  public void addWorkNote(String sysId, String text) {
    update(sysId, Map.of("work_notes", text));
  }

  public void addComment(String sysId, String text) {
    update(sysId, Map.of("comments", text));
  }

  public void delete(String sysId) {
    service.delete(actor, service.tableOf(sysId), sysId);
  }
}
