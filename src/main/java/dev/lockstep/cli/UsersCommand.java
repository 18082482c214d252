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
    name = "users",
    description = "Users who log in to the console with a password.",
    synopsisSubcommandLabel = "add|list|remove|password|email",
    mixinStandardHelpOptions = true)
final class UsersCommand implements Runnable {
  private static final String PATH = "/api/users";
  private static final String STDIN = "--password-stdin";
  private static final String READS_STDIN =
      "Read the password from standard input instead of asking for it.";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  UsersCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "users: no subcommand; use add, list, remove, password or email");
  }

  @Command(name = "list", description = "Lists all users.", mixinStandardHelpOptions = true)
  int list() {
    JsonNode answer = target.client().get(PATH);
    Output output = output();
    if (target.json()) {
      output.json(answer);
      return 0;
    }
    if (answer.path("users").isEmpty()) {
      output.line("No users; add one with `./lockstep users add NAME --role admin`.");
      return 0;
    }
    Table table = output.table("NAME", "E-MAIL", "ROLE", "CREATED BY", "CREATED");
    for (JsonNode user : answer.path("users")) {
      table.add(
          Output.text(user, "name"),
          Output.text(user, "email"),
          Output.text(user, "role"),
          Output.text(user, "createdBy"),
          Output.time(user, "createdAt"));
    }
    output.print(table);
    return 0;
  }

  @Command(
      name = "add",
      description = "Adds a user and asks for the password, which is not shown.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              defaultValue = "viewer",
              description = "viewer reads, operator decides, admin manages users; default: viewer.")
          String role,
      @Option(
              names = "--email",
              paramLabel = "ADDRESS",
              defaultValue = "",
              description = "By which commands from a chat are recognised.")
          String email,
      @Option(names = STDIN, description = READS_STDIN) boolean isPiped) {
    String password = PasswordInput.read(isPiped);
    JsonNode user =
        target
            .client()
            .post(PATH, Map.of("name", name, "email", email, "role", role, "password", password));
    return report(user, "added as " + Output.text(user, "role"));
  }

  @Command(
      name = "password",
      description = "Replaces a user's password and ends the user's sessions.",
      mixinStandardHelpOptions = true)
  int changePassword(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = STDIN, description = READS_STDIN) boolean isPiped) {
    Map<String, String> body = Map.of("password", PasswordInput.read(isPiped));
    String path = PATH + "/" + ServiceClient.encodeSegment(name) + "/password";
    return report(target.client().put(path, body), "has a new password");
  }

  @Command(
      name = "email",
      description =
          "Replaces a user's e-mail address, by which commands from a chat are recognised.",
      mixinStandardHelpOptions = true)
  int changeEmail(
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "ADDRESS", arity = "0..1", defaultValue = "") String email) {
    String path = PATH + "/" + ServiceClient.encodeSegment(name) + "/email";
    return report(
        target.client().put(path, Map.of("email", email)),
        email.isEmpty() ? "has no e-mail address" : "has a new e-mail address");
  }

  @Command(
      name = "remove",
      description = "Removes a user and ends the user's sessions.",
      mixinStandardHelpOptions = true)
  int remove(@Parameters(paramLabel = "NAME") String name) {
    return report(
        target.client().delete(PATH + "/" + ServiceClient.encodeSegment(name)), "removed");
  }

  private int report(JsonNode user, String what) {
    if (target.json()) {
      output().json(user);
    } else {
      output().line(Output.text(user, "name") + " " + what);
    }
    return 0;
  }

  private Output output() {
    return new Output(Objects.requireNonNull(spec).commandLine().getOut(), target.colours());
  }
}
