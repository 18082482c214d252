package dev.lockstep.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What stands in the {@code jsonb} columns of a table. */
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
   * @throws IllegalStateException when another version wrote what this one can't read
   */
  public <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Unreadable row in " + table, e);
    }
  }
}
