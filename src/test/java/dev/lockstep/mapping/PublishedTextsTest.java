package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.mapping.Mapping.Origin;
import dev.lockstep.mapping.Mapping.Present;
import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped mapping publishes consists of its own words, and goes where it says. */
class PublishedTextsTest {
  private static final Mapping MAPPING = Shipped.named("incident.statuspage");
  private static final Map<String, String> DOWN =
      Map.of("status", "1", "impact", "1/1", "component-status", "1/1", "service", "Payments");

  private final References references = new EverythingKnown();

  @TempDir private Path folder;

  private static JsonNode ticket(String item) throws IOException {
    return new ObjectMapper()
        .readTree(
            """
            {"state": "1", "impact": "1", "urgency": "1", "short_description": "db-prod-17 is down",
             "cmdb_ci": "%s"}
            """
                .formatted(item));
  }

  private String title(String item) throws IOException {
    return MAPPING.read(Side.LEFT, ticket(item), references).get("title");
  }

  @ParameterizedTest
  @ValueSource(strings = {"db-prod-17", "", "<script>alert(1)</script>", "{{service|x}}", "$1"})
  void aValueThatNoTableListsIsNeverPublished(String item) throws IOException {
    assertThat(title(item)).isEqualTo("Problem with one of our services");
  }

  @Test
  void aListedServiceIsNamed() throws IOException {
    assertThat(title("Payments")).isEqualTo("Problem with Payments");
  }

  @Test
  void aTextIsNotComposedOfWhatTheRecordDoesNotShow() throws IOException {
    JsonNode shown = new ObjectMapper().readTree("{\"state\": \"1\"}");
    assertThat(MAPPING.read(Side.LEFT, shown, references)).doesNotContainKey("title");
  }

  private JsonNode created(Map<String, String> values, boolean backfilled) {
    return MAPPING.create(Side.RIGHT, values, new Origin(DOWN, backfilled), references).body();
  }

  @ParameterizedTest
  @CsvSource({
    "investigating, false, true",
    "resolved, false, false",
    "investigating, true, false",
    "resolved, true, false",
  })
  void subscribersAreNotifiedOfWhatIsNewOnly(String status, boolean backfilled, boolean notified) {
    assertThat(created(Map.of("status", status), backfilled).path("deliver_notifications").asText())
        .isEqualTo(String.valueOf(notified));
  }

  @Test
  void aBackfillNotifiesIfTheFileSaysSo() throws IOException {
    String asked =
        Files.readString(Path.of("mappings/incident.statuspage.yaml"))
            .replace("backfill:\n  right: {deliver_notifications: \"false\"}\n", "");
    JsonNode body =
        load(asked, Map.of())
            .create(
                Side.RIGHT, Map.of("status", "investigating"), new Origin(DOWN, true), references)
            .body();
    assertThat(body.path("deliver_notifications").asText()).isEqualTo("true");
  }

  @Test
  void aStatusIsPublishedWithItsTextAndTheComponentIsSet() {
    JsonNode body =
        created(
            Map.of(
                "status",
                "investigating",
                "service",
                "Payments",
                "component-status",
                "major_outage"),
            false);
    assertThat(body.path("body").asText())
        .isEqualTo("We are investigating a problem with Payments.");
    assertThat(body.at("/component_ids/0").asText()).isEqualTo("Payments");
    assertThat(body.at("/components/Payments").asText()).isEqualTo("major_outage");
  }

  @Test
  void theFormerComponentIsOperationalAgain() {
    Present present =
        new Present(Map.of("service", "Customer portal", "status", "investigating"), DOWN);
    JsonNode body =
        MAPPING.write(Side.RIGHT, Map.of("service", "Payments"), present, references).body();
    assertThat(body.at("/components/Customer portal").asText()).isEqualTo("operational");
    assertThat(body.at("/component_ids/0").asText()).isEqualTo("Payments");
    assertThat(body.path("deliver_notifications").asText()).isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "We are investigating a problem with Payments.            | true",
        "We are investigating a problem with one of our services. | true",
        "We are investigating a problem with db-prod-17.          | false",
        "We are investigating a problem with Payments. And more   | false",
      })
  void recognizesItsOwnTexts(String text, boolean own) {
    assertThat(MAPPING.writesText(Side.RIGHT, "body", text)).isEqualTo(own);
    assertThat(MAPPING.writesText(Side.RIGHT, "name", text)).isFalse();
  }

  private Mapping load(String file, Map<String, Set<Visibility>> notes) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), file);
    return new MappingLoader(
            Shipped.SCHEMA,
            Map.of(
                "servicenow",
                KnownSystem.UNREAD,
                "statuspage",
                new KnownSystem("page", Set.of("incident"), Set.of("component"), notes)))
        .load(folder)
        .all()
        .get(0);
  }

  private static List<Arguments> wrong() {
    String text = "text: \"Problem with {{service|one of our services}}\"";
    String tell = "  priority:\n    owner: left\n    left: {paths: [impact, urgency]}\n    right: ";
    return List.of(
        arguments(text, "text: \"With {{service}}\"", "has no text for values"),
        arguments(text, "text: \"With {{service|}}\"", "has no text for values"),
        arguments(text, "text: \"With {{title|x}}\"", "needs a field with a table"),
        arguments(text, "text: \"With {{servce|x}}\"", "servce"),
        arguments(text, "path: x, text: Down", "`path` cannot be combined with `text`"),
        arguments(
            "{\"components.{{service.id}}\": operational} # and",
            "{\"components.{{status.id}}\": operational} # and",
            "is not the id of a reference"),
        arguments(
            "{\"components.{{service.id}}\": operational} # and",
            "{\"components.{{service}}\": operational} # and",
            "is not the id of a reference"),
        arguments("with: [component-status]", "with: [component-statu]", "component-statu"),
        arguments("approve: always", "approve: sometimes", "approve"),
        arguments(
            "internal: none\n    public: {as",
            "internal: internal\n    public: {as",
            "takes no internal notes on incident; write none or public"),
        arguments(
            tell + "{carried: never}",
            tell + "{tell: {text: \"Priority {{value}}\"}}",
            "takes no internal notes on incident, so nobody would read it"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesAtStartWhatWouldPublishSomethingElse(String right, String wrong, String why)
      throws IOException {
    String file = Files.readString(Path.of("mappings/incident.statuspage.yaml"));
    Map<String, Set<Visibility>> notes = Map.of("incident", Set.of(Visibility.PUBLIC));
    assertThat(load(file, notes).fields()).isNotEmpty();
    assertThat(file).contains(right);
    assertThatThrownBy(() -> load(file.replace(right, wrong), notes)).hasMessageContaining(why);
  }
}
