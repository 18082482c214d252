package dev.lockstep.record;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record as its system last showed it, in the words of a mapping.
 *
 * @param key what people call it, for example {@code INC0010001} or {@code #42}
 * @param url where a person opens it; empty if the system gives none
 * @param updatedAt when it last changed, by its system's clock
 * @param correlationId the far record it names as its counterpart; empty if none
 * @param values mapped field name to value. Absent: the system did not tell. Empty: the system says
 *     it is empty.
 * @param openedAt when it was opened; null if that was never told
 * @param primaryId the record of its system that it names as its primary; empty if none, null if
 *     that was never told
 * @param changedBy who made the change it shows, in its system's words; null if that was not told
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

  /** Whether the other one shows the record no different, whenever that was. */
  public boolean hasSameValuesAs(Snapshot other) {
    return values.equals(other.values) && Objects.equals(primaryId, other.primaryId);
  }

  /** One of a record that tells neither when it was opened nor what it is a duplicate of. */
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
