package dev.lockstep.intake.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.intake.Signed;
import dev.lockstep.intake.VendorSamples;
import dev.lockstep.intake.definition.HmacSignature.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HmacSignatureTest {
  private static final byte[] BODY = "{\"grüße\":\"☎\"}".getBytes(UTF_8);

  private static HmacSignature scheme(String secrets) {
    return new HmacSignature(Scheme.ofBody("X-Signature", "v1="), "SECRETS", secrets);
  }

  private static boolean verifies(HmacSignature scheme, byte[] body, String signature) {
    return scheme.verifies(
        body, name -> name.equals(scheme.header()) ? signature : null, Instant.EPOCH);
  }

  /** RFC 4231, test case 2: a vector nobody here computed. */
  @Test
  void agreesWithThePublishedVector() {
    assertThat(
            verifies(
                scheme("Jefe"),
                "what do ya want for nothing?".getBytes(UTF_8),
                "v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        .isTrue();
  }

  @Test
  void agreesWithPagerDutysOwnVectors() throws IOException {
    Path folder = VendorSamples.folder();
    JsonNode vectors =
        new ObjectMapper().readTree(folder.resolve("signature-vectors.json").toFile());
    assertThat(vectors).isNotEmpty();
    for (JsonNode vector : vectors) {
      byte[] body =
          vector.has("body")
              ? vector.get("body").asText().getBytes(UTF_8)
              : Files.readAllBytes(folder.resolve("go-" + vector.get("body_file").asText()));
      boolean valid =
          verifies(
              scheme(vector.get("secret").asText()),
              body,
              vector.at("/header/X-PagerDuty-Signature").asText());
      assertThat(valid).as(vector.get("name").asText()).isEqualTo(vector.get("valid").asBoolean());
    }
  }

  /** The vector of Atlassian's document "Webhooks", section "Secure admin webhooks". */
  @Test
  void agreesWithJirasOwnVector() {
    HmacSignature jira =
        new HmacSignature(
            Scheme.ofBody("X-Hub-Signature", "sha256="), "SECRET", "It's a Secret to Everybody");
    String signature = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    assertThat(verifies(jira, "Hello World!".getBytes(UTF_8), signature)).isTrue();
    assertThat(verifies(jira, "Hello World?".getBytes(UTF_8), signature)).isFalse();
  }

  @Test
  void acceptsAnySecretWhileOneIsBeingReplaced() {
    HmacSignature both = scheme(" old-one , new-one,");
    assertThat(verifies(both, BODY, Signed.with("old-one", BODY))).isTrue();
    assertThat(verifies(both, BODY, Signed.with("new-one", BODY))).isTrue();
    assertThat(verifies(both, BODY, Signed.with("third", BODY))).isFalse();
  }

  @Test
  void acceptsAnyOfSeveralSignatures() {
    String right = Signed.with("secret", BODY);
    String wrong = Signed.with("other", BODY);
    HmacSignature scheme = scheme("secret");
    assertThat(verifies(scheme, BODY, wrong + "," + right)).isTrue();
    assertThat(verifies(scheme, BODY, right + ", " + wrong)).isTrue();
    assertThat(verifies(scheme, BODY, "v2=abc, v1=zz, " + right)).isTrue();
    assertThat(verifies(scheme, BODY, right.toUpperCase(Locale.ROOT).replace("V1", "v1"))).isTrue();
    assertThat(verifies(scheme, BODY, wrong + "," + wrong)).isFalse();
  }

  @Test
  void refusesABodyThatWasTouched() {
    byte[] touched = BODY.clone();
    touched[touched.length - 1] ^= 1;
    assertThat(verifies(scheme("secret"), touched, Signed.with("secret", BODY))).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", ",", "v1=", "v1", "=", "v1=zz", "garbage", ",,,,", "v1=\u00e9"})
  void refusesWhatIsNoSignature(String header) {
    assertThat(verifies(scheme("secret"), BODY, header)).isFalse();
  }

  @Test
  void refusesARightDigestUnderAnotherVersion() {
    String signature = Signed.with("secret", BODY);
    assertThat(verifies(scheme("secret"), BODY, signature.replace("v1=", "v0="))).isFalse();
    assertThat(verifies(scheme("secret"), BODY, signature.substring(3))).isFalse();
  }

  /** A setting left out must not turn into an empty key, which anyone could sign with. */
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", ",", " , "})
  void withoutASecretNothingIsRight(String secrets) {
    HmacSignature none = scheme(secrets);
    assertThat(none.hasSecret()).isFalse();
    assertThat(verifies(none, BODY, Signed.with(" ", BODY))).isFalse();
  }

  private static final Map<String, String> SVIX =
      Map.of(
          "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
          "webhook-timestamp", "1614265330",
          "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

  private static final byte[] SVIX_BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final Instant SVIX_TIME = Instant.ofEpochSecond(1614265330);

  private static HmacSignature standardWebhooks(String secrets) {
    return new HmacSignature(
        new Scheme(
            "webhook-signature",
            "v1,",
            " ",
            true,
            "{webhook-id}.{webhook-timestamp}.{body}",
            "whsec_",
            new HmacSignature.Timestamp("webhook-timestamp", Duration.ofMinutes(5))),
        "SECRETS",
        secrets);
  }

  private static boolean verifies(String secrets, Map<String, String> changed, Instant now) {
    Map<String, String> headers = new HashMap<>(SVIX);
    headers.putAll(changed);
    return standardWebhooks(secrets).verifies(SVIX_BODY, headers::get, now);
  }

  /** The vector in the tests of Svix's own library for Ruby. */
  @Test
  void agreesWithSvixsOwnVector() {
    String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assertThat(verifies(secret, Map.of(), SVIX_TIME)).isTrue();
    assertThat(verifies("other-one, " + secret, Map.of(), SVIX_TIME)).isTrue();
    assertThat(
            verifies(
                secret,
                Map.of(
                    "webhook-signature",
                    "v1,AAAA v2,zz "
                        + SVIX.get("webhook-signature")
                        + " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF="),
                SVIX_TIME))
        .isTrue();
    assertThat(verifies(secret.substring("whsec_".length()), Map.of(), SVIX_TIME)).isFalse();
    assertThat(verifies(secret, Map.of("webhook-id", "msg_other"), SVIX_TIME)).isFalse();
    assertThat(verifies(secret, Map.of("webhook-timestamp", "1614265331"), SVIX_TIME)).isFalse();
    assertThat(standardWebhooks(secret).headers())
        .containsExactly("webhook-id", "webhook-signature", "webhook-timestamp");
  }

  @Test
  void refusesAMissingHeaderThatIsSigned() {
    for (String header : SVIX.keySet()) {
      Map<String, String> without = new HashMap<>(SVIX);
      without.remove(header);
      assertThat(
              standardWebhooks("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                  .verifies(SVIX_BODY, without::get, SVIX_TIME))
          .as(header)
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"-300, true", "-301, false", "300, true", "301, false", "99999999999999, false"})
  void refusesWhatWasSignedTooLongAgo(long later, boolean right) {
    assertThat(
            verifies(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Map.of(), SVIX_TIME.plusSeconds(later)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "1614265330.5", "99999999999999999999", "99999999999999999"})
  void refusesATimeThatIsNone(String timestamp) {
    byte[] signed = ("msg." + timestamp + ".{}").getBytes(UTF_8);
    String signature = "v1," + Signed.base64("secret", signed);
    Map<String, String> headers =
        Map.of("webhook-id", "msg", "webhook-timestamp", timestamp, "webhook-signature", signature);
    assertThat(standardWebhooks("secret").verifies("{}".getBytes(UTF_8), headers::get, SVIX_TIME))
        .isFalse();
  }

  @Test
  void saysWhichSettingHoldsAnIncompleteSecretAndNotTheSecret() {
    assertThatThrownBy(() -> standardWebhooks("whsec_MfKQ9r8!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SECRETS")
        .hasMessageNotContaining("MfKQ9r8");
  }

  @Test
  void aTimeThatIsNotSignedProvesNothing() {
    assertThatThrownBy(
            () ->
                new Scheme(
                    "s",
                    "",
                    ",",
                    false,
                    "{body}",
                    "",
                    new HmacSignature.Timestamp("t", Duration.ZERO)))
        .hasMessageContaining("must be in `signed`");
  }
}
