package dev.lockstep.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.Finding;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryAfterParser;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.record.PlainText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Microsoft Teams, by a workflow with the trigger "When a Teams webhook request is received", which
 * takes an Adaptive Card (Microsoft Learn, "Create incoming webhooks with Workflows"). All texts
 * are text runs, in which no markup has a meaning (Adaptive Cards, "RichTextBlock").
 */
@Component
public class TeamsChannel implements ChannelKind {
  /** "The message size limit is 28 KB" (Microsoft Learn, "Incoming webhooks"). */
  private static final int MOST_BYTES = 28 * 1024;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final Duration USUAL_DELAY = Duration.ofSeconds(30);
  private static final int LONGEST_ANSWER = 2000;
  private static final int SHORTEST_SECRET = 6;
  private static final String HIDDEN = "…";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ObjectProvider<Channels> channels;
  private final Clock clock;
  private final ObjectMapper json = new JsonMapper();

  /**
   * @param channels resolved with each message, since they are checked by their kinds first
   */
  TeamsChannel(ObjectProvider<Channels> channels, Clock clock) {
    this.channels = channels;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "teams";
  }

  @Override
  public Set<String> keys() {
    return Set.of("url");
  }

  @Override
  public List<String> recipients(Channel channel) {
    return List.of("");
  }

  /** Anyone who knows the address can post, so it is neither shown nor sent unencrypted. */
  @Override
  public List<String> problems(Channel channel) {
    try {
      URI url = new URI(channel.url());
      String host = url.getHost();
      boolean isSecure = "https".equals(url.getScheme()) && host != null;
      boolean isHere = "http".equals(url.getScheme()) && THIS_MACHINE.contains(host);
      if ((isSecure || isHere) && url.getUserInfo() == null) {
        return List.of();
      }
    } catch (URISyntaxException e) {
      // Answered below.
    }
    return List.of("url: not an address that begins with https://; copy it from the workflow");
  }

  @Override
  public Finding check(Channel channel) {
    return channel.finding(
        Finding.Status.WARNING,
        "was not asked: a workflow only answers to a card, which everybody there would see",
        "Send an update of a test incident to it once.");
  }

  /**
   * A step of the route: the address of a message's channel as it is configured now.
   *
   * @throws RequestRejectedException if the channel is no longer configured
   */
  public String address(OutboundMessage message) {
    return channels
        .getObject()
        .find(message.channel())
        .filter(channel -> channel.kind().equals(name()))
        .map(Channel::url)
        .orElseThrow(
            () ->
                new RequestRejectedException(
                    0,
                    message.describe(),
                    "No such channel of the kind %s is configured.".formatted(name()),
                    "Configure the channel and retry, or discard this."));
  }

  /**
   * A step of the route.
   *
   * @throws RequestRejectedException if the card is larger than Teams takes
   */
  public byte[] card(OutboundMessage message) {
    ObjectNode card = json.createObjectNode();
    card.put("type", "AdaptiveCard");
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("version", "1.4");
    ArrayNode body = card.putArray("body");
    line(body, message.title(), "medium").put("weight", "bolder").put("size", "medium");
    boolean isAfterBlank = true;
    for (String line : message.text().split("\n", -1)) {
      if (line.isBlank()) {
        isAfterBlank = true;
      } else {
        line(body, line, isAfterBlank ? "medium" : "none");
        isAfterBlank = false;
      }
    }
    // A repeated card has the same.
    line(body, "Message " + message.id(), "medium").put("isSubtle", true).put("size", "small");
    if (message.link().startsWith("https://")) {
      ObjectNode action = card.putArray("actions").addObject();
      action.put("type", "Action.OpenUrl").put("title", "Open").put("url", message.link());
    }
    byte[] bytes = bytes(envelope(card));
    if (bytes.length > MOST_BYTES) {
      throw new RequestRejectedException(
          0,
          message.describe(),
          "The card has %d bytes; Teams takes %d.".formatted(bytes.length, MOST_BYTES),
          "Send a shorter text, and discard this.");
    }
    return bytes;
  }

  /** Returns the text run, for its format. */
  private static ObjectNode line(ArrayNode body, String text, String spacing) {
    ObjectNode block = body.addObject();
    block.put("type", "RichTextBlock").put("spacing", spacing);
    return block.putArray("inlines").addObject().put("type", "TextRun").put("text", text);
  }

  private ObjectNode envelope(ObjectNode card) {
    ObjectNode message = json.createObjectNode().put("type", "message");
    ObjectNode attachment = message.putArray("attachments").addObject();
    attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
    attachment.putNull("contentUrl");
    attachment.set("content", card);
    return message;
  }

  private byte[] bytes(ObjectNode message) {
    try {
      return json.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree cannot be written as JSON", e);
    }
  }

  /**
   * A step of the route: what an answer means. The workflow answers 202.
   *
   * @throws RetryLaterException if Teams asks to wait
   * @throws SystemUnavailableException if the card may not have been taken
   * @throws RequestRejectedException if it was refused
   */
  public void checkAnswer(Exchange exchange, OutboundMessage message) {
    int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    if (status >= 200 && status < 300) {
      return;
    }
    String answer =
        Optional.ofNullable(exchange.getMessage().getBody(String.class))
            .map(text -> withoutAddress(text, message))
            .orElse("");
    if (status == TOO_MANY_REQUESTS) {
      String asked = exchange.getMessage().getHeader("Retry-After", "", String.class);
      throw new RetryLaterException(
          new RetryAfterParser(clock).parse(asked).orElse(USUAL_DELAY),
          "the channel %s asks to wait".formatted(message.channel()));
    }
    if (status >= 500 || status == REQUEST_TIMEOUT || status == 0) {
      throw new SystemUnavailableException(
          "The channel %s answered %d: %s".formatted(message.channel(), status, answer));
    }
    throw new RequestRejectedException(
        status,
        message.describe(),
        answer,
        "Check the channel's workflow and its address, then retry; or discard this.");
  }

  /**
   * A step of the route, if no answer came.
   *
   * @throws SystemUnavailableException always; the card may have been taken
   */
  public void fail(Exception failure, OutboundMessage message) {
    throw new SystemUnavailableException(
        "The channel %s does not answer: %s: %s"
            .formatted(
                message.channel(),
                failure.getClass().getSimpleName(),
                withoutAddress(String.valueOf(failure.getMessage()), message)));
  }

  private String withoutAddress(String text, OutboundMessage message) {
    String url = address(message);
    String shown = PlainText.oneLine(text).replace(url, HIDDEN);
    String query = Optional.ofNullable(URI.create(url).getRawQuery()).orElse("");
    for (String parameter : query.split("&")) {
      String value = parameter.substring(parameter.indexOf('=') + 1);
      if (value.length() >= SHORTEST_SECRET) {
        shown = shown.replace(value, HIDDEN);
      }
    }
    return PlainText.truncate(shown, LONGEST_ANSWER, Integer.MAX_VALUE);
  }
}
