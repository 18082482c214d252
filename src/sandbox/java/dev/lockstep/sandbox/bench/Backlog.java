package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.Launch;
import dev.lockstep.sandbox.http.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "backlog",
    description = "Every pair changes while a system is away; then it comes back.",
    mixinStandardHelpOptions = true)
final class Backlog implements Callable<Integer> {
  private static final int EDITS_OF_EACH = 3;

  /** More than a service that knows when to pause makes while the changes are made. */
  private static final int OUTAGE_CALLS = 2000;

  /** What is away while the pairs change. */
  enum Away {
    /** PagerDuty answers 503 to every call; ServiceNow's webhooks still come. */
    platform,
    /** Lockstep is stopped, so that webhooks are lost and polls must find what changed. */
    lockstep
  }

  private final FigureReport report;
  private final Path caller;

  @Mixin private final Bench.Common common = new Bench.Common();

  @Option(names = "--pairs", defaultValue = "10000", description = "Pairs that change (10000).")
  private int pairs;

  @Option(
      names = "--away",
      defaultValue = "platform",
      description = "What is away meanwhile: ${COMPLETION-CANDIDATES} (platform).")
  private Away away = Away.platform;

  Backlog(FigureReport report, Path caller) {
    this.report = report;
    this.caller = caller;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Bench.FOLDER.resolve("backlog");
    MeasuredProcess.forget(folder);
    Yardsticks.measure(folder).print(report);
    int port = Launch.freePort();
    try (World world = new World(port);
        MeasuredProcess lockstep =
            MeasuredProcess.start(
                folder, port, common.with(world.settings()), common.javaOptions)) {
      lockstep.awaitReady();
      makePairs(world, lockstep);
      drain(world, lockstep);
    }
    report.json(common.json(caller));
    return 0;
  }

  private void makePairs(World world, MeasuredProcess lockstep) {
    CallCounts before = world.calls();
    long begun = System.nanoTime();
    try (Samples samples = new Samples(Duration.ofSeconds(1), lockstep::footprint)) {
      Pairing.make(world, pairs, 200, report);
      double seconds = (System.nanoTime() - begun) / 1e9;
      report.title("backlog: making %d pairs".formatted(pairs));
      report.figure("pairs made a second", pairs / seconds, "");
      report.calls(world.calls().since(before), pairs);
      report.memory(samples.taken());
    }
  }

  private void drain(World world, MeasuredProcess lockstep) throws IOException {
    goAway(world, lockstep);
    CallCounts before = world.calls();
    change(world);
    report.progress("waiting for webhooks");
    Waiting.until(Duration.ofMinutes(5), world.tickets()::webhooksIdle);
    long begun = System.nanoTime();
    comeBack(world, lockstep);
    try (Samples samples = new Samples(Duration.ofSeconds(1), lockstep::footprint)) {
      Footprint start = lockstep.footprint();
      boolean drained =
          Waiting.until(
              Duration.ofSeconds(300 + pairs / 5),
              () -> {
                long apart = world.apart();
                report.progress(apart + " pairs apart");
                return apart == 0;
              });
      double seconds = (System.nanoTime() - begun) / 1e9;
      Footprint end = lockstep.footprint();
      world.awaitRest(Duration.ofMinutes(2));
      report.title(
          "backlog: %d pairs changed %d times each while %s was away"
              .formatted(pairs, EDITS_OF_EACH, away));
      report.figure("drained", drained ? 1 : 0, "", "1");
      report.figure("time to drain", seconds, "s");
      report.figure("pairs drained a second", pairs / seconds, "");
      report.figure(
          "CPU per pair, Java", (end.javaCpuTicks() - start.javaCpuTicks()) * 10.0 / pairs, "ms");
      CallCounts calls = world.calls().since(before);
      report.figure(
          "writes per changed pair, refused ones too", calls.writes() / (double) pairs, "");
      report.calls(calls, pairs);
      report.memory(samples.taken());
    }
  }

  private void goAway(World world, MeasuredProcess lockstep) {
    switch (away) {
      case platform ->
          world
              .platform()
              .faults()
              .next(
                  OUTAGE_CALLS,
                  Faults.Kind.SERVICE_UNAVAILABLE,
                  call -> !call.method().equals("WEBHOOK"));
      case lockstep -> lockstep.stop();
    }
  }

  private void comeBack(World world, MeasuredProcess lockstep) throws IOException {
    switch (away) {
      case platform -> world.platform().faults().clear();
      case lockstep -> {
        lockstep.restart();
        lockstep.awaitReady();
      }
    }
  }

  private void change(World world) {
    long start = System.nanoTime();
    int made = 0;
    for (int edit = 1; edit <= EDITS_OF_EACH; edit++) {
      for (World.Linked pair : world.linked()) {
        Waiting.untilMoment(start + made++ * 1_000_000_000L / 500);
        world
            .agent()
            .update(
                pair.sysId(),
                Map.of("short_description", "Charts do not open, edit %d".formatted(edit)));
        if (made % 500 == 0) {
          report.progress("%d of %d edits".formatted(made, pairs * EDITS_OF_EACH));
        }
      }
    }
  }
}
