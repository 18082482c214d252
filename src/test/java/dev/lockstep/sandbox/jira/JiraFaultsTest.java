package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.JiraClient.Reply;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Limits, failures, and calls that do more than their answer says. */
class JiraFaultsTest {

  @Test
  void limitsTheRateAndSaysForHowLong() {
    try (Shop shop = new Shop(options -> options.requestsPerMinute(2))) {
      Reply first = shop.api.get("/myself");
      shop.api.get("/myself");
      Reply refused = shop.api.get("/myself");

      assertThat(first.headers().firstValue("X-RateLimit-Remaining")).hasValue("1");
      assertThat(refused.status()).isEqualTo(429);
      // 16:00:30 until the next minute.
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
      assertThat(refused.headers().firstValue("X-RateLimit-Reset")).hasValue("2026-11-24T16:01Z");
      assertThat(refused.headers().firstValue("RateLimit-Reason"))
          .hasValue("jira-quota-tenant-based");
      shop.clock.advance(Duration.ofSeconds(30));
      assertThat(shop.api.get("/myself").status()).isEqualTo(200);
    }
  }

  @Test
  void failsAsItIsToldTo() {
    try (Shop shop = new Shop(options -> options.lateness(Duration.ofMillis(300)))) {
      plan(shop, Faults.Kind.TOO_MANY_REQUESTS);
      plan(shop, Faults.Kind.SERVICE_UNAVAILABLE);
      plan(shop, Faults.Kind.DONE_BUT_FAILED);
      plan(shop, Faults.Kind.DONE_BUT_RESET);
      plan(shop, Faults.Kind.RESET);
      plan(shop, Faults.Kind.TIMEOUT);

      Reply limited = shop.create("");
      assertThat(limited.status()).isEqualTo(429);
      assertThat(limited.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(shop.create("").status()).isEqualTo(503);
      assertThat(shop.jira.issues()).isEmpty();
      assertThat(shop.create("").status()).isEqualTo(500);
      assertThat(shop.jira.issues()).hasSize(1);
      assertThatThrownBy(() -> shop.create("")).isInstanceOf(UncheckedIOException.class);
      assertThat(shop.jira.issues()).hasSize(2);
      assertThatThrownBy(() -> shop.create("")).isInstanceOf(UncheckedIOException.class);
      assertThat(shop.jira.issues()).hasSize(2);
      long before = System.nanoTime();
      assertThat(shop.create("").status()).isEqualTo(201);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(290));
      assertThat(shop.jira.calls().byStatus()).containsEntry(0, 2L).containsEntry(429, 1L);
    }
  }

  private static void plan(Shop shop, Faults.Kind fault) {
    shop.jira
        .faults()
        .next(
            1,
            fault,
            call -> call.method().equals("POST") && call.path().equals("/rest/api/3/issue"));
  }
}
