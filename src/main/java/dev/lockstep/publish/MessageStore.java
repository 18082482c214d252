package dev.lockstep.publish;

import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.record.RecordRef;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code message}. */
@Component
class MessageStore {
  private final JdbcClient jdbc;

  MessageStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(OutboundMessage message, RecordRef about) {
    jdbc.sql(
            """
            insert into message (id, channel, kind, recipient, title, text, link, about, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            message.id(),
            message.channel(),
            message.kind(),
            message.recipient(),
            PostgresText.removeNul(message.title()),
            PostgresText.removeNul(message.text()),
            message.link(),
            about.toString(),
            Timestamp.from(message.createdAt()))
        .update();
  }

  Optional<OutboundMessage> findUnsent(UUID id) {
    return jdbc.sql("select * from message where id = ? and sent_at is null")
        .param(id)
        .query(
            (rs, i) ->
                new OutboundMessage(
                    rs.getObject("id", UUID.class),
                    rs.getString("channel"),
                    rs.getString("kind"),
                    rs.getString("recipient"),
                    rs.getString("title"),
                    rs.getString("text"),
                    rs.getString("link"),
                    rs.getTimestamp("created_at").toInstant()))
        .optional();
  }

  void markSent(UUID id, Instant at) {
    jdbc.sql("update message set sent_at = ? where id = ?").params(Timestamp.from(at), id).update();
  }

  /** Of those that exist. Only its inbox entry says whether an unsent message will be sent. */
  Map<UUID, MessageState> states(Collection<UUID> ids) {
    Map<UUID, MessageState> states = new HashMap<>();
    jdbc.sql(
            """
            select message.id, case when sent_at is not null then 'SENT' when entry.subject is null
                then 'DISCARDED' when entry.state = 'DEAD_LETTER' then 'DEAD_LETTER' else 'WAITING'
              end as state
            from message left join inbox_entry entry on entry.subject = 'message:' || message.id
            where message.id = any(?)
            """)
        .param(ids.toArray(UUID[]::new))
        .query(
            rs -> {
              states.put(
                  rs.getObject("id", UUID.class), MessageState.valueOf(rs.getString("state")));
            });
    return states;
  }
}
