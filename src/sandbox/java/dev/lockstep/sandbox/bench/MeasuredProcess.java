package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.Launch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The service as an operator starts it: {@code ./lockstep run}, with settings in its environment
 * and nothing of the caller's own settings.
 */
final class MeasuredProcess implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Path folder;
  private final int port;
  private final Map<String, String> settings;
  private final String javaOptions;
  private Process process;

  private MeasuredProcess(Path folder, int port, Map<String, String> settings, String javaOptions)
      throws IOException {
    this.folder = folder;
    this.port = port;
    this.settings = settings;
    this.javaOptions = javaOptions;
    this.process = launch();
  }

  /**
   * Starts it without waiting for it.
   *
   * @param folder for its data and its log; kept when it ends
   * @param javaOptions as in {@code LOCKSTEP_JAVA_OPTS}
   */
  static MeasuredProcess start(
      Path folder, int port, Map<String, String> settings, String javaOptions) throws IOException {
    Files.createDirectories(folder);
    return new MeasuredProcess(folder, port, settings, javaOptions);
  }

  /** Removes what an earlier measurement left. */
  static void forget(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private Process launch() throws IOException {
    ProcessBuilder builder = Launch.apart(List.of("./lockstep", "run"));
    Map<String, String> environment = builder.environment();
    environment.put("LOCKSTEP_DATA_DIR", folder.resolve("data").toString());
    environment.put("LOCKSTEP_PORT", Integer.toString(port));
    environment.put("LOCKSTEP_JAVA_OPTS", javaOptions);
    environment.putAll(settings);
    return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
  }

  /** Until {@code /health/ready} answers 200. */
  void awaitReady() {
    boolean ready = Waiting.until(LONGEST_START, () -> !process.isAlive() || isReady());
    if (!ready || !process.isAlive()) {
      throw new IllegalStateException("Lockstep did not start; see " + log());
    }
  }

  private boolean isReady() {
    try {
      return http.send(
                  HttpRequest.newBuilder(uri("/health/ready"))
                      .timeout(Duration.ofSeconds(2))
                      .build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of {@code /metrics}. */
  String metrics() {
    try {
      return http.send(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  Footprint footprint() {
    return Footprint.of(process.toHandle(), folder.resolve("data/postgres/postmaster.pid"));
  }

  Path log() {
    return folder.resolve("service.log");
  }

  /** Starts it again on the same data. */
  void restart() throws IOException {
    process = launch();
  }

  /** As SIGTERM does; its database ends with it. */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
