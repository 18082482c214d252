package dev.lockstep.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.Launch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * {@code lockstep run} in a process of its own, so that it can be killed as the kernel would. Its
 * port stays the same over restarts, since webhooks are sent there.
 */
final class LockstepProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Map<String, String> settings;
  private final int port = Launch.freePort();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private volatile Process process;
  private int starts;

  /**
   * @param home its data and its log
   */
  LockstepProcess(Path home, Map<String, String> settings) {
    this.home = home;
    this.settings = Map.copyOf(settings);
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
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the launcher has it: a short start counts for more than peak speed.
    command.addAll(
        List.of("-Xms64m", "-Xmx256m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Xshare:auto", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8"));
    command.addAll(List.of("-cp", classPath(), "dev.lockstep.Lockstep", "run"));
    ProcessBuilder builder = Launch.apart(command);
    Map<String, String> environment = builder.environment();
    environment.put("LOCKSTEP_PORT", Integer.toString(port));
    environment.put("LOCKSTEP_DATA_DIR", home.resolve("data").toString());
    environment.put("LOCKSTEP_API_TOKEN", "end-to-end");
    environment.putAll(settings);
    try {
      Files.createDirectories(home);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      process = builder.start();
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
              if (!process.isAlive()) {
                throw new AssertionError("Lockstep ended while starting:\n" + lastWords());
              }
              return status("/health/ready") == 200;
            });
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /**
   * SIGTERM: it ends in order.
   *
   * @return the exit code
   */
  int terminate() {
    process.destroy();
    Awaitility.await("Lockstep has ended; its log: " + log())
        .atMost(START.multipliedBy(2))
        .until(() -> !process.isAlive());
    return process.exitValue();
  }

  /** SIGKILL: nothing is finished, nothing is said. */
  void kill() {
    Process victim = process;
    victim.destroyForcibly();
    await(victim);
  }

  @Override
  public void close() {
    if (!isAlive()) {
      // Killed and not restarted: its database may have outlived it, and is ended as Lockstep
      // would end it, by the pid that PostgreSQL wrote down.
      endOrphanedDatabase();
      return;
    }
    process.destroy();
    await(process);
    if (process.isAlive()) {
      kill();
    }
    endOrphanedDatabase();
  }

  private static void await(Process ending) {
    try {
      ending.waitFor(25, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  /** Sends a postmortem; the answer is told whatever its status is. */
  HttpResponse<String> postmortem(String contentType, byte[] body) {
    return send(
        request("/postmortems")
            .header("Authorization", "Bearer end-to-end")
            .header("Content-Type", contentType)
            .method("POST", BodyPublishers.ofByteArray(body))
            .build());
  }

  JsonNode api(String method, String path) {
    HttpResponse<String> response =
        send(
            request("/api" + path)
                .header("Authorization", "Bearer end-to-end")
                .method(method, BodyPublishers.noBody())
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
        .timeout(Duration.ofSeconds(10));
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

  /** What this test runs with, without the tests. */
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> both = new HashMap<>(some);
    both.putAll(more);
    return both;
  }
}
