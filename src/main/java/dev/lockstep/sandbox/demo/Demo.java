package dev.lockstep.sandbox.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Starts both sandboxes and a real Lockstep between them, plays an outage or a recorded log, and
 * judges the end by reading both sandboxes. No process of it outlives this one.
 */
public final class Demo {
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final Clock clock;
  private final Path folder;
  private final List<String> command;

  /**
   * @param folder for the log, the data and {@code summary.json}; its {@code data} is emptied
   * @param command starts Lockstep in the present working directory
   */
  public Demo(Clock clock, Path folder, List<String> command) {
    this.clock = clock;
    this.folder = folder;
    this.command = List.copyOf(command);
  }

  /**
   * @param once end after the play instead of staying up until the process is ended
   * @param replay a recorded log to play instead of the outage
   * @param colours whether {@code out} shows them
   * @return 0 when every linked pair agrees and nothing was doubled, echoed or given up, else 1
   */
  public int play(boolean once, Optional<Path> replay, boolean colours, PrintWriter out) {
    Narrator narrator = new Narrator(out, colours);
    LockstepProcess lockstep = prepare(replay.isPresent());
    Thread ending = new Thread(lockstep::close, "end-lockstep");
    Runtime.getRuntime().addShutdownHook(ending);
    try (lockstep;
        Sandboxes sandboxes = Sandboxes.start(clock)) {
      return run(once, replay, sandboxes, lockstep, narrator);
    } catch (Unmet unmet) {
      narrator.bad(String.valueOf(unmet.getMessage()));
      return 1;
    } finally {
      forget(ending);
    }
  }
}
