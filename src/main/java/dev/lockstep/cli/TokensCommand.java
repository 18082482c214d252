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
    name = "tokens",
    description = "API tokens for programs.",
    synopsisSubcommandLabel = "create|list|revoke",
    mixinStandardHelpOptions = true)
final class TokensCommand implements Runnable {
  private static final String PATH = "/api/tokens";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  TokensCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "tokens: missing subcommand; use create, list or revoke");
  }

  @Command(
      name = "list",
      description = "Lists all tokens, without the secrets.",
      mixinStandardHelpOptions = true)
  int list() {
    JsonNode answer = target.client().get(PATH);
    Output output = output();
    if (target.json()) {
      output.json(answer);
      return 0;
    }
    if (answer.path("tokens").isEmpty()) {
      output.line("No tokens.");
      return 0;
    }
    Table table = output.table("NAME", "ROLE", "CREATED BY", "CREATED", "EXPIRES", "LAST USED");
    for (JsonNode token : answer.path("tokens")) {
      table.add(
          Output.text(token, "name"),
          Output.text(token, "role"),
          Output.text(token, "createdBy"),
          Output.time(token, "createdAt"),
          Output.time(token, "expiresAt"),
          token.path("lastUsedAt").isNull() ? "never" : Output.time(token, "lastUsedAt"));
    }
    output.print(table);
    return 0;
  }

  @Command(
      name = "create",
      description = "Creates a token and prints it: it is not shown again.",
      mixinStandardHelpOptions = true)
  int create(
      @Parameters(paramLabel = "NAME", description = "As the audit will show it.") String name,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              defaultValue = "viewer",
              description = "viewer reads, operator decides, admin manages users; default: viewer.")
          String role,
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "90",
              description = "Days until it expires, at most 366; default: 90.")
          int days) {
    JsonNode answer =
        target
            .client()
            .post(PATH, Map.of("name", name, "role", role, "days", Integer.toString(days)));
    if (target.json()) {
      output().json(answer);
    } else {
      output().line(Output.text(answer, "secret"));
    }
    return 0;
  }

  @Command(
      name = "revoke",
      description = "Revokes a token: its next call is refused.",
      mixinStandardHelpOptions = true)
  int revoke(@Parameters(paramLabel = "NAME") String name) {
    JsonNode answer = target.client().delete(PATH + "/" + ServiceClient.encodeSegment(name));
    if (target.json()) {
      output().json(answer);
    } else {
      output().line(Output.text(answer, "name") + " revoked");
    }
    return 0;
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
