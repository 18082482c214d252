package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.Table;
import java.util.Map;
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
    name = "notes",
    description = "Notes that wait for an approval before they are delivered.",
    synopsisSubcommandLabel = "list|approve|reject",
    mixinStandardHelpOptions = true)
final class NotesCommand implements Runnable {
  private static final String PATH = "/api/notes";
  private static final String ID = "The id that `notes list` shows.";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  NotesCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "notes: missing subcommand; use list, approve or reject");
  }

  @Command(
      name = "list",
      description = "Lists the texts that wait, as they will be delivered, longest waiting first.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit) {
    JsonNode answer = target.client().get(PATH + "?limit=" + limit);
    Output output = output();
    if (target.json()) {
      output.json(answer);
      return 0;
    }
    JsonNode notes = answer.path("notes");
    if (notes.isEmpty()) {
      output.line("No note waits for an approval.");
      return 0;
    }
    Table table = output.table("ID", "FROM", "AUTHOR", "TO", "AS", "SINCE", "TEXT");
    for (JsonNode note : notes) {
      table.add(
          Output.text(note, "id"),
          Output.text(note, "fromKey"),
          Output.text(note, "author"),
          Output.text(note, "toKey"),
          Output.text(note, "visibility"),
          Output.time(note, "since"),
          Output.text(note, "text"));
    }
    table.fit(target.columns(), "TEXT", "FROM", "TO");
    output.print(table);
    if (answer.path("total").asLong() > notes.size()) {
      output.line("%d of %s".formatted(notes.size(), Output.text(answer, "total")));
    }
    return 0;
  }

  @Command(
      name = "approve",
      description = "Delivers a text as it is listed.",
      mixinStandardHelpOptions = true)
  int approve(@Parameters(paramLabel = "ID", description = ID) String id) {
    return report(
        target.client().post("%s/%s/approve".formatted(PATH, ServiceClient.encodeSegment(id))));
  }

  @Command(
      name = "reject",
      description = "Never delivers a text; the ticket keeps it.",
      mixinStandardHelpOptions = true)
  int reject(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why, for the audit.")
          String reason) {
    return report(
        target
            .client()
            .post(
                "%s/%s/reject".formatted(PATH, ServiceClient.encodeSegment(id)),
                Map.of("reason", reason)));
  }

  private int report(JsonNode outcome) {
    if (target.json()) {
      output().json(outcome);
    } else {
      output().line(Output.text(outcome, "id") + " " + Output.text(outcome, "outcome"));
    }
    return 0;
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
