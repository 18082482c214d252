package dev.lockstep;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** An OpenID Connect provider of one user at a time, who agrees to everything. */
final class IdentityProvider implements AutoCloseable {
  static final String CLIENT = "lockstep";

  private final WireMockServer server =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  private final RSAKey key = key();

  /** Is not ready yet: it knows nothing. */
  IdentityProvider() {
    server.start();
  }

  String issuer() {
    return server.baseUrl();
  }

  void becomeReady() throws Exception {
    server.stubFor(
        get("/.well-known/openid-configuration")
            .willReturn(
                json(
                    Map.of(
                        "issuer", issuer(),
                        "authorization_endpoint", issuer() + "/authorize",
                        "token_endpoint", issuer() + "/token",
                        "jwks_uri", issuer() + "/keys",
                        "subject_types_supported", List.of("public"),
                        "response_types_supported", List.of("code"),
                        "id_token_signing_alg_values_supported", List.of("RS256")))));
    server.stubFor(get("/keys").willReturn(okJson(new JWKSet(key).toPublicJWKSet().toString())));
  }

  /** Lets this user in at the next log-in. */
  void logIn(String name, List<String> groups, String nonce) throws Exception {
    logIn(name, groups, nonce, Map.of());
  }

  /** The same with more claims. */
  void logIn(String name, List<String> groups, String nonce, Map<String, Object> more)
      throws Exception {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .subject("4711")
            .audience(CLIENT)
            .issueTime(Date.from(Instant.now()))
            .expirationTime(Date.from(Instant.now().plusSeconds(60)))
            .claim("nonce", nonce)
            .claim("preferred_username", name)
            .claim("groups", groups);
    more.forEach(claims::claim);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            claims.build());
    token.sign(new RSASSASigner(key));
    server.stubFor(
        post("/token")
            .willReturn(
                json(
                    Map.of(
                        "access_token",
                        "opaque",
                        "token_type",
                        "Bearer",
                        "expires_in",
                        60,
                        "id_token",
                        token.serialize()))));
  }

  private static ResponseDefinitionBuilder json(Map<String, Object> body) throws Exception {
    return okJson(new ObjectMapper().writeValueAsString(body));
  }

  private static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).keyID("test").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
