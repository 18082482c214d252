package dev.lockstep.pair;

import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.pair.DeliveryStore.Message;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The notes in the table {@code note_delivery} that wait for an operator's approval. */
@Component
public class WaitingNoteStore {
  /** Only those that pairs still lead from their record to their target. */
  private static final String FROM =
      """
      from note_delivery d join note n on n.record = d.record and n.id = d.note
        join lateral (
          with recursive reached (ref) as (
            select d.record
            union
            select case when p.left_ref = reached.ref then p.right_ref else p.left_ref end
            from reached join pair p on reached.ref in (p.left_ref, p.right_ref)
            where p.state in ('LINKED', 'BROKEN'))
          select id, correlation from pair
          where state in ('LINKED', 'BROKEN') and d.target in (left_ref, right_ref)
            and d.target in (select ref from reached)
          order by created_at, id limit 1) p on true
      where d.state = 'WAITING'
      """;

  static final String COUNT = "select count(*) " + FROM;

  private static final String SELECT =
      """
      select d.mark, d.record, d.target, d.sent_as, d.text, d.waiting_since, n.author, n.created_at,
        p.id as pair, p.correlation,
        coalesce((select key from record where ref = d.record), d.record) as from_key,
        coalesce((select key from record where ref = d.target), d.target) as to_key
      """
          + FROM;

  private final JdbcClient jdbc;

  public WaitingNoteStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A text that waits.
   *
   * @param id names this very text: one that is edited meanwhile gets another id
   * @param from the record it was written on
   * @param target the record it is for
   * @param text as it will be delivered
   * @param pair through which it is delivered
   */
  public record WaitingNote(
      String id,
      RecordRef from,
      String fromKey,
      String author,
      Instant writtenAt,
      RecordRef target,
      String targetKey,
      Visibility sentAs,
      String text,
      Instant since,
      UUID pair,
      UUID correlation) {}

  /** Has a text wait, unless the note has a delivery to that record already. */
  public void insert(StoredNote note, Message message, Instant now) {
    jdbc.sql(
            """
            insert into note_delivery
              (record, note, target, state, sent_as, text, mark, waiting_since)
            values (?, ?, ?, 'WAITING', ?, ?, ?, ?)
            on conflict (record, note, target) do nothing
            """)
        .params(
            note.record().toString(),
            note.note().id(),
            message.target().toString(),
            message.sentAs().name(),
            PostgresText.removeNul(message.text()),
            message.mark(),
            Timestamp.from(now))
        .update();
  }

  /** Replaces a text that was edited while it waits. */
  public void replace(StoredNote note, Delivery waiting, Message message) {
    jdbc.sql(
            """
            update note_delivery set sent_as = ?, text = ?, mark = ?
            where record = ? and note = ? and target = ? and state = 'WAITING' and mark = ?
            """)
        .params(
            message.sentAs().name(),
            PostgresText.removeNul(message.text()),
            message.mark(),
            note.record().toString(),
            note.note().id(),
            message.target().toString(),
            waiting.mark())
        .update();
  }

  /** Whether an operator has approved a text for a record. */
  public boolean hasApproved(RecordRef target) {
    return jdbc.sql(
            """
            select exists (select 1 from note_delivery
              where target = ? and waiting_since is not null
                and state in ('READY', 'SENDING', 'SENT', 'REFUSED'))
            """)
        .param(target.toString())
        .query(Boolean.class)
        .single();
  }

  /** The longest waiting first. */
  public List<WaitingNote> list(int limit) {
    return jdbc.sql(SELECT + "order by d.waiting_since, d.mark limit ?")
        .param(limit)
        .query(WaitingNoteStore::row)
        .list();
  }

  /** Those of the records of a correlation. */
  public List<WaitingNote> list(UUID correlation) {
    return jdbc.sql(SELECT + "and p.correlation = ? order by d.waiting_since, d.mark")
        .param(correlation)
        .query(WaitingNoteStore::row)
        .list();
  }

  public long count() {
    return jdbc.sql(COUNT).query(Long.class).single();
  }

  public Optional<WaitingNote> find(String id) {
    return jdbc.sql(SELECT + "and d.mark = ?").param(id).query(WaitingNoteStore::row).optional();
  }

  /**
   * Applies an operator's decision.
   *
   * @return whether the text was waiting until then
   */
  public boolean decide(WaitingNote note, Delivery.State next) {
    return jdbc.sql(
                """
                update note_delivery set state = ? where mark = ? and target = ? and state = 'WAITING'
                """)
            .params(next.name(), note.id(), note.target().toString())
            .update()
        > 0;
  }

  private static WaitingNote row(ResultSet rs, int index) throws SQLException {
    return new WaitingNote(
        rs.getString("mark"),
        RecordRef.parse(rs.getString("record")),
        rs.getString("from_key"),
        rs.getString("author"),
        rs.getTimestamp("created_at").toInstant(),
        RecordRef.parse(rs.getString("target")),
        rs.getString("to_key"),
        Visibility.valueOf(rs.getString("sent_as")),
        rs.getString("text"),
        rs.getTimestamp("waiting_since").toInstant(),
        rs.getObject("pair", UUID.class),
        rs.getObject("correlation", UUID.class));
  }
}
