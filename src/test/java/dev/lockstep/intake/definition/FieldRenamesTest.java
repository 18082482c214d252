package dev.lockstep.intake.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
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
        FieldRenames.of(
            Map.of("number", "incident_number", "assignees[]", "assignments[].assignee"));
    ObjectNode record = (ObjectNode) JSON.readTree(told);
    ObjectNode untouched = record.deepCopy();

    assertThat(reshape.apply(record)).isEqualTo(JSON.readTree(wanted));
    assertThat(record).isEqualTo(untouched);
  }

  @Test
  void refusesAListThatBecomesAField() {
    assertThatThrownBy(() -> FieldRenames.of(Map.of("assignees[]", "assignee")))
        .hasMessageContaining("assignees[]");
    assertThatThrownBy(() -> FieldRenames.of(Map.of("assignee", "assignments[].assignee")))
        .hasMessageContaining("assignments");
  }
}
