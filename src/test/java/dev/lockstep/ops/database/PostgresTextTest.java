package dev.lockstep.ops.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void nulGoesAndTheRestStays() throws JsonProcessingException {
    assertThat(PostgresText.removeNul("a\0b")).isEqualTo("ab");
    for (String text : new String[] {"a\0b", "a\\\0b", "\0", "\0\0", "a\\u0000b", "a\\\\u0000b"}) {
      String stored = PostgresText.removeNulFromJson(JSON.writeValueAsString(Map.of("text", text)));
      assertThat(JSON.readTree(stored).path("text").asText()).isEqualTo(text.replace("\0", ""));
    }
  }
}
