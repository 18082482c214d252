package dev.lockstep.postmortem.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;

/** Reads {@link PostmortemSettings} and says in one line what is wrong with them. */
public final class PostmortemSettingsFile {
  private final Path file;
  private final JsonMapper yaml =
      JsonMapper.builder(new YAMLFactory())
          .addModule(new JavaTimeModule().addDeserializer(Duration.class, new Durations()))
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final List<String> TYPES = List.of("normal", "standard", "emergency");

  public PostmortemSettingsFile(Path file) {
    this.file = file;
  }

  /** One line for each thing that is wrong; empty when all is well. */
  public List<String> problems() {
    try {
      read();
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * @return the defaults when there is no such file
   * @throws IllegalArgumentException saying what is wrong and where
   */
  public PostmortemSettings read() {
    if (!Files.exists(file)) {
      return PostmortemSettings.DEFAULT;
    }
    try {
      String text = Files.readString(file);
      if (yaml.readTree(text).isEmpty()) {
        return PostmortemSettings.DEFAULT;
      }
      PostmortemSettings settings = yaml.readValue(text, PostmortemSettings.class);
      settings.types().stream()
          .filter(rule -> rule.type() == null || !TYPES.contains(rule.type()))
          .findFirst()
          .ifPresent(
              rule -> {
                throw new IllegalArgumentException(
                    "%s: types: '%s' is no type of change; write one of %s"
                        .formatted(file, rule.type(), TYPES));
              });
      return settings;
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          "%s:%d: %s".formatted(file, line(e), first(e.getOriginalMessage())), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s:%d: this is not YAML: %s".formatted(file, line(e), first(e.getOriginalMessage())), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
  }

  private static String first(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** {@code 5d} as everywhere in the settings, not only {@code P5D}. */
  private static final class Durations
      extends com.fasterxml.jackson.databind.JsonDeserializer<Duration> {
    @Override
    public Duration deserialize(
        com.fasterxml.jackson.core.JsonParser parser,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws IOException {
      String text = parser.getText();
      try {
        return DurationStyle.detectAndParse(text);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw JsonMappingException.from(
            parser, "'" + text + "' is no duration; write one such as 90s, 10m or 5d");
      }
    }
  }
}
