package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.ExpectationFailedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The patient records are down: three monitors raise alerts, forty clinics write, each in its own
 * words, and five tickets in between are about something else. Lockstep is killed meanwhile.
 */
final class DuplicateScenario {
  /** Several polls: what has not moved by then does not move any more. */
  private static final Duration STILL = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Twice as many as there are tickets: each may be proposed again once, for another primary. */
  private static final int MOST_ACCEPTED = 90;

  /** So many duplicates are called urgent: alone each would page somebody. */
  private static final int RAISED = 3;

  private final ScenarioRunner runner;
  private final DemoUsers users;
  private final ScenarioFacts facts;
  private final Reporters reporters;

  DuplicateScenario(ScenarioRunner runner, ScenarioFacts facts) {
    this.runner = runner;
    this.users = new DemoUsers(runner);
    this.facts = facts;
    this.reporters = new Reporters(runner, facts);
  }

  static void seed(SimulatedSystems hospital) {
    for (String service :
        List.of(Reporters.RECORDS, "HR Self-Service", Reporters.RADIOLOGY, "E-mail")) {
      hospital.item(service);
    }
    hospital.service(Reporters.RECORDS, "Clinical Applications");
  }

  /**
   * @throws ExpectationFailedException when Lockstep did not follow in time
   */
  void play() {
    long before = runner.apiCalls();
    arrive();
    reviewAll();
    confirm();
    ScenarioRunner.LinkedPair primary = requirePrimary();
    work(primary);
    tell(primary);
    end(primary);
    facts.apiCalls = runner.apiCalls() - before;
    late();
    new PostmortemScenario(runner, facts, primary).play();
  }

  /** The first alert arrives, then all write at nearly the same time. */
  private void arrive() {
    runner.chapter("The patient records are down: three alerts, forty clinics, five other tickets");
    List<TicketReport> reports = TicketReport.all();
    int half = reports.size() / 2;
    int most = reports.size() * 3 / 4;
    Instant at = runner.act("Monitoring", "raises an alert: " + reports.get(0).title(), () -> {});
    reporters.report(reports.get(0));
    runner.await("a ticket for the alert", () -> primary().isPresent(), () -> "none");
    report(reports.subList(1, half), "write");
    runner.kill();
    report(reports.subList(half, most), "write while Lockstep is down");
    runner.startAgain();
    runner.quiet(STILL, PATIENCE, () -> linkedClinics().size() == facts.clinics.size());
    reviewAll();
    runner.act(
        "Maya",
        "raises some of the linked tickets to priority 2",
        () -> linkedClinics().stream().limit(RAISED).forEach(reporters::raise));
    report(reports.subList(most, reports.size()), "write");
    runner.quiet(
        STILL, PATIENCE, () -> linkedClinics().size() == facts.clinics.size() && open() == 1);
    ScenarioRunner.LinkedPair primary = requirePrimary();
    runner.followed(
        "%d of %d clinics are linked to %s, PagerDuty has %d incident(s) open for them: #%d"
            .formatted(
                linkedClinics().size(),
                facts.clinics.size(),
                runner.ticket(primary, "number"),
                open(),
                runner.pagerDuty().incident(primary.incident()).number()),
        at);
  }

  private void report(List<TicketReport> reports, String does) {
    runner.act(
        reports.size() + " clinics, monitors and others",
        does,
        () -> reports.forEach(reporters::report));
  }

  /** The alert whose incident takes the others in, with its ticket, as soon as it has one. */
  private Optional<ScenarioRunner.LinkedPair> primary() {
    return facts.alerts.stream()
        .filter(alert -> runner.pagerDuty().incident(alert).mergedInto() == null)
        .flatMap(alert -> runner.linked(alert).stream())
        .max(Comparator.comparing(pair -> children(pair).size()));
  }

  private ScenarioRunner.LinkedPair requirePrimary() {
    return primary()
        .orElseThrow(() -> new ExpectationFailedException("no open alert has a ticket any more"));
  }

  private void reviewAll() {
    while (review()) {
      // What was accepted may have made something else of what was left.
    }
  }

  /**
   * An operator, who knows what each ticket is about, decides what Lockstep was not sure of.
   *
   * @return whether there was anything to decide
   */
  private boolean review() {
    List<String> keys = outages();
    List<String> proposed =
        runner.lockstep().duplicates("PROPOSED").stream().filter(keys::contains).distinct().toList();
    if (proposed.isEmpty() || facts.accepted >= MOST_ACCEPTED) {
      return false;
    }
    Instant at =
        runner.act(
            "Maya",
            "accepts what is proposed: " + String.join(", ", proposed),
            () ->
                proposed.forEach(
                    key -> runner.lockstep().accept(key, SimulatedSystems.userName(DemoUsers.MAYA))));
    facts.accepted += proposed.size();
    runner.quiet(
        STILL, PATIENCE, () -> linkedClinics().size() == facts.clinics.size() && open() == 1);
    runner.followed(
        "%d of %d clinics are linked".formatted(linkedClinics().size(), facts.clinics.size()), at);
    return true;
  }

  /** Callers get the comments of another ticket only once an operator accepted the link. */
  private void confirm() {
    List<String> keys = outages();
    List<String> joined =
        runner.lockstep().duplicates("LINKED").stream().filter(keys::contains).distinct().toList();
    runner.act(
        "Maya",
        "accepts the %d duplicates that are linked".formatted(joined.size()),
        () -> joined.forEach(key -> runner.lockstep().accept(key, SimulatedSystems.userName(DemoUsers.MAYA))));
    runner.quiet(
        STILL, PATIENCE, () -> linkedClinics().size() == facts.clinics.size() && open() == 1);
  }

  /**
   * What people call all that is about the outage. A monitor's ticket is among it: its text is like
   * no clinic's, so that it may be proposed only, with clinics under it that were like it first.
   */
  private List<String> outages() {
    Stream<String> clinics = facts.clinics.stream().map(this::key);
    Stream<String> tickets =
        facts.alerts.stream()
            .flatMap(alert -> runner.linked(alert).stream())
            .map(pair -> runner.ticket(pair, "number"));
    Stream<String> incidents =
        facts.alerts.stream().map(alert -> "#" + runner.pagerDuty().incident(alert).number());
    return Stream.of(clinics, tickets, incidents).flatMap(keys -> keys).toList();
  }

  private long open() {
    return facts.alerts.stream()
        .filter(alert -> runner.pagerDuty().incident(alert).mergedInto() == null)
        .count();
  }

  private String key(String sysId) {
    return runner.serviceNow().value(sysId, "number");
  }

  private void work(ScenarioRunner.LinkedPair primary) {
    runner.step(
        primary,
        "Ana",
        "acknowledges in PagerDuty",
        () -> runner.pagerDuty().as(DemoUsers.ANA).acknowledge(primary.incident()),
        "ServiceNow shows In Progress",
        () -> runner.ticket(primary, "state").equals("2"));
    String found = "The session store is out of connections; do not tell the wards yet.";
    String plan = "Change CHG0031 goes in at nine, by the vendor's engineer.";
    facts.internal.add(found);
    facts.internal.add(plan);
    users.engineerNotes(primary, found);
    users.agentNotes(primary, plan);
  }

  private void tell(ScenarioRunner.LinkedPair primary) {
    for (String comment :
        List.of(
            "We know that patient records cannot be opened and work on it. Please use paper forms.",
            "Patient records are starting again. Please sign in after half past nine.")) {
      facts.comments.add(comment);
      runner.step(
          "Maya",
          "tells the callers of the primary: " + comment,
          () ->
              runner
                  .serviceNow()
                  .as(SimulatedSystems.userName(DemoUsers.MAYA))
                  .addComment(primary.ticket(), comment),
          "every clinic has the comment",
          () -> children(primary).stream().allMatch(child -> runner.hasComment(child, comment)),
          () -> "that not all are");
    }
  }

  private void end(ScenarioRunner.LinkedPair primary) {
    facts.closeCode = "Solution provided";
    facts.closeNotes = "The session store has more connections now.";
    runner.step(
        "Maya",
        "resolves " + runner.ticket(primary, "number"),
        () ->
            users.agent(
                primary,
                Map.of(
                    "state", "6",
                    "close_code", facts.closeCode,
                    "close_notes", facts.closeNotes)),
        "every clinic's ticket is resolved as it is",
        () -> children(primary).stream().allMatch(this::isResolved),
        () -> "that not all are");
    runner.settle(primary);
  }

  private void late() {
    Instant at =
        runner.act("A clinic", "writes when all is over: patient records were down", () -> {});
    String sysId =
        reporters.write(
            new TicketReport(
                TicketReport.Kind.CLINIC,
                "Patient records could not be opened this morning",
                "We could not open patient records since eight, error 503. Is it over now?",
                Reporters.RECORDS,
                "software"),
            Map.of());
    facts.late.add(sysId);
    String key = key(sysId);
    runner.await(
        "a proposal for " + key,
        () -> runner.lockstep().duplicates("PROPOSED").contains(key),
        () -> "proposals " + runner.lockstep().duplicates("PROPOSED"));
    runner.followed("it is proposed, and nothing is done to it", at);
  }

  private boolean isResolved(String sysId) {
    return runner.serviceNow().value(sysId, "state").equals("6");
  }

  private List<String> children(ScenarioRunner.LinkedPair primary) {
    return runner.serviceNow().records("incident").stream()
        .filter(ticket -> primary.ticket().equals(ticket.get("parent_incident")))
        .map(ticket -> ticket.getOrDefault("sys_id", ""))
        .toList();
  }

  private List<String> linkedClinics() {
    List<String> children = primary().map(this::children).orElse(List.of());
    return facts.clinics.stream().filter(children::contains).toList();
  }
}
