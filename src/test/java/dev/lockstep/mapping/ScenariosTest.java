package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.ValueMapping;
import dev.lockstep.record.Side;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

/** Every mapping is judged by a table of scenarios that its process owner can read. */
class ScenariosTest {

  private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

  @TestFactory
  Stream<DynamicTest> eachScenarioEndsAsItsTableSays() {
    return Shipped.all().stream()
        .flatMap(
            mapping ->
                scenarios(mapping).entrySet().stream()
                    .flatMap(
                        entry -> {
                          FieldMapping field = field(mapping, entry.getKey());
                          return entry.getValue().stream()
                              .map(
                                  row ->
                                      DynamicTest.dynamicTest(
                                          field.name() + " " + row, () -> play(field, row)));
                        }));
  }

  /** A state nobody wrote a scenario for is a state nobody thought about. */
  @TestFactory
  Stream<DynamicTest> everyListedValueHasAScenarioInBothDirections() {
    return Shipped.all().stream()
        .flatMap(
            mapping ->
                mapping.fields().stream()
                    .map(MappedField.class::cast)
                    .filter(field -> field.valueMapping() instanceof ValueMapping.Table)
                    .map(
                        field ->
                            DynamicTest.dynamicTest(
                                mapping.name() + " " + field.name(),
                                () -> assertCovered(field, scenarios(mapping)))));
  }

  private static void assertCovered(
      MappedField field, Map<String, List<Map<String, Object>>> scenarios) {
    for (Side side : Side.values()) {
      Set<String> played = new HashSet<>();
      scenarios
          .getOrDefault(field.name(), List.of())
          .forEach(row -> played.add(String.valueOf(row.get(side.label()))));
      assertThat(played).containsAll(field.valueMapping().knownValues(side));
    }
  }

  private static void play(FieldMapping field, Map<String, Object> row) {
    Side from = row.containsKey("left") ? Side.LEFT : Side.RIGHT;
    String value = String.valueOf(row.get(from.label()));
    if (row.containsKey("told") || row.containsKey("silent")) {
      assertThat(field.noteText(from.other(), value)).isEqualTo(row.get("told"));
      return;
    }
    Object other = row.get("other");
    Translation translation =
        field.translate(from, value, other == null ? null : String.valueOf(other));
    if (row.containsKey("becomes")) {
      assertThat(translation).isEqualTo(new Translation.To(String.valueOf(row.get("becomes"))));
    } else if (row.containsKey("refused")) {
      assertThat(translation)
          .isInstanceOfSatisfying(
              Translation.Unmapped.class,
              gap -> assertThat(gap.reason()).contains(String.valueOf(row.get("refused"))));
    } else {
      assertThat(row).containsEntry("stays", true);
      assertThat(translation).isEqualTo(new Translation.AlreadyThere());
    }
  }

  private static FieldMapping field(Mapping mapping, String name) {
    return mapping.fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("a scenario for no field: " + name));
  }

  private static Map<String, List<Map<String, Object>>> scenarios(Mapping mapping) {
    try (Reader reader = Files.newBufferedReader(SCENARIOS.resolve(mapping.name() + ".yaml"))) {
      return new Yaml().load(reader);
    } catch (IOException e) {
      throw new AssertionError("a mapping without scenarios: " + mapping.name(), e);
    }
  }
}
