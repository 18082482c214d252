package dev.lockstep.mapping;

import static dev.lockstep.record.Side.LEFT;
import static dev.lockstep.record.Side.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.ops.yaml.YamlProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields that are composed of others, and values that are written later. */
class ComposedValuesTest {
  private static final String GOOD =
      """
      left: {system: desk, kind: ticket}
      right: {system: chat, kind: channel}
      starts: {left: always, right: never}
      fields:
        state:
          owner: left
          left: state
          right: {carried: never}
          to-right: {"1": New, "2": In Progress}
        assignee:
          owner: left
          left: {path: assigned_to, reference: user}
          right: {carried: never}
        topic:
          owner: left
          left: {text: "{{state.value}}[ · {{assignee.value}}]"}
          right: {path: topic.value, max: 20, lines: one}
        closed:
          owner: left
          left: {path: state, carried: never}
          right: {path: is_archived, after: {"true": 2h}}
          to-right: {"1": "false", "2": "false", "7": "true"}
      notes:
        to-right: {internal: internal, public: internal}
        to-left: {internal: internal, public: internal}
      """;

  @TempDir private Path folder;

  private Mapping load(String text) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), text);
    KnownSystem known =
        new KnownSystem("desk", Set.of("ticket", "channel"), Set.of("user"), Map.of());
    return new MappingLoader(
            Path.of("mappings/mapping.schema.json"), Map.of("desk", known, "chat", known))
        .load(folder)
        .all()
        .get(0);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> read(Mapping mapping, String record) {
    return mapping.read(LEFT, json(record), new EverythingKnown());
  }

  @Test
  void aValueIsComposedInTheWordsOfTheOtherSide() throws IOException {
    Mapping mapping = load(GOOD);

    assertThat(read(mapping, "{\"state\":\"2\",\"assigned_to\":\"ann\"}"))
        .containsEntry("topic", "In Progress · ann");
    assertThat(read(mapping, "{\"state\":\"1\",\"assigned_to\":\"\"}"))
        .containsEntry("topic", "New");
    // A value that no table lists is better than none.
    assertThat(read(mapping, "{\"state\":\"9\",\"assigned_to\":\"\"}")).containsEntry("topic", "9");
    assertThat(read(mapping, "{\"state\":\"1\"}")).doesNotContainKey("topic");
  }

  @Test
  void itGoesOneWayAndIsCutToWhatFits() throws IOException {
    FieldMapping topic =
        load(GOOD).fields().stream()
            .filter(f -> f.name().equals("topic"))
            .findFirst()
            .orElseThrow();

    assertThat(topic.flowsTo(RIGHT)).isTrue();
    assertThat(topic.flowsTo(LEFT)).isFalse();
    assertThat(topic.translate(LEFT, "In Progress · ann of the\ndesk", ""))
        .isEqualTo(new FieldMapping.Translation.To("In Progress · ann o…"));
  }

  /** People may word it otherwise, and what is due later is no difference yet. */
  @Test
  void neitherIsADisagreement() throws IOException {
    assertThat(
            load(GOOD)
                .disagreements(
                    Map.of("topic", "New", "closed", "7"),
                    Map.of("topic", "mine", "closed", "false")))
        .isEmpty();
  }

  @Test
  void aValueIsWrittenLater() throws IOException {
    Mapping mapping = load(GOOD);

    assertThat(mapping.delay(RIGHT, "closed", "true")).isEqualTo(Duration.ofHours(2));
    assertThat(mapping.delay(RIGHT, "closed", "false")).isZero();
    assertThat(mapping.delay(LEFT, "closed", "true")).isZero();
    assertThat(mapping.delay(RIGHT, "topic", "New")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{{state.value}}[ · {{assignee.value}}] ~ {state.value} ~ write fields as {{name|otherwise}} or {{name.value}}",
        "{{state.value}}[ · {{assignee.value}}] ~ {{status.value}} ~ 'status' is not a field",
        "{{state.value}}[ · {{assignee.value}}] ~ {{topic.value}} ~ 'topic' is composed itself; name its fields",
        "{{state.value}}[ · {{assignee.value}}] ~ {{assignee}} ~ needs a field with a table",
        "max: 20, ~ 'max: 20, also-sets: {x: \"{{assignee.value}}\"},' ~ 'assignee.value' is not a field",
        "{text: ~ {path: x, text: ~ `path` cannot be combined with `text`",
        "{\"true\": 2h} ~ {\"true\": soon} ~ 'soon' is not valid",
        "{\"true\": 2h} ~ {\"maybe\": 2h} ~ 'maybe' is not one of its right values"
      })
  void refusesWhatMakesNoSense(String good, String bad, String problem) throws IOException {
    String spoilt = GOOD.replace(good, bad);
    InvalidMappingsException refused =
        catchThrowableOfType(InvalidMappingsException.class, () -> load(spoilt));
    List<String> texts = refused.problems().stream().map(YamlProblem::text).toList();
    assertThat(texts).anyMatch(text -> text.contains(problem));
  }

  @Test
  void aComposedValueHasNoTable() throws IOException {
    String spoilt =
        GOOD.replace(
            "    right: {path: topic.value, max: 20, lines: one}\n",
            "    right: topic.value\n    to-right: {New: n}\n");
    InvalidMappingsException refused =
        catchThrowableOfType(InvalidMappingsException.class, () -> load(spoilt));
    assertThat(refused.problems())
        .anyMatch(problem -> problem.text().contains("a composed text has no table"));
  }
}
