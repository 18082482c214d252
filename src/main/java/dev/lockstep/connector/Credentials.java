package dev.lockstep.connector;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition.Authorization;
import dev.lockstep.connector.definition.ConnectorDefinition.Scheme;
import dev.lockstep.connector.definition.RequestTemplate;
import dev.lockstep.connector.definition.Settings;
import dev.lockstep.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Authorization} header of one system: fixed, or an access token obtained with client
 * credentials (RFC 6749, section 4.4) and cached until shortly before it expires. Thread-safe.
 */
final class Credentials {
  private static final Duration EARLY = Duration.ofSeconds(60);
  private static final long USUAL_LIFE_SECONDS = 1800;

  private final ConnectorDefinition connector;
  private final CamelHttpClient kamelets;
  private final Clock clock;
  private @Nullable Token token;

  private record Token(String header, Instant until) {}

  Credentials(ConnectorDefinition connector, CamelHttpClient kamelets, Clock clock) {
    this.connector = connector;
    this.kamelets = kamelets;
    this.clock = clock;
  }

  /**
   * @throws TokenRefusedException when the system does not grant a token
   */
  String header() {
    Authorization way =
        connector.authorization().stream()
            .filter(candidate -> Settings.complete(connector, candidate))
            .findFirst()
            .orElse(null);
    if (way == null) {
      return "";
    }
    return switch (way.scheme()) {
      case BASIC ->
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(
                      (setting(way, 0) + ":" + setting(way, 1)).getBytes(StandardCharsets.UTF_8));
      case TOKEN -> way.prefix() + setting(way, 0);
      case CLIENT_CREDENTIALS -> bearer(way);
    };
  }

  private synchronized String bearer(Authorization way) {
    if (token == null || !clock.instant().isBefore(token.until())) {
      ApiResponse answer =
          kamelets.call(
              connector.authorizeKamelet(),
              Map.of(
                  "clientId",
                  RequestTemplate.urlEncoded(setting(way, 0)),
                  "clientSecret",
                  RequestTemplate.urlEncoded(setting(way, 1))),
              null,
              "");
      String granted = JsonPath.text(answer.json(), "access_token");
      if (!answer.succeeded() || granted.isEmpty()) {
        throw new TokenRefusedException(answer);
      }
      long life = JsonPath.find(answer.json(), "expires_in").asLong(USUAL_LIFE_SECONDS);
      Instant until = clock.instant().plusSeconds(life).minus(EARLY);
      token = new Token("Bearer " + granted, until);
    }
    return token.header();
  }

  /**
   * Discards the token in this header, which the system has rejected.
   *
   * @return whether a new token can be requested: the old one may have been revoked early
   */
  synchronized boolean invalidate(String header) {
    boolean renewable =
        connector.authorization().stream()
            .filter(way -> Settings.complete(connector, way))
            .findFirst()
            .map(way -> way.scheme() == Scheme.CLIENT_CREDENTIALS)
            .orElse(false);
    if (renewable && token != null && token.header().equals(header)) {
      token = null;
    }
    return renewable;
  }

  private String setting(Authorization way, int index) {
    return Settings.value(connector, way.needs().get(index));
  }

  /** No token was granted. */
  static final class TokenRefusedException extends RuntimeException {
    private final transient ApiResponse answer;

    TokenRefusedException(ApiResponse answer) {
      super("No access token: " + answer.status());
      this.answer = answer;
    }

    ApiResponse answer() {
      return answer;
    }
  }
}
