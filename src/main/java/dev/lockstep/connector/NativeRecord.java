package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record in its system's JSON, with the common properties that {@code connector.yaml} locates.
 *
 * @param key display key, for example {@code INC0010001}
 * @param url web address; may be empty
 * @param correlationId the counterpart it names; may be empty
 * @param json the record, unwrapped; may contain only some fields
 * @param openedAt when it was opened; null when the JSON does not contain it
 * @param primaryId id of the record it is a duplicate of; empty for none, null when the JSON does
 *     not contain it
 * @param changedBy display name of who made the change; null when unknown
 * @param hidesTexts whether texts in another markup were left out; fetching the record returns them
 * @param refused fields that an update should have changed and that the system refused: why, by
 *     path
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
    boolean hidesTexts,
    Map<String, String> refused) {

  public NativeRecord {
    refused = refused == null ? Map.of() : Map.copyOf(refused);
  }

  /** A copy with the actor that a webhook reported for this change. */
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
        hidesTexts,
        refused);
  }

  /** Why an update of this part was refused; empty if it was not. */
  public Optional<String> refusalOf(JsonNode part) {
    return refused.entrySet().stream()
        .filter(field -> !JsonPath.find(part, field.getKey()).isMissingNode())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** A copy after an update of which some fields were refused. */
  NativeRecord refused(Map<String, String> why) {
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
        changedBy,
        hidesTexts,
        why);
  }

  /** A record of which nothing was refused. */
  public NativeRecord(
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
    this(
        ref,
        key,
        url,
        version,
        updatedAt,
        correlationId,
        json,
        openedAt,
        primaryId,
        changedBy,
        hidesTexts,
        Map.of());
  }

  /** A record without opening time and primary. */
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
