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
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the body of a delivery, and lets nothing through that would harm what comes after. */
final class WebhookBodyParser {
  /** Real webhooks are 6 deep. */
  private static final int MAX_DEPTH = 100;

  // Of a field that is there twice one value would be dropped silently: which one is right?
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private WebhookBodyParser() {}

  /**
   * In UTF-8, UTF-16 or UTF-32, with or without a byte order mark. Texts are {@linkplain
   * PlainText#clean clean}.
   *
   * @throws WebhookParseException when it is no JSON object; the message does not quote the body
   */
  static ObjectNode read(byte[] body) {
    try {
      if (!(MAPPER.readTree(body) instanceof ObjectNode document)) {
        throw new WebhookParseException("the body is no JSON object");
      }
      return (ObjectNode) CleanJson.clean(document);
    } catch (StreamConstraintsException e) {
      throw new WebhookParseException(
          "the body's JSON is nested too deeply or a number in it is too long");
    } catch (JsonProcessingException e) {
      boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field");
      String what = twice ? "a field is there twice" : "the body is not JSON";
      throw new WebhookParseException(what + ", at " + place(e));
    } catch (IOException e) {
      throw new WebhookParseException("the body's characters are not well encoded");
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? "its end"
        : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  /** The body as text for a person to look at, whatever its bytes are. */
  static String asText(byte[] body) {
    return CleanJson.clean(new String(body, StandardCharsets.UTF_8));
  }
}
