package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.pagerduty.PagerDutyDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** While webhooks flow, nothing has to be asked for. What PagerDuty was asked, it may be asked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksAloneIT {
  private static final long SEED = 314;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One call of each shape, since checking one takes a while. */
  private final Map<String, Exchange> calls = new ConcurrentHashMap<>();

  private Rig rig;
  private Crowd crowd;

  @BeforeAll
  void play() {
    Map<String, String> seldom =
        Map.of("SERVICENOW_POLL_INTERVAL", "1h", "PAGERDUTY_POLL_INTERVAL", "1h");
    rig = Rig.started("webhooks-alone", seldom);
    rig.pagerDuty.onRequest(call -> calls.putIfAbsent(shape(call), call));
    crowd = new Crowd(rig, SEED, 5).withoutSilentEdits();
    crowd.work(150, Duration.ofMillis(25)).finish();
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  @Test
  void keepBothSidesInStepThoughNobodyAsks() {
    rig.awaitAgreement(crowd.begun(), crowd.said());

    assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    for (String route : List.of("intake-webhook", "process-entry", "sync-pairs")) {
      assertThat(
              rig.lockstep.metric(
                  "camel_route_policy_seconds_count", "routeId=\"%s\"".formatted(route)))
          .as(route)
          .isPositive();
    }
  }

  /**
   * Edits one at a time, so that every write can be accounted for: one where the edit has to go,
   * none where it came from. (When both sides edit at once, a write may find its work done.)
   */
  @Test
  void eachEditIsOneWriteThereAndNoneHere() {
    rig.awaitAgreement(crowd.begun(), crowd.said());
    crowd.beginAtTheDesk();
    rig.awaitAgreement(crowd.begun(), crowd.said());
    List<Map<String, String>> tickets = rig.serviceNow.records("incident");
    Map<String, String> ticket = tickets.get(tickets.size() - 1);
    var ann = rig.serviceNow.as("ann");
    var ben = rig.pagerDuty.as("ben@example.com");
    String here = ticket.get("sys_id");
    String there = crowd.counterpart(ticket).id();

    goesToPagerDuty(() -> ann.update(here, Map.of("short_description", "One by one")));
    goesToPagerDuty(() -> ann.update(here, Map.of("impact", "3", "urgency", "3")));
    goesToPagerDuty(() -> ann.update(here, Map.of("state", "2")));
    goesToPagerDuty(() -> ann.addWorkNote(here, "A note from the desk"));
    goesToServiceNow(() -> ben.setPriority(there, "P1"));
    goesToServiceNow(() -> ben.addNote(there, "A note from the engineer"));
    goesToServiceNow(() -> ben.statusUpdate(there, "We are on it"));
    goesToServiceNow(() -> ben.resolve(there));
    goesToServiceNow(() -> ben.reopen(there));
    goesToPagerDuty(
        () ->
            ann.update(
                here,
                Map.of("state", "6", "close_code", "Solution provided", "close_notes", "It was.")),
        2); // and a note that says so
  }

  private void goesToPagerDuty(Runnable edit) {
    goesToPagerDuty(edit, 1);
  }

  private void goesToPagerDuty(Runnable edit, int writes) {
    long here = rig.serviceNow.calls().writes();
    long there = rig.pagerDuty.calls().writes();
    edit.run();
    rig.await("a write to PagerDuty", () -> rig.pagerDuty.calls().writes() >= there + writes);
    rig.awaitAgreement(crowd.begun(), crowd.said());
    assertThat(rig.pagerDuty.calls().writes()).as("writes to PagerDuty").isEqualTo(there + writes);
    assertThat(rig.serviceNow.calls().writes()).as("echoes to ServiceNow").isEqualTo(here);
  }

  private void goesToServiceNow(Runnable edit) {
    long here = rig.serviceNow.calls().writes();
    long there = rig.pagerDuty.calls().writes();
    edit.run();
    rig.await("a write to ServiceNow", () -> rig.serviceNow.calls().writes() > here);
    rig.awaitAgreement(crowd.begun(), crowd.said());
    assertThat(rig.serviceNow.calls().writes()).as("writes to ServiceNow").isEqualTo(here + 1);
    assertThat(rig.pagerDuty.calls().writes()).as("echoes to PagerDuty").isEqualTo(there);
  }

  @Test
  void pagerDutyIsAskedOnlyWhatItsDocumentAllows() {
    PagerDutyDocument document = PagerDutyDocument.load();
    rig.awaitAgreement(crowd.begun(), crowd.said());

    assertThat(calls.keySet())
        .anyMatch(shape -> shape.startsWith("POST /incidents "))
        .anyMatch(shape -> shape.startsWith("PUT /incidents/{id} "))
        .anyMatch(shape -> shape.startsWith("POST /incidents/{id}/notes "));
    List<String> broken = new ArrayList<>();
    calls.forEach(
        (shape, call) ->
            document.brokenByRequest(call).forEach(each -> broken.add(shape + ": " + each)));
    assertThat(broken).isEmpty();
  }

  private static String shape(Exchange call) {
    URI url = URI.create(call.url());
    String query = url.getQuery() == null ? "" : url.getQuery();
    String names =
        Arrays.stream(query.split("&", -1))
            .map(pair -> pair.replaceFirst("=.*", ""))
            .sorted()
            .distinct()
            .collect(Collectors.joining("&"));
    TreeSet<String> keys = new TreeSet<>();
    if (!call.requestBody().isEmpty()) {
      collect("", json(call.requestBody()), keys);
    }
    String path = url.getPath().replaceAll("/[PQ][0-9A-Z]{5,}", "/{id}");
    return call.method() + " " + path + " " + names + " " + keys;
  }

  private static void collect(String at, JsonNode node, TreeSet<String> keys) {
    keys.add(at + ":" + node.getNodeType());
    node.properties().forEach(e -> collect(at + "." + e.getKey(), e.getValue(), keys));
    if (node.isArray()) {
      node.forEach(each -> collect(at + "[]", each, keys));
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
