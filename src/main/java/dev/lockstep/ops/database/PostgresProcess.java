package dev.lockstep.ops.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL process of a data directory; it keeps running after Lockstep was killed. {@code
 * postmaster.pid} identifies it: process id in line 1, data directory in line 2 ("Database File
 * Layout" in PostgreSQL's documentation).
 */
final class PostgresProcess {
  private static final Logger log = LoggerFactory.getLogger(PostgresProcess.class);
  private static final long STOP_TIMEOUT_SECONDS = 20;

  private static final String PID_FILE = "postmaster.pid";

  private final Path data;

  PostgresProcess(Path data) {
    this.data = data;
  }

  /**
   * Stops the process if it runs, else removes its stale pid file. Nothing is lost: its clients are
   * gone, and committed data is in its log. The caller holds the data directory's lock.
   *
   * @throws IllegalStateException when it does not stop
   */
  void stop() throws IOException {
    Optional<ProcessHandle> postmaster = running();
    if (postmaster.isEmpty()) {
      // Empty, damaged or of another directory: PostgreSQL would refuse to start with it.
      Files.deleteIfExists(data.resolve(PID_FILE));
      return;
    }
    ProcessHandle process = postmaster.get();
    log.info("Stopping PostgreSQL {} left by a Lockstep that was killed", process.pid());
    try {
      requestStop(process);
      process.onExit().get(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "PostgreSQL " + process.pid() + " of an earlier run does not stop; stop it by hand", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * SIGINT requests a fast shutdown. SIGTERM, the only signal Java can send, would wait for every
   * session.
   */
  private static void requestStop(ProcessHandle process) throws InterruptedException {
    try {
      Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
      if (kill.waitFor() == 0) {
        return;
      }
    } catch (IOException noSuchCommand) {
      log.debug("There is no kill here", noSuchCommand);
    }
    process.destroy();
  }

  /** The port of the running process: line 4 of the file. Empty when none runs. */
  Optional<Integer> port() throws IOException {
    if (!Files.exists(data) || running().isEmpty()) {
      return Optional.empty();
    }
    return Files.readAllLines(data.resolve(PID_FILE), StandardCharsets.ISO_8859_1).stream()
        .skip(3)
        .findFirst()
        .map(line -> Integer.valueOf(line.strip()));
  }

  /** Empty when none runs. */
  Optional<ProcessHandle> running() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(data.resolve(PID_FILE), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (lines.size() < 2 || !lines.get(0).strip().matches("\\d{1,18}")) {
      return Optional.empty();
    }
    String folder = lines.get(1).strip();
    if (!folder.equals(data.toRealPath().toString()) && !folder.equals(data.toString())) {
      return Optional.empty();
    }
    // After a reboot the process id may belong to another program.
    return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
        .filter(p -> p.info().command().orElse("").contains("postgres"));
  }
}
