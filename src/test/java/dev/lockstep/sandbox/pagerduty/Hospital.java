package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.testkit.SettableClock;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** An account with two teams, as most tests need one. */
final class Hospital implements AutoCloseable {

  static final String ANA = "ana@example.com";
  static final String BEN = "ben@example.com";
  static final String EVA = "eva@example.com";
  static final String BOT = "lockstep@example.com";

  final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00.250Z"));
  final PagerDutySimulator pagerDuty;
  final EscalationPolicy records;
  final EscalationPolicy network;
  final Service ehr;
  final Service wifi;

  Hospital() {
    this(options -> options);
  }

  Hospital(UnaryOperator<PagerDutyOptions> with) {
    pagerDuty = PagerDutySimulator.start(with.apply(PagerDutyOptions.defaults().withClock(clock)));
    pagerDuty.user("Ana Alvarez", ANA);
    pagerDuty.user("Ben Brandt", BEN);
    pagerDuty.user("Eva Engel", EVA);
    pagerDuty.user("Lockstep", BOT);
    records = pagerDuty.escalationPolicy("Records on call", ANA, BEN);
    network = pagerDuty.escalationPolicy("Network on call", EVA);
    ehr = pagerDuty.service("Health records", records);
    wifi = pagerDuty.service("Wireless network", network);
  }

  PagerDutyClient api() {
    return new PagerDutyClient(pagerDuty.url(), "sandbox-token", BOT);
  }

  String userId(String email) {
    return pagerDuty.findUser(email).orElseThrow().id();
  }

  String priorityId(String name) {
    return pagerDuty.priorities().stream()
        .filter(priority -> priority.name().equals(name))
        .findFirst()
        .orElseThrow()
        .id();
  }

  /** Opens an incident over HTTP and gives its id. */
  String open(String title) {
    return api().post("/incidents", creation(title, "")).json().at("/incident/id").asText();
  }

  /** The body of a creation, with more fields such as {@code ,'urgency':'low'}. */
  String creation(String title, String more) {
    return PagerDutyClient.quoted(
        "{'incident':{'type':'incident','title':'%s','service':{'id':'%s','type':'service_reference'}%s}}"
            .formatted(title, ehr.id(), more));
  }

  /** The body of an update, with fields such as {@code 'status':'resolved'}. */
  static String update(String fields) {
    return PagerDutyClient.quoted(
        "{'incident':{'type':'incident_reference',%s}}".formatted(fields));
  }

  @Override
  public void close() {
    pagerDuty.close();
  }
}
