package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A slash command, or a button that was pressed: its request, how it was acknowledged, and what was
 * answered by its {@code response_url}. Thread-safe.
 */
public final class SlackCommand {
  private final byte[] body;
  private final URI responseUrl;
  private final SlackPerson by;
  private final String channel;
  private final List<JsonNode> answers = new ArrayList<>();
  private Acknowledgement acknowledged = new Acknowledgement(0, "", Duration.ZERO);

  /**
   * How the request was answered.
   *
   * @param status 0 if it was not, or not in time
   */
  public record Acknowledgement(int status, String body, Duration after) {

    /** "Must be received by Slack within 3000 milliseconds", with a status of 200. */
    public boolean isInTime() {
      return status == 200;
    }
  }

  SlackCommand(byte[] body, URI responseUrl, SlackPerson by, String channel) {
    this.body = body;
    this.responseUrl = responseUrl;
    this.by = by;
    this.channel = channel;
  }

  byte[] body() {
    return body;
  }

  SlackPerson by() {
    return by;
  }

  String channel() {
    return channel;
  }

  public URI responseUrl() {
    return responseUrl;
  }

  synchronized void acknowledge(Acknowledgement one) {
    acknowledged = one;
  }

  public synchronized Acknowledgement acknowledged() {
    return acknowledged;
  }

  synchronized void answer(JsonNode message) {
    answers.add(message);
  }

  /** The messages that were sent to its {@code response_url}, oldest first. */
  public synchronized List<JsonNode> answers() {
    return List.copyOf(answers);
  }

  /** The text of the only answer, as Slack stores it; empty as long as there is none. */
  public Optional<String> text() {
    List<JsonNode> all = answers();
    if (all.size() > 1) {
      throw new IllegalStateException(all.size() + " answers: " + all);
    }
    return all.stream().map(one -> one.path("text").asText()).findFirst();
  }

  /** The buttons of the last answer. */
  List<JsonNode> buttons() {
    List<JsonNode> all = answers();
    return all.isEmpty()
        ? List.of()
        : StreamSupport.stream(all.get(all.size() - 1).path("blocks").spliterator(), false)
            .filter(block -> block.path("type").asText().equals("actions"))
            .flatMap(block -> StreamSupport.stream(block.path("elements").spliterator(), false))
            .toList();
  }

  /** What the buttons of the last answer say. */
  public List<String> labels() {
    return buttons().stream().map(button -> button.at("/text/text").asText()).toList();
  }
}
