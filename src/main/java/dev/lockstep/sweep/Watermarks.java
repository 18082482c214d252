package dev.lockstep.sweep;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code watermark}: up to when each listing was read. */
class Watermarks {
  private final JdbcClient jdbc;

  Watermarks(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<Instant> find(String listing) {
    return jdbc.sql("select since from watermark where listing = ?")
        .param(listing)
        .query((rs, i) -> rs.getTimestamp("since").toInstant())
        .optional();
  }

  /** Never moves back. */
  void advance(String listing, Instant since) {
    jdbc.sql(
            """
            insert into watermark (listing, since) values (?, ?)
            on conflict (listing) do update set since = greatest(watermark.since, excluded.since)
            """)
        .params(listing, Timestamp.from(since))
        .update();
  }
}
