package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.Table;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "dead-letters",
    description = "Work that waits for an operator.",
    synopsisSubcommandLabel = "list|show|retry|discard|decisions",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand implements Runnable {
  private static final String PATH = "/api/dead-letters";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  DeadLettersCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  /** Options that select dead letters. */
  static final class FilterOptions {
    @Option(names = "--system", paramLabel = "SYSTEM", description = "Only those of this system.")
    private String system = "";

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "Only those of records of this kind, for example incident.")
    private String kind = "";

    private String query() {
      return "system="
          + ServiceClient.encodeSegment(system)
          + "&kind="
          + ServiceClient.encodeSegment(kind);
    }

    private boolean isGiven() {
      return !system.isEmpty() || !kind.isEmpty();
    }
  }

  @Override
  public void run() {
    throw usageError(
        "dead-letters: missing subcommand; use list, show, retry, discard or decisions");
  }

  @Command(
      name = "list",
      description = "Lists dead letters, oldest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin FilterOptions filter,
      @Option(
              names = "--after",
              paramLabel = "ID",
              defaultValue = "",
              description = "Start after this one, for the next output.")
          String after,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer =
        target
            .client()
            .get(
                "%s?%s&after=%s&limit=%d"
                    .formatted(PATH, filter.query(), ServiceClient.encodeSegment(after), limit));
    Output output = output();
    if (target.json()) {
      output.json(answer);
      return 0;
    }
    JsonNode letters = answer.path("deadLetters");
    if (letters.isEmpty()) {
      output.line(after.isEmpty() ? "No dead letters." : "No more dead letters.");
      return 0;
    }
    Table table = output.table("ID", "RECORD", "SINCE", "TRIES", "PROBLEM");
    for (JsonNode letter : letters) {
      table.add(
          Output.text(letter, "id"),
          Output.text(letter, "title"),
          Output.time(letter, "since"),
          Output.text(letter, "attempts"),
          Output.text(letter, "problem"));
    }
    table.fit(target.columns(), "PROBLEM", "RECORD");
    output.print(table);
    output.line("");
    if (letters.size() == limit) {
      output.line(
          "%d of %s; next page: --after %s"
              .formatted(
                  limit,
                  Output.text(answer, "total"),
                  Output.text(letters.get(letters.size() - 1), "id")));
    }
    output.line("`./lockstep dead-letters show ID` shows the request, the answer and what to do.");
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows the request, the answer and what to do.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID") String id) {
    JsonNode letter = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    Output output = output();
    if (target.json()) {
      output.json(letter);
      return 0;
    }
    output.line(output.styled("bold", Output.text(letter, "title")));
    output.entry("id", Output.text(letter, "id"));
    output.entry("about", Output.text(letter, "subject"));
    output.entry("since", Output.time(letter, "since"));
    output.entry("tries", Output.text(letter, "attempts"));
    output.entry("problem", output.styled("fg_red", Output.text(letter, "problem")));
    output.entry("request", letter.path("request").asText());
    output.entry("answer", letter.path("answer").asText());
    output.entry("to do", letter.path("advice").asText());
    return 0;
  }

  @Command(
      name = "retry",
      description = "Retries one or all immediately.",
      mixinStandardHelpOptions = true)
  int retry(
      @Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id,
      @Option(names = "--all", description = "All, or all that match --system and --kind.")
          boolean all,
      @Mixin FilterOptions filter) {
    if (all == (id != null) || filter.isGiven() && !all) {
      throw usageError(
          "dead-letters retry: specify an ID, or --all with or without --system and --kind");
    }
    if (id != null) {
      return report(target.client().post(PATH + "/" + ServiceClient.encodeSegment(id) + "/retry"));
    }
    JsonNode outcome = target.client().post(PATH + "/retry?" + filter.query());
    if (target.json()) {
      output().json(outcome);
    } else {
      output().line("Retrying " + Output.text(outcome, "retrying"));
    }
    return 0;
  }

  @Command(
      name = "discard",
      description = "Cancels the work; a later change of the record creates new work.",
      mixinStandardHelpOptions = true)
  int discard(@Parameters(paramLabel = "ID") String id) {
    return report(target.client().delete(PATH + "/" + ServiceClient.encodeSegment(id)));
  }

  @Command(
      name = "decisions",
      description = "Lists who retried or discarded what, newest first.",
      mixinStandardHelpOptions = true)
  int decisions(
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer = target.client().get(PATH + "/decisions?limit=" + limit);
    Output output = output();
    if (target.json()) {
      output.json(answer);
      return 0;
    }
    Table table = output.table("ID", "AT", "DECISION", "BY", "ABOUT", "PROBLEM");
    for (JsonNode decision : answer.path("decisions")) {
      table.add(
          Output.text(decision, "id"),
          Output.time(decision, "at"),
          Output.text(decision, "what"),
          Output.text(decision, "decidedBy"),
          Output.text(decision, "subject"),
          Output.text(decision, "problem"));
    }
    table.fit(target.columns(), "PROBLEM", "ABOUT");
    output.print(table);
    return 0;
  }

  private int report(JsonNode outcome) {
    if (target.json()) {
      output().json(outcome);
    } else {
      output().line(Output.text(outcome, "id") + " " + Output.text(outcome, "outcome"));
    }
    return 0;
  }

  private ParameterException usageError(String line) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), line);
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
