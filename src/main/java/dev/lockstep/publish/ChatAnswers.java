package dev.lockstep.publish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.RetryAfterParser;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.publish.ChatAnswer.Button;
import dev.lockstep.record.PlainText;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Answers to commands as chats with Block Kit take them: seen by one person, with buttons
 * ("Handling user interaction", "Reference: blocks").
 */
@Component
public class ChatAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ChatAnswers.class);

  /** "Maximum length for the text in this field is 3000 characters" (section block). */
  private static final int LONGEST_TEXT = 3000;

  private static final String CUT = "\n… (cut; the console shows all of it)";

  /** Of the label and the value of a button. */
  private static final int LONGEST_LABEL = 75;

  private static final int LONGEST_VALUE = 2000;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final Duration USUAL_DELAY = Duration.ofSeconds(5);

  private final Clock clock;

  ChatAnswers(Clock clock) {
    this.clock = clock;
  }

  /** A step of the route. */
  public byte[] compose(ChatAnswer answer) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    String text = formatted(answer.format(), answer.text());
    body.put("response_type", "ephemeral");
    body.put("replace_original", answer.replaces());
    body.put("text", text);
    if (answer.buttons().isEmpty()) {
      body.put("mrkdwn", false);
    } else {
      ArrayNode blocks = body.putArray("blocks");
      ObjectNode section = blocks.addObject().put("type", "section");
      section.putObject("text").put("type", "mrkdwn").put("text", text).put("verbatim", true);
      ArrayNode elements = blocks.addObject().put("type", "actions").putArray("elements");
      answer.buttons().forEach(button -> add(elements, button));
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void add(ArrayNode elements, Button button) {
    if (button.command().length() > LONGEST_VALUE) {
      return;
    }
    ObjectNode element = elements.addObject().put("type", "button");
    element
        .putObject("text")
        .put("type", "plain_text")
        .put("text", PlainText.truncate(button.label(), LONGEST_LABEL, Integer.MAX_VALUE));
    element.put("action_id", "lockstep-" + elements.size()).put("value", button.command());
    if (button.primary()) {
      element.put("style", "primary");
    }
  }

  /** In the system's format, cut if it is too long there. */
  static String formatted(TextFormat format, String text) {
    String written = format.write(text).asText();
    int most = LONGEST_TEXT - CUT.length();
    for (int units = most; written.length() > LONGEST_TEXT; units -= Math.max(1, units / 10)) {
      written = format.write(PlainText.truncate(text, units, Integer.MAX_VALUE) + CUT).asText();
    }
    return written;
  }

  /**
   * A step of the route: what the system says to the answer.
   *
   * @throws RetryLaterException if it asks to wait
   * @throws SystemUnavailableException if it may not have taken it
   */
  public void check(Exchange exchange, ChatAnswer answer) {
    int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    if (status == TOO_MANY_REQUESTS) {
      String asked = exchange.getMessage().getHeader("Retry-After", "", String.class);
      throw new RetryLaterException(
          new RetryAfterParser(clock).parse(asked).orElse(USUAL_DELAY),
          "the system asks to wait with answers");
    }
    if (status >= 500 || status == REQUEST_TIMEOUT || status == 0) {
      throw new SystemUnavailableException("An answer got status " + status);
    }
    if (status >= 300) {
      // Nobody takes it any more, and what was asked for is done.
      LOG.warn("The {} was refused with status {}", answer, status);
    }
  }

  /**
   * A step of the route.
   *
   * @throws SystemUnavailableException always; the answer may have been taken
   */
  public void fail(Exception failure) {
    throw new SystemUnavailableException(
        "An answer was not taken: " + failure.getClass().getSimpleName(), failure);
  }
}
