package dev.lockstep.sync;

import dev.lockstep.pair.AuditEntry;
import dev.lockstep.record.Side;
import dev.lockstep.record.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one write replaced, as the audit keeps it.
 *
 * @param before the version the side was thought to be in
 * @param after the version the write made
 * @param written by field, the new value
 * @param was by field, the value it was thought to have
 * @param agreed by field, the value both sides had agreed on; one that is unknown is absent
 * @param changedBy who made the last change of the record the values came from; null: not told
 */
record WriteAudit(
    Side side,
    Version before,
    Version after,
    Map<String, String> written,
    Map<String, String> was,
    Map<String, String> agreed,
    @Nullable String changedBy) {

  static final String WHAT = "updated";

  private static final String WAS = ":before";
  private static final String AGREED = ":agreed";
  private static final String VERSION = "version";
  private static final String CHANGED_BY = "changed:by";

  /** Whether the field's value is one that Lockstep wrote, replaced or had agreed on. */
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
    details.put(VERSION + WAS, text(before));
    details.put(VERSION, text(after));
    if (changedBy != null) {
      details.put(CHANGED_BY, changedBy);
    }
    String fields = String.join(", ", new TreeMap<>(written).keySet());
    String who = changedBy == null ? "" : " after a change by " + changedBy;
    return new AuditEntry(WHAT, "Wrote %s to %s%s".formatted(fields, key, who), details);
  }

  static WriteAudit parse(AuditEntry entry) {
    Map<String, String> details = new HashMap<>(entry.details());
    String side = details.remove("side");
    String changedBy = details.remove(CHANGED_BY);
    Version before = parseVersion(details.remove(VERSION + WAS));
    Version after = parseVersion(details.remove(VERSION));
    Map<String, String> was = withSuffix(WAS, details);
    Map<String, String> agreed = withSuffix(AGREED, details);
    return new WriteAudit(
        Side.LEFT.label().equals(side) ? Side.LEFT : Side.RIGHT,
        before,
        after,
        details,
        was,
        agreed,
        changedBy);
  }

  /** Takes the details of one kind out, by field. */
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

  private static String text(Version version) {
    return version.from() + "-" + version.to();
  }

  private static Version parseVersion(@Nullable String stored) {
    String text = stored == null ? "0-0" : stored;
    int dash = text.lastIndexOf('-');
    return new Version(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }
}
