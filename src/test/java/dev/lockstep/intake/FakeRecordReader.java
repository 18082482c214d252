package dev.lockstep.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordMergedException;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads ids and versions as both shipped connectors say. */
class FakeRecordReader implements RecordReader {

  @Override
  public NativeRecord read(
      String system, String kind, JsonNode json, @Nullable Instant occurredAt) {
    boolean counted = json.has("sys_mod_count");
    String id = json.path(system.equals("servicenow") ? "sys_id" : "id").asText("");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("the id is missing");
    }
    if (json.has("merged_into")) {
      throw new RecordMergedException(
          new RecordRef(system, kind, id),
          new RecordRef(system, kind, json.path("merged_into").asText()));
    }
    if (!counted && occurredAt == null) {
      throw new IllegalArgumentException("sys_mod_count is missing");
    }
    Version version =
        counted
            ? Version.count(json.path("sys_mod_count").asLong())
            : Version.exactly(java.util.Objects.requireNonNull(occurredAt));
    return new NativeRecord(
        new RecordRef(system, kind, id), id, "", version, Instant.EPOCH, "", json);
  }

  @Override
  public String noteText(String system, String kind, String text) {
    return text;
  }
}
