package dev.lockstep.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class ReceivedWebhooksTest {
  private final HikariDataSource database = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final WebhookReceipts receipts = new WebhookReceipts(jdbc);
  private final SettableClock clock = new SettableClock();
  private final ReceivedWebhooks one = process();
  private final ReceivedWebhooks other = process();

  private ReceivedWebhooks process() {
    return new ReceivedWebhooks(clock, new WebhookSettings(Duration.ofMinutes(10)), receipts);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    database.close();
  }

  private Instant verified(String system) {
    return WebhookReceipts.find(receipts.all(), system, Kind.VERIFIED)
        .map(WebhookReceipts.Receipt::at)
        .orElse(Instant.MIN);
  }

  /** A load balancer chooses the process. */
  @Test
  void theLastReceiptOfAnyProcessCounts() {
    one.recordVerified("itsm");
    clock.advance(Duration.ofMinutes(1));
    other.recordVerified("itsm");
    Instant last = clock.instant();
    await().until(() -> verified("itsm").equals(last));

    clock.advance(Duration.ofMinutes(-5));
    one.recordVerified("itsm");
    one.recordVerified("platform");
    await().until(() -> verified("platform").equals(clock.instant()));
    assertThat(verified("itsm")).isEqualTo(last);
  }

  @Test
  void whatCannotBeSavedIsSavedLater() {
    jdbc.sql("alter table webhook_receipt rename to away").update();
    one.recordVerified("itsm");
    one.recordRefused("itsm", WebhookOutcome.BAD_SIGNATURE);
    one.close();
    jdbc.sql("alter table away rename to webhook_receipt").update();
    assertThat(receipts.all()).isEmpty();
    one.close();
    assertThat(receipts.all())
        .extracting(WebhookReceipts.Receipt::kind, WebhookReceipts.Receipt::detail)
        .containsExactly(tuple(Kind.REFUSED, "bad-signature"), tuple(Kind.VERIFIED, ""));
  }

  @Test
  void nothingIsLostByAStop() {
    one.recordVerified("itsm");
    one.close();
    assertThat(verified("itsm")).isEqualTo(clock.instant());
  }
}
