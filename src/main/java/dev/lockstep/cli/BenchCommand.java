package dev.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
    name = "bench",
    description = {
      "Measures lag, calls and memory on two simulated systems; see docs/performance.md.",
      "`bench duplicates` measures how well duplicates are found; see docs/duplicates.md."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  private final Benchmark benchmark;

  @Spec private @Nullable CommandSpec spec;

  @Unmatched private List<String> arguments = new ArrayList<>();

  BenchCommand(Benchmark benchmark) {
    this.benchmark = benchmark;
  }

  @Override
  public Integer call() {
    return benchmark.measure(
        List.copyOf(arguments), Objects.requireNonNull(spec).commandLine().getOut());
  }
}
