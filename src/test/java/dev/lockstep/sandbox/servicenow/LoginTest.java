package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginTest {
  private static final String TABLE = "/api/now/table/incident";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00Z"));
  private final ServiceNowSimulator instance =
      ServiceNowSimulator.start(
          new ServiceNowOptions()
              .credentials("lockstep", "secret")
              .oauth("id", "shh")
              .tokenLife(Duration.ofMinutes(30))
              .clock(clock));
  private final ServiceNowClient nobody = new ServiceNowClient(instance.url(), "");

  @AfterEach
  void close() {
    instance.close();
  }

  @ParameterizedTest
  @CsvSource({"lockstep,wrong", "stranger,secret", "'',''"})
  void refusesWhoCannotLogIn(String user, String password) throws IOException {
    HttpResponse<String> refused = ServiceNowClient.basic(instance, user, password).get(TABLE);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"User Not Authenticated\",\"detail\":"
                + "\"Required to provide Auth information\"},\"status\":\"failure\"}");
    assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void refusesWhoDoesNotTry() throws IOException {
    assertThat(nobody.get(TABLE).statusCode()).isEqualTo(401);
    assertThat(new ServiceNowClient(instance.url(), "Bearer made-up").get(TABLE).statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "'grant_type=client_credentials&client_id=id&client_secret=shh',lockstep",
    "'grant_type=password&client_id=id&client_secret=shh&username=admin&password=secret',admin"
  })
  void issuesTokensThatExpire(String form, String user) throws IOException {
    JsonNode issued = token(form, 200);
    assertThat(issued.path("token_type").asText()).isEqualTo("Bearer");
    assertThat(issued.path("expires_in").asInt()).isEqualTo(1800);
    ServiceNowClient caller =
        new ServiceNowClient(instance.url(), "Bearer " + issued.path("access_token").asText());
    assertThat(caller.result("POST", TABLE, "{}").path("sys_created_by").asText()).isEqualTo(user);
    clock.advance(Duration.ofSeconds(1800));
    assertThat(caller.get(TABLE).statusCode()).isEqualTo(401);
    assertThat(instance.calls().byRoute()).containsEntry("POST /oauth_token.do", 1L);
    assertThat(instance.calls().writes()).isEqualTo(1);
  }

  @Test
  void refreshesAToken() throws IOException {
    String app = "&client_id=id&client_secret=shh";
    JsonNode issued = token("grant_type=password&username=admin&password=secret" + app, 200);
    String refresh = issued.path("refresh_token").asText();
    assertThat(token("grant_type=refresh_token&refresh_token=" + refresh + app, 200).has("scope"))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'grant_type=client_credentials&client_id=id&client_secret=no',401",
    "'grant_type=password&client_id=id&client_secret=shh&username=admin&password=no',401",
    "'grant_type=refresh_token&client_id=id&client_secret=shh&refresh_token=no',401",
    "'grant_type=magic&client_id=id&client_secret=shh',400"
  })
  void refusesATokenToStrangers(String form, int status) throws IOException {
    assertThat(token(form, status).has("error")).isTrue();
  }

  @Test
  void lettingAllTokensExpireEndsOpenSessions() throws IOException {
    JsonNode issued = token("grant_type=client_credentials&client_id=id&client_secret=shh", 200);
    ServiceNowClient caller =
        new ServiceNowClient(instance.url(), "Bearer " + issued.path("access_token").asText());
    assertThat(caller.get(TABLE).statusCode()).isEqualTo(200);
    instance.expireTokens();
    assertThat(caller.get(TABLE).statusCode()).isEqualTo(401);
  }

  @Test
  void tellsMissingRolesFromMissingLogin() throws IOException {
    ServiceNowClient api = ServiceNowClient.basic(instance, "lockstep", "secret");
    instance.makeReadOnly("lockstep");
    assertThat(api.get(TABLE).statusCode()).isEqualTo(200);
    HttpResponse<String> write = api.send("POST", TABLE, "{}");
    assertThat(write.statusCode()).isEqualTo(403);
    assertThat(write.body()).contains("ACL Exception Insert Failed due to security constraints");
    instance.takeRoles("lockstep");
    assertThat(api.get(TABLE).statusCode()).isEqualTo(403);
  }

  private JsonNode token(String form, int status) throws IOException {
    HttpResponse<String> answer = nobody.send("POST", "/oauth_token.do", form, FORM);
    assertThat(answer.statusCode()).isEqualTo(status);
    return ServiceNowClient.JSON.readTree(answer.body());
  }
}
