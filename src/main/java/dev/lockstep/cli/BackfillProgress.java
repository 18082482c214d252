package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.Table;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Shows how far a backfill is, and how it ended. */
final class BackfillProgress {
  private static final int BAR = 20;
  private static final Executor AFTER_ONE_SECOND =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final ConnectionOptions target;
  private final CommandLine command;

  BackfillProgress(ConnectionOptions target, CommandLine command) {
    this.target = target;
    this.command = command;
  }

  /**
   * @param waits until it has ended; if the command is ended before, the service goes on
   * @return the exit code
   */
  int report(JsonNode started, boolean waits) {
    JsonNode run = waits ? awaitEnd(started) : started;
    Output output = new Output(command.getOut(), target.colours());
    if (target.json()) {
      output.json(run);
    } else {
      print(run, output);
    }
    return run.path("refused").isEmpty() ? 0 : CliException.FAILED;
  }

  private JsonNode awaitEnd(JsonNode started) {
    JsonNode run = started;
    while (run.path("id").equals(started.path("id"))
        && (run.path("finishedAt").isNull() || run.path("pending").asLong() > 0)) {
      printProgress(run);
      CompletableFuture.runAsync(() -> {}, AFTER_ONE_SECOND).join();
      run = target.client().get(BackfillCommand.PATH);
    }
    if (!target.json()) {
      command.getErr().println();
    }
    return run;
  }

  private void printProgress(JsonNode run) {
    if (target.json()) {
      return;
    }
    long found = run.path("found").asLong();
    long left = run.path("waiting").asLong() + run.path("pending").asLong();
    // Reading and processing overlap: the share of both.
    double done = run.path("done").asDouble() * (found == 0 ? 1 : (double) (found - left) / found);
    int filled = (int) Math.round(done * BAR);
    String problem = Output.plain(run.path("problem").asText(""));
    PrintWriter err = command.getErr();
    err.print(
        "\r[%s%s] %3d %%  %d found, %d to go%s%s\u001b[K"
            .formatted(
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                (int) (done * 100),
                found,
                left,
                remaining(run, done),
                problem.isEmpty() || problem.equals("null") ? "" : "  waits: " + problem));
    err.flush();
  }

  private static String remaining(JsonNode run, double done) {
    if (done < 0.05) {
      return "";
    }
    Duration taken =
        Duration.between(
            Instant.parse(run.path("startedAt").asText()), Clock.systemUTC().instant());
    long minutes = Math.round(taken.toSeconds() * (1 - done) / done / 60);
    return minutes < 1 ? ", under a minute left" : ", about " + minutes + " min left";
  }

  private static void print(JsonNode run, Output output) {
    if (!run.path("refused").isEmpty()) {
      Table table = output.table("NOT WRITTEN TO", "REASON");
      run.path("refused")
          .forEach(one -> table.add(Output.text(one, "record"), Output.text(one, "reason")));
      output.print(table);
      output.line("");
    }
    long found = run.path("found").asLong();
    long left = run.path("waiting").asLong() + run.path("pending").asLong();
    String counts =
        "%d found, %d processed, %d to go, %d refused"
            .formatted(
                found, found - left - run.path("refused").size(), left, run.path("refused").size());
    output.line(
        run.path("finishedAt").isNull()
            ? "Running since %s: %s.".formatted(Output.time(run, "startedAt"), counts)
            : "%s at %s: %s."
                .formatted(
                    run.path("stoppedBy").isNull() ? "Finished" : "Stopped",
                    Output.time(run, "finishedAt"),
                    counts));
  }
}
