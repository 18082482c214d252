package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Lockstep in a process of its own, on a port that stays the same when it is started again.
 * Whatever becomes of this process, {@link #close()} leaves none of its processes behind.
 */
final class LockstepProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long STOPPING_SECONDS = 25;

  private final List<String> command;
  private final Map<String, String> settings;
  private final Path log;
  private final int port;
  private final String token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ObjectMapper mapper = new ObjectMapper();

  /** Its database outlives a killed Lockstep, and is then nobody's child. */
  private final List<ProcessHandle> descendants = new ArrayList<>();

  private @Nullable Process process;

  LockstepProcess(List<String> command, Map<String, String> settings, Path log, int port) {
    this.command = List.copyOf(command);
    this.settings = Map.copyOf(settings);
    this.log = log;
    this.port = port;
    this.token = settings.getOrDefault("LOCKSTEP_API_TOKEN", "");
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  String token() {
    return token;
  }

  synchronized void start() {
    ProcessBuilder builder = Launch.apart(command);
    Map<String, String> environment = builder.environment();
    environment.putAll(settings);
    environment.put("LOCKSTEP_PORT", Integer.toString(port));
    try {
      process = builder.redirectOutput(Redirect.appendTo(log.toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized boolean running() {
    return process != null && process.isAlive();
  }

  /** Whether it takes webhooks. */
  boolean ready() {
    return running() && status("/health/ready") == 200;
  }

  /** Asks it to stop, as a supervisor would, and waits until it has. */
  synchronized void stop() {
    if (process == null) {
      return;
    }
    remember();
    process.destroy();
    if (!ended(process)) {
      process.destroyForcibly();
      throw new Unmet("Lockstep did not stop within " + STOPPING_SECONDS + " s of SIGTERM");
    }
  }

  /** Ends it at once, whatever it is doing: SIGKILL. */
  synchronized void kill() {
    if (process != null) {
      remember();
      process.destroyForcibly();
      ended(process);
    }
  }

  /** How many pieces of work were given up. */
  long deadLetters() {
    return json("/api/dead-letters").path("deadLetters").size();
  }

  /** What was given up and why, one line each. */
  List<String> deadLetterTitles() {
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
  List<String> duplicates(String states) {
    List<String> keys = new ArrayList<>();
    json("/api/duplicates?limit=1000&state=" + states)
        .path("duplicates")
        .forEach(duplicate -> keys.add(duplicate.at("/duplicate/key").asText()));
    return keys;
  }

  /**
   * Says, as this person, that the ticket with that key is a duplicate of what it is proposed for.
   */
  void accept(String key, String by) {
    String path = "/api/duplicates/" + key + "/accept?by=" + by;
    try {
      int status = send(request(path).POST(BodyPublishers.noBody()).build()).statusCode();
      if (status != 202) {
        throw new Unmet("Lockstep's " + path + " answered " + status);
      }
    } catch (IOException e) {
      throw new Unmet("Lockstep's " + path + " did not answer");
    }
  }

  /** Hands a postmortem over. */
  void postmortem(String markdown) {
    HttpRequest sent =
        request("/postmortems")
            .header("Content-Type", "text/markdown")
            .POST(BodyPublishers.ofString(markdown))
            .build();
    try {
      HttpResponse<String> answer = send(sent);
      if (answer.statusCode() != 200) {
        throw new Unmet("Lockstep did not take the postmortem: " + answer.body());
      }
    } catch (IOException e) {
      throw new Unmet("Lockstep's /postmortems did not answer");
    }
  }

  /** How much work waits or is under way; work that waits for a person is not counted. */
  long waiting() {
    return Stream.of(body("/metrics").split("\\R"))
        .filter(line -> line.startsWith("lockstep_inbox_entries{"))
        .filter(line -> !line.matches("(?i).*state=\"blocked\".*"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The last lines it said. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public synchronized void close() {
    if (process != null) {
      remember();
      process.destroy();
      if (!ended(process)) {
        process.destroyForcibly();
      }
    }
    descendants.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  private void remember() {
    if (process != null) {
      process.descendants().forEach(descendants::add);
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(STOPPING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private JsonNode json(String path) {
    try {
      return mapper.readTree(body(path));
    } catch (IOException e) {
      throw new Unmet("Lockstep's " + path + " gave no JSON");
    }
  }

  private String body(String path) {
    try {
      HttpResponse<String> answer = get(path);
      if (answer.statusCode() != 200) {
        throw new Unmet("Lockstep's " + path + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new Unmet("Lockstep's " + path + " did not answer");
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
    return HttpRequest.newBuilder(URI.create(url() + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unmet("interrupted");
    }
  }
}
