package dev.lockstep.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Lockstep in a process of its own, on a port that stays the same when it is started again.
 * Whatever becomes of this process, {@link #close()} leaves none of its processes behind.
 */
public final class LockstepProcess implements AutoCloseable {
  private static final long STOPPING_SECONDS = 40;

  private final List<String> command;
  private final Map<String, String> settings;
  private final Path log;
  private final int port;
  private final String token;
  private final LockstepApi api;

  /** Its database outlives a killed Lockstep, and is then nobody's child. */
  private final List<ProcessHandle> descendants = new ArrayList<>();

  private @Nullable Process process;

  public LockstepProcess(List<String> command, Map<String, String> settings, Path log, int port) {
    this.command = List.copyOf(command);
    this.settings = Map.copyOf(settings);
    this.log = log;
    this.port = port;
    this.token = settings.getOrDefault("LOCKSTEP_API_TOKEN", "");
    this.api = new LockstepApi(url(), token);
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public String token() {
    return token;
  }

  public synchronized void start() {
    ProcessBuilder builder = called("run");
    builder.environment().putAll(settings);
    try {
      process = builder.redirectOutput(Redirect.appendTo(log.toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized boolean running() {
    return process != null && process.isAlive();
  }

  /** The running process, or the last one. */
  public synchronized ProcessHandle handle() {
    return Objects.requireNonNull(process, "not started").toHandle();
  }

  /** Whether it takes webhooks. */
  public boolean ready() {
    return running() && api.ready();
  }

  /** What it can be asked while it runs. */
  public LockstepApi api() {
    return api;
  }

  /** Asks it to stop, as a supervisor would, and waits until it has. */
  public synchronized void stop() {
    if (process == null) {
      return;
    }
    remember();
    process.destroy();
    if (!ended(process)) {
      process.destroyForcibly();
      throw new ExpectationFailedException(
          "Lockstep did not stop within " + STOPPING_SECONDS + " s of SIGTERM");
    }
  }

  /** Ends it at once, whatever it is doing: SIGKILL. */
  public synchronized void kill() {
    if (process != null) {
      remember();
      process.destroyForcibly();
      ended(process);
    }
  }

  /**
   * What a command prints that asks the running one, called as a person would.
   *
   * @param columns how wide it may print
   */
  public List<String> print(int columns, String... arguments) {
    ProcessBuilder builder = called(arguments);
    builder.environment().put("LOCKSTEP_API_TOKEN", token);
    builder.environment().put("COLUMNS", Integer.toString(columns));
    // What it complains of belongs to the log, not among what it prints.
    builder.redirectErrorStream(false).redirectError(Redirect.appendTo(log.toFile()));
    try {
      Process called = builder.start();
      String printed = new String(called.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!ended(called) || called.exitValue() != 0) {
        throw new ExpectationFailedException(String.join(" ", arguments) + " failed; see " + log);
      }
      return printed.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder called(String... arguments) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(arguments));
    ProcessBuilder builder = Launch.apart(words);
    builder.environment().put("LOCKSTEP_PORT", Integer.toString(port));
    return builder;
  }

  /** The last lines it said. */
  public String lastWords() {
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
}
