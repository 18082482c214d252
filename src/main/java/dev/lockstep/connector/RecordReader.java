package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads out of a system's own JSON what every record has, as its {@code connector.yaml} says. */
public interface RecordReader {

  /**
   * @param json the record in the form the system's API gives it, unwrapped
   * @param occurredAt when this state was true, if something better than the record itself tells
   *     (the time of a webhook's event); null: take it from the record
   * @throws IllegalArgumentException when the record has no id or no version, saying which path is
   *     missing
   */
  NativeRecord read(String system, String kind, JsonNode json, @Nullable Instant occurredAt);

  /** The plain text of a note that is in the format of the system's journal. */
  String noteText(String system, String kind, String text);
}
