package dev.lockstep.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.parse.ShippedWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tools send as JSON. */
class PostmortemParserTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final PostmortemParser documents = new PostmortemParser(ShippedWords.reader());

  private Received read(String json) {
    return documents.json(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void takesEveryKeyItsOpenApiDocumentNamesAndNoOther() throws IOException {
    JsonNode schemas =
        new ObjectMapper(new YAMLFactory())
            .readTree(Path.of("docs/postmortems.openapi.yaml").toFile())
            .at("/components/schemas");
    ObjectNode item = JSON.createObjectNode();
    schemas
        .at("/Item/properties")
        .properties()
        .forEach(
            property -> {
              switch (property.getValue().path("type").asText()) {
                case "array" -> item.putArray(property.getKey()).add("routine");
                case "boolean" -> item.put(property.getKey(), true);
                default -> item.put(property.getKey(), "2026-12-01");
              }
            });
    ObjectNode whole = JSON.createObjectNode();
    schemas.at("/Postmortem/properties").fieldNames().forEachRemaining(key -> whole.put(key, "x"));
    whole.putArray("items").add(item);

    Received read = read(whole.toString());

    assertThat(read.items()).hasSize(1);
    assertThat(read.items().get(0).due()).isEqualTo(LocalDate.of(2026, 12, 1));
    assertThat(read.items().get(0).labels()).containsExactly("routine");
    assertThat(read.items().get(0).done()).isTrue();
    item.put("assignee", "dana");
    assertThatThrownBy(() -> read(whole.toString()))
        .hasMessageContaining("items[0].assignee: no such key")
        .hasMessageContaining("owner");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                                        | not a JSON object",
        "{\"incident\": \"INC1\"}                                  | items: not a list",
        "{\"incident\": \"INC1\", \"items\": [\"do it\"]}          | items[0]: not an object",
        "{\"incident\": \"INC1\", \"items\": [{\"owner\": \"a\"}]} | items[0].title: missing",
        "{\"incident\": {}, \"items\": []}                         | incident: not a text",
        "{\"incident\": \"INC1\", \"items\": [                     | not JSON",
        "{\"incident\": \"INC1\", \"items\": [{\"title\": \"x\", \"due\": \"Q4\"}]} | items[0].due:"
            + " 'Q4' is no date",
        "{\"incident\": \"INC1\", \"items\": [{\"title\": \"x\"}, {\"title\": \"x\"}]} | items[1]:"
            + " the same as items[0]",
        "{\"incident\": \"INC1\", \"items\": [{\"title\": \"x\", \"id\": \"a\"}, {\"title\": \"y\","
            + " \"id\": \"a\"}]} | items[1].id: 'a' is also the id of items[0]",
      })
  void saysWhatItCannotTake(String json, String complaint) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(Postmortems.Refused.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void markdownWithoutAnIncidentMayBeToldOfOne() {
    byte[] document =
        "# It broke\n\n## Action items\n\n- [ ] Mend it\n".getBytes(StandardCharsets.UTF_8);

    assertThat(documents.markdown(document, "a.md", "", "INC0010001").incident())
        .isEqualTo("INC0010001");
    assertThat(documents.markdown(document, "a.md", "", "").incident()).isEmpty();
  }

  @Test
  void refusesMoreItemsThanAnybodyFollowsInLinearTime() {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      items.append(i == 0 ? "" : ",").append("{\"title\": \"item ").append(i).append("\"}");
    }
    assertThatThrownBy(() -> read("{\"incident\": \"INC1\", \"items\": [" + items + "]}"))
        .isInstanceOf(Postmortems.Refused.class)
        .hasMessageContaining("30000 action items, but at most 2000");
  }

  @Test
  void jsonSentAsMarkdownIsRefusedRatherThanReadAsText() {
    byte[] json = " {\"incident\": \"INC1\", \"items\": []}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> documents.markdown(json, "a.md", "", ""))
        .isInstanceOf(Postmortems.Refused.class)
        .hasMessageContaining("this is JSON");
    assertThat(documents.file(json, "a.JSON", "").incident()).isEqualTo("INC1");
    byte[] braces = "{{ incident }}\n\n# INC1\n".getBytes(StandardCharsets.UTF_8);
    assertThat(documents.markdown(braces, "a.md", "", "").items()).isEmpty();
  }
}
