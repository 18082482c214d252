package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowPerson;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.sandbox.statuspage.PageComponent;
import dev.lockstep.sandbox.statuspage.PageIncident;
import dev.lockstep.sandbox.statuspage.PageIncidentStatus;
import dev.lockstep.sandbox.statuspage.PageUpdate;
import dev.lockstep.sandbox.statuspage.StatuspageDocument;
import dev.lockstep.sandbox.statuspage.StatuspageOptions;
import dev.lockstep.sandbox.statuspage.StatuspageSimulator;
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
 * A public page that follows tickets, in one Lockstep for all tests; each has a ticket of its own.
 */
class StatuspageIT {
  /** Each text that must never be public contains it. */
  private static final String SECRET = "db-prod-17";

  private static ServiceNowSimulator serviceNow;
  private static StatuspageSimulator page;
  private static LockstepInstance lockstep;
  private static ServiceNowPerson ann;
  private static String portal;
  private static String payments;
  private static String unlisted;
  private static PageComponent portalThere;
  private static PageComponent paymentsThere;
  private static final List<Exchange> CALLS = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() {
    serviceNow =
        ServiceNowSimulator.start(
            new ServiceNowOptions()
                .credentials("lockstep", "pw")
                .webhook(null, "servicenow-webhook-secret"));
    page =
        StatuspageSimulator.start(
            StatuspageOptions.defaults()
                .withCallsPerMinute(0)
                .withLateness(Duration.ofMillis(2500)));
    page.onRequest(CALLS::add);
    portal = serviceNow.seedService("Customer portal");
    payments = serviceNow.seedService("Payments");
    unlisted = serviceNow.seedService(SECRET);
    portalThere = page.component("Customer portal");
    paymentsThere = page.component("Payments");
    Map<String, String> settings = new HashMap<>();
    settings.put("LOCKSTEP_MAPPINGS", "incident.statuspage");
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "pw");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "servicenow-webhook-secret");
    settings.put("SERVICENOW_POLL_INTERVAL", "300ms");
    settings.put("STATUSPAGE_URL", page.url());
    settings.put("STATUSPAGE_TOKEN", "sandbox-token");
    settings.put("STATUSPAGE_PAGE_ID", page.page());
    settings.put("STATUSPAGE_POLL_INTERVAL", "300ms");
    settings.put("STATUSPAGE_READ_TIMEOUT", "1s");
    settings.put("STATUSPAGE_RETRY_MAX_DELAY", "500ms");
    settings.put("STATUSPAGE_LISTED_WITHIN", "500ms");
    settings.put("STATUSPAGE_CALLS_PER_10_SECONDS", "10000");
    settings.put("STATUSPAGE_CALLS_IN_FLIGHT", "4");
    settings.put("LOCKSTEP_INBOX_RETRY_INITIAL_DELAY", "100ms");
    settings.put("LOCKSTEP_INBOX_RETRY_MAX_DELAY", "500ms");
    lockstep = LockstepInstance.here("statuspage", settings);
    serviceNow.webhookTarget(
        URI.create("http://127.0.0.1:" + lockstep.port() + "/webhooks/servicenow"));
    serviceNow.webhooksOn(true);
    lockstep.start();
    ann = serviceNow.as("ann");
  }

  @AfterAll
  static void stop() {
    lockstep.close();
    page.close();
    serviceNow.close();
    StatuspageDocument.find().ifPresent(StatuspageIT::holdAgainst);
  }

  /** Every call, also one that was refused. */
  private static void holdAgainst(StatuspageDocument document) {
    assertThat(
            List.copyOf(CALLS).stream()
                .flatMap(call -> document.brokenByRequest(call).stream())
                .distinct())
        .isEmpty();
  }

  /** Whatever a test did, nothing internal is public, and no call was one that is refused. */
  @AfterEach
  void nothingInternalIsPublic() {
    page.faults().clear();
    assertThat(lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    assertThat(page.publicTexts())
        .noneMatch(text -> text.contains(SECRET))
        .noneMatch(text -> text.contains("INC00"))
        .noneMatch(text -> text.contains("ann"))
        .noneMatch(text -> text.contains("[lockstep:"))
        .noneMatch(text -> text.contains("servicenow"));
  }

  private static String open(Map<String, String> more) {
    Map<String, String> fields = new HashMap<>();
    fields.put("short_description", "Cluster " + SECRET + " lost its quorum");
    fields.put("description", "Runbook of " + SECRET);
    fields.put("impact", "1");
    fields.put("urgency", "1");
    fields.put("cmdb_ci", portal);
    fields.putAll(more);
    return ann.create("incident", fields);
  }

  /** A ticket and its incident on the page. */
  private record Linked(String ticket, String incident) {
    PageIncident shown() {
      return page.incident(incident);
    }

    List<String> bodies() {
      return shown().updates().stream().map(PageUpdate::body).toList();
    }
  }

  private static Linked publish(Map<String, String> more) {
    List<String> before = ids();
    String ticket = open(more);
    eventually(() -> assertThat(ids()).hasSize(before.size() + 1));
    String incident = ids().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
    eventually(() -> assertThat(pair(ticket).at("/pair/state").asText()).isEqualTo("LINKED"));
    return new Linked(ticket, incident);
  }

  private static List<String> ids() {
    return page.incidents().stream().map(PageIncident::id).toList();
  }

  private static JsonNode pair(String ticket) {
    return lockstep.api("GET", "/pairs/" + number(ticket));
  }

  private static String number(String ticket) {
    return serviceNow.record(ticket).orElseThrow().get("number");
  }

  private static String gap(String ticket, String field) {
    return StreamSupport.stream(pair(ticket).path("fields").spliterator(), false)
        .filter(one -> one.path("name").asText().equals(field))
        .map(one -> one.path("gap").asText(""))
        .findFirst()
        .orElse("");
  }

  private static List<String> workNotes(String ticket) {
    return serviceNow.journal(ticket).stream()
        .filter(entry -> entry.element().equals("work_notes"))
        .map(JournalEntry::value)
        .toList();
  }

  /** The id of the text that waits for that ticket. */
  private static Optional<JsonNode> waiting(String ticket, String part) {
    return StreamSupport.stream(lockstep.api("GET", "/notes").path("notes").spliterator(), false)
        .filter(note -> note.path("fromKey").asText().equals(number(ticket)))
        .filter(note -> note.path("text").asText().contains(part))
        .findFirst();
  }

  private static String awaitText(String ticket, String part) {
    eventually(() -> assertThat(waiting(ticket, part)).isPresent());
    return waiting(ticket, part).orElseThrow().path("id").asText();
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

  /** All that could still happen has happened. */
  private static void atRest() {
    lockstep.awaitPolls(2, List.of("servicenow", "statuspage"));
    eventually(() -> assertThat(lockstep.isIdle() && serviceNow.webhooksIdle()).isTrue());
  }

  @Test
  void thePageFollowsTheTicketInNeutralWords() {
    Linked linked = publish(Map.of());
    assertThat(linked.shown().name()).isEqualTo("Problem with Customer portal");
    assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.INVESTIGATING);
    assertThat(linked.shown().impactOverride()).isEqualTo("critical");
    assertThat(linked.shown().componentIds()).containsExactly(portalThere.id());
    assertThat(page.statusOf("Customer portal")).isEqualTo("major_outage");
    assertThat(linked.bodies())
        .containsExactly("We are investigating a problem with Customer portal.");

    ann.update(linked.ticket(), Map.of("state", "2"));
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.IDENTIFIED));
    ann.update(linked.ticket(), Map.of("impact", "2"));
    eventually(() -> assertThat(linked.shown().impactOverride()).isEqualTo("major"));
    eventually(() -> assertThat(page.statusOf("Customer portal")).isEqualTo("partial_outage"));
    resolve(linked);
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
    assertThat(page.statusOf("Customer portal")).isEqualTo("operational");
    assertThat(linked.bodies())
        .containsExactly(
            "The problem with Customer portal has been resolved.",
            "The problem with Customer portal has been identified, and we are working on it.",
            "We are investigating a problem with Customer portal.");
    assertThat(
            page.notifications().stream()
                .filter(n -> linked.bodies().stream().anyMatch(n::endsWith)))
        .as("each update was sent once, and nothing else")
        .hasSizeGreaterThanOrEqualTo(3);

    ann.update(linked.ticket(), Map.of("state", "1"));
    eventually(
        () -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.INVESTIGATING));
    eventually(() -> assertThat(page.statusOf("Customer portal")).isEqualTo("partial_outage"));
    assertThat(linked.bodies()).hasSize(4);
    atRest();
    assertThat(linked.bodies()).as("no update of its own").hasSize(4);
    assertThat(workNotes(linked.ticket()))
        .as(
            "only the note about the link %s %s",
            pair(linked.ticket()), serviceNow.journal(linked.ticket()))
        .singleElement()
        .asString()
        .contains("Kept in sync with Statuspage " + linked.incident());
    resolve(linked);
    eventually(() -> assertThat(page.statusOf("Customer portal")).isEqualTo("operational"));
  }

  @Test
  void lostAnswersDoubleNothing() {
    for (Faults.Kind fault :
        List.of(Faults.Kind.DONE_BUT_RESET, Faults.Kind.DONE_BUT_FAILED, Faults.Kind.TIMEOUT)) {
      int before = page.incidents().size();
      page.faults().next(1, fault, call -> call.method().equals("POST"));
      Linked linked = publish(Map.of());
      page.faults().next(1, fault, call -> call.method().equals("PATCH"));
      ann.update(linked.ticket(), Map.of("state", "2"));
      eventually(
          () -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.IDENTIFIED));
      approveWithLostAnswer(linked, "Half of all requests fail again", fault);
      resolve(linked);
      eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
      atRest();
      assertThat(page.incidents()).as("incidents after " + fault).hasSize(before + 1);
      assertThat(linked.bodies()).as("updates after " + fault).hasSize(4).doesNotHaveDuplicates();
    }
    assertThat(page.faults().injected().values().stream().mapToInt(n -> n).sum())
        .isGreaterThanOrEqualTo(9);
  }

  private static void approveWithLostAnswer(Linked linked, String text, Faults.Kind fault) {
    ann.addComment(linked.ticket(), text);
    String id = awaitText(linked.ticket(), text);
    page.faults().next(1, fault, call -> call.method().equals("PATCH"));
    lockstep.api("POST", "/notes/" + id + "/approve");
    eventually(() -> assertThat(linked.bodies()).filteredOn(text::equals).hasSize(1));
  }

  @Test
  void onlyApprovedCommentsArePublished() {
    Linked linked = publish(Map.of());
    ann.addWorkNote(linked.ticket(), "Quorum of " + SECRET + " is gone");
    ann.addComment(linked.ticket(), "Rejected: my number is 555, of " + SECRET);
    ann.addComment(linked.ticket(), "About half of all requests fail.\n\nWe are on it.");
    String rejected = awaitText(linked.ticket(), "Rejected");
    String approved = awaitText(linked.ticket(), "About half");
    // What waits holds nothing else back.
    ann.update(linked.ticket(), Map.of("state", "2"));
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.IDENTIFIED));
    assertThat(linked.bodies()).hasSize(2);
    assertThat(lockstep.metric("lockstep_notes_waiting", "")).isGreaterThanOrEqualTo(2);

    lockstep.api("POST", "/notes/" + rejected + "/reject?reason=private");
    lockstep.api("POST", "/notes/" + approved + "/approve");
    eventually(
        () ->
            assertThat(linked.bodies())
                .contains("About half of all requests fail.\n\nWe are on it."));
    atRest();
    assertThat(linked.bodies()).hasSize(3);
    assertThat(waiting(linked.ticket(), "")).isEmpty();
    assertThatThrownBy(() -> lockstep.api("POST", "/notes/" + approved + "/approve"))
        .hasMessageContaining("404")
        .hasMessageContaining("decided on, or edited since");
    assertThat(pair(linked.ticket()).path("history"))
        .filteredOn(event -> event.path("what").asText().matches("approved|rejected"))
        .extracting(event -> event.path("by").asText())
        .hasSize(2)
        .allMatch(by -> !((String) by).isEmpty());
    assertThat(pair(linked.ticket()).path("history"))
        .anyMatch(event -> event.at("/details/reason").asText().equals("private"));
    assertThat(workNotes(linked.ticket())).as("no text comes back").hasSize(2);
    resolve(linked);
  }

  @Test
  void aPageThatIsCalledTooOftenGetsTheRestLaterAndOnce() {
    Linked linked = publish(Map.of());
    page.faults().next(1, Faults.Kind.TOO_MANY_REQUESTS, call -> call.method().equals("PATCH"));
    ann.update(linked.ticket(), Map.of("state", "2"));
    ann.addComment(linked.ticket(), "Written while the page takes no calls");
    // It names no time.
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.IDENTIFIED));
    String id = awaitText(linked.ticket(), "takes no calls");
    lockstep.api("POST", "/notes/" + id + "/approve");
    eventually(() -> assertThat(linked.bodies()).hasSize(3).doesNotHaveDuplicates());
    assertThat(page.faults().injected()).containsKey(Faults.Kind.TOO_MANY_REQUESTS);
    resolve(linked);
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
  }

  @Test
  void aTextStillWaitsAfterARestartAndIsPublishedOnce() {
    Linked linked = publish(Map.of());
    ann.addComment(linked.ticket(), "Waits through a restart");
    String id = awaitText(linked.ticket(), "through a restart");
    atRest();
    lockstep.stop();
    lockstep.start();
    assertThat(waiting(linked.ticket(), "through a restart")).isPresent();
    lockstep.api("POST", "/notes/" + id + "/approve");
    eventually(() -> assertThat(linked.bodies()).contains("Waits through a restart"));
    atRest();
    assertThat(linked.bodies()).hasSize(2);
    resolve(linked);
  }

  @Test
  void markUpIsPublishedWithoutEffectAndComesBackAsItIs() {
    Linked linked = publish(Map.of());
    String text =
        "<script>alert(1)</script> [code]<img src=x onerror=alert(2)>[/code] 5 < 6 & *go*";
    ann.addComment(linked.ticket(), text);
    lockstep.api("POST", "/notes/" + awaitText(linked.ticket(), "alert(1)") + "/approve");
    eventually(() -> assertThat(linked.bodies()).hasSize(2));
    assertThat(linked.bodies().get(0))
        .contains("alert(1)", "5 <  6 & *go*")
        .doesNotContainPattern("<[A-Za-z/!?]");
    page.publish(linked.incident(), null, "<b>Read</b> <a href='https://x.example'>more</a>");
    eventually(
        () ->
            assertThat(workNotes(linked.ticket()))
                .anyMatch(note -> note.contains("<b>Read</b>") && !note.contains("[code]<b>")));
    atRest();
    assertThat(linked.bodies()).hasSize(3);
    assertThat(workNotes(linked.ticket())).hasSize(2);
    resolve(linked);
  }

  @Test
  void whatPeopleDoOnThePageIsKeptAndBecomesWorkNotes() {
    Linked linked = publish(Map.of("cmdb_ci", payments));
    ann.update(linked.ticket(), Map.of("state", "2"));
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.IDENTIFIED));
    page.publish(linked.incident(), PageIncidentStatus.MONITORING, "Looks better since noon");
    page.rename(linked.incident(), "Card payments are slow");
    PageIncident ofPeople = page.open("Opened by hand", "No ticket for this");
    eventually(
        () ->
            assertThat(workNotes(linked.ticket())).anyMatch(n -> n.contains("better since noon")));
    eventually(() -> assertThat(gap(linked.ticket(), "title")).contains("differ"));
    atRest();
    assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.MONITORING);
    assertThat(linked.shown().name()).isEqualTo("Card payments are slow");
    assertThat(serviceNow.record(linked.ticket()).orElseThrow()).containsEntry("state", "2");
    assertThat(serviceNow.records("incident"))
        .noneMatch(ticket -> ticket.getOrDefault("short_description", "").contains("by hand"));
    page.deleteIncident(ofPeople.id());
    resolve(linked);
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
  }

  @Test
  void aComponentIsInOrderOnlyOnceAllOfItsIncidentsAreOver() {
    Linked one = publish(Map.of("cmdb_ci", payments));
    Linked other = publish(Map.of("cmdb_ci", payments));
    resolve(one);
    eventually(() -> assertThat(one.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
    atRest();
    assertThat(page.statusOf("Payments")).as("the other one is open").isEqualTo("major_outage");
    resolve(other);
    eventually(() -> assertThat(other.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
    atRest();
    assertThat(page.statusOf("Payments")).isEqualTo("operational");
  }

  @Test
  void anotherServiceMovesTheOutageToItsComponent() {
    Linked linked = publish(Map.of());
    ann.update(linked.ticket(), Map.of("cmdb_ci", payments));
    eventually(() -> assertThat(linked.shown().componentIds()).containsExactly(paymentsThere.id()));
    eventually(() -> assertThat(linked.shown().name()).isEqualTo("Problem with Payments"));
    assertThat(page.statusOf("Payments")).isEqualTo("major_outage");
    assertThat(page.statusOf("Customer portal")).isEqualTo("operational");
    int sent = page.notifications().size();
    ann.update(linked.ticket(), Map.of("cmdb_ci", unlisted));
    eventually(() -> assertThat(gap(linked.ticket(), "service")).contains("no right value"));
    eventually(
        () -> assertThat(linked.shown().name()).isEqualTo("Problem with one of our services"));
    assertThat(page.notifications()).as("nobody is notified of that").hasSize(sent);
    resolve(linked);
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
    page.setComponent(paymentsThere.id(), "operational");
  }

  @Test
  void aComponentThatIsMissingIsAGapAndNoStop() {
    page.deleteComponent(paymentsThere.id());
    try {
      // What was known of it is remembered for some seconds.
      eventually(
          () -> assertThat(lockstep.api("GET", "/dead-letters").path("total").asInt()).isZero());
      Linked linked = publish(Map.of("cmdb_ci", payments));
      assertThat(linked.shown().componentIds()).isEmpty();
      assertThat(linked.shown().name()).isEqualTo("Problem with Payments");
      assertThat(gap(linked.ticket(), "service")).isNotEmpty();
      resolve(linked);
      eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
    } finally {
      paymentsThere = page.component("Payments");
    }
  }

  @Test
  void anIncidentOrPageThatIsGoneBreaksThePairUntilItIsBack() {
    Linked linked = publish(Map.of());
    PageIncident gone = page.deleteIncident(linked.incident());
    ann.update(linked.ticket(), Map.of("state", "2"));
    eventually(() -> assertThat(state(linked)).isEqualTo("BROKEN"));
    page.restoreIncident(gone);
    ann.update(linked.ticket(), Map.of("state", "1"));
    ann.update(linked.ticket(), Map.of("state", "2"));
    eventually(() -> assertThat(state(linked)).isEqualTo("LINKED"));
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.IDENTIFIED));

    int before = page.incidents().size();
    page.deletePage(true);
    ann.update(linked.ticket(), Map.of("impact", "2"));
    eventually(() -> assertThat(state(linked)).isEqualTo("BROKEN"));
    page.deletePage(false);
    ann.update(linked.ticket(), Map.of("urgency", "2"));
    eventually(() -> assertThat(linked.shown().impactOverride()).isEqualTo("minor"));
    assertThat(page.incidents()).hasSize(before);
    resolve(linked);
    eventually(() -> assertThat(linked.shown().status()).isEqualTo(PageIncidentStatus.RESOLVED));
  }

  private static String state(Linked linked) {
    return pair(linked.ticket()).at("/pair/state").asText();
  }

  private static void resolve(Linked linked) {
    ann.update(
        linked.ticket(),
        Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Moved " + SECRET));
  }
}
