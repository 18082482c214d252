package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault as the caller sees it, and whether the instance did the work all the same. */
class ServiceNowFaultsTest {
  private static final String TABLE = "/api/now/table/incident";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00Z"));
  private final Faults faults = new Faults();
  private final ServiceNowSimulator instance =
      ServiceNowSimulator.start(
          new ServiceNowOptions()
              .faults(faults)
              .clock(clock)
              .retryAfter(Duration.ofSeconds(7))
              .lateAnswer(Duration.ofSeconds(20)));
  private final ServiceNowClient api = ServiceNowClient.basic(instance, "lockstep", "lockstep");

  @AfterEach
  void close() {
    instance.close();
  }

  @Test
  void limitsTheRate() throws IOException {
    plan(Faults.Kind.TOO_MANY_REQUESTS);
    HttpResponse<String> answer = api.send("POST", TABLE, "{}");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(answer.headers().firstValue("X-RateLimit-Reset"))
        .hasValue(Long.toString(clock.instant().getEpochSecond() + 7));
    assertThat(answer.headers().map()).containsKeys("x-ratelimit-limit", "x-ratelimit-rule");
    assertThat(answer.body()).contains("\"message\":\"Rate limit exceeded\"");
    assertThat(instance.records("incident")).isEmpty();
  }

  @Test
  void isUnavailableWithAPageInsteadOfJson() throws IOException {
    plan(Faults.Kind.SERVICE_UNAVAILABLE);
    HttpResponse<String> answer = api.send("POST", TABLE, "{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(instance.records("incident")).isEmpty();
  }

  @Test
  void failsAfterTheWorkIsDone() throws IOException {
    plan(Faults.Kind.DONE_BUT_FAILED);
    assertThat(api.send("POST", TABLE, "{}").statusCode()).isEqualTo(500);
    assertThat(instance.records("incident")).hasSize(1);
  }

  @Test
  void resetsBeforeTheWork() {
    plan(Faults.Kind.RESET);
    assertThatThrownBy(() -> api.send("POST", TABLE, "{}")).isInstanceOf(IOException.class);
    assertThat(instance.records("incident")).isEmpty();
  }

  @Test
  void resetsAfterTheWork() {
    plan(Faults.Kind.DONE_BUT_RESET);
    assertThatThrownBy(() -> api.send("POST", TABLE, "{}")).isInstanceOf(IOException.class);
    assertThat(instance.records("incident")).hasSize(1);
  }

  @Test
  void answersTooLate() {
    plan(Faults.Kind.TIMEOUT);
    assertThatThrownBy(() -> api.send("POST", TABLE, "{}"))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(instance.records("incident")).hasSize(1);
  }

  @Test
  void countsWhatWasMetAndThenWorksAgain() throws IOException {
    faults.next(2, Faults.Kind.SERVICE_UNAVAILABLE, call -> call.path().equals(TABLE));
    assertThat(api.get("/api/now/table/problem").statusCode()).isEqualTo(200);
    assertThat(api.get(TABLE).statusCode()).isEqualTo(503);
    assertThat(api.get(TABLE).statusCode()).isEqualTo(503);
    assertThat(api.get(TABLE).statusCode()).isEqualTo(200);
    assertThat(faults.injected()).isEqualTo(Map.of(Faults.Kind.SERVICE_UNAVAILABLE, 2));
    assertThat(instance.calls().reads()).isEqualTo(4);
  }

  /** A sleeping developer instance is the trap: 200, and no JSON. */
  @Test
  void hibernates() throws IOException {
    instance.hibernate(true);
    HttpResponse<String> asleep = api.get(TABLE);
    assertThat(asleep.statusCode()).isEqualTo(200);
    assertThat(asleep.body()).startsWith("<html>");
    instance.hibernate(false);
    assertThat(api.result(TABLE)).isEmpty();
  }

  private void plan(Faults.Kind kind) {
    faults.next(1, kind, call -> call.method().equals("POST"));
  }
}
