package dev.lockstep.sandbox.bench;

import dev.lockstep.sandbox.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "start",
    description = "From ./lockstep run to ready, on fresh and on existing data.",
    mixinStandardHelpOptions = true)
final class Start implements Callable<Integer> {
  private final FigureReport report;
  private final Path caller;

  @Mixin private final Bench.Common common = new Bench.Common();

  @Option(names = "--runs", defaultValue = "5", description = "Starts of each kind (5).")
  private int runs;

  Start(FigureReport report, Path caller) {
    this.report = report;
    this.caller = caller;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Bench.FOLDER.resolve("start");
    List<Double> fresh = new ArrayList<>();
    List<Double> existing = new ArrayList<>();
    List<Footprint> sizes = new ArrayList<>();
    MeasuredProcess.forget(folder);
    Yardsticks.measure(folder).print(report);
    int port = Launch.freePort();
    try (World world = new World(port)) {
      for (int run = 0; run < runs; run++) {
        report.progress("start %d of %d".formatted(run + 1, runs));
        MeasuredProcess.forget(folder);
        fresh.add(start(world, folder, port, sizes));
        existing.add(start(world, folder, port, sizes));
      }
    }
    report.title("start: from ./lockstep run to ready, %d runs of each".formatted(runs));
    print("on fresh data", fresh);
    print("on existing data", existing);
    report.memory(sizes);
    report.json(common.json(caller));
    return 0;
  }

  private double start(World world, Path folder, int port, List<Footprint> sizes)
      throws IOException {
    long begun = System.nanoTime();
    try (MeasuredProcess lockstep =
        MeasuredProcess.start(folder, port, common.with(world.settings()), common.javaOptions)) {
      lockstep.awaitReady();
      double seconds = (System.nanoTime() - begun) / 1e9;
      sizes.add(lockstep.footprint());
      return seconds;
    }
  }

  private void print(String kind, List<Double> times) {
    Collections.sort(times);
    report.figure(kind + ", shortest", times.get(0), "s");
    report.figure(kind + ", median", times.get(times.size() / 2), "s");
    report.figure(kind + ", longest", times.get(times.size() - 1), "s", "under 8");
  }
}
