package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads records from a system's JSON as its {@code connector.yaml} declares. */
public interface RecordReader {

  /**
   * @param json the record as the system's API returns it, unwrapped
   * @param occurredAt when this state was current, if known more precisely than the record shows
   *     (the time of a webhook's event); null: taken from the record
   * @throws IllegalArgumentException when the record has no id or no version; names the missing
   *     path
   */
  NativeRecord read(String system, String kind, JsonNode json, @Nullable Instant occurredAt);

  /**
   * A reference from an id of unverified origin.
   *
   * @throws IllegalArgumentException when it is not a possible id of this kind
   */
  default RecordRef ref(String system, String kind, String id) {
    return new RecordRef(system, kind, id);
  }

  /** Converts a note from the system's format to plain text. */
  String noteText(String system, String kind, String text);
}
