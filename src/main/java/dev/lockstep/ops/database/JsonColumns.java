package dev.lockstep.ops.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads and writes the {@code jsonb} columns of a table. */
public final class JsonColumns {
  private final ObjectMapper json;
  private final String table;

  public JsonColumns(ObjectMapper json, String table) {
    this.json = json;
    this.table = table;
  }

  public String write(Object value) {
    try {
      return PostgresText.removeNulFromJson(json.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass(), e);
    }
  }

  /**
   * @throws IllegalStateException when the value can't be read, for example because another version
   *     wrote it
   */
  public <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Unreadable row in " + table, e);
    }
  }
}
