package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record in its system's own JSON, with what every record has read out of it as {@code
 * connector.yaml} says.
 *
 * @param key what people call it, for example {@code INC0010001}
 * @param url where a person opens it; may be empty
 * @param correlationId what it names as its counterpart; may be empty
 * @param json the record itself, unwrapped; may hold only part of its fields
 * @param openedAt when it was opened; null when the JSON does not tell
 * @param primaryId which record of its system it is a duplicate of; empty when it says of none,
 *     null when the JSON does not tell
 * @param changedBy who made the change it shows, in its system's words; null when not told
 * @param hidesTexts it came with texts in another markup, which were left out: asking shows them
 */
public record NativeRecord(
    RecordRef ref,
    String key,
    String url,
    Version version,
    Instant updatedAt,
    String correlationId,
    JsonNode json,
    @Nullable Instant openedAt,
    @Nullable String primaryId,
    @Nullable String changedBy,
    boolean hidesTexts) {

  /** As a message about this change tells who made it. */
  public NativeRecord changedBy(String actor) {
    return new NativeRecord(
        ref,
        key,
        url,
        version,
        updatedAt,
        correlationId,
        json,
        openedAt,
        primaryId,
        actor,
        hidesTexts);
  }

  /** One that tells neither when it was opened nor what it is a duplicate of. */
  public NativeRecord(
      RecordRef ref,
      String key,
      String url,
      Version version,
      Instant updatedAt,
      String correlationId,
      JsonNode json) {
    this(ref, key, url, version, updatedAt, correlationId, json, null, null, null, false);
  }
}
