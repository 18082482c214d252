package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.incidentio.IncidentIoDocument;
import dev.lockstep.sandbox.incidentio.IncidentIoOptions;
import dev.lockstep.sandbox.incidentio.IncidentIoPerson;
import dev.lockstep.sandbox.incidentio.IncidentIoSimulator;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * ServiceNow and incident.io, by {@code incident.incident-io.yaml}, in one Lockstep for all tests;
 * each has an incident of its own.
 */
class IncidentIoIT {
  private static final String ANN = "ann@example.com";
  private static final String BEN = "ben@example.com";
  private static final List<Exchange> CALLS = Collections.synchronizedList(new ArrayList<>());

  private static ServiceNowSimulator serviceNow;
  private static IncidentIoSimulator incidentIo;
  private static LockstepInstance lockstep;
  private static CustomField mark;
  private static ServiceNowPerson desk;
  private static IncidentIoPerson responder;
  private static String annsId;

  @BeforeAll
  static void start() {
    serviceNow =
        ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "lockstep"));
    incidentIo =
        IncidentIoSimulator.start(
            IncidentIoOptions.defaults()
                // The key sees private incidents, so that only the mapping keeps them to itself.
                .roles(
                    "viewer",
                    "catalog_viewer",
                    "incident_creator",
                    "incident_editor",
                    "global_access")
                .lateness(Duration.ofMillis(2500)));
    incidentIo.onRequest(CALLS::add);
    annsId = serviceNow.seedUser("ann", "Ann", ANN);
    serviceNow.seedUser("ben", "Ben", BEN);
    incidentIo.organisation().member("Ann", ANN);
    incidentIo.organisation().member("Ben", BEN);
    mark = incidentIo.organisation().field("Lockstep", "text");
    lockstep = LockstepInstance.here("incident-io", settings(serviceNow, incidentIo, mark));
    serviceNow.webhookTarget(URI.create(address("servicenow")));
    serviceNow.webhooksOn(true);
    incidentIo.webhooks().target(URI.create(address("incident-io")));
    lockstep.start();
    desk = serviceNow.as("ann");
    responder = incidentIo.as(BEN);
  }

  private static String address(String system) {
    return "http://127.0.0.1:" + lockstep.port() + "/webhooks/" + system;
  }

  static Map<String, String> settings(
      ServiceNowSimulator serviceNow, IncidentIoSimulator incidentIo, CustomField mark) {
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident.incident-io");
    settings.put("LOCKSTEP_DUPLICATES_MODE", "off");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "servicenow-webhook-secret");
    settings.put("SERVICENOW_POLL_INTERVAL", "500ms");
    settings.put("INCIDENT_IO_URL", incidentIo.url());
    settings.put("INCIDENT_IO_TOKEN", "sandbox-token");
    settings.put("INCIDENT_IO_CORRELATION_FIELD", mark.id());
    settings.put("INCIDENT_IO_LEAD_ROLE", incidentIo.organisation().roleOfType("lead").id());
    settings.put(
        "INCIDENT_IO_WEBHOOK_SECRETS", "whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC1vZi1Mb2Nrc3RlcA==");
    settings.put("INCIDENT_IO_POLL_INTERVAL", "500ms");
    settings.put("INCIDENT_IO_READ_TIMEOUT", "1s");
    settings.put("INCIDENT_IO_RETRY_MAX_DELAY", "500ms");
    settings.put("INCIDENT_IO_CALLS_PER_MINUTE", "60000");
    settings.put("LOCKSTEP_INBOX_RETRY_INITIAL_DELAY", "100ms");
    settings.put("LOCKSTEP_INBOX_RETRY_MAX_DELAY", "500ms");
    return settings;
  }

  @AfterAll
  static void stop() {
    lockstep.close();
    incidentIo.close();
    serviceNow.close();
    IncidentIoDocument.find().ifPresent(IncidentIoIT::holdAgainst);
  }

  /** Lockstep's requests and the simulator's answers. */
  private static void holdAgainst(IncidentIoDocument document) {
    List<String> broken = new ArrayList<>();
    for (Exchange call : List.copyOf(CALLS)) {
      broken.addAll(document.brokenByRequest(call));
      if (call.status() == 200) {
        broken.addAll(document.brokenByResponse(call));
      }
    }
    assertThat(broken.stream().distinct()).isEmpty();
  }

  /** Whatever a test did, nothing is written once both sides agree. */
  @AfterEach
  void nothingIsWrittenAtTheEnd() {
    incidentIo.faults().clear();
    eventually(
        () ->
            assertThat(
                    lockstep.isIdle() && serviceNow.webhooksIdle() && incidentIo.webhooks().idle())
                .isTrue());
    long before = writes();
    lockstep.awaitPolls(2, List.of("servicenow", "incident-io"));
    eventually(() -> assertThat(lockstep.isIdle()).isTrue());
    assertThat(writes()).as("writes after agreement").isEqualTo(before);
    assertThat(lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    assertThat(lockstep.metric("lockstep_webhooks_total", "bad-signature")).isZero();
  }

  private static long writes() {
    return serviceNow.calls().writes() + incidentIo.calls().writes();
  }

  private static void eventually(ThrowingRunnable met) {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(met);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\nLockstep's log:\n" + lockstep.lastWords(), e);
    }
  }

  private static String open(String title) {
    return desk.create(
        "incident", Map.of("short_description", title, "impact", "1", "urgency", "1"));
  }

  /** The only incident of that name; empty while there is none. */
  private static Optional<ObjectNode> named(String title) {
    List<ObjectNode> found =
        incidentIo.incidents().stream()
            .filter(one -> one.path("name").asText().equals(title))
            .toList();
    assertThat(found).as("incidents named " + title).hasSizeLessThanOrEqualTo(1);
    return found.stream().findFirst();
  }

  private static String incidentOf(String title) {
    eventually(() -> assertThat(named(title)).isPresent());
    return named(title).orElseThrow().path("id").asText();
  }

  private static List<String> tickets(String title) {
    return serviceNow.records("incident").stream()
        .filter(ticket -> title.equals(ticket.get("short_description")))
        .map(ticket -> ticket.get("sys_id"))
        .toList();
  }

  private static String ticketOf(String title) {
    eventually(() -> assertThat(tickets(title)).hasSize(1));
    return tickets(title).get(0);
  }

  private static String at(String incident, String path) {
    return incidentIo.incident(incident).at(path).asText();
  }

  private static String lead(String incident) {
    return StreamSupport.stream(
            incidentIo.incident(incident).path("incident_role_assignments").spliterator(), false)
        .filter(one -> one.at("/role/role_type").asText().equals("lead"))
        .map(one -> one.at("/assignee/email").asText())
        .findFirst()
        .orElse("");
  }

  private static long notes(String ticket, String element, String part) {
    return serviceNow.journal(ticket).stream()
        .filter(entry -> entry.element().equals(element))
        .map(JournalEntry::value)
        .filter(text -> text.contains(part))
        .count();
  }

  private static JsonNode pair(String ticket) {
    return lockstep.api("GET", "/pairs/" + serviceNow.value(ticket, "number"));
  }

  private static String gap(String ticket, String field) {
    return StreamSupport.stream(pair(ticket).path("fields").spliterator(), false)
        .filter(one -> one.path("name").asText().equals(field))
        .map(one -> one.path("gap").asText(""))
        .findFirst()
        .orElse("");
  }

  private static void awaitLinked(String ticket) {
    eventually(() -> assertThat(pair(ticket).at("/pair/state").asText()).isEqualTo("LINKED"));
  }

  private static void resolve(String ticket) {
    desk.update(
        ticket,
        Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Restarted"));
  }

  @Test
  void whatTheDeskOpensIsDeclaredOnceAndEditedOnBothSides() {
    String ticket = open("Mail is down");
    String incident = incidentOf("Mail is down");
    awaitLinked(ticket);
    assertThat(at(incident, "/severity/name")).isEqualTo("Critical");
    assertThat(at(incident, "/incident_status/name")).isEqualTo("Investigating");
    assertThat(incidentIo.incident(incident).path("custom_field_entries").toString())
        .contains("servicenow/incident/" + ticket);

    desk.update(
        ticket,
        Map.of("state", "2", "impact", "2", "assigned_to", annsId, "description", "The disk"));
    eventually(() -> assertThat(at(incident, "/incident_status/name")).isEqualTo("Fixing"));
    eventually(() -> assertThat(at(incident, "/severity/name")).isEqualTo("Major"));
    eventually(() -> assertThat(at(incident, "/summary")).isEqualTo("The disk"));
    eventually(() -> assertThat(lead(incident)).isEqualTo(ANN));

    responder.rename(incident, "Mail is slow");
    responder.rank(incident, "Critical");
    responder.lead(incident, BEN);
    responder.summarize(incident, "The disk is full");
    eventually(() -> assertThat(tickets("Mail is slow")).containsExactly(ticket));
    eventually(() -> assertThat(serviceNow.value(ticket, "impact")).isEqualTo("1"));
    eventually(() -> assertThat(serviceNow.value(ticket, "assigned_to.email")).isEqualTo(BEN));
    eventually(
        () -> assertThat(serviceNow.value(ticket, "description")).isEqualTo("The disk is full"));
  }

  @Test
  void whatIsDeclaredIsOpenedOnceAndResolvedWithIt() {
    String incident = responder.declare("Web is down", "Major");
    String ticket = ticketOf("Web is down");
    awaitLinked(ticket);
    assertThat(serviceNow.value(ticket, "impact")).isEqualTo("1");
    assertThat(serviceNow.value(ticket, "urgency")).isEqualTo("2");
    responder.share(incident, "Rolled back");
    responder.move(incident, "Documenting", "All is well again");
    eventually(() -> assertThat(serviceNow.value(ticket, "state")).isEqualTo("6"));
    eventually(() -> assertThat(notes(ticket, "work_notes", "Rolled back")).isEqualTo(1));
    eventually(() -> assertThat(notes(ticket, "work_notes", "All is well again")).isEqualTo(1));
    assertThat(notes(ticket, "comments", "")).isZero();
    assertThat(incidentIo.webhooks().counts().delivered()).isPositive();
  }

  @Test
  void whatTheApiCannotDoIsAGapUntilSomebodyDoesIt() {
    String ticket = open("Payroll is down");
    String incident = incidentOf("Payroll is down");
    awaitLinked(ticket);
    desk.addWorkNote(ticket, "Called the vendor");
    eventually(() -> assertThat(pair(ticket).toString()).contains("takes no"));
    resolve(ticket);
    eventually(() -> assertThat(gap(ticket, "status")).contains("resolve the incident"));
    assertThat(at(incident, "/incident_status/category")).isEqualTo("live");
    responder.move(incident, "Documenting");
    eventually(() -> assertThat(gap(ticket, "status")).isEmpty());
    assertThat(serviceNow.value(ticket, "state")).isEqualTo("6");
    desk.update(ticket, Map.of("state", "2"));
    eventually(() -> assertThat(gap(ticket, "status")).contains("reopen the incident"));
    assertThat(at(incident, "/incident_status/category")).isEqualTo("learning");
    responder.move(incident, "Fixing");
    eventually(() -> assertThat(gap(ticket, "status")).isEmpty());
    assertThat(serviceNow.value(ticket, "state")).isEqualTo("2");
  }

  /** incident.io has no status for it, and goes to and fro between those that it has. */
  @Test
  void aTicketOnHoldStaysSoWhileItsIncidentIsInvestigated() {
    String ticket = open("Parking is down");
    String incident = incidentOf("Parking is down");
    awaitLinked(ticket);
    desk.update(ticket, Map.of("state", "3", "hold_reason", "4"));
    eventually(() -> assertThat(at(incident, "/incident_status/name")).isEqualTo("Fixing"));
    responder.move(incident, "Investigating", "Looking at the barrier");
    eventually(
        () -> assertThat(notes(ticket, "work_notes", "Looking at the barrier")).isEqualTo(1));
    lockstep.awaitPolls(2, List.of("incident-io"));
    assertThat(serviceNow.value(ticket, "state")).isEqualTo("3");
    assertThat(at(incident, "/incident_status/name")).isEqualTo("Investigating");
  }

  /** No webhook reports an update; the listing shows that its incident changed, not the update. */
  @Test
  void anUpdateArrivesWithoutAWebhook() {
    String incident = responder.declare("Badges are down", "Major");
    String ticket = ticketOf("Badges are down");
    awaitLinked(ticket);
    incidentIo.webhooks().on(false);
    try {
      responder.share(incident, "Restarting the readers");
      eventually(
          () -> assertThat(notes(ticket, "work_notes", "Restarting the readers")).isEqualTo(1));
    } finally {
      incidentIo.webhooks().on(true);
    }
  }

  @Test
  void mergedResolvesAndDeclinedCancelsTheTicket() {
    String primary = responder.declare("Fax is down", "Critical");
    String merged = responder.declare("Scans are down", "Critical");
    String declined = responder.declare("Nothing is down", "Critical");
    String mergedTicket = ticketOf("Scans are down");
    String declinedTicket = ticketOf("Nothing is down");
    ticketOf("Fax is down");
    awaitLinked(mergedTicket);
    awaitLinked(declinedTicket);
    responder.merge(merged, primary);
    responder.move(declined, "Declined");
    eventually(() -> assertThat(serviceNow.value(mergedTicket, "state")).isEqualTo("6"));
    eventually(() -> assertThat(serviceNow.value(declinedTicket, "state")).isEqualTo("8"));
  }

  @Test
  void privateTestAndTriageIncidentsStartNothing() {
    responder.declarePrivately("Salaries leaked", "Critical");
    responder.rehearse("Only a drill", "Critical");
    String reported = responder.report("Perhaps down");
    responder.rank(reported, "Critical");
    lockstep.awaitPolls(2, List.of("incident-io"));
    assertThat(tickets("Salaries leaked")).isEmpty();
    assertThat(tickets("Only a drill")).isEmpty();
    assertThat(tickets("Perhaps down")).isEmpty();
    responder.accept(reported, "Major");
    ticketOf("Perhaps down");
  }

  @Test
  void aLostAnswerToACreationDoublesNothing() {
    int n = 0;
    for (Faults.Kind fault :
        List.of(
            Faults.Kind.DONE_BUT_FAILED,
            Faults.Kind.DONE_BUT_RESET,
            Faults.Kind.TIMEOUT,
            Faults.Kind.TOO_MANY_REQUESTS)) {
      String title = "Lost answer " + n++;
      incidentIo
          .faults()
          .next(
              1,
              fault,
              call -> call.method().equals("POST") && call.path().equals("/v2/incidents"));
      String ticket = open(title);
      incidentOf(title);
      awaitLinked(ticket);
      assertThat(tickets(title)).containsExactly(ticket);
      assertThat(incidentIo.faults().injected()).containsKey(fault);
    }
  }

  @Test
  void lostDoubledAndReorderedWebhooksChangeNothing() {
    String incident = responder.declare("Labs are down", "Critical");
    String ticket = ticketOf("Labs are down");
    awaitLinked(ticket);
    List.of(
            Faults.Kind.WEBHOOK_LOST,
            Faults.Kind.WEBHOOK_TWICE,
            Faults.Kind.WEBHOOK_REORDERED,
            Faults.Kind.WEBHOOK_TWICE)
        .forEach(
            kind -> incidentIo.faults().next(1, kind, call -> call.method().equals("WEBHOOK")));
    responder.share(incident, "First words");
    responder.rename(incident, "Labs are slow");
    responder.share(incident, "Second words");
    responder.move(incident, "Fixing");
    responder.rename(incident, "Labs are slower");
    eventually(() -> assertThat(tickets("Labs are slower")).containsExactly(ticket));
    eventually(() -> assertThat(serviceNow.value(ticket, "state")).isEqualTo("2"));
    eventually(() -> assertThat(notes(ticket, "work_notes", "First words")).isEqualTo(1));
    eventually(() -> assertThat(notes(ticket, "work_notes", "Second words")).isEqualTo(1));
    eventually(
        () ->
            assertThat(incidentIo.faults().injected())
                .containsKeys(
                    Faults.Kind.WEBHOOK_LOST,
                    Faults.Kind.WEBHOOK_TWICE,
                    Faults.Kind.WEBHOOK_REORDERED));
  }
}
