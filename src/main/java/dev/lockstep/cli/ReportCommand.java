package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.ReportView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "report",
    description = "Reports.",
    synopsisSubcommandLabel = "actions",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Runnable {
  private static final String PATH = "/api/report/actions";

  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  ReportCommand(CliEnvironment environment) {
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "report: missing subcommand; use actions");
  }

  @Command(
      name = "actions",
      description = {
        "Action items that are overdue, reopened, or have no owner, due date or change request; and"
            + " services with new incidents while an action item was open."
      },
      footer = {
        "",
        "Exit codes: 0 nothing is overdue and all items have an owner and a change request,"
            + " 1 otherwise, 2 invalid usage, 3 service not reachable."
      },
      mixinStandardHelpOptions = true)
  int actions(
      @Option(names = "--service", paramLabel = "NAME", description = "Only items of this service.")
          @Nullable String service,
      @Option(names = "--owner", paramLabel = "EMAIL", description = "Only items of this owner.")
          @Nullable String owner,
      @Option(names = "--overdue", description = "Only overdue items.") boolean overdue,
      @Option(names = "--csv", description = "Print CSV, one line per item.") boolean csv,
      @Option(names = "--exit-zero", description = "Exit with 0 regardless of the result.")
          boolean exitZero) {
    String path =
        PATH
            + "?overdue="
            + overdue
            + (service == null ? "" : "&service=" + ServiceClient.encodeSegment(service))
            + (owner == null ? "" : "&owner=" + ServiceClient.encodeSegment(owner));
    JsonNode report = csv && exitZero ? null : target.client().get(path);
    CommandSpec own = Objects.requireNonNull(spec);
    Output output = new Output(own.commandLine().getOut(), target.colours());
    if (csv) {
      own.commandLine().getOut().print(target.client().csv(path));
      own.commandLine().getOut().flush();
    } else if (report != null && target.json()) {
      output.json(report);
    } else if (report != null && report.path("items").asInt() == 0 && isNarrowed(service, owner)) {
      output.line("No action items of " + narrowed(service, owner) + ".");
      return exitZero ? 0 : CliException.FAILED;
    } else if (report != null) {
      new ReportView(output, target.columns()).show(report);
    }
    return report == null || exitZero || isFine(report) ? 0 : CliException.FAILED;
  }

  private static boolean isNarrowed(@Nullable String service, @Nullable String owner) {
    return service != null || owner != null;
  }

  /** The filter that matched nothing: a misspelt name must not look like a clean report. */
  private static String narrowed(@Nullable String service, @Nullable String owner) {
    List<String> parts = new ArrayList<>();
    if (service != null) {
      parts.add("service '" + Output.plain(service) + "'");
    }
    if (owner != null) {
      parts.add("owner '" + Output.plain(owner) + "'");
    }
    return String.join(" and ", parts);
  }

  private static boolean isFine(JsonNode report) {
    JsonNode total = report.path("total");
    return total.path("overdue").asInt() == 0
        && total.path("noOwner").asInt() == 0
        && total.path("noChange").asInt() == 0;
  }
}
