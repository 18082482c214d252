package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "limit",
    description = "The highest rate of edits at which lag p99 stays within 1 s and none is lost.",
    mixinStandardHelpOptions = true)
final class Limit implements Callable<Integer> {
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(1);
  private static final Duration LONGEST_REST = Duration.ofMinutes(3);

  private final FigureReport report;
  private final Path caller;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final Bench.Common common = new Bench.Common();

  @Option(names = "--start", defaultValue = "25", description = "First edits a second (25).")
  private int start;

  @Option(names = "--most", defaultValue = "400", description = "Most edits a second (400).")
  private int most;

  @Option(
      names = "--step-seconds",
      defaultValue = "20",
      description = "Seconds of each step that count (20); a quarter more goes before them.")
  private int stepSeconds;

  @Option(
      names = "--pairs",
      defaultValue = "400",
      description = "Pairs the edits go to; at least as many as --most (400).")
  private int pairs;

  Limit(FigureReport report, Path caller) {
    this.report = report;
    this.caller = caller;
  }

  @Override
  public Integer call() throws IOException {
    check();
    Path folder = Bench.FOLDER.resolve("limit");
    MeasuredProcess.forget(folder);
    Yardsticks.measure(folder).print(report);
    int port = Launch.freePort();
    try (World world = new World(port);
        MeasuredProcess lockstep =
            MeasuredProcess.start(
                folder, port, common.with(world.settings()), common.javaOptions)) {
      lockstep.awaitReady();
      Pairing.make(world, pairs, 100, report);
      search(world, lockstep);
    }
    report.json(common.json(caller));
    return 0;
  }

  private void check() {
    if (start < 1 || stepSeconds < 1) {
      throw wrong("--start and --step-seconds must be at least 1");
    }
    if (most < start) {
      throw wrong("--most (%d) must be at least --start (%d)".formatted(most, start));
    }
    if (pairs < most) {
      // One edit would be undone by the next before it could cross.
      throw wrong("--pairs (%d) must be at least --most (%d)".formatted(pairs, most));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private void search(World world, MeasuredProcess lockstep) {
    EditSchedule schedule = new EditSchedule(world, report);
    StepSearch search = new StepSearch(start, most);
    List<Step> steps = new ArrayList<>();
    report.title(
        "limit: steps of %d s on %d pairs, half of the edits on each side; milliseconds"
            .formatted(stepSeconds, pairs));
    report.title(Step.heading());
    boolean rested = true;
    for (OptionalInt rate = search.next(); rate.isPresent() && rested; rate = search.next()) {
      Step step = step(world, lockstep, schedule, rate.getAsInt());
      search.tried(step.offered(), step.held());
      steps.add(step);
      report.title(step.row());
      rested = step.rested();
    }
    report.rows("steps", steps.stream().map(Step::figures).toList());
    report.figure("highest rate that held", search.highestHeld(), "edits/s");
    report.text("limited by", limit(steps, search.anyFailed()));
  }

  private static String limit(List<Step> steps, boolean anyFailed) {
    if (!anyFailed) {
      return "--most: every rate held, the limit is above";
    }
    return steps.stream()
        .filter(step -> !step.held())
        .min(Comparator.comparingInt(Step::offered))
        .map(Step::limit)
        .orElseThrow();
  }

  private Step step(World world, MeasuredProcess lockstep, EditSchedule schedule, int rate) {
    int warm = Math.max(1, stepSeconds / 4);
    long begun = System.nanoTime();
    long counted = begun + TimeUnit.SECONDS.toNanos(warm);
    Arrivals arrivals = new Arrivals(counted);
    schedule.run(arrivals, rate, warm * rate, begun);
    CallCounts calls = world.calls();
    Footprint before = lockstep.footprint();
    ProcessorTime processors = ProcessorTime.now(before);
    int edits = rate * stepSeconds;
    Percentiles late = schedule.run(arrivals, rate, edits, counted);
    ProcessorTime used = ProcessorTime.now(lockstep.footprint()).since(processors);
    Waiting.until(LONGEST_DRAIN, () -> arrivals.missing() == 0);
    Footprint after = lockstep.footprint();
    boolean rested = world.awaitRest(LONGEST_REST);
    CallCounts made = world.calls().since(calls);
    return new Step(
        rate,
        arrivals.counted() / Math.max(stepSeconds, (arrivals.lastAt() - counted) / 1e9),
        arrivals.lags(),
        late,
        arrivals.missingByField(),
        (after.javaCpuTicks() - before.javaCpuTicks()) * 10.0 / edits,
        (after.postgresCpuTicks() - before.postgresCpuTicks()) * 10.0 / edits,
        made.writes() / (double) edits,
        made.reads() / (double) edits,
        world.apart(),
        rested,
        used);
  }
}
