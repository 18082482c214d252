package dev.lockstep.postmortem.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;

/** Reads {@link PostmortemSettings} and reports each problem in one line. */
public final class PostmortemSettingsFile implements StartupCheck {
  private static final List<String> KEYS =
      List.of("people", "services", "due-days", "types", "reopened", "guard");
  private static final List<String> TYPES = List.of("normal", "standard", "emergency");
  private static final List<String> RENEWALS = List.of("report", "new-change");

  /** Limit of the id of an item's record. */
  private static final int MOST_CHANGES = 99;

  private static final List<String> MODES = List.of("off", "warn", "reopen");

  private final Path file;
  private final JsonMapper mapper =
      JsonMapper.builder()
          .addModule(new JavaTimeModule().addDeserializer(Duration.class, new Durations()))
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .build();

  public PostmortemSettingsFile(Path file) {
    this.file = file;
  }

  /** One line for each problem; empty if there is none. */
  public List<String> problems() {
    return checked().problems().stream().map(YamlProblem::toString).toList();
  }

  /**
   * @return the defaults if the file does not exist
   * @throws IllegalArgumentException with one line for each problem
   */
  public PostmortemSettings read() {
    YamlFile yaml = checked();
    if (!yaml.problems().isEmpty()) {
      throw new IllegalArgumentException(
          yaml.problems().stream().map(YamlProblem::toString).collect(Collectors.joining("\n")));
    }
    try {
      return mapper.treeToValue(yaml.root(), PostmortemSettings.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A checked settings file cannot be parsed", e);
    }
  }

  private YamlFile checked() {
    YamlFile yaml =
        Files.exists(file)
            ? YamlFile.read(file, YamlFile.Scalars.NUMBERS)
            : YamlFile.of(file.toString(), YamlFile.Scalars.NUMBERS, "");
    if (!yaml.root().isMissingNode()) {
      keys(yaml, List.of(), yaml.root(), KEYS, (place, value) -> section(yaml, place, value));
    }
    return yaml;
  }

  private static void section(YamlFile yaml, List<String> place, JsonNode value) {
    switch (place.get(0)) {
      case "people" -> each(yaml, place, value, (at, email) -> text(yaml, at, email));
      case "due-days" -> each(yaml, place, value, (at, days) -> days(yaml, at, days));
      case "services" ->
          each(
              yaml,
              place,
              value,
              (at, service) ->
                  keys(
                      yaml,
                      at,
                      service,
                      List.of("owner", "group"),
                      (key, text) -> text(yaml, key, text)));
      case "types" -> types(yaml, place, value);
      case "reopened" -> reopened(yaml, place, value);
      default -> guard(yaml, place, value);
    }
  }

  private static void types(YamlFile yaml, List<String> place, JsonNode rules) {
    if (!rules.isArray() && !rules.isNull()) {
      yaml.refuse(
          place, "types must be a list of rules such as {priorities: [P0], type: emergency}");
      return;
    }
    for (int i = 0; i < rules.size(); i++) {
      List<String> rule = YamlFile.with(place, String.valueOf(i));
      keys(
          yaml,
          rule,
          rules.get(i),
          List.of("priorities", "labels", "type"),
          (at, value) -> {
            if (!at.get(at.size() - 1).equals("type")) {
              words(yaml, at, value);
            }
          });
      String type = rules.get(i).path("type").asText("");
      if (rules.get(i).isObject() && !TYPES.contains(type)) {
        yaml.refuse(
            YamlFile.with(rule, "type"),
            "types: '%s' is not a type of change%s".formatted(type, Suggestion.of(type, TYPES)));
      }
    }
  }

  private static void reopened(YamlFile yaml, List<String> place, JsonNode reopened) {
    keys(
        yaml,
        place,
        reopened,
        List.of("mode", "most-changes"),
        (at, value) -> {
          if (at.get(1).equals("mode")) {
            mode(yaml, at, value, RENEWALS);
          } else if (!value.isIntegralNumber()
              || value.asLong() < 1
              || value.asLong() > MOST_CHANGES) {
            yaml.refuse(
                at,
                "%s: '%s' is not a number of change requests; write one from 1 to %d"
                    .formatted(String.join(".", at), value.asText(), MOST_CHANGES));
          }
        });
  }

  private static void mode(YamlFile yaml, List<String> place, JsonNode value, List<String> known) {
    if (!known.contains(value.asText())) {
      yaml.refuse(
          place,
          "%s: '%s' is not a mode%s"
              .formatted(
                  String.join(".", place), value.asText(), Suggestion.of(value.asText(), known)));
    }
  }

  private static void guard(YamlFile yaml, List<String> place, JsonNode guard) {
    keys(
        yaml,
        place,
        guard,
        List.of("mode", "patience", "needs-postmortem", "within"),
        (at, value) -> {
          switch (at.get(1)) {
            case "needs-postmortem" -> words(yaml, at, value);
            case "mode" -> mode(yaml, at, value, MODES);
            default -> {
              if (duration(value.asText()) == null) {
                yaml.refuse(
                    at,
                    "%s: '%s' is not a duration; write one such as 90s, 10m or 5d"
                        .formatted(String.join(".", at), value.asText()));
              }
            }
          }
        });
  }

  /** Passes on the values of known keys and reports unknown ones. */
  private static void keys(
      YamlFile yaml,
      List<String> place,
      JsonNode node,
      List<String> known,
      BiConsumer<List<String>, JsonNode> check) {
    each(
        yaml,
        place,
        node,
        (at, value) -> {
          String key = at.get(at.size() - 1);
          if (known.contains(key)) {
            check.accept(at, value);
          } else {
            yaml.refuse(
                at, "%s: no such key%s".formatted(String.join(".", at), Suggestion.of(key, known)));
          }
        });
  }

  private static void each(
      YamlFile yaml, List<String> place, JsonNode node, BiConsumer<List<String>, JsonNode> check) {
    if (!node.isObject() && !node.isNull()) {
      yaml.refuse(
          place,
          "%s must hold keys and values"
              .formatted(place.isEmpty() ? "the file" : String.join(".", place)));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      check.accept(YamlFile.with(place, entry.getKey()), entry.getValue());
    }
  }

  private static void text(YamlFile yaml, List<String> place, JsonNode value) {
    if (value.isContainerNode()) {
      yaml.refuse(place, "%s must be one text".formatted(String.join(".", place)));
    }
  }

  private static void words(YamlFile yaml, List<String> place, JsonNode words) {
    boolean fits = words.isArray() || words.isNull();
    for (JsonNode word : words) {
      fits &= word.isValueNode() && !word.isNull();
    }
    if (!fits) {
      yaml.refuse(place, "%s must be a list such as [P0, P1]".formatted(String.join(".", place)));
    }
  }

  private static void days(YamlFile yaml, List<String> place, JsonNode days) {
    if (!days.isIntegralNumber() || days.asLong() < 0 || days.asLong() > 3650) {
      yaml.refuse(
          place,
          "%s: '%s' is not a number of days; write one such as 14"
              .formatted(String.join(".", place), days.asText()));
    }
  }

  private static @org.jspecify.annotations.Nullable Duration duration(String text) {
    try {
      Duration duration = DurationStyle.detectAndParse(text);
      return text.matches(".*[A-Za-z]") && !duration.isNegative() ? duration : null;
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  /** {@code 5d} as everywhere in the settings, besides {@code P5D}. */
  private static final class Durations
      extends com.fasterxml.jackson.databind.JsonDeserializer<Duration> {
    @Override
    public Duration deserialize(
        com.fasterxml.jackson.core.JsonParser parser,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws IOException {
      Duration duration = duration(parser.getText());
      if (duration == null) {
        throw JsonMappingException.from(parser, "no duration: " + parser.getText());
      }
      return duration;
    }
  }
}
