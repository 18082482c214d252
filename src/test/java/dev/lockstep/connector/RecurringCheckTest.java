package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.SystemWatch.Watched;
import dev.lockstep.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PagerDuty's subscription is switched on again, and nothing else is written. */
final class RecurringCheckTest {
  private static final String NAME = "webhook subscription";
  private static final String ENABLE = "/webhook_subscriptions/PSUB1/enable";

  private final FakeSystem system = new FakeSystem();
  private final SettableClock clock = new SettableClock();
  private final ConnectorKit kit =
      new ConnectorKit(
          List.of(Path.of("connectors")), ConnectorKit.settings(system.port()), clock, Set.of());

  @AfterEach
  void close() {
    kit.close();
    system.close();
  }

  private Watched watch(boolean repairs) {
    return new ConnectorChecks(kit.catalog, kit.connectors, clock)
        .watch("pagerduty", NAME, Set.of("incident.triggered"), repairs);
  }

  private static String subscription(String id, String url, boolean active, boolean disabled) {
    return """
    {"webhook_subscriptions":[
     {"id":"%s","type":"webhook_subscription","active":%s,"events":["incident.triggered"],
      "delivery_method":{"url":"%s","temporarily_disabled":%s},
      "filter":{"type":"account_reference"}}]}\
    """
        .formatted(id, active, url, disabled);
  }

  private void shows(String id, boolean active, boolean disabled) {
    shows(subscription(id, "https://l.example.com/webhooks/pagerduty", active, disabled));
  }

  private void shows(String answer) {
    system.answer(get(urlPathEqualTo("/webhook_subscriptions")), okJson(answer));
  }

  private List<String> writes() {
    return system.requests().stream()
        .filter(request -> !request.getMethod().value().equals("GET"))
        .map(request -> request.getMethod() + " " + request.getUrl())
        .toList();
  }

  @Test
  void switchesOnWhatPagerDutySwitchedOff() {
    shows("PSUB1", true, true);
    system.answer(
        post(urlPathEqualTo(ENABLE)), okJson("{\"webhook_subscription\":{\"id\":\"PSUB1\"}}"));

    Watched watched = watch(true);

    assertThat(watched.repaired()).containsExactly("PSUB1");
    assertThat(writes()).containsExactly("POST " + ENABLE);
    // Asked again after the repair: what it shows then is what counts.
    assertThat(system.requests()).hasSize(3);
    assertThat(watched.finding().status()).isEqualTo(Status.FAIL);
    assertThat(watched.finding().found()).contains("temporarily_disabled is true");
  }

  @Test
  void onlyReportsItIfRepairsAreSwitchedOff() {
    shows("PSUB1", true, true);
    Watched watched = watch(false);
    assertThat(watched.repaired()).isEmpty();
    assertThat(watched.finding().status()).isEqualTo(Status.FAIL);
    assertThat(writes()).isEmpty();
  }

  @Test
  void writesNothingWhenAllIsWell() {
    shows("PSUB1", true, false);
    Watched watched = watch(true);
    assertThat(watched.finding().status()).isEqualTo(Status.PASS);
    assertThat(watched.repaired()).isEmpty();
    assertThat(writes()).isEmpty();
  }

  /** A person made it inactive. */
  @Test
  void leavesAloneWhatAPersonSwitchedOff() {
    shows("PSUB1", false, true);
    Watched watched = watch(true);
    assertThat(watched.finding().status()).isEqualTo(Status.FAIL);
    assertThat(watched.finding().found()).contains("active is false");
    assertThat(writes()).isEmpty();
  }

  @Test
  void leavesSubscriptionsOfOthersAlone() {
    shows(subscription("PSUB1", "https://other.example.com/hook", true, true));
    assertThat(watch(true).finding().status()).isEqualTo(Status.FAIL);
    assertThat(writes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../users/PADMIN", "a/b", "", "x?y", "%2e%2e"})
  void anIdThatCouldAddressSomethingElseIsNotUsed(String id) {
    shows(id, true, true);
    assertThat(watch(true).repaired()).isEmpty();
    assertThat(writes()).isEmpty();
  }

  @Test
  void saysThatTheTokenMayNotSwitchItOn() {
    shows("PSUB1", true, true);
    system.answer(
        post(urlPathEqualTo(ENABLE)), status(403).withBody("{\"error\":{\"message\":\"no\"}}"));
    Watched watched = watch(true);
    assertThat(watched.repaired()).isEmpty();
    assertThat(watched.finding().status()).isEqualTo(Status.FAIL);
    assertThat(watched.finding().found()).startsWith("refused with 403: ");
  }

  @Test
  void aPausedSystemIsNotAsked() {
    kit.gate(
        name -> {
          throw new PausedException(Duration.ofDays(1), Set.of("system:" + name), "paused");
        });
    assertThatThrownBy(() -> watch(true)).isInstanceOf(PausedException.class);
    assertThat(system.requests()).isEmpty();
  }

  @Test
  void onlyChecksWithARepairAreAskedAgain() {
    ConnectorChecks checks = new ConnectorChecks(kit.catalog, kit.connectors, clock);
    assertThat(checks.repairable("pagerduty")).containsExactly(NAME);
    assertThat(checks.repairable("servicenow")).isEmpty();
  }
}
