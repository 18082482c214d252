package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.sandbox.ExpectationFailedException;
import dev.lockstep.sandbox.LockstepProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges, counts and says what became of it. */
final class DemoVerdict {
  private static final int MOST_PROBLEMS = 20;

  /** Lockstep could not be asked. */
  private static final long UNKNOWN = -1;

  private final DemoReview review;
  private final LockstepProcess lockstep;
  private final DemoOutput output;

  DemoVerdict(DemoReview review, LockstepProcess lockstep, DemoOutput output) {
    this.review = review;
    this.lockstep = lockstep;
    this.output = output;
  }

  /** Writes the summary and prints it; returns whether all is well. */
  boolean judge(Path file, int restarts) {
    AgreementCheck.Result result = review.agreement();
    Optional<DuplicateCheck.Result> duplicates = review.consolidation(proposed());
    Optional<ActionItemCheck> handed =
        review.reviewed().map(number -> review.changes(trace(number)));
    Summary summary = review.summary(result, duplicates, handed, deadLetters(), restarts);
    try {
      summary.writeTo(file);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + file, e);
    }
    print(summary);
    List<String> wrong =
        Stream.concat(
                duplicates.map(DuplicateCheck.Result::problems).orElse(List.of()).stream(),
                handed.map(ActionItemCheck::problems).orElse(List.of()).stream())
            .toList();
    boolean good = summary.good() && result.alone().isEmpty() && wrong.isEmpty();
    if (good) {
      output.good("All %d pairs agree; read from the sandboxes.".formatted(summary.pairs()));
      duplicates.map(DuplicateCheck.Result::figures).ifPresent(this::praise);
    } else {
      complain(result, summary);
      wrong.stream().limit(MOST_PROBLEMS).forEach(problem -> output.plain("  " + problem));
    }
    output.remark(file.toString());
    return good;
  }

  /**
   * Whom to act as by hand.
   *
   * @param agent a user name of ServiceNow
   * @param engineer an e-mail address of PagerDuty
   */
  record People(String agent, String engineer) {}

  /** How to go on by hand. */
  void invite(SimulatedSystems systems, People people) {
    String serviceNow = systems.serviceNow().url();
    String pagerDuty = systems.pagerDuty().url();
    output.chapter("The sandboxes stay up; poke them (Ctrl-C ends)");
    output.fact(
        "ServiceNow user, password", people.agent() + ", " + SimulatedSystems.SERVICENOW_PASSWORD);
    output.fact(
        "PagerDuty token, From", SimulatedSystems.PAGERDUTY_TOKEN + ", " + people.engineer());
    systems
        .jira()
        .ifPresent(
            jira ->
                output.fact(
                    "Jira user, token",
                    SimulatedSystems.JIRA_USER + ", " + SimulatedSystems.JIRA_TOKEN));
    output.plain("");
    output.plain(
        "  curl -u %s:%s -H 'Content-Type: application/json' \\"
            .formatted(people.agent(), SimulatedSystems.SERVICENOW_PASSWORD));
    output.plain(
        "    -d '{\"short_description\":\"Badge readers are"
            + " dark\",\"impact\":\"1\",\"urgency\":\"1\"}' \\");
    output.plain("    %s/api/now/table/incident".formatted(serviceNow));
    output.plain("");
    output.plain(
        "  curl -X PUT -H 'Authorization: Token token=%s' -H 'From: %s' \\"
            .formatted(SimulatedSystems.PAGERDUTY_TOKEN, people.engineer()));
    output.plain("    -H 'Content-Type: application/json' \\");
    output.plain(
        "    -d '{\"incident\":{\"type\":\"incident_reference\",\"status\":\"acknowledged\"}}' \\");
    output.plain("    %s/incidents/ID   # ids: %s/incidents".formatted(pagerDuty, pagerDuty));
    output.plain("");
    systems
        .jira()
        .ifPresent(
            jira ->
                output.plain(
                    "  curl -u %s:%s %s/rest/api/3/issue/%s   # the issue that followed its change\n"
                        .formatted(
                            SimulatedSystems.JIRA_USER,
                            SimulatedSystems.JIRA_TOKEN,
                            jira.url(),
                            jira.issues().get(jira.issues().size() - 1))));
    String service = " --url %s --token %s".formatted(lockstep.url(), lockstep.token());
    output.plain("  ./lockstep pairs list" + service);
    review
        .reviewed()
        .ifPresent(number -> output.plain("  ./lockstep trace " + number + " --all" + service));
    output.plain("  ./lockstep duplicates list" + service);
    output.plain("  ./lockstep duplicates show ID" + service + "   # why they are the same");
  }

  private long deadLetters() {
    try {
      return lockstep.running() ? lockstep.api().deadLetters() : UNKNOWN;
    } catch (ExpectationFailedException noAnswer) {
      return UNKNOWN;
    }
  }

  private Set<String> proposed() {
    try {
      return lockstep.running() ? Set.copyOf(lockstep.api().duplicates("PROPOSED")) : Set.of();
    } catch (ExpectationFailedException noAnswer) {
      return Set.of();
    }
  }

  /** Nothing where Lockstep could not be asked: then everything is missing in it. */
  private JsonNode trace(String number) {
    try {
      return lockstep.running() ? lockstep.api().trace(number) : MissingNode.getInstance();
    } catch (ExpectationFailedException noAnswer) {
      return MissingNode.getInstance();
    }
  }

  private void praise(Summary.Duplicates duplicates) {
    output.good(
        "%d tickets and %d alerts became one; %d others were left alone."
            .formatted(duplicates.tickets(), duplicates.alerts(), duplicates.unrelated()));
  }

  private static String text(Summary.Lag lag) {
    return "%d, %d, %d ms".formatted(lag.p50(), lag.p95(), lag.p99());
  }

  private void print(Summary summary) {
    output.chapter("What it came to");
    output.fact("pairs in agreement", summary.pairsInAgreement() + " of " + summary.pairs());
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
        summary.deadLetters() == UNKNOWN ? "unknown" : Long.toString(summary.deadLetters()));
    output.fact("faults injected", list(summary.faultsInjected()));
    output.fact("restarts", Integer.toString(summary.restarts()));
    if (summary.duplicates() != null) {
      print(summary.duplicates());
    }
    if (summary.actions() != null) {
      print(summary.actions());
    }
    output.plain("");
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
        "issues in Jira",
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

  private void complain(AgreementCheck.Result result, Summary summary) {
    output.bad("Not everything is well:");
    if (summary.deadLetters() > 0) {
      lockstep.api().deadLetterTitles().stream()
          .limit(MOST_PROBLEMS)
          .forEach(title -> output.plain("  dead letter " + title));
    }
    result.alone().stream()
        .limit(MOST_PROBLEMS)
        .forEach(held -> output.plain("  " + held.key() + " is linked with nothing"));
    result.verdicts().stream()
        .filter(verdict -> !verdict.agrees())
        .limit(MOST_PROBLEMS)
        .forEach(
            verdict ->
                output.plain(
                    "  " + verdict.title() + ": " + String.join("; ", verdict.problems())));
    review.echoes().stream().limit(MOST_PROBLEMS).forEach(echo -> output.plain("  echo " + echo));
    if (summary.duplicatesCreated() > 0) {
      output.plain("  %d records were created twice".formatted(summary.duplicatesCreated()));
    }
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
