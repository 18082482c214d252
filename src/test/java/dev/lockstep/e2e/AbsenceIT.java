package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.Urgency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What a system does not keep, does not have or does by itself is no agreement and no edit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AbsenceIT {
  private Rig rig;

  @BeforeAll
  void start() {
    Map<String, String> seldom =
        Map.of(
            "SERVICENOW_POLL_INTERVAL",
            "1h",
            "PAGERDUTY_POLL_INTERVAL",
            "1h",
            "LOCKSTEP_RECONCILE_RECORDS_PER_MINUTE",
            "6000");
    rig = Rig.prepared("absence", seldom);
    rig.pagerDuty.escalationPolicy("Nights");
    rig.lockstep.start();
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  private Map<String, String> ticketOf(PagerDutyIncident incident) {
    rig.await("a ticket for " + incident.title(), () -> found(incident.title()) != null);
    rig.awaitQuiet();
    return found(incident.title());
  }

  private Map<String, String> found(String title) {
    return rig.serviceNow.records("incident").stream()
        .filter(ticket -> ticket.get("short_description").equals(title))
        .filter(ticket -> !ticket.get("correlation_id").isEmpty())
        .findFirst()
        .orElse(null);
  }

  private PagerDutyIncident incidentOf(String title) {
    rig.await(
        "an incident for " + title,
        () -> rig.pagerDuty.incidents().stream().anyMatch(each -> each.title().equals(title)));
    rig.awaitQuiet();
    return incident(title);
  }

  private PagerDutyIncident incident(String title) {
    return rig.pagerDuty.incidents().stream()
        .filter(each -> each.title().equals(title))
        .findFirst()
        .orElseThrow();
  }

  private String openTicket(String title, Map<String, String> more) {
    Map<String, String> ticket = new HashMap<>(more);
    ticket.put("short_description", title);
    ticket.putIfAbsent("impact", "1");
    ticket.putIfAbsent("urgency", "1");
    return rig.serviceNow.as("ann").create("incident", ticket);
  }

  private JsonNode field(String number, String name) {
    for (JsonNode field : rig.lockstep.api("GET", "/pairs/" + number).path("fields")) {
      if (field.path("name").asText().equals(name)) {
        return field;
      }
    }
    throw new AssertionError("no field " + name);
  }

  private static List<String> assignees(PagerDutyIncident incident) {
    return incident.assignments().stream().map(each -> each.assignee().email()).toList();
  }

  @Test
  @Order(1)
  void whatAFieldAclDropsIsAGapUntilTheSidesAgree() {
    rig.serviceNow.denyWrites("lockstep", "assigned_to", "assignment_group");
    PagerDutyIncident incident =
        rig.pagerDuty
            .as("ben@example.com")
            .createIncident("Pharmacy", "acl drops assignee", "P1", Urgency.HIGH, null);
    Map<String, String> ticket = ticketOf(incident);
    String number = ticket.get("number");

    assertThat(ticket.get("assigned_to")).isEmpty();
    assertThat(field(number, "assignee").path("gap").asText())
        .isEqualTo("servicenow kept '' instead of 'ann@example.com'");
    assertThat(field(number, "group").path("gap").asText()).contains("servicenow kept ''");
    assertThat(field(number, "assignee").path("baseLeft").isNull()).isTrue();
    long writes = rig.serviceNow.calls().writes();
    rig.pagerDuty.as("ben@example.com").setPriority(incident.id(), "P2");
    rig.await("the priority", () -> !found(incident.title()).get("urgency").equals("1"));
    rig.awaitQuiet();
    assertThat(rig.serviceNow.calls().writes()).isEqualTo(writes + 1);
    assertThat(field(number, "assignee").path("gap").asText()).contains("servicenow kept ''");

    rig.serviceNow.denyWrites("lockstep");
    rig.serviceNow
        .as("ann")
        .update(
            ticket.get("sys_id"),
            Map.of("assigned_to", rig.sysId("ann"), "assignment_group", rig.sysId("Service Desk")));
    rig.await("no gap", () -> field(number, "assignee").path("gap").isNull());
    rig.awaitQuiet();
    assertThat(assignees(rig.pagerDuty.incident(incident.id()))).containsExactly("ann@example.com");
  }

  @Test
  @Order(2)
  void theTicketsAssigneeIsCarriedThoughNobodyIsOnCall() {
    openTicket(
        "nobody on call",
        Map.of(
            "assignment_group", rig.serviceNow.seedGroup("Nights"),
            "assigned_to", rig.sysId("dee")));
    PagerDutyIncident incident = incidentOf("nobody on call");

    assertThat(incident.escalationPolicy().name()).isEqualTo("Nights");
    assertThat(assignees(incident)).containsExactly("dee@example.com");
  }

  @Test
  @Order(3)
  void anAcknowledgementThatTimesOutTakesNoTicketOffHold() {
    String sysId = openTicket("held", Map.of());
    PagerDutyIncident incident = incidentOf("held");
    rig.serviceNow.as("ann").update(sysId, Map.of("state", "3", "hold_reason", "4"));
    rig.await("acknowledged", () -> incident("held").status() == IncidentStatus.ACKNOWLEDGED);
    rig.awaitQuiet();
    rig.pagerDuty.timeOutAcknowledgement(incident.id());
    rig.awaitQuiet();

    Map<String, String> ticket = found("held");
    assertThat(ticket).containsEntry("state", "3").containsEntry("hold_reason", "4");
    assertThat(incident("held").status()).isEqualTo(IncidentStatus.TRIGGERED);
    assertThat(field(ticket.get("number"), "status").path("gap").isNull()).isTrue();
    rig.serviceNow.as("ann").update(sysId, Map.of("state", "2"));
    rig.await("acknowledged again", () -> incident("held").status() == IncidentStatus.ACKNOWLEDGED);
  }

  @Test
  @Order(4)
  void aReopenedTicketKeepsItsAssignee() {
    String sysId =
        openTicket(
            "reopened",
            Map.of("assigned_to", rig.sysId("dee"), "assignment_group", rig.sysId("Network")));
    PagerDutyIncident incident = incidentOf("reopened");
    assertThat(assignees(incident)).containsExactly("dee@example.com");
    rig.pagerDuty.as("dee@example.com").resolve(incident.id());
    rig.await("resolved", () -> found("reopened").get("state").equals("6"));
    rig.awaitQuiet();
    rig.serviceNow.as("ann").update(sysId, Map.of("state", "2"));
    rig.await("reopened", () -> incident("reopened").status() == IncidentStatus.ACKNOWLEDGED);
    rig.awaitQuiet();

    assertThat(assignees(incident("reopened"))).containsExactly("dee@example.com");
    assertThat(found("reopened").get("assigned_to")).isEqualTo(rig.sysId("dee"));
  }

  @Test
  @Order(5)
  void urgencyIsSetAndLoweredWithoutPriorities() {
    rig.pagerDuty.switchPrioritiesOff();
    String sysId = openTicket("no priorities", Map.of("urgency", "2"));
    incidentOf("no priorities");
    Map<String, String> ticket = found("no priorities");
    assertThat(incident("no priorities").urgency()).isEqualTo(Urgency.HIGH);
    rig.serviceNow.as("ann").update(sysId, Map.of("impact", "3", "urgency", "3"));
    rig.await("low", () -> incident("no priorities").urgency() == Urgency.LOW);
    rig.awaitQuiet();

    assertThat(found("no priorities")).containsEntry("impact", "3").containsEntry("urgency", "3");
    assertThat(field(ticket.get("number"), "priority").path("gap").asText())
        .isEqualTo("pagerduty has no priority 'P5'");
    assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
  }

  /** Gaps of the tests before, and fields that are not shown, are no drift. */
  @Test
  @Order(6)
  void aReconciliationFindsTheOnlyRecordThatWasDeletedUnheard() {
    rig.webhooks(false);
    String ticket = found("held").get("sys_id");
    String number = found("held").get("number");
    rig.serviceNow.as("ann").delete(ticket);
    int pairs = rig.lockstep.api("GET", "/pairs").path("pairs").size();

    JsonNode run = reconcile();

    assertThat(run.path("checked").asInt()).isEqualTo(pairs);
    assertThat(run.path("drift")).hasSize(1);
    assertThat(run.at("/drift/0/key").asText()).isEqualTo(number);
    assertThat(run.at("/drift/0/problem").asText()).isEqualTo("DELETED");
    rig.await(
        "the pair is broken",
        () ->
            rig.lockstep
                .api("GET", "/pairs/" + number)
                .at("/pair/state")
                .asText()
                .equals("BROKEN"));
    assertThat(reconcile().path("drift")).isEmpty();
    assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
  }

  private JsonNode reconcile() {
    long id = rig.lockstep.api("POST", "/reconciliation").path("id").asLong();
    rig.await("reconciled", () -> !latestRun().path("finishedAt").isNull());
    JsonNode run = latestRun();
    assertThat(run.path("id").asLong()).isEqualTo(id);
    return run;
  }

  private JsonNode latestRun() {
    return rig.lockstep.api("GET", "/reconciliation");
  }
}
