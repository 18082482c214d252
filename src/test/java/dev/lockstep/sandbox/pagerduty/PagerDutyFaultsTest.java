package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.pagerduty.PagerDutyClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong on purpose, and what is counted, by real HTTP. */
class PagerDutyFaultsTest {

  private final Hospital hospital =
      new Hospital(options -> options.withLateness(Duration.ofMillis(700)));
  private final PagerDutyClient api = hospital.api();
  private final String id = hospital.open("x");

  @AfterEach
  void stop() {
    hospital.close();
  }

  @Test
  void tooManyRequestsSaysWhenToComeBack() {
    Reply reply = resolveWith(Faults.Kind.TOO_MANY_REQUESTS);

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.error())
        .isEqualTo(PagerDutyClient.json("{'message':'Rate Limit Exceeded','code':2020}"));
    assertThat(header(reply, "ratelimit-remaining")).isEqualTo("0");
    assertThat(header(reply, "ratelimit-reset")).isEqualTo("1");
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isTrue();
    assertThat(hospital.pagerDuty.faults().injected())
        .isEqualTo(Map.of(Faults.Kind.TOO_MANY_REQUESTS, 1));
    assertThat(api.put("/incidents/" + id, update("'status':'resolved'")).status())
        .describedAs("a fault is spent once")
        .isEqualTo(200);
  }

  @Test
  void unavailableIsNoJsonAndDoesNothing() {
    Reply reply = resolveWith(Faults.Kind.SERVICE_UNAVAILABLE);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(header(reply, "Content-Type")).isEqualTo("text/html");
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isTrue();
  }

  @Test
  void aFailureMayComeAfterTheDeed() {
    Reply reply = resolveWith(Faults.Kind.DONE_BUT_FAILED);

    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.error().path("code").asInt()).isEqualTo(2000);
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isFalse();
  }

  @Test
  void aResetComesBeforeOrAfterTheDeed() {
    assertThatThrownBy(() -> tryResolveWith(Faults.Kind.RESET)).isInstanceOf(IOException.class);
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isTrue();

    assertThatThrownBy(() -> tryResolveWith(Faults.Kind.DONE_BUT_RESET))
        .isInstanceOf(IOException.class);
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isFalse();
    assertThat(hospital.pagerDuty.calls().byStatus()).containsEntry(0, 2L);
  }

  @Test
  void aLateAnswerComesAfterTheDeed() {
    long start = System.nanoTime();

    Reply reply = resolveWith(Faults.Kind.TIMEOUT);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(650));
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isFalse();
  }

  @Test
  void closingDoesNotWaitForLateAnswers() {
    Hospital slow = new Hospital(options -> options.withLateness(Duration.ofMinutes(5)));
    slow.pagerDuty.faults().next(1, Faults.Kind.TIMEOUT, call -> true);
    CompletableFuture<Reply> waiting =
        CompletableFuture.supplyAsync(() -> slow.api().get("/incidents"));
    await().until(() -> slow.pagerDuty.calls().reads() == 1);

    assertTimeout(Duration.ofSeconds(5), slow::close);

    assertThat(waiting).failsWithin(Duration.ofSeconds(5));
  }

  @Test
  void limitsTheCallsOfAMinuteWhenAskedTo() {
    try (Hospital limited = new Hospital(options -> options.withRequestsPerMinute(3))) {
      PagerDutyClient caller = limited.api();
      limited.clock.advance(Duration.ofSeconds(20));

      assertThat(header(caller.get("/users"), "ratelimit-remaining")).isEqualTo("2");
      caller.get("/users");
      assertThat(header(caller.get("/users"), "ratelimit-remaining")).isEqualTo("0");
      Reply refused = caller.get("/users");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(header(refused, "ratelimit-limit")).isEqualTo("3");
      assertThat(header(refused, "ratelimit-reset")).isEqualTo("40");
      limited.clock.advance(Duration.ofSeconds(40));
      assertThat(caller.get("/users").status()).isEqualTo(200);
    }
  }

  @Test
  void everyAnswerCarriesTheRateLimitHeaders() {
    Reply reply = api.get("/incidents");

    assertThat(header(reply, "ratelimit-limit")).isEqualTo("960");
    assertThat(header(reply, "ratelimit-remaining")).isEqualTo("959");
    assertThat(Integer.parseInt(header(reply, "ratelimit-reset"))).isBetween(1, 60);
  }

  @Test
  void countsCallsOverHttpOnly() {
    api.get("/incidents/" + id);
    api.get("/incidents?limit=1");
    api.get("/nothing/here");
    hospital.pagerDuty.as(Hospital.ANA).resolve(id);

    CallCounters calls = hospital.pagerDuty.calls();
    assertThat(calls.byMethod()).isEqualTo(Map.of("GET", 3L, "POST", 1L));
    assertThat(calls.byRoute())
        .isEqualTo(
            Map.of(
                "GET /incidents/{id}", 1L,
                "GET /incidents", 1L,
                "GET (unknown)", 1L,
                "POST /incidents", 1L));
    assertThat(calls.reads()).isEqualTo(3);
    assertThat(calls.writes()).isEqualTo(1);
    assertThat(calls.byStatus()).isEqualTo(Map.of(200, 2L, 201, 1L, 404, 1L));
  }

  @Test
  void tellsOfEveryChangeAndWhoMadeIt() {
    List<String> events = new ArrayList<>();
    hospital.pagerDuty.onChange(
        change ->
            events.add(
                change.what()
                    + " by "
                    + change.by().email()
                    + " leaves "
                    + hospital.pagerDuty.incident(change.incident().id()).status()));

    api.put("/incidents/" + id, update("'status':'acknowledged'"));
    hospital.pagerDuty.as(Hospital.ANA).resolve(id);
    api.put("/incidents/" + id, update("'title':'x'"));

    assertThat(events)
        .containsExactly(
            "ACKNOWLEDGED by lockstep@example.com leaves ACKNOWLEDGED",
            "RESOLVED by ana@example.com leaves RESOLVED");
  }

  private Reply resolveWith(Faults.Kind fault) {
    plan(fault);
    return api.put("/incidents/" + id, update("'status':'resolved'"));
  }

  private Reply tryResolveWith(Faults.Kind fault) throws IOException {
    plan(fault);
    return api.tryCall("PUT", "/incidents/" + id, update("'status':'resolved'"));
  }

  private void plan(Faults.Kind fault) {
    hospital.pagerDuty.faults().next(1, fault, call -> call.method().equals("PUT"));
  }

  private static String header(Reply reply, String name) {
    return reply.headers().firstValue(name).orElse("");
  }
}
