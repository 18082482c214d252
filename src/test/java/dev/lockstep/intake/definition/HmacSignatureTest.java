package dev.lockstep.intake.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.intake.Signed;
import dev.lockstep.intake.VendorSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HmacSignatureTest {
  private static final byte[] BODY = "{\"grüße\":\"☎\"}".getBytes(UTF_8);

  private static HmacSignature scheme(String secrets) {
    return new HmacSignature("X-Signature", "v1=", "SECRETS", secrets);
  }

  /** RFC 4231, test case 2: a vector nobody here computed. */
  @Test
  void agreesWithThePublishedVector() {
    assertThat(
            scheme("Jefe")
                .verifies(
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
          scheme(vector.get("secret").asText())
              .verifies(body, vector.at("/header/X-PagerDuty-Signature").asText());
      assertThat(valid).as(vector.get("name").asText()).isEqualTo(vector.get("valid").asBoolean());
    }
  }

  /** The vector of Atlassian's document "Webhooks", section "Secure admin webhooks". */
  @Test
  void agreesWithJirasOwnVector() {
    HmacSignature jira =
        new HmacSignature("X-Hub-Signature", "sha256=", "SECRET", "It's a Secret to Everybody");
    String signature = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    assertThat(jira.verifies("Hello World!".getBytes(UTF_8), signature)).isTrue();
    assertThat(jira.verifies("Hello World?".getBytes(UTF_8), signature)).isFalse();
  }

  @Test
  void acceptsAnySecretWhileOneIsBeingReplaced() {
    HmacSignature both = scheme(" old-one , new-one,");
    assertThat(both.verifies(BODY, Signed.with("old-one", BODY))).isTrue();
    assertThat(both.verifies(BODY, Signed.with("new-one", BODY))).isTrue();
    assertThat(both.verifies(BODY, Signed.with("third", BODY))).isFalse();
  }

  @Test
  void acceptsAnyOfSeveralSignatures() {
    String right = Signed.with("secret", BODY);
    String wrong = Signed.with("other", BODY);
    HmacSignature scheme = scheme("secret");
    assertThat(scheme.verifies(BODY, wrong + "," + right)).isTrue();
    assertThat(scheme.verifies(BODY, right + ", " + wrong)).isTrue();
    assertThat(scheme.verifies(BODY, "v2=abc, v1=zz, " + right)).isTrue();
    assertThat(scheme.verifies(BODY, right.toUpperCase(Locale.ROOT).replace("V1", "v1"))).isTrue();
    assertThat(scheme.verifies(BODY, wrong + "," + wrong)).isFalse();
  }

  @Test
  void refusesABodyThatWasTouched() {
    byte[] touched = BODY.clone();
    touched[touched.length - 1] ^= 1;
    assertThat(scheme("secret").verifies(touched, Signed.with("secret", BODY))).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", ",", "v1=", "v1", "=", "v1=zz", "garbage", ",,,,", "v1=\u00e9"})
  void refusesWhatIsNoSignature(String header) {
    assertThat(scheme("secret").verifies(BODY, header)).isFalse();
  }

  @Test
  void refusesARightDigestUnderAnotherVersion() {
    String signature = Signed.with("secret", BODY);
    assertThat(scheme("secret").verifies(BODY, signature.replace("v1=", "v0="))).isFalse();
    assertThat(scheme("secret").verifies(BODY, signature.substring(3))).isFalse();
  }

  /** A setting left out must not turn into an empty key, which anyone could sign with. */
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", ",", " , "})
  void withoutASecretNothingIsRight(String secrets) {
    HmacSignature none = scheme(secrets);
    assertThat(none.hasSecret()).isFalse();
    assertThat(none.verifies(BODY, Signed.with(" ", BODY))).isFalse();
  }
}
