package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.Launch;
import dev.lockstep.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Lockstep, as those who call its port see it: in this JVM, which starts soonest, or in a process
 * of its own that can be killed as the kernel would. Its port and its database stay the same over
 * restarts.
 */
final class LockstepInstance implements AutoCloseable {
  /** Where it runs. One start at a time; {@code log} is appended to. */
  interface Host {
    void launch(Map<String, String> settings, Path log) throws IOException;

    boolean isAlive();

    /** Ends in order, within a minute or so. */
    void stop();

    /** Ends as if by a power cut. */
    default void kill() {
      throw new UnsupportedOperationException("needs a process of its own");
    }
  }

  /** What the worker logs of an error nobody foresaw. */
  private static final Pattern FAULT = Pattern.compile("ERROR Worker +\\S+ failed$");

  private static final Duration POLLED_WITHIN = Duration.ofSeconds(30);
  private static final Duration START = Duration.ofSeconds(120);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Map<String, String> settings;
  private final Host host;
  private final int port = Launch.freePort();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private int starts;

  private LockstepInstance(Path home, Map<String, String> settings, Host host) {
    this.home = home;
    this.settings = settings;
    this.host = host;
  }

  /**
   * In this JVM, on a database of its own unless the settings name one.
   *
   * @param name of its folder in {@code target/e2e}, which is emptied; it holds its data and its
   *     log
   */
  static LockstepInstance here(String name, Map<String, String> settings) {
    return new LockstepInstance(
        emptyHome(name), with(TestDatabase.settings(), settings), new ThisProcess());
  }

  /** In a process of its own, on a database that outlives it. */
  static LockstepInstance apart(String name, Map<String, String> settings) {
    return new LockstepInstance(
        emptyHome(name), with(TestDatabase.settings(), settings), new OwnProcess());
  }

  /** As {@code ./lockstep run} starts it where no database is named: with an embedded one. */
  static LockstepInstance apartWithDatabase(String name, Map<String, String> settings) {
    return new LockstepInstance(emptyHome(name), Map.copyOf(settings), new OwnProcess());
  }

  private static Path emptyHome(String name) {
    Path folder = Path.of("target", "e2e", name).toAbsolutePath();
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folder;
  }

  int port() {
    return port;
  }

  int starts() {
    return starts;
  }

  Path log() {
    return home.resolve("lockstep.log");
  }

  /** Starts it without waiting for anything. */
  void launch() {
    Map<String, String> all = new HashMap<>();
    all.put("LOCKSTEP_PORT", Integer.toString(port));
    all.put("LOCKSTEP_DATA_DIR", home.resolve("data").toString());
    all.put("LOCKSTEP_API_TOKEN", "end-to-end-tests");
    all.putAll(settings);
    try {
      Files.createDirectories(home);
      host.launch(all, log());
      starts++;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    launch();
    awaitReady();
  }

  void awaitReady() {
    Awaitility.await("Lockstep is ready; its log: " + log())
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              if (!isAlive()) {
                throw new AssertionError("Lockstep ended while starting:\n" + lastWords());
              }
              return status("/health/ready") == 200;
            });
  }

  boolean isAlive() {
    return host.isAlive();
  }

  /** It ends in order. */
  void stop() {
    host.stop();
  }

  /** Nothing is finished, nothing is said. */
  void kill() {
    host.kill();
  }

  @Override
  public void close() {
    host.stop();
    // Killed and not restarted: its database may have outlived it, and is ended as Lockstep would
    // end it, by the pid that PostgreSQL wrote down.
    endOrphanedDatabase();
    requireNoFaults();
  }

  /** A fault is retried, so that what follows may look right. */
  private void requireNoFaults() {
    try {
      if (Files.exists(log())) {
        assertThat(Files.readAllLines(log()))
            .as("faults in %s", log())
            .noneMatch(line -> FAULT.matcher(line).find());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void endOrphanedDatabase() {
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(f -> f.endsWith("postmaster.pid")).toList()) {
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    } catch (IOException | UncheckedIOException | IndexOutOfBoundsException e) {
      // It was on its way down and took its file with it.
    }
  }

  /** The status of a GET without a token, or 0 when nobody answers. */
  int status(String path) {
    try {
      return http.send(request(path).build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException nobodyThere) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Sends a postmortem and returns the response, whatever its status is. */
  HttpResponse<String> postmortem(String contentType, byte[] body) {
    return send(
        request("/postmortems")
            .header("Authorization", "Bearer end-to-end-tests")
            .header("Content-Type", contentType)
            .method("POST", BodyPublishers.ofByteArray(body))
            .build());
  }

  JsonNode api(String method, String path) {
    return api(method, path, BodyPublishers.noBody());
  }

  JsonNode post(String path, Map<String, String> body) {
    return api("POST", path, BodyPublishers.ofString(JSON.valueToTree(body).toString()));
  }

  private JsonNode api(String method, String path, BodyPublisher body) {
    HttpResponse<String> response =
        send(
            request("/api" + path)
                .header("Authorization", "Bearer end-to-end-tests")
                .header("Content-Type", "application/json")
                .method(method, body)
                .build());
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a webhook as somebody from outside would. */
  HttpResponse<String> webhook(String system, String header, String signature, byte[] body) {
    HttpRequest.Builder request =
        request("/webhooks/" + system)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    if (!signature.isEmpty()) {
      request.header(header, signature);
    }
    return send(request.build());
  }

  /** The sum of all samples of a metric whose labels contain this text. */
  double metric(String name, String labels) {
    String text = send(request("/metrics").build()).body();
    Matcher line =
        Pattern.compile("(?m)^" + Pattern.quote(name) + "(\\{[^}]*})? ([0-9.Ee+-]+)$")
            .matcher(text);
    double sum = 0;
    while (line.find()) {
      if (line.group(1) == null ? labels.isEmpty() : line.group(1).contains(labels)) {
        sum += Double.parseDouble(line.group(2));
      }
    }
    return sum;
  }

  /** No entry of the inbox waits, is processed or will be retried. */
  boolean isIdle() {
    return Stream.of("RECEIVED", "PROCESSING", "FAILED")
            .mapToDouble(state -> metric("lockstep_inbox_entries", state))
            .sum()
        == 0;
  }

  /** Waits until each of these systems was polled so many times more. */
  void awaitPolls(int rounds, List<String> systems) {
    Map<String, Double> before = new HashMap<>();
    systems.forEach(system -> before.put(system, polls(system)));
    for (String system : systems) {
      Awaitility.await(rounds + " more polls of " + system + "; Lockstep's log: " + log())
          .atMost(POLLED_WITHIN)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> polls(system) >= before.get(system) + rounds);
    }
  }

  private double polls(String system) {
    return metric("lockstep_polls_seconds_count", system);
  }

  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "(no log)";
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> both = new HashMap<>(some);
    both.putAll(more);
    return both;
  }
}
