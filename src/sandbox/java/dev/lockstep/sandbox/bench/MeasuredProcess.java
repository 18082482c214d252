package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.LockstepProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The service as an operator starts it: {@code ./lockstep run}, with settings in its environment
 * and nothing of the caller's own settings.
 */
final class MeasuredProcess implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final Path folder;
  private final LockstepProcess process;

  private MeasuredProcess(Path folder, LockstepProcess process) {
    this.folder = folder;
    this.process = process;
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
    Map<String, String> environment = new HashMap<>();
    environment.put("LOCKSTEP_DATA_DIR", folder.resolve("data").toString());
    environment.put("LOCKSTEP_JAVA_OPTS", javaOptions);
    environment.putAll(settings);
    LockstepProcess process =
        new LockstepProcess(List.of("./lockstep"), environment, log(folder), port);
    process.start();
    return new MeasuredProcess(folder, process);
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

  /** Until {@code /health/ready} answers 200. */
  void awaitReady() {
    boolean ready = Waiting.until(LONGEST_START, () -> !process.running() || process.ready());
    if (!ready || !process.running()) {
      throw new IllegalStateException("Lockstep did not start; see " + log(folder));
    }
  }

  Footprint footprint() {
    return Footprint.of(process.handle(), folder.resolve("data/postgres/postmaster.pid"));
  }

  private static Path log(Path folder) {
    return folder.resolve("service.log");
  }

  /** Starts it again on the same data. */
  void restart() {
    process.start();
  }

  /** As SIGTERM does; its database ends with it. */
  void stop() {
    process.stop();
  }

  @Override
  public void close() {
    process.close();
  }
}
