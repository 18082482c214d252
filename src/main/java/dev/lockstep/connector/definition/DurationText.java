package dev.lockstep.connector.definition;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;

/** {@code 30s}, {@code 5m}, {@code PT1M}: as Spring Boot reads durations. */
final class DurationText extends StdScalarDeserializer<Duration> {
  DurationText() {
    super(Duration.class);
  }

  @Override
  public Duration deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    try {
      return DurationStyle.detectAndParse(parser.getValueAsString());
    } catch (IllegalArgumentException e) {
      throw JsonMappingException.from(
          parser, "is not a duration; write it like 30s, 5m or PT1M", e);
    }
  }
}
