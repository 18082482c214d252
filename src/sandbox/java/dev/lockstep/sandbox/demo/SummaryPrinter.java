package dev.lockstep.sandbox.demo;

import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Prints the figures of a run. */
final class SummaryPrinter {
  private final DemoOutput output;

  SummaryPrinter(DemoOutput output) {
    this.output = output;
  }

  private static String text(Summary.Lag lag) {
    return "%d, %d, %d ms".formatted(lag.p50(), lag.p95(), lag.p99());
  }

  void print(Summary summary) {
    output.chapter("What it came to");
    output.fact("pairs in agreement", summary.pairsInAgreement() + " of " + summary.pairs());
    if (summary.issues() != null) {
      output.fact(
          "issues in agreement",
          summary.issues().inAgreement() + " of " + summary.issues().linked());
    }
    output.fact("changes carried", ways(summary.changesCarried()));
    output.fact("notes carried", ways(summary.notesCarried()));
    output.fact("conflicts", Long.toString(summary.conflicts()));
    output.fact("duplicates created", Long.toString(summary.duplicatesCreated()));
    output.fact("echoes written", Long.toString(summary.echoesWritten()));
    summary.apiCalls().forEach((system, calls) -> output.fact("calls to " + system, list(calls)));
    output.fact(
        "writes, reads per change", summary.writesPerChange() + ", " + summary.readsPerChange());
    output.fact("lag p50, p95, p99", text(summary.lagMillis()));
    output.fact("the same under faults", text(summary.lagMillisUnderFaults()));
    output.fact(
        "dead letters",
        summary.deadLetters() == Summary.UNKNOWN
            ? "unknown"
            : Long.toString(summary.deadLetters()));
    output.fact("faults injected", list(summary.faultsInjected()));
    output.fact("restarts", Integer.toString(summary.restarts()));
    if (summary.duplicates() != null) {
      print(summary.duplicates());
    }
    if (summary.actions() != null) {
      print(summary.actions());
    }
    if (summary.stakeholders() != null) {
      print(summary.stakeholders());
    }
    output.plain("");
  }

  private void print(Summary.Stakeholders informed) {
    output.fact(
        "channels in Slack",
        "%d, with %d messages".formatted(informed.channels(), informed.messages()));
    output.fact(
        "on the status page",
        "%d incident(s), %d updates; %d internal"
            .formatted(informed.pageIncidents(), informed.pageUpdates(), informed.leaked()));
    output.fact(
        "updates to executives",
        "%d, %d late; %d reminders, %d escalations"
            .formatted(
                informed.updates(), informed.late(), informed.reminders(), informed.escalations()));
    output.fact("tickets at the vendor", Integer.toString(informed.vendorTickets()));
    output.fact("messages doubled", Integer.toString(informed.doubled()));
  }

  private void print(Summary.Actions actions) {
    output.fact(
        "action items",
        "%d: %d changes, %d without owner, %d without date"
            .formatted(
                actions.items(), actions.changes(), actions.needOwner(), actions.needDueDate()));
    output.fact(
        "changes", "%d deployed, %d failed".formatted(actions.deployed(), actions.failed()));
    output.fact(
        "issues of action items",
        "%d written to, %d in step with its change"
            .formatted(actions.issues(), actions.issuesInStep()));
    output.fact("closed too early", "%d, told".formatted(actions.warnings()));
    output.fact(
        "items in the trace", "%d of %d as they are".formatted(actions.traced(), actions.items()));
  }

  private void print(Summary.Duplicates duplicates) {
    output.fact(
        "tickets consolidated",
        "%d of %d, under %d; %d proposals accepted, %d wrong"
            .formatted(
                duplicates.consolidated(),
                duplicates.tickets(),
                duplicates.primaries(),
                duplicates.accepted(),
                duplicates.falseMerges()));
    output.fact(
        "pages for the outage",
        "%d opened, %d left".formatted(duplicates.pagesOpened(), duplicates.pagesLeft()));
    output.fact(
        "comments told",
        "%d, %d missing, %d doubled"
            .formatted(
                duplicates.commentsTold(),
                duplicates.commentsMissing(),
                duplicates.commentsDoubled()));
    output.fact("resolved with it", Integer.toString(duplicates.resolved()));
    output.fact(
        "calls per ticket or alert",
        duplicates.callsPerTicket() + " (" + duplicates.apiCalls() + ")");
  }

  private static String ways(Summary.Directions ways) {
    return "%d to PagerDuty, %d to ServiceNow"
        .formatted(ways.itsmToPlatform(), ways.platformToItsm());
  }

  private static String list(SortedMap<String, ? extends Number> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(
                (Map.Entry<String, ? extends Number> count) ->
                    count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
  }
}
