package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
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

  DeadLettersCommand(CliEnvironment surroundings) {
    this.target = new ConnectionOptions(surroundings);
  }

  /** Which ones. */
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
    throw usageError("dead-letters: say list, show, retry, discard or decisions");
  }

  @Command(name = "list", description = "Oldest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin FilterOptions filter,
      @Option(
              names = "--after",
              paramLabel = "ID",
              defaultValue = "",
              description = "Those that follow this one, for the next page.")
          String after,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer =
        target
            .client()
            .get(
                "%s?%s&after=%s&limit=%d"
                    .formatted(PATH, filter.query(), ServiceClient.encodeSegment(after), limit));
    Output page = page();
    if (target.json()) {
      page.json(answer);
      return 0;
    }
    JsonNode letters = answer.path("deadLetters");
    if (letters.isEmpty()) {
      page.line(after.isEmpty() ? "No dead letters." : "No more dead letters.");
      return 0;
    }
    Table table = page.table("ID", "RECORD", "SINCE", "TRIES", "PROBLEM");
    for (JsonNode letter : letters) {
      table.add(
          Output.text(letter, "id"),
          Output.text(letter, "title"),
          Output.time(letter, "since"),
          Output.text(letter, "attempts"),
          Output.text(letter, "problem"));
    }
    table.fit("PROBLEM", target.columns());
    page.print(table);
    page.line("");
    if (letters.size() == limit) {
      page.line(
          "%d of %s; the next page: --after %s"
              .formatted(
                  limit,
                  Output.text(answer, "total"),
                  Output.text(letters.get(letters.size() - 1), "id")));
    }
    page.line("`./lockstep dead-letters show ID` says what was asked, what came back, what to do.");
    return 0;
  }

  @Command(
      name = "show",
      description = "What was asked, what came back and what to do.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID") String id) {
    JsonNode letter = target.client().get(PATH + "/" + ServiceClient.encodeSegment(id));
    Output page = page();
    if (target.json()) {
      page.json(letter);
      return 0;
    }
    page.line(page.styled("bold", Output.text(letter, "title")));
    page.entry("id", Output.text(letter, "id"));
    page.entry("about", Output.text(letter, "subject"));
    page.entry("since", Output.time(letter, "since"));
    page.entry("tries", Output.text(letter, "attempts"));
    page.entry("problem", page.styled("fg_red", Output.text(letter, "problem")));
    page.entry("request", letter.path("request").asText());
    page.entry("answer", letter.path("answer").asText());
    page.entry("to do", letter.path("advice").asText());
    return 0;
  }

  @Command(
      name = "retry",
      description = "Retry one, or all, at once.",
      mixinStandardHelpOptions = true)
  int retry(
      @Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id,
      @Option(names = "--all", description = "All, or all that --system and --kind leave.")
          boolean all,
      @Mixin FilterOptions filter) {
    if (all == (id != null) || filter.isGiven() && !all) {
      throw usageError(
          "dead-letters retry: name an ID, or --all with or without --system and --kind");
    }
    if (id != null) {
      return report(
          target
              .client()
              .post(PATH + "/" + ServiceClient.encodeSegment(id) + "/retry?" + decidedBy()));
    }
    JsonNode outcome = target.client().post(PATH + "/retry?" + filter.query() + "&" + decidedBy());
    if (target.json()) {
      page().json(outcome);
    } else {
      page().line("Retrying " + Output.text(outcome, "retrying"));
    }
    return 0;
  }

  @Command(
      name = "discard",
      description = "Give the work up; later changes of the record start again.",
      mixinStandardHelpOptions = true)
  int discard(@Parameters(paramLabel = "ID") String id) {
    return report(
        target.client().delete(PATH + "/" + ServiceClient.encodeSegment(id) + "?" + decidedBy()));
  }

  @Command(
      name = "decisions",
      description = "Who retried or discarded what, newest first.",
      mixinStandardHelpOptions = true)
  int decisions(
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer = target.client().get(PATH + "/decisions?limit=" + limit);
    Output page = page();
    if (target.json()) {
      page.json(answer);
      return 0;
    }
    Table table = page.table("ID", "AT", "DECISION", "BY", "ABOUT", "PROBLEM");
    for (JsonNode decision : answer.path("decisions")) {
      table.add(
          Output.text(decision, "id"),
          Output.time(decision, "at"),
          Output.text(decision, "what"),
          Output.text(decision, "decidedBy"),
          Output.text(decision, "subject"),
          Output.text(decision, "problem"));
    }
    table.fit("PROBLEM", target.columns());
    page.print(table);
    return 0;
  }

  private int report(JsonNode outcome) {
    if (target.json()) {
      page().json(outcome);
    } else {
      page().line(Output.text(outcome, "id") + " " + Output.text(outcome, "outcome"));
    }
    return 0;
  }

  /** For the audit. */
  private String decidedBy() {
    return "by=" + ServiceClient.encodeSegment(target.user());
  }

  private ParameterException usageError(String line) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), line);
  }

  private Output page() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
