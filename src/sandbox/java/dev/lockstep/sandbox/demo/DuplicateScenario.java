package dev.lockstep.sandbox.demo;

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

  /** Who has to decide more than this has not been helped. */
  private static final int MOST_ACCEPTED = 12;

  private final ScenarioRunner stage;
  private final DemoUsers cast;
  private final ScenarioFacts played;
  private final Reporters reporters;

  DuplicateScenario(ScenarioRunner stage, ScenarioFacts played) {
    this.stage = stage;
    this.cast = new DemoUsers(stage);
    this.played = played;
    this.reporters = new Reporters(stage, played);
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
    long before = stage.apiCalls();
    arrive();
    while (review()) {
      // What was accepted may have made something else of what was left.
    }
    confirm();
    ScenarioRunner.Couple primary = primary().orElseThrow();
    work(primary);
    tell(primary);
    end(primary);
    played.apiCalls = stage.apiCalls() - before;
    late();
    new PostmortemScenario(stage, played, primary).play();
  }

  /** The first alert is heard, then all write at nearly the same time. */
  private void arrive() {
    stage.chapter("The patient records are down: three alerts, forty clinics, five other tickets");
    List<TicketReport> reports = TicketReport.all();
    int half = reports.size() / 2;
    int most = reports.size() * 3 / 4;
    Instant at = stage.act("Monitoring", "raises an alert: " + reports.get(0).title(), () -> {});
    reporters.report(reports.get(0));
    stage.delivered();
    report(reports.subList(1, half), "write");
    stage.kill();
    report(reports.subList(half, most), "write while Lockstep is down");
    stage.startAgain();
    stage.await("a ticket for an alert", () -> primary().isPresent(), () -> "none");
    stage.act("Maya", "raises some of the clinics' tickets to priority 2", reporters::raise);
    report(reports.subList(most, reports.size()), "write, some with priority 2");
    stage.quiet(STILL, PATIENCE, () -> hanging() == played.clinics.size() && open() == 1);
    ScenarioRunner.Couple primary = primary().orElseThrow();
    stage.followed(
        "%d of %d clinics hang under %s, PagerDuty has %d incident(s) open for them: #%d"
            .formatted(
                hanging(),
                played.clinics.size(),
                stage.ticket(primary, "number"),
                open(),
                stage.pagerDuty().incident(primary.incident()).number()),
        at);
  }

  private void report(List<TicketReport> reports, String does) {
    stage.act(
        reports.size() + " clinics, monitors and others",
        does,
        () -> reports.forEach(reporters::report));
  }

  /** The alert whose incident takes the others in, with its ticket, as soon as it has one. */
  private Optional<ScenarioRunner.Couple> primary() {
    return played.alerts.stream()
        .filter(alert -> stage.pagerDuty().incident(alert).mergedInto() == null)
        .flatMap(alert -> stage.linked(alert).stream())
        .max(Comparator.comparing(couple -> children(couple).size()));
  }

  /**
   * What Lockstep was not sure of a person decides, who knows what each is about.
   *
   * @return whether there was anything to decide
   */
  private boolean review() {
    List<String> keys = outages();
    List<String> proposed =
        stage.duplicates("PROPOSED").stream().filter(keys::contains).distinct().toList();
    if (proposed.isEmpty() || played.accepted >= MOST_ACCEPTED) {
      return false;
    }
    Instant at =
        stage.act(
            "Maya",
            "accepts what is proposed: " + String.join(", ", proposed),
            () ->
                proposed.forEach(
                    key -> stage.accept(key, SimulatedSystems.userName(DemoUsers.MAYA))));
    played.accepted += proposed.size();
    stage.quiet(STILL, PATIENCE, () -> hanging() == played.clinics.size() && open() == 1);
    stage.followed("%d of %d clinics hang".formatted(hanging(), played.clinics.size()), at);
    return true;
  }

  /** Callers are only told what is said on another ticket once a person accepted the join. */
  private void confirm() {
    List<String> keys = outages();
    List<String> joined =
        stage.duplicates("LINKED").stream().filter(keys::contains).distinct().toList();
    stage.act(
        "Maya",
        "accepts the %d duplicates that are linked".formatted(joined.size()),
        () -> joined.forEach(key -> stage.accept(key, SimulatedSystems.userName(DemoUsers.MAYA))));
    stage.quiet(STILL, PATIENCE, () -> hanging() == played.clinics.size() && open() == 1);
  }

  /**
   * What people call all that is about the outage. A monitor's ticket is among it: its text is like
   * no clinic's, so that it may be proposed only, with clinics under it that were like it first.
   */
  private List<String> outages() {
    Stream<String> clinics = played.clinics.stream().map(this::key);
    Stream<String> tickets =
        played.alerts.stream()
            .flatMap(alert -> stage.linked(alert).stream())
            .map(couple -> stage.ticket(couple, "number"));
    Stream<String> incidents =
        played.alerts.stream().map(alert -> "#" + stage.pagerDuty().incident(alert).number());
    return Stream.of(clinics, tickets, incidents).flatMap(keys -> keys).toList();
  }

  private long open() {
    return played.alerts.stream()
        .filter(alert -> stage.pagerDuty().incident(alert).mergedInto() == null)
        .count();
  }

  private String key(String sysId) {
    return stage.serviceNow().value(sysId, "number");
  }

  private void work(ScenarioRunner.Couple primary) {
    stage.step(
        primary,
        "Ana",
        "acknowledges in PagerDuty",
        () -> stage.pagerDuty().as(DemoUsers.ANA).acknowledge(primary.incident()),
        "ServiceNow shows In Progress",
        () -> stage.ticket(primary, "state").equals("2"));
    String found = "The session store is out of connections; do not tell the wards yet.";
    String plan = "Change CHG0031 goes in at nine, by the vendor's engineer.";
    played.internal.add(found);
    played.internal.add(plan);
    cast.engineerNotes(primary, found);
    cast.agentNotes(primary, plan);
  }

  private void tell(ScenarioRunner.Couple primary) {
    for (String comment :
        List.of(
            "We know that patient records cannot be opened and work on it. Please use paper forms.",
            "Patient records are starting again. Please sign in after half past nine.")) {
      played.comments.add(comment);
      step(
          "Maya",
          "tells the callers of the primary: " + comment,
          () ->
              stage
                  .serviceNow()
                  .as(SimulatedSystems.userName(DemoUsers.MAYA))
                  .addComment(primary.ticket(), comment),
          "every clinic is told",
          () -> children(primary).stream().allMatch(child -> stage.says(child, comment)));
    }
  }

  private void end(ScenarioRunner.Couple primary) {
    played.closeCode = "Solution provided";
    played.closeNotes = "The session store has more connections now.";
    step(
        "Maya",
        "resolves " + stage.ticket(primary, "number"),
        () ->
            cast.agent(
                primary,
                Map.of(
                    "state", "6",
                    "close_code", played.closeCode,
                    "close_notes", played.closeNotes)),
        "every clinic's ticket is resolved as it is",
        () -> children(primary).stream().allMatch(this::isResolved));
    stage.settle(primary);
  }

  private void late() {
    Instant at =
        stage.act("A clinic", "writes when all is over: patient records were down", () -> {});
    String sysId =
        reporters.write(
            new TicketReport(
                TicketReport.Kind.CLINIC,
                "Patient records could not be opened this morning",
                "We could not open patient records since eight, error 503. Is it over now?",
                Reporters.RECORDS,
                "software"),
            Map.of());
    played.late.add(sysId);
    String key = key(sysId);
    stage.await(
        "a proposal for " + key,
        () -> stage.duplicates("PROPOSED").contains(key),
        () -> "proposals " + stage.duplicates("PROPOSED"));
    stage.followed("it is proposed, and nothing is done to it", at);
  }

  private void step(String who, String does, Runnable deed, String then, BooleanSupplier shown) {
    Instant at = stage.act(who, does, deed);
    stage.await(then, shown, () -> "that not all are");
    stage.followed(then, at);
  }

  private boolean isResolved(String sysId) {
    return stage.serviceNow().value(sysId, "state").equals("6");
  }

  private List<String> children(ScenarioRunner.Couple primary) {
    return stage.serviceNow().records("incident").stream()
        .filter(ticket -> primary.ticket().equals(ticket.get("parent_incident")))
        .map(ticket -> ticket.getOrDefault("sys_id", ""))
        .toList();
  }

  private long hanging() {
    List<String> children = primary().map(this::children).orElse(List.of());
    return played.clinics.stream().filter(children::contains).count();
  }
}
