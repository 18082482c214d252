package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.Table;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "reconcile",
    description = {
      "Compares every record with what its system shows, regardless of webhooks and polls, and"
          + " syncs what was missed."
    },
    footer = {
      "",
      "Exit codes: 0 nothing differs, 1 something does or the command failed, 2 invalid usage,"
          + " 3 service not reachable."
    },
    mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {
  private static final String PATH = "/api/reconciliation";
  private static final int MOST = 1000;
  private static final Executor AFTER_ONE_SECOND =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--report", description = "Only report what differs; sync nothing.")
  private boolean reportOnly;

  @Option(
      names = "--no-wait",
      description = "Return at once; `reconcile show` shows how far it got.")
  private boolean returnsAtOnce;

  ReconcileCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public Integer call() {
    JsonNode run = target.client().post(PATH + "?mode=" + (reportOnly ? "report" : "repair"));
    return report(returnsAtOnce ? run : awaitEnd(run));
  }

  @Command(
      name = "show",
      description = "Shows the latest run, scheduled or not.",
      mixinStandardHelpOptions = true)
  int show() {
    return report(latest());
  }

  private JsonNode latest() {
    return target.client().get(PATH + "?limit=" + MOST);
  }

  /** Waits for the end of a run. If the command is ended, the service goes on. */
  private JsonNode awaitEnd(JsonNode started) {
    JsonNode run = started;
    while (run.path("finishedAt").isNull() && run.path("id").equals(started.path("id"))) {
      printProgress(run, "\r");
      CompletableFuture.runAsync(() -> {}, AFTER_ONE_SECOND).join();
      run = latest();
    }
    printProgress(run, "\n");
    return run;
  }

  private void printProgress(JsonNode run, String end) {
    if (!target.json()) {
      PrintWriter err = commandLine().getErr();
      err.print(
          "%d of %d compared, %d differ  %s"
              .formatted(done(run), run.path("total").asLong(), run.path("found").asLong(), end));
      err.flush();
    }
  }

  private static long done(JsonNode run) {
    return run.path("checked").asLong() + run.path("postponed").asLong();
  }

  private int report(JsonNode run) {
    Output output = new Output(commandLine().getOut(), target.colours());
    if (target.json()) {
      output.json(run);
    } else {
      print(run, output);
    }
    return run.path("found").asLong() == 0 ? 0 : CliException.FAILED;
  }

  private void print(JsonNode run, Output output) {
    if (!run.path("drift").isEmpty()) {
      Table table = output.table("RECORD", "PROBLEM", "FIELD", "KNOWN", "SHOWN");
      run.path("drift").forEach(drift -> addRows(table, drift));
      table.fit(target.columns(), "FIELD", "KNOWN", "SHOWN");
      output.print(table);
      output.line("");
    }
    output.line(summary(run));
  }

  private static void addRows(Table table, JsonNode drift) {
    String key = Output.text(drift, "key");
    String problem = Output.text(drift, "problem");
    if (drift.path("fields").isEmpty()) {
      table.add(key, problem, "", "", drift.path("reason").asText());
    }
    for (JsonNode field : drift.path("fields")) {
      table.add(
          key,
          problem,
          Output.text(field, "field"),
          Output.text(field, "known"),
          Output.text(field, "shown"));
    }
  }

  private static String summary(JsonNode run) {
    long postponed = run.path("postponed").asLong();
    String text =
        run.path("finishedAt").isNull()
            ? "Running since %s: %d of %d compared, %d differ."
                .formatted(
                    Output.time(run, "startedAt"),
                    done(run),
                    run.path("total").asLong(),
                    run.path("found").asLong())
            : "Finished at %s: %d compared, %d differ%s."
                .formatted(
                    Output.time(run, "finishedAt"),
                    run.path("checked").asLong(),
                    run.path("found").asLong(),
                    run.path("mode").asText().equals("repair") ? "" : ", nothing was synced");
    return postponed == 0
        ? text
        : text
            + " %d not compared: they have pending work, a dead letter, or a system that is away."
                .formatted(postponed);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
