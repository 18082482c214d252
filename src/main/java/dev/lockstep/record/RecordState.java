package dev.lockstep.record;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last known state of a record, in the fields of every mapping that covers its kind.
 *
 * @param key display key, for example {@code INC0010001} or {@code #42}
 * @param url web address; empty if the system has none
 * @param updatedAt when it last changed, by its system's clock
 * @param correlationId the counterpart it names; empty if none
 * @param values by mapping name, mapped field to value. Absent: the system did not return the
 *     field. Empty: the field is empty.
 * @param openedAt when it was opened; null if unknown
 * @param primaryId id of its primary; empty if none, null if unknown
 * @param changedBy display name of who made the change; null if unknown
 * @param revision how often it was stored; 0 before the first time
 */
public record RecordState(
    RecordRef ref,
    String key,
    String url,
    Version version,
    Instant updatedAt,
    String correlationId,
    Map<String, Map<String, String>> values,
    @Nullable Instant openedAt,
    @Nullable String primaryId,
    @Nullable String changedBy,
    long revision) {

  public RecordState {
    values = Map.copyOf(values);
  }

  /** The state of a record that one mapping covers; not stored yet. */
  public static RecordState of(String mapping, Snapshot seen) {
    return new RecordState(
        seen.ref(),
        seen.key(),
        seen.url(),
        seen.version(),
        seen.updatedAt(),
        seen.correlationId(),
        Map.of(mapping, seen.values()),
        seen.openedAt(),
        seen.primaryId(),
        seen.changedBy(),
        0);
  }

  /** The state in the fields of one mapping. */
  public Snapshot in(String mapping) {
    return new Snapshot(
        ref,
        key,
        url,
        version,
        updatedAt,
        correlationId,
        values.getOrDefault(mapping, Map.of()),
        openedAt,
        primaryId,
        changedBy);
  }

  /** Whether both have the same values and primary, whatever their versions. */
  public boolean hasSameValuesAs(RecordState other) {
    return values.equals(other.values) && Objects.equals(primaryId, other.primaryId);
  }

  /** The same state with the values of a mapping replaced. */
  public RecordState withValues(String mapping, Map<String, String> mapped) {
    Map<String, Map<String, String>> next = new HashMap<>(values);
    next.put(mapping, mapped);
    return new RecordState(
        ref,
        key,
        url,
        version,
        updatedAt,
        correlationId,
        next,
        openedAt,
        primaryId,
        changedBy,
        revision);
  }

  public RecordState withRevision(long stored) {
    return new RecordState(
        ref,
        key,
        url,
        version,
        updatedAt,
        correlationId,
        values,
        openedAt,
        primaryId,
        changedBy,
        stored);
  }
}
