package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OAuth by client credentials, which the ServiceNow component itself does not offer. */
final class ClientCredentialsTest {
  private static final RecordRef REF = new RecordRef("servicenow", "incident", "abc");
  private static final String RECORD =
      """
      {"result":{"sys_id":"abc","number":"INC1","sys_mod_count":"1",
       "sys_updated_on":"2026-11-24 03:00:00"}}\
      """;

  private final FakeSystem system = new FakeSystem();
  private final SettableClock clock = new SettableClock();
  private final ConnectorKit kit = kit();

  private ConnectorKit kit() {
    Map<String, String> settings = ConnectorKit.settings(system.port());
    settings.put("SERVICENOW_CLIENT_ID", "an id");
    settings.put("SERVICENOW_CLIENT_SECRET", "s&cret");
    return new ConnectorKit(List.of(Path.of("connectors")), settings, clock, Set.of());
  }

  @AfterEach
  void close() {
    kit.close();
    system.close();
  }

  private void grant(String token) {
    system.answer(
        post(urlPathEqualTo("/oauth_token.do")),
        okJson("{\"access_token\":\"" + token + "\",\"expires_in\":1799}"));
  }

  @Test
  void keepsATokenUntilItExpires() {
    grant("one");
    system.answer(get(urlPathMatching("/api/.*")), okJson(RECORD));

    kit.connectors.fetch(REF);
    kit.connectors.fetch(REF);

    assertThat(system.requests()).hasSize(3);
    assertThat(system.requests().get(0).getBodyAsString())
        .isEqualTo("grant_type=client_credentials&client_id=an%20id&client_secret=s%26cret");
    assertThat(system.requests().get(1).getHeader("Authorization")).isEqualTo("Bearer one");
    clock.advance(Duration.ofMinutes(30));
    grant("two");
    kit.connectors.fetch(REF);
    assertThat(system.requests().get(4).getHeader("Authorization")).isEqualTo("Bearer two");
  }

  @Test
  void getsAnotherTokenWhenOneIsRevoked() {
    grant("one");
    system.answer(get(urlPathMatching("/api/.*")), aResponse().withStatus(401).withBody("{}"));
    assertThatThrownBy(() -> kit.connectors.fetch(REF))
        .isInstanceOfSatisfying(
            RetryLaterException.class, e -> assertThat(e.delay()).isEqualTo(Duration.ofSeconds(1)));
    assertThat(kit.connectors.health()).allMatch(ConnectorHealth.Health::up);

    grant("two");
    system.answer(get(urlPathMatching("/api/.*")), okJson(RECORD));
    assertThat(kit.connectors.fetch(REF).key()).isEqualTo("INC1");
  }

  @Test
  void waitsWhenTheClientIsRefused() {
    system.answer(
        post(urlPathEqualTo("/oauth_token.do")),
        aResponse().withStatus(400).withBody("{\"error\":\"invalid_client\"}"));
    assertThatThrownBy(() -> kit.connectors.fetch(REF)).isInstanceOf(RetryLaterException.class);
    assertThat(kit.connectors.health()).anyMatch(health -> !health.trouble().isEmpty());
  }
}
