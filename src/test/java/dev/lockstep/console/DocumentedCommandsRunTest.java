package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testkit.DocumentedCommands;
import dev.lockstep.testkit.DocumentedCommands.Printed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command of a running service that a document prints does what it says. */
final class DocumentedCommandsRunTest {
  /** Need a terminal for a password, or processes of their own; each has tests of its own. */
  private static final Set<String> ELSEWHERE = Set.of("bench", "demo", "users", "postmortem");

  /** Their exit code says that there is something to do. */
  private static final Set<String> FINDS_PROBLEMS = Set.of("report actions --overdue");

  private static final String EXAMPLE_ID = "5f0c3a9be1d27446";

  private final ConsoleRig rig = new ConsoleRig();
  private final ConsoleClient client = new ConsoleClient();

  /** Once for all tests: those that change something come with a change that fits to it. */
  @BeforeAll
  static void fill() {
    new ConsoleRig().fill();
  }

  static Stream<String> commands() throws IOException {
    return DocumentedCommands.read()
        .filter(Printed::isWhole)
        .map(printed -> printed.line().replaceFirst("^\\./lockstep ", ""))
        .filter(line -> !ELSEWHERE.contains(line.split(" ")[0]))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void works(String command, @TempDir Path folder) throws IOException {
    for (String file : List.of("update.txt", "open.txt")) {
      Files.writeString(folder.resolve(file), "We restart it.\n");
    }

    if (command.startsWith("incident-manager assign")
        || command.startsWith("incident-manager release")) {
      rig.jdbc.sql("update incident set manager = ''").update();
      rig.jdbc.sql("truncate manager_change, incident_manager").update();
    }
    if (command.startsWith("incident-manager release")) {
      assertThat(run(folder, "incident-manager", "assign", "INC0010001", "--to", "dee@example.com"))
          .isZero();
    }

    if (command.startsWith("problems ")) {
      proposeProblem(3);
    }

    int exitCode = run(folder, command.split(" "));

    if (command.startsWith("problems accept")) {
      // The mapping that creates the record is not active by default.
      assertThat(exitCode).isEqualTo(1);
      assertThat(client.err.toString().lines())
          .singleElement()
          .asString()
          .contains("add problem to LOCKSTEP_MAPPINGS");
    } else if (command.contains(EXAMPLE_ID)) {
      assertThat(exitCode).isEqualTo(1);
      assertThat(client.err.toString().lines()).singleElement().asString().contains(EXAMPLE_ID);
    } else {
      assertThat(exitCode)
          .as(client.out.toString() + client.err)
          .isEqualTo(FINDS_PROBLEMS.contains(command) ? 1 : 0);
      assertThat(client.out.toString()).isNotBlank();
      assertThat(client.err.toString()).doesNotContain("Exception");
    }
  }

  private void proposeProblem(int id) {
    rig.jdbc.sql("truncate problem, problem_incident").update();
    rig.jdbc
        .sql(
            "insert into problem (id, state, service, title, proposed_at, changed_at) overriding"
                + " system value values (?, 'PROPOSED', 'Portal', 'Portal is down', now(), now())")
        .param(id)
        .update();
    rig.jdbc
        .sql(
            "insert into problem_incident (incident, problem, added_at)"
                + " select record, ?, now() from incident limit 2")
        .param(id)
        .update();
  }

  private int run(Path folder, String... arguments) {
    return client.run(ConsoleRig.TOKEN, true, 100, folder, arguments);
  }
}
