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
    JsonNode published = ServiceNowClient.JSON.readTree(Files.readString(sample)).path("result");
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

  @Test
  void knowsTheFieldsOfAPublishedChangeRequest() throws IOException {
    Path sample =
        shared()
            .resolve(
                "samples/servicenow/records/chg__Change_Management_GET_sn_chg_rest_change_sys_id_1.json");
    assumeTrue(Files.exists(sample), "no published samples here");
    JsonNode published = ServiceNowClient.JSON.readTree(Files.readString(sample)).path("result");
    assertThat(published.path("sys_class_name").path("value").asText()).isEqualTo("change_request");
    for (Column column : new Schema().columns("change_request")) {
      assertThat(published.has(column.name())).as(column.name()).isTrue();
      JsonNode field = published.path(column.name());
      String value = field.path("value").asText().replaceAll("\\.0$", "");
      if (column.type() == Column.Type.CHOICE && column.choices().containsKey(value)) {
        assertThat(field.path("display_value").asText()).isEqualTo(column.choices().get(value));
      }
    }
  }

  private static Path shared() {
    String set =
        Optional.ofNullable(System.getProperty("LOCKSTEP_SHARED"))
            .or(() -> Optional.ofNullable(System.getenv("LOCKSTEP_SHARED")))
            .orElse("../shared");
    return Path.of(set);
  }
}
