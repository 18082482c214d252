package dev.lockstep.bench;

import dev.lockstep.sandbox.BadFileException;
import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.SentenceEmbedding;
import dev.lockstep.similarity.Thresholds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./lockstep bench duplicates}; {@code docs/duplicates.md} says how it counts. */
@Command(
    name = "lockstep bench duplicates",
    description = {
      "Replays labelled issues in the order of their dates and says how well duplicates are found.",
      "With --open: how long a ticket takes when so many are open."
    },
    mixinStandardHelpOptions = true)
public final class DuplicatesBench implements Callable<Integer> {
  private static final Path FOLDER = Path.of("target", "bench", "duplicates");
  private static final int USAGE = 2;

  private final PrintWriter out;
  private final Path caller;
  private final Progress progress;

  @Option(
      names = "--issues",
      paramLabel = "FILE",
      description = "CSV with the columns Summary, Issue id, Created and Description.")
  private @Nullable Path issues;

  @Option(
      names = "--pairs",
      paramLabel = "FILE",
      description = "CSV with the columns Issue id and Duplicate id.")
  private @Nullable Path pairs;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
  private @Nullable Path json;

  @Option(names = "--no-embedding", description = "Compare words only; load no model.")
  private boolean noEmbedding;

  @Option(
      names = "--open",
      paramLabel = "COUNT",
      description = "Measure speed with so many made-up tickets open, and with a tenth of them.")
  private @Nullable Integer open;

  @Option(
      names = "--labelled",
      paramLabel = "FILE",
      description =
          "CSV with the columns Scenario, Subject, Minutes, Service, Category, Summary and"
              + " Description: measure what mode automatic would join.")
  private @Nullable Path labelled;

  private DuplicatesBench(PrintWriter out, Path caller, Progress progress) {
    this.out = out;
    this.caller = caller;
    this.progress = progress;
  }

  /**
   * Measures and prints.
   *
   * @param arguments after {@code bench duplicates}
   * @param caller what relative file names are relative to
   * @param terminal whether to show progress on {@code err}
   * @return 0, 1 when a file can't be written, 2 on wrong use or files
   */
  public static int measure(
      List<String> arguments, PrintWriter out, PrintWriter err, Path caller, boolean terminal) {
    CommandLine line =
        new CommandLine(new DuplicatesBench(out, caller, new Progress(err, terminal)));
    line.setOut(out);
    line.setErr(err);
    line.setParameterExceptionHandler((e, given) -> misused(err, e.getMessage()));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof BadFileException) {
            return misused(err, e.getMessage());
          }
          say(err, e instanceof IOException ? "can't write: " + e.getMessage() : e.toString());
          return 1;
        });
    return line.execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException {
    Optional<Path> figures = Optional.ofNullable(json).map(caller::resolve);
    if (open != null) {
      if (open < 100) {
        throw new BadFileException("--open: at least 100, or there is nothing to measure");
      }
      new OpenTickets(open, !noEmbedding, progress).measure(out, figures);
      return 0;
    }
    if (labelled != null) {
      Path file = readable("--labelled", labelled);
      new Labelled(file, embedding(), Thresholds.defaults(), out).measure();
      return 0;
    }
    if (issues == null || pairs == null) {
      throw new BadFileException(
          "--issues FILE and --pairs FILE are needed, or --labelled FILE, or --open COUNT");
    }
    Issues read = Issues.read(readable("--issues", issues), readable("--pairs", pairs));
    read.notes().forEach(out::println);
    Map<String, Tally> methods = new LinkedHashMap<>();
    play(methods, Figures.ENGINE, read, () -> new EngineMethod(embedding()));
    out.println(ProcessMemory.words());
    play(methods, "exactTitle", read, ExactTitle::new);
    play(methods, "jaccard", read, TitleWords::new);
    play(methods, "bm25", read, Bm25::new);
    Figures measured = new Figures(methods, read, Thresholds.defaults());
    measured.print(out);
    measured.write(FOLDER, figures);
    out.println("the curve is in " + FOLDER + " as CSV and SVG");
    return 0;
  }

  private void play(Map<String, Tally> methods, String name, Issues read, Supplier<Method> making) {
    try (Method method = making.get()) {
      methods.put(name, IssueReplay.play(read, method, progress, name));
    }
  }

  private Embedding embedding() {
    return noEmbedding ? Embedding.none() : new SentenceEmbedding();
  }

  private Path readable(String option, Path file) {
    Path found = caller.resolve(file);
    if (!Files.isReadable(found) || Files.isDirectory(found)) {
      throw new BadFileException(option + ": can't read " + found + "; check the path");
    }
    return found;
  }

  private static int misused(PrintWriter err, @Nullable String what) {
    say(err, what + "; `./lockstep bench duplicates --help` shows how");
    return USAGE;
  }

  private static void say(PrintWriter err, String line) {
    err.println("lockstep: bench duplicates: " + line.replaceAll("\\s*\\R\\s*", " "));
    err.flush();
  }
}
