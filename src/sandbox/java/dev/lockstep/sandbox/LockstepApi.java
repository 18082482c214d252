package dev.lockstep.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Asks a running Lockstep over HTTP; what does not answer is {@link ExpectationFailedException}.
 */
public final class LockstepApi {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String url;
  private final String token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ObjectMapper mapper = new ObjectMapper();

  public LockstepApi(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /** Whether it takes webhooks. */
  public boolean ready() {
    return status("/health/ready") == 200;
  }

  /** How many pieces of work were given up. */
  public long deadLetters() {
    return json("/api/dead-letters").path("deadLetters").size();
  }

  /** What was given up and why, one line each. */
  public List<String> deadLetterTitles() {
    List<String> titles = new ArrayList<>();
    json("/api/dead-letters")
        .path("deadLetters")
        .forEach(
            letter ->
                titles.add(letter.path("title").asText() + ": " + letter.path("problem").asText()));
    return titles;
  }

  /**
   * The keys of the tickets that are duplicates.
   *
   * @param states in one of these, separated by commas
   */
  public List<String> duplicates(String states) {
    List<String> keys = new ArrayList<>();
    json("/api/duplicates?limit=1000&state=" + states)
        .path("duplicates")
        .forEach(duplicate -> keys.add(duplicate.at("/duplicate/key").asText()));
    return keys;
  }

  /**
   * Says, as this person, that the ticket with that key is a duplicate of what it is proposed for
   * or linked to.
   */
  public void accept(String key, String by) {
    // An incident's key begins with #, which would end the path.
    String named = URLEncoder.encode(key, StandardCharsets.UTF_8);
    post("/api/duplicates/" + named + "/accept", Map.of(), by, 202);
  }

  /** Whether a text with these words waits for an operator's approval. */
  public boolean awaitsApproval(String words) {
    return !waitingText(words).isEmpty();
  }

  /** Approves, as this person, the text with these words, so that it is delivered. */
  public void approve(String words, String by) {
    post("/api/notes/" + waitingText(words) + "/approve", Map.of(), by, 202);
  }

  /** The id of the text that waits for an approval; empty if there is none. */
  private String waitingText(String words) {
    for (JsonNode note : json("/api/notes").path("notes")) {
      if (note.path("text").asText().contains(words)) {
        return note.path("id").asText();
      }
    }
    return "";
  }

  /** The update of an incident for an audience, as Lockstep drafts it. */
  public String draftUpdate(String incident, String audience, String next) {
    String path = "/api/communications/%s/draft?audience=%s&next=%s";
    return json(path.formatted(incident, audience, URLEncoder.encode(next, StandardCharsets.UTF_8)))
        .path("text")
        .asText();
  }

  /** Sends, as this person, an update of an incident to an audience. */
  public void sendUpdate(String incident, String audience, String text, String by) {
    post(
        "/api/communications/" + incident + "/updates",
        Map.of("audience", audience, "text", text),
        by,
        201);
  }

  private void post(String path, Map<String, String> body, String by, int expected) {
    try {
      HttpResponse<String> answer =
          send(
              request(path)
                  .header("Content-Type", "application/json")
                  .header("X-Lockstep-User", by)
                  .POST(BodyPublishers.ofString(mapper.writeValueAsString(body)))
                  .build());
      if (answer.statusCode() != expected) {
        throw new ExpectationFailedException(
            "Lockstep's %s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
      }
    } catch (IOException e) {
      throw new ExpectationFailedException("Lockstep's " + path + " did not answer");
    }
  }

  /** Adds a user who may log in to the console. */
  public void addUser(String name, String role, String password) {
    post("/api/users", Map.of("name", name, "role", role, "password", password), "admin", 201);
  }

  /** Hands a postmortem over. */
  public void postmortem(String markdown) {
    HttpRequest sent =
        request("/postmortems")
            .header("Content-Type", "text/markdown")
            .POST(BodyPublishers.ofString(markdown))
            .build();
    try {
      HttpResponse<String> answer = send(sent);
      if (answer.statusCode() != 200) {
        throw new ExpectationFailedException(
            "Lockstep did not take the postmortem: " + answer.body());
      }
    } catch (IOException e) {
      throw new ExpectationFailedException("Lockstep's /postmortems did not answer");
    }
  }

  /** How much work waits or is under way; work that waits for a person is not counted. */
  public long waiting() {
    return Stream.of(body("/metrics").split("\\R"))
        .filter(line -> line.startsWith("lockstep_inbox_entries{"))
        .filter(line -> !line.matches("(?i).*state=\"blocked\".*"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * The chain from an incident to what was deployed because of it.
   *
   * @param key what people call the incident
   */
  public JsonNode trace(String key) {
    return json("/api/trace/" + key);
  }

  private JsonNode json(String path) {
    try {
      return mapper.readTree(body(path));
    } catch (IOException e) {
      throw new ExpectationFailedException("Lockstep's " + path + " gave no JSON");
    }
  }

  private String body(String path) {
    try {
      HttpResponse<String> answer = get(path);
      if (answer.statusCode() != 200) {
        throw new ExpectationFailedException(
            "Lockstep's " + path + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new ExpectationFailedException("Lockstep's " + path + " did not answer");
    }
  }

  private int status(String path) {
    try {
      return get(path).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    return send(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExpectationFailedException("interrupted");
    }
  }
}
