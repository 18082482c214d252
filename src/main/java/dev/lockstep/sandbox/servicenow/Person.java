package dev.lockstep.sandbox.servicenow;

import java.util.Map;

/**
 * Somebody working in the instance, in-process: the same checks and business rules as over HTTP,
 * the same webhooks, but no API call is counted. Every method throws {@link Refused} where the API
 * would answer an error. Thread-safe.
 */
public final class Person {
  private final Desk desk;
  private final Actor actor;

  Person(Desk desk, Actor actor) {
    this.desk = desk;
    this.actor = actor;
  }

  /** Creates a record and returns its sys_id. */
  public String create(String table, Map<String, String> fields) {
    return desk.insert(actor, table, fields).sysId();
  }

  /** Returns whether anything changed. */
  public boolean update(String sysId, Map<String, String> fields) {
    return desk.update(actor, desk.tableOf(sysId), sysId, fields).changed();
  }

  public void addWorkNote(String sysId, String text) {
    update(sysId, Map.of("work_notes", text));
  }

  public void addComment(String sysId, String text) {
    update(sysId, Map.of("comments", text));
  }

  public void delete(String sysId) {
    desk.delete(actor, desk.tableOf(sysId), sysId);
  }
}
