package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "dead-letters",
    description = "Work that waits for a person.",
    synopsisSubcommandLabel = "list|show|retry|discard",
    mixinStandardHelpOptions = true)
final class DeadLettersCommand implements Runnable {
  private static final String PATH = "/api/dead-letters";

  @Mixin private final Target target;
  @Spec private @Nullable CommandSpec spec;

  DeadLettersCommand(Surroundings surroundings) {
    this.target = new Target(surroundings);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "dead-letters: say list, show, retry or discard");
  }

  @Command(name = "list", description = "Oldest first.", mixinStandardHelpOptions = true)
  int list() {
    JsonNode answer = target.client().get(PATH);
    Page page = page();
    if (target.json()) {
      page.json(answer);
      return 0;
    }
    JsonNode letters = answer.path("deadLetters");
    if (letters.isEmpty()) {
      page.line("No dead letters.");
      return 0;
    }
    Table table = page.table("ID", "RECORD", "SINCE", "TRIES", "PROBLEM");
    for (JsonNode letter : letters) {
      table.add(
          Page.text(letter, "id"),
          Page.text(letter, "title"),
          Page.time(letter, "since"),
          Page.text(letter, "attempts"),
          Page.text(letter, "problem"));
    }
    page.print(table);
    page.line("");
    page.line("`./lockstep dead-letters show ID` says what was asked, what came back, what to do.");
    return 0;
  }

  @Command(
      name = "show",
      description = "What was asked, what came back and what to do.",
      mixinStandardHelpOptions = true)
  int show(@Parameters(paramLabel = "ID") String id) {
    JsonNode letter = target.client().get(PATH + "/" + ServiceClient.segment(id));
    Page page = page();
    if (target.json()) {
      page.json(letter);
      return 0;
    }
    page.line(page.styled("bold", Page.text(letter, "title")));
    page.entry("id", Page.text(letter, "id"));
    page.entry("about", Page.text(letter, "subject"));
    page.entry("since", Page.time(letter, "since"));
    page.entry("tries", Page.text(letter, "attempts"));
    page.entry("problem", page.styled("fg_red", Page.text(letter, "problem")));
    page.entry("request", letter.path("request").asText());
    page.entry("answer", letter.path("answer").asText());
    page.entry("to do", letter.path("advice").asText());
    return 0;
  }

  @Command(name = "retry", description = "Try again at once.", mixinStandardHelpOptions = true)
  int retry(@Parameters(paramLabel = "ID") String id) {
    return report(target.client().post(PATH + "/" + ServiceClient.segment(id) + "/retry"));
  }

  @Command(
      name = "discard",
      description = "Give the work up; later changes of the record start afresh.",
      mixinStandardHelpOptions = true)
  int discard(@Parameters(paramLabel = "ID") String id) {
    return report(target.client().delete(PATH + "/" + ServiceClient.segment(id)));
  }

  private int report(JsonNode outcome) {
    if (target.json()) {
      page().json(outcome);
    } else {
      page().line(Page.text(outcome, "id") + " " + Page.text(outcome, "outcome"));
    }
    return 0;
  }

  private Page page() {
    return new Page(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
