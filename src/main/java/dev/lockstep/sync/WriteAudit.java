package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.record.Side;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one write replaced, as stored in the audit.
 *
 * @param before the version the side was expected to have
 * @param after the version after the write
 * @param written by field, the new value
 * @param was by field, the value it was expected to have
 * @param agreed by field, the value both sides had agreed on; unknown ones are absent
 * @param changedBy who last changed the record that the values came from; null if unknown
 * @param changedAt when that record was last changed, by its system's clock; null if unknown
 */
public record WriteAudit(
    Side side,
    Version before,
    Version after,
    Map<String, String> written,
    Map<String, String> was,
    Map<String, String> agreed,
    @Nullable String changedBy,
    @Nullable Instant changedAt) {

  public static final String WHAT = "updated";

  private static final String WAS = ":before";
  private static final String AGREED = ":agreed";
  private static final String VERSION = "version";
  private static final String CHANGED_BY = "changed:by";
  private static final String CHANGED_AT = "changed:at";

  /** Whether Lockstep wrote, replaced or had agreed on this value of the field. */
  boolean contains(String field, String value) {
    return value.equals(written.get(field))
        || value.equals(was.get(field))
        || value.equals(agreed.get(field));
  }

  AuditEntry toEntry(String key) {
    Map<String, String> details = new HashMap<>(written);
    was.forEach((field, value) -> details.put(field + WAS, value));
    agreed.forEach((field, value) -> details.put(field + AGREED, value));
    details.put("side", side.label());
    details.put(VERSION + WAS, before.toString());
    details.put(VERSION, after.toString());
    if (changedBy != null) {
      details.put(CHANGED_BY, changedBy);
    }
    if (changedAt != null) {
      details.put(CHANGED_AT, changedAt.toString());
    }
    String fields = String.join(", ", new TreeMap<>(written).keySet());
    String who = changedBy == null ? "" : " after a change by " + changedBy;
    return new AuditEntry(WHAT, "Wrote %s to %s%s".formatted(fields, key, who), details);
  }

  public static WriteAudit parse(AuditEntry entry) {
    Map<String, String> details = new HashMap<>(entry.details());
    String side = details.remove("side");
    String changedBy = details.remove(CHANGED_BY);
    String changedAt = details.remove(CHANGED_AT);
    Version before = removeVersion(VERSION + WAS, details);
    Version after = removeVersion(VERSION, details);
    Map<String, String> was = withSuffix(WAS, details);
    Map<String, String> agreed = withSuffix(AGREED, details);
    return new WriteAudit(
        Side.LEFT.label().equals(side) ? Side.LEFT : Side.RIGHT,
        before,
        after,
        details,
        was,
        agreed,
        changedBy,
        changedAt == null ? null : Instant.parse(changedAt));
  }

  /** The details with this suffix, by field. */
  private static Map<String, String> withSuffix(String mark, Map<String, String> details) {
    Map<String, String> found = new HashMap<>();
    for (String name : List.copyOf(details.keySet())) {
      if (name.endsWith(mark)) {
        String value = details.remove(name);
        found.put(name.substring(0, name.length() - mark.length()), String.valueOf(value));
      }
    }
    return found;
  }

  private static Version removeVersion(String name, Map<String, String> details) {
    String stored = details.remove(name);
    return stored == null ? Version.count(0) : Version.parse(stored);
  }
}
