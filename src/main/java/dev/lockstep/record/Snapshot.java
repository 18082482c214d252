package dev.lockstep.record;

import java.time.Instant;
import java.util.Map;

/**
 * A record as its system last showed it, in the words of a mapping.
 *
 * @param key what people call it, for example {@code INC0010001} or {@code #42}
 * @param url where a person opens it; empty if the system gives none
 * @param updatedAt when it last changed, by its system's clock
 * @param correlationId the far record it names as its counterpart; empty if none
 * @param values mapped field name to value. Absent: the system did not tell. Empty: the system says
 *     it is empty.
 */
public record Snapshot(
    RecordRef ref,
    String key,
    String url,
    Version version,
    Instant updatedAt,
    String correlationId,
    Map<String, String> values) {

  public Snapshot {
    values = Map.copyOf(values);
  }
}
