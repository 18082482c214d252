package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that are mapped by the class they belong to, and those that are never written. */
class ClassesOfValuesTest {
  private static final String FILE =
      """
      left: {system: desk, kind: ticket}
      right: {system: platform, kind: incident}
      starts: {left: always, right: always}
      fields:
        status:
          owner: left
          left: state
          right: {path: status.name, unlisted: status.category}
          to-right:
            "1": Looking
            "2": Fixing
            "6": {value: over, gap: people close it there}
            "8": {value: over, gap: people close it there, unless: {field: status, in: [Looking]}}
          to-left: {Looking: "1", Fixing: "2", live: "2", over: "6", dropped: "8"}
      notes:
        to-right: {internal: none, public: none}
        to-left: {internal: none, public: none}
      """;

  @TempDir private Path folder;

  private FieldMapping status() throws IOException {
    return load(FILE, Map.of()).fields().get(0);
  }

  private Mapping load(String file, Map<String, Set<Visibility>> notes) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), file);
    return new MappingLoader(
            Shipped.SCHEMA,
            Map.of(
                "desk",
                KnownSystem.UNREAD,
                "platform",
                new KnownSystem("desk", Set.of("incident"), Set.of(), notes)))
        .load(folder)
        .all()
        .get(0);
  }

  private String read(String status) throws IOException {
    JsonNode record = new ObjectMapper().readTree("{\"status\":" + status + "}");
    return load(FILE, Map.of())
        .read(Side.RIGHT, record, new EverythingKnown())
        .getOrDefault("status", "(not shown)");
  }

  @Test
  void aValueThatNoTableListsIsReadAsItsClass() throws IOException {
    assertThat(read("{\"name\":\"Looking\",\"category\":\"live\"}")).isEqualTo("Looking");
    assertThat(read("{\"name\":\"Repairing\",\"category\":\"live\"}")).isEqualTo("live");
    assertThat(read("{\"name\":\"Odd\",\"category\":\"new one\"}")).isEqualTo("Odd");
    assertThat(read("{\"name\":\"Odd\"}")).isEqualTo("Odd");
    assertThat(read("{\"name\":\"\",\"category\":\"live\"}")).isEmpty();
    assertThat(read("{\"category\":\"live\"}")).isEqualTo("(not shown)");
  }

  @Test
  void theClassIsAmongThePathsThatAreRequested() throws IOException {
    assertThat(load(FILE, Map.of()).paths(Side.RIGHT, new EverythingKnown()))
        .contains("status.name", "status.category");
  }

  @ParameterizedTest
  @CsvSource({"6, Fixing", "6, live", "8, Fixing"})
  void aValueThatIsNeverWrittenIsAGapWithItsReason(String left, String right) throws IOException {
    assertThat(status().translate(Side.LEFT, left, right))
        .isEqualTo(new Translation.Unmapped("people close it there"));
  }

  @ParameterizedTest
  @CsvSource({"6, over", "8, over", "6, dropped", "8, dropped", "2, live", "2, Fixing"})
  void itIsNoGapOnceTheOtherSideMeansTheSame(String left, String right) throws IOException {
    assertThat(status().agree(left, right)).isTrue();
    assertThat(status().translate(Side.LEFT, left, right))
        .isEqualTo(new Translation.AlreadyThere());
  }

  @Test
  void theOtherDirectionIsWritten() throws IOException {
    assertThat(status().agree("6", "live")).isFalse();
    assertThat(status().translate(Side.RIGHT, "over", "2")).isEqualTo(new Translation.To("6"));
    assertThat(status().translate(Side.RIGHT, "dropped", "2")).isEqualTo(new Translation.To("8"));
    assertThat(status().isRelevant(Side.LEFT, "8", Map.of("status", "Looking"))).isFalse();
    assertThat(status().isRelevant(Side.LEFT, "6", Map.of("status", "Looking"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "right: {path: status.name, unlisted: status.category}|right: {path: status.name, unlisted:"
            + " 'a..b'}|is not a path",
        "\"1\": Looking|\"1\": {value: Looking}|write either `unless` or `while`",
        "right: {path: status.name, unlisted: status.category}|right: {paths: [a, b], unlisted:"
            + " c}|cannot be combined",
      })
  void refusesWhatMakesNoSense(String right, String wrong, String problem) {
    assertThat(FILE).contains(right);
    assertThatThrownBy(() -> load(FILE.replace(right, wrong), Map.of()))
        .isInstanceOf(InvalidMappingsException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesAClassWhereEveryValueIsPossible() {
    String copied = FILE.replaceAll("(?s)    to-right:\n      \"1\".*?notes:", "notes:");
    assertThatThrownBy(() -> load(copied, Map.of()))
        .hasMessageContaining("every value is listed here");
  }

  @Test
  void refusesToTellASystemThatTakesNoNotes() throws IOException {
    String told =
        FILE.replace(
            "notes:\n",
            "  reason: {owner: left, left: reason, right: {tell: {text: \"{{value}}\"}}}\n"
                + "notes:\n");
    assertThat(load(told, Map.of("problem", Set.of())).fields()).hasSize(2);
    assertThatThrownBy(() -> load(told, Map.of("incident", Set.of())))
        .hasMessageContaining("a.yaml:15: field 'reason': platform takes no notes on incident");
  }
}
