package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.BadFileException;
import dev.lockstep.sandbox.ExpectationFailedException;
import dev.lockstep.sandbox.Launch;
import dev.lockstep.sandbox.LockstepProcess;
import dev.lockstep.sandbox.http.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Starts the sandboxes and a real Lockstep between them, plays an outage or a recorded log, and
 * judges the end by reading the sandboxes. No process it starts outlives this one.
 */
public final class Demo {
  private static final Duration QUIET = Duration.ofSeconds(20);

  private final Clock clock;
  private final Path folder;
  private final List<String> command;
  private final Consumer<Exchange> exchangeListener;

  /**
   * @param folder for the log, the data and {@code summary.json}; its {@code data} is emptied
   * @param command calls Lockstep in the present working directory; without what it is to do
   */
  public Demo(Clock clock, Path folder, List<String> command) {
    this(clock, folder, command, call -> {});
  }

  /**
   * @param exchangeListener hears every call to PagerDuty, on the thread that serves it
   */
  Demo(Clock clock, Path folder, List<String> command, Consumer<Exchange> exchangeListener) {
    this.clock = clock;
    this.exchangeListener = exchangeListener;
    this.folder = folder.toAbsolutePath();
    this.command = List.copyOf(command);
  }

  /**
   * @param once end after the play instead of staying up until the process is ended
   * @param replay a recorded log to play instead of the outage
   * @return 0 when every linked pair agrees and nothing was doubled, echoed or given up, else 1; 2
   *     when the recorded log can't be used
   */
  public int play(boolean once, Optional<Path> replay, Screen screen) {
    DemoOutput output = new DemoOutput(screen);
    Optional<AuditLog> log = replay.map(AuditLog::new);
    try {
      log.ifPresent(AuditLog::check);
    } catch (BadFileException bad) {
      output.bad(String.valueOf(bad.getMessage()));
      return 2;
    }
    try (FileChannel lock = lockFile()) {
      if (!lock(lock)) {
        output.bad(
            "another demo is running in " + folder + "; stop it, or use a checkout of its own");
        return 2;
      }
      return play(once, log, output);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + folder, e);
    }
  }

  private FileChannel lockFile() throws IOException {
    Files.createDirectories(folder);
    return FileChannel.open(
        folder.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** The operating system releases the lock when the process ends, however it ends. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisVeryProcess) {
      return false;
    }
  }

  private int play(boolean once, Optional<AuditLog> log, DemoOutput output) {
    try (SimulatedSystems systems = systems(log.isPresent());
        LockstepProcess lockstep = lockstep(systems, log.isPresent())) {
      Thread ending = new Thread(lockstep::close, "end-lockstep");
      Runtime.getRuntime().addShutdownHook(ending);
      try {
        return run(once, log, systems, lockstep, output);
      } finally {
        forget(ending);
      }
    }
  }

  /** With everybody and everything in them that is there before anything happens. */
  private SimulatedSystems systems(boolean replay) {
    if (replay) {
      SimulatedSystems two = SimulatedSystems.start(clock);
      AuditLogReplay.seed(two);
      return two;
    }
    SimulatedSystems all = SimulatedSystems.startAll(clock);
    OutageScenario.seed(all);
    StakeholderScenario.seed(all);
    DuplicateScenario.seed(all);
    PostmortemScenario.seed(all);
    return all;
  }

  private int run(
      boolean once,
      Optional<AuditLog> log,
      SimulatedSystems systems,
      LockstepProcess lockstep,
      DemoOutput output) {
    systems.pagerDuty().onRequest(exchangeListener);
    ChangeRecorder recorder = ChangeRecorder.of(systems);
    ScenarioFacts facts = new ScenarioFacts();
    DemoReview review = new DemoReview(systems, recorder, facts);
    Waiter waiter = Waiter.awake(clock, recorder);
    boolean whole = true;
    int restarts = 0;
    DemoVerdict verdict = new DemoVerdict(review, lockstep, output);
    try {
      start(systems, lockstep, waiter, output, log.isPresent());
      ScenarioRunner runner = new ScenarioRunner(systems, lockstep, waiter, review, output);
      try {
        if (log.isPresent()) {
          new AuditLogReplay(runner, Waiter.calm(clock)).play(log.get());
        } else {
          new OutageScenario(runner).play();
          review.firstActEnded(waiter.now());
          StakeholderScenario stakeholders =
              new StakeholderScenario(runner, facts.stakeholders, folder);
          stakeholders.begin();
          new DuplicateScenario(runner, facts).play();
          stakeholders.end();
        }
        waiter.met(QUIET, () -> systems.webhooksIdle() && lockstep.api().waiting() == 0);
      } finally {
        restarts = runner.restarts();
      }
    } catch (ExpectationFailedException unmet) {
      output.chapter("It went wrong");
      output.bad(String.valueOf(unmet.getMessage()));
      whole = false;
    }
    boolean good = verdict.judge(folder.resolve("summary.json"), restarts);
    if (!once) {
      (log.isPresent() ? AuditLogReplay.NEXT_STEPS : OutageScenario.NEXT_STEPS)
          .print(output, systems, lockstep, review.reviewed());
      stayUp();
    }
    return good && whole ? 0 : 1;
  }

  private void start(
      SimulatedSystems systems,
      LockstepProcess lockstep,
      Waiter waiter,
      DemoOutput output,
      boolean replay) {
    output.chapter(
        replay
            ? "Lockstep between ServiceNow and PagerDuty, both simulated"
            : "Lockstep between ServiceNow, PagerDuty, Jira, Slack and a status page, all simulated");
    output.fact("ServiceNow", systems.serviceNow().url());
    output.fact("PagerDuty", systems.pagerDuty().url());
    systems.jira().ifPresent(jira -> output.fact("Jira", jira.url()));
    systems
        .stakeholders()
        .ifPresent(
            all -> {
              output.fact("Slack", all.slackUrl());
              output.fact("Status page", all.pageUrl());
              output.fact("The vendor's ServiceNow", all.vendorUrl());
            });
    output.fact("Lockstep", lockstep.url() + "  (log: " + folder.resolve("lockstep.log") + ")");
    var since = waiter.now();
    lockstep.start();
    ScenarioRunner.awaitReady(lockstep, waiter);
    output.followed("Lockstep is ready", Duration.between(since, waiter.now()));
    lockstep.api().addUser(NextSteps.USER, "admin", lockstep.token());
    NextSteps.printLogin(output, lockstep);
    systems.sendWebhooksTo(lockstep.url());
  }

  /** Ready to be started, on fresh data. */
  private LockstepProcess lockstep(SimulatedSystems systems, boolean replay) {
    Path data = folder.resolve("data");
    Path log = folder.resolve("lockstep.log");
    try {
      empty(data);
      Files.createDirectories(data);
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException("can't empty " + data + "; is another demo running?", e);
    }
    Map<String, String> settings = systems.settings();
    settings.put("LOCKSTEP_DATA_DIR", data.toString());
    settings.put("LOCKSTEP_API_TOKEN", UUID.randomUUID().toString());
    settings.put("LOCKSTEP_DUPLICATES_MODE", replay ? "off" : "automatic");
    if (!replay) {
      settings.putAll(configuration(systems));
    } else {
      // Tickets of any priority and state, and no real account's limits to spare.
      settings.put("LOCKSTEP_EVERYTHING_IN_SCOPE", "true");
      settings.put("PAGERDUTY_CALLS_PER_MINUTE", "100000");
      settings.put("SERVICENOW_CALLS_PER_SECOND", "2000");
    }
    return new LockstepProcess(command, settings, log, Launch.freePort());
  }

  private Map<String, String> configuration(SimulatedSystems systems) {
    Path config = folder.resolve("config");
    try {
      empty(config);
      return DemoConfiguration.write(config, StakeholderScenario.managers(systems));
    } catch (IOException e) {
      throw new UncheckedIOException("can't write the configuration", e);
    }
  }

  private static void empty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void stayUp() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // Then the hook does its work.
    }
  }
}
