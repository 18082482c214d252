package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.ExpectationFailedException;
import dev.lockstep.sandbox.demo.StakeholderReader.Notice;
import dev.lockstep.sandbox.slack.SlackChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Two incidents of priority 1 at once, and people who wait for news of them: responders in Slack,
 * patients on the status page, executives in Teams. One update is sent in time, one is forgotten.
 */
final class StakeholderScenario {
  static final String PORTAL = "Patient portal";
  private static final String PHARMACY = "Pharmacy";
  private static final String PORTAL_TEAM = "Clinical Applications";
  private static final String AUDIENCE = StakeholderSystems.EXECUTIVES;

  /** The first update is due after a minute. */
  private static final Duration OVERDUE_WITHIN = Duration.ofSeconds(100);

  private final ScenarioRunner runner;
  private final DemoUsers users;
  private final StakeholderFacts facts;
  private final StakeholderSystems stakeholders;
  private final Path folder;
  private final IssueScenario issues;
  private final StakeholderReader reader;

  StakeholderScenario(ScenarioRunner runner, StakeholderFacts facts, Path folder) {
    this.runner = runner;
    this.users = new DemoUsers(runner);
    this.facts = facts;
    this.stakeholders = runner.stakeholders();
    this.folder = folder;
    this.issues = new IssueScenario(runner);
    this.reader = new StakeholderReader(runner.sandboxes());
  }

  static void seed(SimulatedSystems hospital) {
    for (String service : List.of(PORTAL, PHARMACY)) {
      hospital.item(service);
      hospital.service(service, PORTAL_TEAM);
    }
    // The hospital's own field says whose work a ticket is.
    hospital.serviceNow().addColumn("incident", "u_vendor");
    StakeholderSystems stakeholders = hospital.stakeholders().orElseThrow();
    stakeholders.component(PORTAL);
    stakeholders.component("Payments");
    stakeholders.person("Maya Lind", DemoUsers.MAYA);
    stakeholders.person("Ana Alvarez", DemoUsers.ANA);
    stakeholders.person("Ben Brandt", DemoUsers.BEN);
    stakeholders.person("Eva Engel", DemoUsers.EVA);
  }

  /** The escalation policy whose people lead incidents. */
  static String managers(SimulatedSystems hospital) {
    return hospital.policyId(PORTAL_TEAM);
  }

  /**
   * The incidents start. What is due later comes while other things are played.
   *
   * @throws ExpectationFailedException when Lockstep did not follow in time
   */
  void begin() {
    runner.chapter("Two incidents of priority 1, and people who wait for news");
    ScenarioRunner.LinkedPair portal = open("Patient portal: nobody can sign in", PORTAL);
    facts.portal = Optional.of(portal);
    channelAndPage();
    talk(portal);
    publish(portal);
    handOver(portal);
    ScenarioRunner.LinkedPair pharmacy = open("Pharmacy: orders do not reach the robot", PHARMACY);
    facts.pharmacy = Optional.of(pharmacy);
    reminded(portal, pharmacy);
  }

  private ScenarioRunner.LinkedPair open(String title, String service) {
    Instant at = runner.act("Maya", "opens a ticket of priority 1: " + title, () -> {});
    String sysId =
        runner
            .serviceNow()
            .as(SimulatedSystems.userName(DemoUsers.MAYA))
            .create(
                "incident",
                Map.of(
                    "short_description", title,
                    "impact", "1",
                    "urgency", "1",
                    "cmdb_ci", runner.sandboxes().sysId(FieldState.SERVICE, service),
                    "assignment_group", runner.sandboxes().sysId(FieldState.GROUP, PORTAL_TEAM)));
    ScenarioRunner.LinkedPair pair = runner.incidentFor(sysId);
    runner.await(
        "a channel for " + title,
        () -> !stakeholders.channelsOf(sysId).isEmpty(),
        () -> stakeholders.channels().size() + " channels, none for it");
    runner.followed("Slack has #" + channel(pair).name(), at);
    runner.await(
        "an incident manager",
        () -> !reader.manager(pair.ticket()).isEmpty(),
        () -> "no note that names one");
    runner.followed(reader.manager(pair.ticket()) + " is the incident manager", at);
    issues.appears(pair, at);
    runner.settle(pair);
    return pair;
  }

  private SlackChannel channel(ScenarioRunner.LinkedPair pair) {
    return stakeholders.channelsOf(pair.ticket()).get(0);
  }

  private void channelAndPage() {
    Instant at = runner.now();
    runner.await(
        "an incident on the status page",
        () -> stakeholders.stateOf(PORTAL).equals("major_outage"),
        () -> stakeholders.stateOf(PORTAL) + ", " + stakeholders.pageIncidents());
    runner.followed(
        "the status page shows «%s», and %s is down"
            .formatted(stakeholders.pageIncidents().get(0).name(), PORTAL),
        at);
  }

  /** What is said in the channel and on the ticket stays among those who work on it. */
  private void talk(ScenarioRunner.LinkedPair pair) {
    String channel = channel(pair).id();
    String found = "The identity provider idp-17 refuses all sessions.";
    String chat = "Coffee, anyone?";
    facts.internal.add(found);
    facts.internal.add(chat);
    facts.unmarked.add(chat);
    runner.step(
        pair,
        "Ben",
        "writes in #%s and marks it as a note: %s".formatted(channel(pair).name(), found),
        () -> {
          stakeholders.person(DemoUsers.BEN).write(channel, chat);
          stakeholders.person(DemoUsers.BEN).mark(channel, found, StakeholderSystems.MARK);
        },
        "ServiceNow has the work note, PagerDuty the note",
        () ->
            runner.carriedToBoth(pair, found));
    String workaround = "Restarting idp-17; do not give the number out.";
    facts.internal.add(workaround);
    Instant at = runner.now();
    users.agentNotes(pair, workaround);
    awaitPosted(pair, workaround);
    runner.followed("and the channel has it", at);
    runner.settle(pair);
  }

  private void awaitPosted(ScenarioRunner.LinkedPair pair, String text) {
    runner.await(
        "the channel to have: " + text,
        () -> stakeholders.posted(channel(pair).id()).stream().anyMatch(m -> m.contains(text)),
        () -> String.join("; ", stakeholders.posted(channel(pair).id())));
  }

  /** What callers read is published only if an operator approves it. */
  private void publish(ScenarioRunner.LinkedPair pair) {
    String comment = "You can reach us by telephone until the portal is back.";
    facts.approved.add(comment);
    runner.step(
        "Maya",
        "writes to the caller: " + comment,
        () ->
            runner
                .serviceNow()
                .as(SimulatedSystems.userName(DemoUsers.MAYA))
                .addComment(pair.ticket(), comment),
        "it waits for an approval before the status page shows it",
        () -> runner.lockstep().awaitsApproval(comment),
        () -> "no such text waits");
    runner.step(
        "Eva",
        "approves it",
        () -> runner.lockstep().approve(comment, "eva"),
        "the status page shows it",
        () -> stakeholders.publicTexts().contains(comment),
        () -> String.join("; ", stakeholders.publicTexts()));
    runner.settle(pair);
  }

  /** The vendor gets a ticket of its own, and reads nothing but what callers read. */
  private void handOver(ScenarioRunner.LinkedPair pair) {
    String number = runner.ticket(pair, "number");
    Instant at =
        runner.act(
            "Maya",
            "hands " + number + " over to the vendor of the portal",
            () -> users.agent(pair, Map.of("u_vendor", "Acme")));
    runner.await(
        "a ticket at the vendor",
        () -> !stakeholders.vendorTickets(number).isEmpty(),
        () -> "none for " + number);
    String theirs = stakeholders.vendorTickets(number).get(0);
    runner.followed("the vendor has ticket " + stakeholders.vendorNumber(theirs), at);
    String answer = "A certificate of the identity provider has expired; a new one is on its way.";
    facts.vendor.add(answer);
    runner.step(
        pair,
        "Vera",
        "of the vendor writes a comment: " + answer,
        () -> stakeholders.vendorEngineer().addComment(theirs, answer),
        "ServiceNow has it as a work note, PagerDuty as a note",
        () ->
            runner.carriedToBoth(pair, answer));
    awaitPosted(pair, answer);
    runner.settle(pair);
  }

  private void reminded(ScenarioRunner.LinkedPair portal, ScenarioRunner.LinkedPair pharmacy) {
    Instant at = runner.now();
    awaitCard("a reminder", portal, Notice.REMINDER);
    awaitCard("a reminder", pharmacy, Notice.REMINDER);
    runner.followed("the operations channel is reminded that executives wait for news", at);
    send(pharmacy, "The robot is filled by hand.");
  }

  private void awaitCard(String what, ScenarioRunner.LinkedPair pair, Notice notice) {
    runner.await(
        what,
        OVERDUE_WITHIN,
        () -> reader.notices(pair.ticket(), notice).size() == 1,
        () -> "the cards " + stakeholders.cards());
  }

  private void send(ScenarioRunner.LinkedPair pair, String next) {
    String number = runner.ticket(pair, "number");
    int before = reader.updates(pair.ticket()).size();
    String by = SimulatedSystems.userName(reader.manager(pair.ticket()));
    runner.step(
        by.substring(0, 1).toUpperCase(Locale.ROOT) + by.substring(1),
        "reads Lockstep's draft, adds what comes next, and sends it: " + next,
        () -> {
          String draft = runner.lockstep().draftUpdate(number, AUDIENCE, next);
          runner.lockstep().sendUpdate(number, AUDIENCE, draft, by);
        },
        "executives have it",
        () -> reader.updates(pair.ticket()).size() == before + 1,
        () -> reader.updates(pair.ticket()).size() + " updates there");
  }

  /**
   * What was forgotten is sent late; both incidents end.
   *
   * @throws ExpectationFailedException when Lockstep did not follow in time
   */
  void end() {
    runner.chapter("An update was forgotten");
    ScenarioRunner.LinkedPair portal = facts.portal.orElseThrow();
    ScenarioRunner.LinkedPair pharmacy = facts.pharmacy.orElseThrow();
    Instant at = runner.now();
    awaitCard("an escalation", portal, Notice.ESCALATION);
    runner.followed("the operations channel says that the portal's update is overdue", at);
    facts.late = "The identity provider is restarted, sessions are being checked.";
    send(portal, facts.late);
    resolve(portal, "The identity provider was restarted.");
    at = runner.now();
    runner.await(
        "the status page to show it",
        () -> stakeholders.stateOf(PORTAL).equals("operational"),
        () -> stakeholders.stateOf(PORTAL) + ", " + stakeholders.pageIncidents());
    runner.followed("the status page shows it resolved, and %s works".formatted(PORTAL), at);
    resolve(pharmacy, "The interface was restarted.");
    send(portal, "A postmortem follows.");
    send(pharmacy, "None.");
    timeline(portal);
  }

  private void resolve(ScenarioRunner.LinkedPair pair, String how) {
    runner.step(
        pair,
        "Ben",
        "resolves %s in PagerDuty".formatted(runner.ticket(pair, "number")),
        () -> runner.pagerDuty().as(DemoUsers.BEN).resolve(pair.incident(), how),
        "ServiceNow shows Resolved, and so does the channel",
        () ->
            runner.ticket(pair, "state").equals("6")
                && channel(pair).topic().startsWith("Resolved"));
    runner.settle(pair);
  }

  /** What a postmortem begins with. */
  private void timeline(ScenarioRunner.LinkedPair pair) {
    String number = runner.ticket(pair, "number");
    List<String> lines = runner.print("timeline", number, "--format", "markdown");
    Path file = folder.resolve("timeline-" + number + ".md");
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + file, e);
    }
    facts.timeline.addAll(lines);
    runner.act("Ana", "exports the timeline, which the postmortem begins with", () -> {});
    runner.remark("%d lines in %s".formatted(lines.size(), file));
  }
}
