package dev.lockstep.sandbox.servicenow;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A record was really changed; a write that changes nothing makes no {@code Change}.
 *
 * @param by user name
 * @param fields the columns whose value differs now, with the new value; computed columns
 *     (priority, resolved_at) are in it, bookkeeping ({@code sys_*}) is not
 * @param modCount the record's {@code sys_mod_count} after the change
 * @param at by the instance's clock, in its full precision
 * @param overHttp through the API, not by an in-process {@link ServiceNowPerson}
 */
public record RecordChange(
    Kind kind,
    String table,
    String sysId,
    String number,
    String by,
    Map<String, String> fields,
    List<JournalEntry> journal,
    int modCount,
    Instant at,
    boolean overHttp) {

  /** What happened to the record. */
  public enum Kind {
    CREATED,
    UPDATED,
    DELETED
  }
}
