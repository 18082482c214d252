package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cli.view.IncidentReportView;
import dev.lockstep.cli.view.Output;
import dev.lockstep.cli.view.ReportView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
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
    synopsisSubcommandLabel = "actions|incidents|closed|recurrence|duplicates",
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
        Objects.requireNonNull(spec).commandLine(),
        "report: missing subcommand; use actions, incidents, closed, recurrence or duplicates");
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

  @Command(
      name = "incidents",
      description = {
        "How long incidents took to be acknowledged, updated, mitigated and resolved: mean, median"
            + " and 90th percentile."
      },
      mixinStandardHelpOptions = true)
  void incidents(
      @Mixin PeriodOptions period,
      @Option(
              names = "--by",
              paramLabel = "GROUP",
              defaultValue = "service",
              description = "service, level, team or month. Default: service.")
          String by,
      @Option(names = "--csv", description = "Print CSV, times in seconds.") boolean csv) {
    show(
        "incidents" + period.query() + "&by=" + ServiceClient.encodeSegment(by),
        csv,
        IncidentReportView::incidents);
  }

  @Command(
      name = "closed",
      description = "Incidents that were resolved and led to no change request.",
      mixinStandardHelpOptions = true)
  void closed(
      @Mixin PeriodOptions period,
      @Option(names = "--level", paramLabel = "LEVEL", description = "Only of this level.")
          @Nullable String level,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit,
      @Option(names = "--csv", description = "Print CSV, one line per incident.") boolean csv) {
    String only = level == null ? "" : "&level=" + ServiceClient.encodeSegment(level);
    show("closed" + period.query() + only + "&limit=" + limit, csv, IncidentReportView::closed);
  }

  @Command(
      name = "recurrence",
      description = "Services with many incidents within a few days.",
      mixinStandardHelpOptions = true)
  void recurrence(
      @Mixin PeriodOptions period,
      @Option(
              names = "--incidents",
              paramLabel = "N",
              defaultValue = "3",
              description = "At least N incidents. Default: 3.")
          int least,
      @Option(
              names = "--days",
              paramLabel = "D",
              defaultValue = "7",
              description = "Within D days. Default: 7.")
          int days,
      @Option(names = "--csv", description = "Print CSV, one line per service.") boolean csv) {
    show(
        "recurrence" + period.query() + "&least=" + least + "&days=" + days,
        csv,
        IncidentReportView::recurrence);
  }

  @Command(
      name = "duplicates",
      description = "How many duplicates outages have, the largest first.",
      mixinStandardHelpOptions = true)
  void duplicates(
      @Mixin PeriodOptions period,
      @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most N.")
          int limit,
      @Option(names = "--csv", description = "Print CSV, one line per outage.") boolean csv) {
    show("duplicates" + period.query() + "&limit=" + limit, csv, IncidentReportView::duplicates);
  }

  private void show(String path, boolean csv, BiConsumer<IncidentReportView, JsonNode> view) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String whole = "/api/report/" + path;
    if (csv) {
      out.print(target.client().csv(whole));
      out.flush();
      return;
    }
    JsonNode report = target.client().get(whole);
    Output output = new Output(out, target.colours());
    if (target.json()) {
      output.json(report);
    } else {
      view.accept(new IncidentReportView(output, target.columns()), report);
    }
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
