package dev.lockstep.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code webhook_receipt}: what any process last received of a system's webhooks. */
@Component
public final class WebhookReceipts {
  private final JdbcClient jdbc;

  /** What a receipt proves. */
  public enum Kind {
    /** The signature was right. */
    VERIFIED,
    /** The sender received an error. Anybody may have sent it. */
    REFUSED,
    /** The signature was right, and an operator or {@code check} made the system send it. */
    TEST
  }

  /**
   * @param at by the clock of the process that received it
   * @param detail of a refused one the outcome, for example {@code bad-signature}; of a test
   *     webhook the system's id of it; otherwise empty
   * @param occurredAt when a test webhook was sent, by the system's clock; otherwise null
   * @param sender the subscription that a test webhook names in a header, which is not signed;
   *     empty if none
   */
  public record Receipt(
      String system,
      Kind kind,
      Instant at,
      String detail,
      @Nullable Instant occurredAt,
      String sender) {}

  public WebhookReceipts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** An older one than the stored one changes nothing. */
  public void save(Receipt receipt) {
    jdbc.sql(
            """
            insert into webhook_receipt (system, kind, at, detail, occurred_at, sender)
            values (?, ?, ?, ?, ?, ?)
            on conflict (system, kind) do update set
              at = excluded.at, detail = excluded.detail, occurred_at = excluded.occurred_at,
              sender = excluded.sender
            where webhook_receipt.at <= excluded.at
            """)
        .params(
            receipt.system(),
            receipt.kind().name(),
            Timestamp.from(receipt.at()),
            receipt.detail(),
            receipt.occurredAt() == null ? null : Timestamp.from(receipt.occurredAt()),
            receipt.sender())
        .update();
  }

  /** At most one of each system and kind. */
  public List<Receipt> all() {
    return jdbc.sql("select * from webhook_receipt order by system, kind")
        .query(WebhookReceipts::receipt)
        .list();
  }

  /** The one of this system and kind. */
  public static Optional<Receipt> find(List<Receipt> receipts, String system, Kind kind) {
    return receipts.stream()
        .filter(receipt -> receipt.system().equals(system) && receipt.kind() == kind)
        .findFirst();
  }

  private static Receipt receipt(ResultSet row, int index) throws SQLException {
    Timestamp occurred = row.getTimestamp("occurred_at");
    return new Receipt(
        row.getString("system"),
        Kind.valueOf(row.getString("kind")),
        row.getTimestamp("at").toInstant(),
        row.getString("detail"),
        occurred == null ? null : occurred.toInstant(),
        row.getString("sender"));
  }
}
