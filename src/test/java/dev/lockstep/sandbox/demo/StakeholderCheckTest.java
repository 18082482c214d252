package dev.lockstep.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.testkit.SettableClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run in which everybody was informed as they were to be, and what can go wrong with it. */
class StakeholderCheckTest {
  private static final String APPROVED = "You can reach us by telephone.";
  private static final String INTERNAL = "Restarting the store.";
  private static final String CHAT = "Coffee?";
  private static final String ANSWER = "A certificate has expired.";

  private final SettableClock clock = new SettableClock();
  private final SimulatedSystems systems = SimulatedSystems.startAll(clock);
  private final StakeholderSystems stakeholders = systems.stakeholders().orElseThrow();
  private final Map<String, String> settings = stakeholders.settings();
  private final StakeholderFacts facts = new StakeholderFacts();
  private final ObjectMapper json = new ObjectMapper();
  private String portal = "";
  private String pharmacy = "";
  private String channel = "";
  private String incident = "";
  private String theirs = "";

  @BeforeEach
  void play() throws Exception {
    OutageScenario.seed(systems);
    StakeholderScenario.seed(systems);
    portal = ticket("ana");
    pharmacy = ticket("ben");
    facts.portal = Optional.of(new ScenarioRunner.LinkedPair(portal, "P1"));
    facts.pharmacy = Optional.of(new ScenarioRunner.LinkedPair(pharmacy, "P2"));
    facts.internal.addAll(List.of(INTERNAL, CHAT));
    facts.unmarked.add(CHAT);
    facts.approved.add(APPROVED);
    facts.vendor.add(ANSWER);
    facts.late = "It is late.";
    facts.timeline.addAll(List.of("ana@example.com", APPROVED, ANSWER, "Sent: It is late."));
    channel = channel(portal);
    channel(pharmacy);
    say(INTERNAL);
    say(APPROVED);
    say(ANSWER);
    page();
    vendor();
    remind(portal);
    remind(pharmacy);
    update(pharmacy, "In time.");
    escalate(portal);
    update(portal, facts.late);
    update(portal, "The end.");
    update(pharmacy, "The end.");
  }

  @AfterEach
  void stop() {
    systems.close();
  }

  private String ticket(String manager) {
    var maya = systems.serviceNow().as("maya");
    String ticket =
        maya.create("incident", Map.of("short_description", "Down", "impact", "1", "urgency", "1"));
    maya.addWorkNote(ticket, manager + "@example.com is the incident manager");
    maya.addWorkNote(ticket, INTERNAL);
    return ticket;
  }

  private String channel(String ticket) throws Exception {
    JsonNode created =
        slack(
            "conversations.create",
            Map.of(
                "name",
                "inc-" + systems.serviceNow().value(ticket, "number").toLowerCase(Locale.ROOT)));
    String id = created.at("/channel/id").asText();
    slack(
        "conversations.setPurpose",
        Map.of("channel", id, "purpose", "lockstep:servicenow/incident/" + ticket));
    return id;
  }

  private void say(String text) throws Exception {
    slack("chat.postMessage", Map.of("channel", channel, "text", text));
  }

  private JsonNode slack(String method, Map<String, String> arguments) throws Exception {
    JsonNode answer =
        post(
            settings.get("SLACK_URL") + "/" + method,
            "Bearer xoxb-sandbox-token",
            "POST",
            arguments);
    assertThat(answer.path("ok").asBoolean()).as("%s", answer).isTrue();
    return answer;
  }

  private void page() throws Exception {
    String incidents =
        settings.get("STATUSPAGE_URL")
            + "/v1/pages/"
            + settings.get("STATUSPAGE_PAGE_ID")
            + "/incidents";
    JsonNode opened =
        post(
            incidents,
            "OAuth sandbox-token",
            "POST",
            Map.of(
                "incident",
                Map.of("name", "Problem", "status", "investigating", "body", "We look into it.")));
    incident = incidents + "/" + opened.path("id").asText();
    publish(Map.of("body", APPROVED));
    publish(Map.of("status", "resolved", "body", "It works."));
  }

  private void publish(Map<String, String> update) throws Exception {
    post(incident, "OAuth sandbox-token", "PATCH", Map.of("incident", update));
  }

  private void vendor() throws Exception {
    JsonNode created =
        atVendor(
            "POST",
            "",
            Map.of(
                "short_description",
                systems.serviceNow().value(portal, "number") + ": problem with a service"));
    theirs = created.at("/result/sys_id").asText();
    atVendor("PATCH", "/" + theirs, Map.of("comments", APPROVED));
    stakeholders.vendorEngineer().addComment(theirs, ANSWER);
  }

  private JsonNode atVendor(String method, String path, Map<String, String> fields)
      throws Exception {
    String credentials = settings.get("VENDOR_USERNAME") + ":" + settings.get("VENDOR_PASSWORD");
    return post(
        settings.get("VENDOR_URL") + "/api/now/table/incident" + path,
        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)),
        method,
        fields);
  }

  private void remind(String ticket) throws Exception {
    card("OPERATIONS_TEAMS_URL", "Update for Executives is due at 9:00: ", ticket);
  }

  private void escalate(String ticket) throws Exception {
    card("OPERATIONS_TEAMS_URL", "Update for Executives is overdue since 9:00: ", ticket);
  }

  private void update(String ticket, String text) throws Exception {
    card("EXECUTIVES_TEAMS_URL", text + " ", ticket);
  }

  private void card(String setting, String title, String ticket) throws Exception {
    clock.advance(Duration.ofSeconds(1));
    Map<String, Object> card =
        Map.of(
            "type",
            "AdaptiveCard",
            "version",
            "1.4",
            "body",
            List.of(Map.of("text", title + systems.serviceNow().value(ticket, "number"))));
    post(
        settings.get(setting),
        "",
        "POST",
        Map.of(
            "type",
            "message",
            "attachments",
            List.of(
                Map.of(
                    "contentType", "application/vnd.microsoft.card.adaptive", "content", card))));
  }

  private JsonNode post(String url, String authorization, String method, Object body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json; charset=utf-8")
            .method(method, BodyPublishers.ofString(json.writeValueAsString(body)));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return answer.body().isEmpty() ? json.createObjectNode() : json.readTree(answer.body());
  }

  private StakeholderCheck.Result judge() {
    return new StakeholderCheck(facts, new StakeholderReader(systems), stakeholders).judge();
  }

  @Test
  void findsNothingWrongWithIt() {
    StakeholderCheck.Result result = judge();

    assertThat(result.problems()).isEmpty();
    assertThat(result.figures())
        .isEqualTo(new Summary.Stakeholders(2, 3, 1, 3, 1, 0, 0, 2, 1, 4, 1, 2));
  }

  @Test
  void findsInternalTextsOnTheStatusPage() throws Exception {
    publish(Map.of("body", "Update: " + INTERNAL));

    // The page shows it, and its subscribers were sent it.
    assertThat(judge().problems())
        .containsExactly("stakeholders: 2 texts for others say what is internal");
    assertThat(judge().figures().leaked()).isEqualTo(2);
  }

  @Test
  void findsWhatTheVendorIsNotToRead() throws Exception {
    atVendor("PATCH", "/" + theirs, Map.of("comments", "ben: " + INTERNAL));

    assertThat(judge().problems())
        .containsExactly(
            "stakeholders: the vendor has 2 notes of ours",
            "stakeholders: 1 texts for others say what is internal");
  }

  @Test
  void findsASecondTicketAtTheVendor() throws Exception {
    vendor();

    assertThat(judge().problems()).containsExactly("stakeholders: the vendor has 2 tickets of it");
    assertThat(judge().figures().vendorTickets()).isEqualTo(2);
  }

  @Test
  void findsMessagesThatStandTwice() throws Exception {
    say(INTERNAL);
    publish(Map.of("body", "It works."));
    update(portal, "The end.");

    assertThat(judge().figures().doubled()).isEqualTo(3);
    assertThat(judge().problems())
        .hasSize(3)
        .contains("stakeholders: 3 messages stand twice")
        .contains("stakeholders: the channel has 2 times: " + INTERNAL)
        .anyMatch(problem -> problem.contains("executives have 3 updates of INC"));
  }

  @Test
  void findsAnApprovedTextThatIsNotOnThePage() {
    facts.approved.add("Never published.");

    assertThat(judge().problems())
        .contains("stakeholders: the page shows 0 times: Never published.")
        .contains("stakeholders: the channel has 0 times: Never published.")
        .contains("stakeholders: the timeline does not contain: Never published.");
  }

  @Test
  void findsRemindersAndEscalationsThatAreRepeated() throws Exception {
    remind(portal);
    escalate(pharmacy);

    assertThat(judge().problems())
        .anyMatch(problem -> problem.endsWith("was reminded of 2 times"))
        .anyMatch(problem -> problem.endsWith("was escalated 1 times"));
  }

  @Test
  void findsOneManagerOfBothIncidents() {
    systems
        .serviceNow()
        .as("maya")
        .addWorkNote(
            pharmacy, "ana@example.com is the incident manager instead of ben@example.com");

    assertThat(judge().problems())
        .containsExactly("stakeholders: the two incidents have the managers [ana@example.com]");
  }

  @Test
  void findsChatOnTheTicket() {
    systems.serviceNow().as("maya").addWorkNote(portal, "Ben: " + CHAT);

    assertThat(judge().problems())
        .containsExactly("stakeholders: the ticket has what nobody made a note of: " + CHAT);
  }

  @Test
  void findsThatNothingWasPlayed() {
    facts.portal = Optional.empty();

    assertThat(judge().problems()).contains("stakeholders: the incidents were not opened");
  }
}
