package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "flow",
    description = "Edits at a steady rate on both sides while webhooks flow.",
    mixinStandardHelpOptions = true)
final class Flow implements Callable<Integer> {
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(3);

  private final FigureReport report;
  private final Path caller;

  @Mixin private final Bench.Common common = new Bench.Common();

  @Option(names = "--rate", defaultValue = "50", description = "Edits a second (50).")
  private int rate;

  @Option(names = "--seconds", defaultValue = "60", description = "For how long (60).")
  private int seconds;

  @Option(names = "--pairs", defaultValue = "200", description = "Pairs the edits go to (200).")
  private int pairs;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "Seconds of edits beforehand that are not counted (10).")
  private int warmUp;

  Flow(FigureReport report, Path caller) {
    this.report = report;
    this.caller = caller;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Bench.FOLDER.resolve("flow");
    MeasuredProcess.forget(folder);
    Yardsticks.measure(folder).print(report);
    int port = Launch.freePort();
    try (World world = new World(port);
        MeasuredProcess lockstep =
            MeasuredProcess.start(
                folder, port, common.with(world.settings()), common.javaOptions)) {
      lockstep.awaitReady();
      Pairing.make(world, pairs, 100, report);
      EditSchedule schedule = new EditSchedule(world, report);
      long start = System.nanoTime();
      schedule.run(new Arrivals(start), rate, warmUp * rate, start);
      world.awaitRest(LONGEST_DRAIN);
      measure(world, lockstep, schedule);
    }
    report.json(common.json(caller));
    return 0;
  }

  private void measure(World world, MeasuredProcess lockstep, EditSchedule schedule) {
    int edits = rate * seconds;
    CallCounts before = world.calls();
    Footprint start = lockstep.footprint();
    try (Samples samples = new Samples(Duration.ofSeconds(1), lockstep::footprint)) {
      long begun = System.nanoTime();
      Arrivals arrivals = new Arrivals(begun);
      Percentiles late = schedule.run(arrivals, rate, edits, begun);
      report.progress("waiting for the last edits to arrive");
      Waiting.until(LONGEST_DRAIN, () -> arrivals.missing() == 0);
      Footprint end = lockstep.footprint();
      world.awaitRest(LONGEST_DRAIN);
      report.title(
          "flow: %d edits at %d/s on %d pairs, half on each side".formatted(edits, rate, pairs));
      print(arrivals, world.calls().since(before), edits);
      report.figure("edits made late by the benchmark, p99", late.at(99), "ms");
      report.figure(
          "CPU per edit, Java", (end.javaCpuTicks() - start.javaCpuTicks()) * 10.0 / edits, "ms");
      report.figure(
          "CPU per edit, PostgreSQL",
          (end.postgresCpuTicks() - start.postgresCpuTicks()) * 10.0 / edits,
          "ms");
      report.memory(samples.taken());
      report.figure("pairs apart at the end", world.apart(), "", "0");
    }
  }

  private void print(Arrivals arrivals, CallCounts calls, int edits) {
    Percentiles lags = arrivals.lags();
    report.figure("lag p50", lags.at(50), "ms");
    report.figure("lag p95", lags.at(95), "ms");
    report.figure("lag p99", lags.at(99), "ms", "under 1000");
    report.figure("lag, longest", lags.at(100), "ms");
    report.figure("edits never seen on the other side", arrivals.missing(), "", "0");
    report.figure("writes per edit", calls.writes() / (double) edits, "", "at most 1.1");
    report.figure("reads per edit", calls.reads() / (double) edits, "", "at most 0.2");
    report.calls(calls, edits);
  }
}
