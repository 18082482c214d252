package dev.lockstep.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldRenamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"number\":7}|{\"incident_number\":7}",
        "{\"number\":null}|{\"incident_number\":null}",
        "{\"title\":\"x\"}|{\"title\":\"x\"}",
        "{\"number\":7,\"incident_number\":8}|{\"incident_number\":8}",
        "{\"assignees\":[{\"id\":\"A\"},{\"id\":\"B\"}]}"
            + "|{\"assignments\":[{\"assignee\":{\"id\":\"A\"}},{\"assignee\":{\"id\":\"B\"}}]}",
        "{\"assignees\":[]}|{\"assignments\":[]}",
        "{\"assignees\":null}|{}",
      })
  void givesTheShapeOfTheApi(String told, String wanted) throws JsonProcessingException {
    FieldRenames reshape =
        renames("{\"number\":\"incident_number\",\"assignees[]\":\"assignments[].assignee\"}");
    ObjectNode record = (ObjectNode) JSON.readTree(told);
    ObjectNode untouched = record.deepCopy();

    assertThat(reshape.apply(record)).isEqualTo(JSON.readTree(wanted));
    assertThat(record).isEqualTo(untouched);
  }

  private static FieldRenames renames(String json) throws JsonProcessingException {
    return FieldRenames.of(JSON.readTree(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"status\":\"S1\"}|{\"status_id\":\"S1\"}",
        "{\"severity\":{\"id\":\"V1\"},\"name\":\"x\"}|{\"name\":\"x\",\"severity_id\":\"V1\"}",
        "{\"roles\":[{\"role\":{\"type\":\"lead\"},\"who\":{\"id\":\"U1\"}},{\"role\":{\"type\":\"scribe\"}}]}"
            + "|{\"roles\":[{\"who\":{\"id\":\"U1\"},\"role_id\":\"R7\"},{\"role_id\":\"scribe\"}]}",
        "{\"custom\":[{\"field\":{\"id\":\"F1\"},\"values\":[{\"option\":\"O1\"},{\"text\":\"t\"}]},"
            + "{\"field\":{\"id\":\"F2\"},\"values\":[]}]}"
            + "|{\"custom\":[{\"values\":[{\"option_id\":\"O1\"},{\"text\":\"t\"}],\"field_id\":\"F1\"},"
            + "{\"values\":[],\"field_id\":\"F2\"}]}",
        "{\"custom\":null,\"roles\":\"none\"}|{\"custom\":null,\"roles\":\"none\"}",
      })
  void reachesIntoObjectsAndLists(String read, String written) throws JsonProcessingException {
    FieldRenames rename =
        renames(
            """
            {"status":"status_id","severity.id":"severity_id",
             "roles[].role.type":{"to":"roles[].role_id","values":{"lead":"R7"}},
             "custom[].field.id":"custom[].field_id",
             "custom[].values[].option":"custom[].values[].option_id"}
            """);
    assertThat(rename.apply((ObjectNode) JSON.readTree(read))).isEqualTo(JSON.readTree(written));
  }

  @Test
  void knowsTheFormerNamesOfAField() throws JsonProcessingException {
    FieldRenames rename =
        renames("{\"severity.id\":\"severity_id\",\"roles[].role.id\":\"roles[].role_id\"}");
    assertThat(rename.formerNames("severity_id")).containsExactly("severity");
    assertThat(rename.formerNames("roles")).containsExactly("roles");
    assertThat(rename.formerNames("name")).containsExactly("name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "assignees[]|assignee",
        "assignee|assignments[].assignee",
        "a[].b[].c|a[].d",
        "a[]|a[].b",
        "a[].b|a[]",
        "a[].b|c[].d",
        "a..b|c",
        "a[0]|c",
      })
  void refusesWhatHasNoMeaning(String from, String to) {
    assertThatThrownBy(() -> renames("{\"" + from + "\":\"" + to + "\"}"))
        .hasMessageContaining("rename " + from + ": " + to);
  }
}
