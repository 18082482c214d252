package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.ExpectationFailedException;
import dev.lockstep.sandbox.LockstepApi;
import dev.lockstep.sandbox.LockstepProcess;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Where an outage is played: a deed on one side, then a wait until the other side shows it. */
final class ScenarioRunner {

  /** Two records that belong together. */
  record LinkedPair(String ticket, String incident) {}

  /** Long enough for a few polls and retries; what takes longer has failed. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static final Predicate<Faults.Call> API = call -> !call.method().equals("WEBHOOK");
  static final Predicate<Faults.Call> WEBHOOK = API.negate();

  private final SimulatedSystems systems;
  private final LockstepProcess lockstep;
  private final Waiter waiter;
  private final DemoReview review;
  private final DemoOutput output;
  private int restarts;

  ScenarioRunner(
      SimulatedSystems systems,
      LockstepProcess lockstep,
      Waiter waiter,
      DemoReview review,
      DemoOutput output) {
    this.systems = systems;
    this.lockstep = lockstep;
    this.waiter = waiter;
    this.review = review;
    this.output = output;
  }

  ServiceNowSimulator serviceNow() {
    return systems.serviceNow();
  }

  PagerDutySimulator pagerDuty() {
    return systems.pagerDuty();
  }

  JiraSimulator jira() {
    return systems.jira().orElseThrow();
  }

  StakeholderSystems stakeholders() {
    return systems.stakeholders().orElseThrow();
  }

  SimulatedSystems sandboxes() {
    return systems;
  }

  int restarts() {
    return restarts;
  }

  void chapter(String title) {
    output.chapter(title);
  }

  void remark(String text) {
    output.remark(text);
  }

  /** Types a command of Lockstep's and shows what it prints. */
  void show(String... arguments) {
    List<String> typed = new ArrayList<>(List.of(arguments));
    // Into a pipe, as here, it would print JSON.
    typed.add("--no-json");
    output.quote(
        "./lockstep " + String.join(" ", arguments), print(typed.toArray(String[]::new)));
  }

  /** Performs an action on one side; returns once the other side shows it. */
  void step(
      LinkedPair pair, String who, String does, Runnable deed, String then, BooleanSupplier shown) {
    step(who, does, deed, then, shown, () -> found(pair));
  }

  /**
   * Performs an action; returns once it has its effect.
   *
   * @param found what there is instead, if it has not
   */
  void step(
      String who,
      String does,
      Runnable deed,
      String then,
      BooleanSupplier shown,
      Supplier<String> found) {
    Instant at = act(who, does, deed);
    await(then, shown, found);
    followed(then, at);
  }

  Instant act(String who, String does, Runnable deed) {
    Instant at = waiter.now();
    output.act(at, who, does);
    deed.run();
    return at;
  }

  Instant now() {
    return waiter.now();
  }

  void followed(String what, Instant since) {
    output.followed(what, Duration.between(since, waiter.now()));
  }

  /** Returns once the couple agrees and no webhook is on its way. */
  void settle(LinkedPair pair) {
    await(
        "both sides to agree",
        () ->
            systems.webhooksIdle() && review.differences(pair.ticket(), pair.incident()).isEmpty(),
        () -> found(pair));
  }

  /** The ticket Lockstep opens for this incident. */
  LinkedPair ticketFor(PagerDutyIncident incident) {
    String link = "pagerduty/incident/" + incident.id();
    await(
        "a ticket that names #" + incident.number(),
        () -> ticketNaming(link).isPresent(),
        () -> serviceNow().records("incident").size() + " tickets, none that does");
    return linked(incident.id()).orElseThrow();
  }

  /** The incident with the ticket that names it, if there is one. */
  Optional<LinkedPair> linked(String incident) {
    return ticketNaming("pagerduty/incident/" + incident)
        .map(ticket -> new LinkedPair(ticket, incident));
  }

  /** The incident Lockstep opens for this ticket. */
  LinkedPair incidentFor(String sysId) {
    String key = "servicenow/incident/" + sysId;
    await(
        "an incident for " + serviceNow().value(sysId, "number"),
        () -> withKeyOf(key).isPresent(),
        () -> pagerDuty().incidents().size() + " incidents, none with the key " + key);
    return new LinkedPair(sysId, withKeyOf(key).orElseThrow().id());
  }

  /** Behind the name of the ticket a key has a token that only Lockstep knows. */
  private Optional<PagerDutyIncident> withKeyOf(String ticket) {
    return pagerDuty().incidents().stream()
        .filter(
            incident ->
                incident.incidentKey() != null
                    && (incident.incidentKey() + "/").startsWith(ticket + "/"))
        .findFirst();
  }

  AgreementCheck.Result agreement() {
    return review.agreement();
  }

  /** Whether this text was carried to that side. */
  boolean carried(SystemSide to, LinkedPair pair, String text) {
    List<String> there =
        to == SystemSide.ITSM
            ? serviceNow().journal(pair.ticket()).stream().map(entry -> entry.value()).toList()
            : pagerDuty().notes(pair.incident()).stream().map(note -> note.content()).toList();
    return there.stream().anyMatch(line -> line.contains(text));
  }

  boolean carriedToBoth(LinkedPair pair, String text) {
    return carried(SystemSide.ITSM, pair, text) && carried(SystemSide.PLATFORM, pair, text);
  }

  String ticket(LinkedPair pair, String path) {
    return serviceNow().value(pair.ticket(), path);
  }

  FieldState incident(LinkedPair pair) {
    return FieldState.of(pagerDuty().incident(pair.incident()));
  }

  /** Stops Lockstep in order; what people do until {@link #startAgain} it can't hear of. */
  void stop() {
    act("an operator", "stops Lockstep (SIGTERM)", lockstep::stop);
  }

  void kill() {
    act("an operator", "kills Lockstep (SIGKILL)", lockstep::kill);
  }

  void startAgain() {
    Instant at = act("an operator", "starts Lockstep again", lockstep::start);
    restarts++;
    awaitReady(lockstep, waiter);
    followed("Lockstep is ready", at);
  }

  /** Plays what takes longer than usual, so that it is counted apart. */
  void underFaults(Runnable acts) {
    Instant from = waiter.now();
    acts.run();
    review.faultsInjected(from, waiter.now());
  }

  static void awaitReady(LockstepProcess lockstep, Waiter waiter) {
    waiter.until(
        "Lockstep to be ready",
        Duration.ofSeconds(120),
        () -> {
          if (!lockstep.running()) {
            throw new ExpectationFailedException(
                "Lockstep ended instead of starting:\n" + lockstep.lastWords());
          }
          return lockstep.ready();
        },
        () -> "it is not; it last said:\n" + lockstep.lastWords());
  }

  /**
   * Returns once it is met, or when Lockstep has nothing to do any more and no record has moved for
   * so long.
   */
  void quiet(Duration still, Duration atMost, BooleanSupplier met) {
    waiter.until(
        "all to be worked off",
        atMost,
        () ->
            systems.webhooksIdle()
                && lockstep.api().waiting() == 0
                && (met.getAsBoolean() || waiter.now().isAfter(review.latest().plus(still))),
        () -> lockstep.api().waiting() + " changes still wait");
  }

  /** What people do in Lockstep itself. */
  LockstepApi lockstep() {
    return lockstep.api();
  }

  /** Types a command of Lockstep's. */
  List<String> print(String... arguments) {
    return lockstep.print(output.columnsOfQuote(), arguments);
  }

  /** Calls to both systems so far. */
  long apiCalls() {
    return review.apiCalls();
  }

  /** Whether the ticket's callers read this text. */
  boolean hasComment(String sysId, String comment) {
    return serviceNow().journal(sysId).stream()
        .anyMatch(entry -> entry.element().equals("comments") && entry.value().contains(comment));
  }

  void await(String awaited, BooleanSupplier met, Supplier<String> found) {
    waiter.until(awaited, PATIENCE, met, found);
  }

  /** Waits for what is due at a time of its own. */
  void await(String awaited, Duration atMost, BooleanSupplier met, Supplier<String> found) {
    waiter.until(awaited, atMost, met, found);
  }

  private String found(LinkedPair pair) {
    return "ServiceNow %s, PagerDuty %s, problems %s"
        .formatted(
            FieldState.of(serviceNow(), pair.ticket()).values(),
            incident(pair).values(),
            review.differences(pair.ticket(), pair.incident()));
  }

  private Optional<String> ticketNaming(String link) {
    return serviceNow().records("incident").stream()
        .filter(record -> link.equals(record.get("correlation_id")))
        .map(record -> record.getOrDefault("sys_id", ""))
        .findFirst();
  }
}
