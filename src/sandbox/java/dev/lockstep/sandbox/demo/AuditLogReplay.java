package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Plays a recorded log through ServiceNow's sandbox as fast as it takes it, in the log's order, and
 * waits until Lockstep has caught up. Every second resolver and configuration item is unknown to
 * PagerDuty, as in real companies; groups are known to both.
 */
final class AuditLogReplay {
  private static final String ON_CALL = "on-call@example.com";

  static final NextSteps NEXT_STEPS = new NextSteps(SimulatedSystems.userName(ON_CALL), ON_CALL);

  /** Several polls: who has not moved by then does not move any more. */
  private static final Duration STUCK = Duration.ofSeconds(20);

  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final Duration AT_LEAST = Duration.ofSeconds(60);
  private static final Duration PER_TICKET = Duration.ofMillis(500);

  private final ScenarioRunner runner;
  private final Waiter waiter;
  private final Map<String, LogLine> latest = new HashMap<>();
  private final Map<String, String> sysIds = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private int seenResolvers;
  private int seenItems;
  private Progress last = new Progress(-1, -1, -1, false);
  private Instant moved = Instant.EPOCH;
  private Instant told = Instant.EPOCH;

  AuditLogReplay(ScenarioRunner runner, Waiter waiter) {
    this.runner = runner;
    this.waiter = waiter;
  }

  /** What is there before the log begins: where incidents of unknown origin go. */
  static void seed(SimulatedSystems company) {
    // At full speed a ticket is closed before its incident exists: Lockstep's user may mention it
    // there all the same, as its access rule in a real instance should (connectors/servicenow/).
    company.serviceNow().makeAdmin(SimulatedSystems.SERVICENOW_USER);
    company.serviceNow().addColumn("incident", LogLine.STEP);
    company.person("Default on call", ON_CALL);
    company.group(ExpectedFields.SERVICE_DESK);
    company.policy(ExpectedFields.DEFAULT_POLICY, ON_CALL);
    company.item(ExpectedFields.DEFAULT_SERVICE);
    company.service(ExpectedFields.DEFAULT_SERVICE, ExpectedFields.DEFAULT_POLICY);
  }

  /**
   * Returns when all agrees, or when nothing moves any more.
   *
   * @throws ExpectationFailedException when it takes too long for its size
   */
  void play(AuditLog log) {
    runner.chapter("%d events of %d tickets".formatted(log.events(), log.tickets()));
    Instant since = runner.act("People", "work on their tickets as recorded", () -> {});
    log.read(this::play);
    runner.followed("all events are in ServiceNow", since);
    catchUp(log, since);
  }

  private void play(LogLine line) {
    meet(line);
    ServiceNowSimulator serviceNow = runner.serviceNow();
    LogLine before = latest.put(line.number(), line);
    String sysId = sysIds.get(line.number());
    if (sysId == null) {
      sysIds.put(line.number(), serviceNow.as(line.by()).create("incident", line.creation()));
    } else {
      boolean closed = before != null && before.closed();
      serviceNow.as(closed ? "admin" : line.by()).update(sysId, line.edit(before));
    }
  }

  /** Makes known who and what the event is about, before it happens. */
  private void meet(LogLine line) {
    SimulatedSystems company = runner.sandboxes();
    String group = line.group();
    if (!group.isEmpty() && seen.add("group " + group)) {
      String onCall = address("on-call " + group);
      company.person(group + " on call", onCall);
      company.group(group);
      company.policy(group, onCall);
    }
    String assignee = line.assignee();
    if (!assignee.isEmpty() && seen.add("person " + assignee)) {
      company.agent(assignee, address(assignee));
      if (seenResolvers++ % 2 == 0) {
        company.engineer(assignee, address(assignee));
      }
    }
    String item = line.item();
    if (!item.isEmpty() && seen.add("item " + item)) {
      company.item(item);
      if (seenItems++ % 2 == 0) {
        company.service(item, ExpectedFields.DEFAULT_POLICY);
      }
    }
  }

  private void catchUp(AuditLog log, Instant since) {
    Duration atMost = AT_LEAST.plus(PER_TICKET.multipliedBy(log.tickets()));
    told = since;
    moved = since;
    waiter.until(
        "%d tickets to agree".formatted(log.tickets()),
        atMost,
        () -> caughtUp(log),
        () -> last.told(log));
    runner.followed(last.told(log), since);
  }

  /** All agrees, twice in a row, or nothing is left to do and nothing has moved for long. */
  private boolean caughtUp(AuditLog log) {
    Progress now = progress();
    Instant at = waiter.now();
    boolean still = now.equals(last);
    if (!still) {
      moved = at;
    }
    if (at.isAfter(told.plus(PROGRESS))) {
      told = at;
      runner.remark(now.told(log));
    }
    last = now;
    return still && (now.done(log) || (now.waiting() == 0 && at.isAfter(moved.plus(STUCK))));
  }

  private record Progress(int linked, long agreeing, long waiting, boolean idle) {

    boolean done(AuditLog log) {
      return idle && waiting == 0 && agreeing == log.tickets();
    }

    String told(AuditLog log) {
      return "%d of %d tickets have an incident, %d agree, %d changes wait"
          .formatted(linked, log.tickets(), agreeing, waiting);
    }
  }

  private Progress progress() {
    boolean idle = runner.sandboxes().webhooksIdle();
    long waiting = runner.lockstep().waiting();
    AgreementCheck.Result result = runner.agreement();
    return new Progress(result.verdicts().size(), result.agreeing(), waiting, idle);
  }

  private static String address(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + "@example.com";
  }
}
