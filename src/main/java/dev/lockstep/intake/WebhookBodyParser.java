package dev.lockstep.intake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.CleanJson;
import dev.lockstep.intake.definition.WebhookParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Parses a webhook's body, with limits on nesting depth and number length. */
final class WebhookBodyParser {
  /** Real webhooks are nested up to 6 levels. */
  private static final int MAX_DEPTH = 100;

  // Without this, one of two values of a repeated field would be dropped silently.
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private WebhookBodyParser() {}

  /**
   * Parses a body in UTF-8, UTF-16 or UTF-32, with or without a byte order mark. Texts are
   * {@linkplain CleanJson#clean cleaned}.
   *
   * @throws WebhookParseException when it is not a JSON object; the message does not quote the body
   */
  static ObjectNode read(byte[] body) {
    try {
      if (!(MAPPER.readTree(body) instanceof ObjectNode document)) {
        throw new WebhookParseException("the body is not a JSON object");
      }
      return (ObjectNode) CleanJson.clean(document);
    } catch (StreamConstraintsException e) {
      throw new WebhookParseException(
          "the body's JSON is nested too deeply or a number in it is too long");
    } catch (JsonProcessingException e) {
      boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
      String what = twice ? "a field occurs twice" : "the body is not JSON";
      throw new WebhookParseException(what + ", at " + place(e));
    } catch (IOException e) {
      throw new WebhookParseException("the body is not valid UTF-8, UTF-16 or UTF-32");
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? "its end"
        : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  /** The body as text for display; invalid bytes are replaced. */
  static String asText(byte[] body) {
    return CleanJson.clean(new String(body, StandardCharsets.UTF_8));
  }
}
