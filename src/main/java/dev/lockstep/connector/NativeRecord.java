package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.time.Instant;

/**
 * A record in its system's own JSON, with what every record has read out of it as {@code
 * connector.yaml} says.
 *
 * @param key what people call it, for example {@code INC0010001}
 * @param url where a person opens it; may be empty
 * @param correlationId what it names as its counterpart; may be empty
 * @param json the record itself, unwrapped; may hold only part of its fields
 */
public record NativeRecord(
    RecordRef ref,
    String key,
    String url,
    Version version,
    Instant updatedAt,
    String correlationId,
    JsonNode json) {}
