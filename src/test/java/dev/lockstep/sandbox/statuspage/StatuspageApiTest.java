package dev.lockstep.sandbox.statuspage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulated page does with calls, and whether it answers as the document says. */
class StatuspageApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final SettableClock clock = new SettableClock();
  private final StatuspageSimulator page =
      StatuspageSimulator.start(StatuspageOptions.defaults().withClock(clock));
  private final PageComponent portal = page.component("Portal");

  @AfterEach
  void close() {
    page.close();
  }

  private HttpResponse<String> call(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(page.url() + "/v1/pages/" + page.page() + path))
            .header("Authorization", "OAuth sandbox-token")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode create(String fields) {
    HttpResponse<String> created = call("POST", "/incidents", "{'incident':{" + fields + "}}");
    assertThat(created.statusCode()).isEqualTo(201);
    return json(created);
  }

  private HttpResponse<String> patch(JsonNode incident, String fields) {
    return call(
        "PATCH", "/incidents/" + incident.path("id").asText(), "{'incident':{" + fields + "}}");
  }

  @Test
  void createsUpdatesAndListsAsTheDocumentSays() {
    StatuspageDocument document = StatuspageDocument.find().orElse(null);
    assumeThat(document).describedAs("Statuspage's OpenAPI document").isNotNull();
    List<Exchange> exchanges = new ArrayList<>();
    page.onRequest(exchanges::add);
    JsonNode down =
        create(
            "'name':'Down','body':'We look','impact_override':'major','component_ids':['%1$s'],'components':{'%1$s':'major_outage'},'metadata':{'a':{'b':'c'}},'deliver_notifications':true"
                .formatted(portal.id()));
    patch(down, "'status':'monitoring'");
    patch(down, "'body':'Nearly there'");
    patch(down, "'status':'resolved','components':{'%s':'operational'}".formatted(portal.id()));
    call("GET", "/incidents?limit=10&page=1&q=near", "");
    call("GET", "/incidents/unresolved?per_page=10&page=1", "");
    call("GET", "/incidents/" + down.path("id").asText(), "");
    call("GET", "/components?per_page=10&page=1", "");
    call("GET", "/components/" + portal.id(), "");
    call("GET", "", "");
    call("DELETE", "/incidents/" + down.path("id").asText(), "");
    call("GET", "/incidents/gone", "");
    call("POST", "/incidents", "{'incident':{}}");

    List<String> broken = new ArrayList<>();
    for (Exchange exchange : exchanges) {
      String call = exchange.method() + " " + exchange.url() + ": ";
      if (exchange.status() < 400) {
        document.brokenByRequest(exchange).forEach(each -> broken.add(call + each));
      }
      document.brokenByResponse(exchange).forEach(each -> broken.add(call + each));
    }
    assertThat(exchanges).hasSize(13);
    assertThat(broken).isEmpty();
  }

  @Test
  void aStatusOrATextMakesAnUpdateThatIsSentUnlessItIsToBeQuiet() {
    JsonNode down = create("'name':'Down','body':'We look'");
    patch(down, "'impact_override':'minor','metadata':{'a':{}}");
    patch(down, "'body':'Quiet','deliver_notifications':false");
    patch(down, "'status':'resolved'");

    assertThat(json(patch(down, "'name':'Was down'")).path("incident_updates"))
        .extracting(update -> update.path("body").asText())
        .containsExactly("This incident has been resolved.", "Quiet", "We look");
    assertThat(page.notifications())
        .containsExactly("Down\nWe look", "Down\nThis incident has been resolved.");
    assertThat(page.publicTexts()).contains("Was down", "Quiet", "{\"a\":{}}");
  }

  @Test
  void aBackfilledIncidentNotifiesNobody() {
    create("'name':'Was down','status':'resolved','backfilled':true");
    assertThat(page.notifications()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'body':'x'                                              | 422",
        "'name':''                                               | 422",
        "'name':'x','status':'completed'                         | 422",
        "'name':'x','impact_override':'huge'                     | 422",
        "'name':'x','metadata':{'a':'b'}                         | 422",
        "'name':'x','component_ids':['nowhere']                  | 422",
        "'name':'x','components':{'nowhere':'operational'}       | 422",
        "'name':'x','backfilled':true,'component_ids':[]         | 422",
        "'name':'x','deliver_notifications':'false'              | 400",
        "'name':7                                                | 400",
      },
      quoteCharacter = '"')
  void refusesWhatTheDocumentDoesNotAllow(String fields, int status) {
    HttpResponse<String> answer = call("POST", "/incidents", "{'incident':{" + fields + "}}");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("message").asText()).isNotEmpty();
    assertThat(page.incidents()).isEmpty();
  }

  @Test
  void componentsAreListedPageByPageAndNameWhatTheirIncidentsShow() {
    for (int i = 0; i < 120; i++) {
      page.component("Part " + i);
    }
    assertThat(json(call("GET", "/components?per_page=500&page=1", ""))).hasSize(100);
    assertThat(json(call("GET", "/components?per_page=100&page=2", ""))).hasSize(21);
    assertThat(json(call("GET", "/components?per_page=100&page=3", ""))).isEmpty();
    JsonNode down = create("'name':'Down','component_ids':['%s']".formatted(portal.id()));
    Object updated = down.path("updated_at");
    page.setComponent(portal.id(), "degraded_performance");
    JsonNode shown = json(call("GET", "/incidents/" + down.path("id").asText(), ""));
    assertThat(shown.at("/components/0/status").asText()).isEqualTo("degraded_performance");
    assertThat(shown.path("impact").asText()).isEqualTo("minor");
    assertThat(shown.path("updated_at")).as("the incident did not change").isEqualTo(updated);
  }

  @Test
  void allowsSixtyCallsInAnySixtySeconds() {
    for (int i = 0; i < 30; i++) {
      assertThat(call("GET", "", "").statusCode()).isEqualTo(200);
    }
    clock.advance(Duration.ofSeconds(40));
    for (int i = 0; i < 30; i++) {
      assertThat(call("GET", "", "").statusCode()).isEqualTo(200);
    }
    assertThat(call("GET", "", "").statusCode()).isEqualTo(420);
    clock.advance(Duration.ofSeconds(21));
    assertThat(call("GET", "", "").statusCode())
        .as("those of the first minute are over")
        .isEqualTo(200);
  }

  @Test
  void aWrongTokenIsRefusedAndADeletedPageIsNotThere() throws Exception {
    HttpRequest wrong =
        HttpRequest.newBuilder(URI.create(page.url() + "/v1/pages/" + page.page()))
            .header("Authorization", "OAuth wrong")
            .build();
    assertThat(http.send(wrong, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    page.deletePage(true);
    assertThat(call("GET", "/incidents", "").statusCode()).isEqualTo(404);
    page.deletePage(false);
    assertThat(call("GET", "/incidents", "").statusCode()).isEqualTo(200);
  }
}
