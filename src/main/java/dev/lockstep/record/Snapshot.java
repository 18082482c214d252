package dev.lockstep.record;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last known state of a record, in mapped fields.
 *
 * @param key display key, for example {@code INC0010001} or {@code #42}
 * @param url web address; empty if the system has none
 * @param updatedAt when it last changed, by its system's clock
 * @param correlationId the counterpart it names; empty if none
 * @param values mapped field to value. Absent: the system did not return the field. Empty: the
 *     field is empty.
 * @param openedAt when it was opened; null if unknown
 * @param primaryId id of its primary; empty if none, null if unknown
 * @param changedBy display name of who made the change; null if unknown
 */
public record Snapshot(
    RecordRef ref,
    String key,
    String url,
    Version version,
    Instant updatedAt,
    String correlationId,
    Map<String, String> values,
    @Nullable Instant openedAt,
    @Nullable String primaryId,
    @Nullable String changedBy) {

  public Snapshot {
    values = Map.copyOf(values);
  }

  /** Whether both have the same values and primary, whatever their versions. */
  public boolean hasSameValuesAs(Snapshot other) {
    return values.equals(other.values) && Objects.equals(primaryId, other.primaryId);
  }

  /** The same record with other values. */
  public Snapshot withValues(Map<String, String> other) {
    return new Snapshot(
        ref, key, url, version, updatedAt, correlationId, other, openedAt, primaryId, changedBy);
  }

  /** A snapshot without opening time and primary. */
  public Snapshot(
      RecordRef ref,
      String key,
      String url,
      Version version,
      Instant updatedAt,
      String correlationId,
      Map<String, String> values) {
    this(ref, key, url, version, updatedAt, correlationId, values, null, null, null);
  }
}
