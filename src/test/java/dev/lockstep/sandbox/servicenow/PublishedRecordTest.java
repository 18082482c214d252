package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Holds the simulated dictionary against the incident that ServiceNow's own documentation prints.
 * Skipped where that sample is not at hand.
 */
class PublishedRecordTest {

  @Test
  void knowsTheReferencesOfAPublishedIncident() throws IOException {
    Path sample = shared().resolve("samples/servicenow/records/c_TableAPI__03__cURL_request.json");
    assumeTrue(Files.exists(sample), "no published samples here");
    JsonNode published = Caller.JSON.readTree(Files.readString(sample)).path("result");
    assertThat(published.path("sys_class_name").asText()).isEqualTo("incident");
    Schema schema = new Schema();
    int references = 0;
    for (Map.Entry<String, JsonNode> field : published.properties()) {
      Column column = schema.column("incident", field.getKey());
      if (column != null && field.getValue().isObject()) {
        assertThat(field.getValue().path("link").asText())
            .as(field.getKey())
            .contains("/api/now/table/" + column.reference() + '/');
        references++;
      }
    }
    assertThat(references).isGreaterThanOrEqualTo(4);
  }

  private static Path shared() {
    String set =
        Optional.ofNullable(System.getProperty("LOCKSTEP_SHARED"))
            .or(() -> Optional.ofNullable(System.getenv("LOCKSTEP_SHARED")))
            .orElse("../shared");
    return Path.of(set);
  }
}
