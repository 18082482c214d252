package dev.lockstep.duplicates.ticket;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code ticket}. */
@Component
public class TicketStore {
  /** "duplicat" in bytes: an advisory lock key that is unlikely to collide. */
  private static final long LOCK = 0x6475706c69636174L;

  private static final String SELECT =
      """
      select ticket.*, seen.state as seen_state, seen.revision as seen_revision
      from ticket join record seen on seen.ref = ticket.seen_record
      """;

  private final JdbcClient jdbc;
  private final RecordStore records;

  public TicketStore(JdbcClient jdbc, RecordStore records) {
    this.jdbc = jdbc;
    this.records = records;
  }

  /**
   * Serializes decisions about duplicates over all processes until the transaction ends: of forty
   * tickets that arrive at once, each is compared with those decided before it.
   */
  public void lock() {
    // A process that stalls while it holds the lock must not block all others.
    jdbc.sql("set local idle_in_transaction_session_timeout = '20s'").update();
    jdbc.sql("select pg_advisory_xact_lock(?)").param(LOCK).query((rs, i) -> 0).single();
  }

  public Optional<StoredTicket> find(RecordRef record) {
    return findFirst(List.of(record));
  }

  /**
   * The ticket of the first of these records that has a row; the left record of a pair comes first.
   */
  public Optional<StoredTicket> findFirst(List<RecordRef> records) {
    return jdbc
        .sql(SELECT + "where record = any(?)")
        .param(RecordStore.names(records))
        .query(this::row)
        .list()
        .stream()
        .min(java.util.Comparator.comparing(ticket -> records.indexOf(ticket.record())));
  }

  public boolean exists(RecordRef record) {
    return jdbc.sql("select count(*) from ticket where record = ?")
            .param(record.toString())
            .query(Long.class)
            .single()
        > 0;
  }

  /**
   * The tickets changed since a revision, oldest first, including closed ones, which an index must
   * remove. The caller holds the {@link #lock}.
   */
  public List<StoredTicket> findChangedSince(long revision, int most) {
    return jdbc.sql(SELECT + "where ticket.revision > ? order by ticket.revision limit ?")
        .params(revision, most)
        .query(this::row)
        .list();
  }

  /**
   * Saves a ticket under a new revision, and its record if it is not stored yet. The caller holds
   * the {@link #lock}.
   */
  public StoredTicket save(StoredTicket ticket) {
    records.insertNew(ticket.state());
    jdbc.sql(
            """
            insert into ticket (record, mapping, side, title, description, service, category,
              opened_at, closed_at, starts, due, deleted, seen_record, embedding, revision)
            values (:record, :mapping, :side, :title, :description, :service, :category,
              :openedAt, :closedAt, :starts, :due, :deleted, :seen, :embedding,
              nextval('ticket_revision_seq'))
            on conflict (record) do update set mapping = excluded.mapping, side = excluded.side,
              title = excluded.title, description = excluded.description,
              service = excluded.service, category = excluded.category,
              closed_at = excluded.closed_at, starts = excluded.starts, due = excluded.due,
              deleted = excluded.deleted, seen_record = excluded.seen_record,
              embedding = excluded.embedding, revision = excluded.revision
            """)
        .params(columns(ticket))
        .update();
    return find(ticket.record()).orElseThrow();
  }

  private Map<String, @Nullable Object> columns(StoredTicket ticket) {
    Map<String, @Nullable Object> columns = new HashMap<>();
    columns.put("record", ticket.record().toString());
    columns.put("mapping", ticket.mapping());
    columns.put("side", ticket.side().name());
    columns.put("title", ticket.compared().title());
    columns.put("description", ticket.compared().description());
    columns.put("service", ticket.compared().service());
    columns.put("category", ticket.compared().category());
    columns.put("openedAt", Timestamp.from(ticket.openedAt()));
    columns.put("closedAt", ticket.closedAt() == null ? null : Timestamp.from(ticket.closedAt()));
    columns.put("starts", ticket.starts());
    columns.put("due", ticket.due());
    columns.put("deleted", ticket.deleted());
    columns.put("seen", ticket.state().ref().toString());
    columns.put("embedding", bytes(ticket.embedding()));
    return columns;
  }

  /** Sets the record whose state is that of the ticket; it is stored already. */
  public void setSeenRecord(RecordRef ticket, Side side, RecordRef seen) {
    jdbc.sql("update ticket set seen_record = ?, side = ? where record = ?")
        .params(seen.toString(), side.name(), ticket.toString())
        .update();
  }

  /** Changes the record that identifies the ticket; decisions about it are kept. */
  public void rename(RecordRef ticket, RecordRef name, Side side) {
    jdbc.sql(
            """
            update ticket set record = ?, side = ?, revision = nextval('ticket_revision_seq')
            where record = ?
            """)
        .params(name.toString(), side.name(), ticket.toString())
        .update();
  }

  /** Marks the ticket to be compared again on its next entry. */
  public void markDue(RecordRef ticket) {
    jdbc.sql("update ticket set due = true where record = ?").param(ticket.toString()).update();
  }

  /** The state of a primary that its children were last scheduled for. */
  public String findNotifiedState(RecordRef ticket) {
    return jdbc.sql("select notified_state from ticket where record = ?")
        .param(ticket.toString())
        .query(String.class)
        .optional()
        .orElse("");
  }

  public void saveNotifiedState(RecordRef ticket, String what) {
    jdbc.sql("update ticket set notified_state = ? where record = ?")
        .params(what, ticket.toString())
        .update();
  }

  /**
   * Deletes tickets closed before then that never were part of a duplicate.
   *
   * @return the deleted tickets' records
   */
  public List<RecordRef> deleteUnused(Instant closedBefore) {
    List<RecordRef> deleted = new ArrayList<>();
    jdbc.sql(
            """
            delete from ticket where closed_at < ? and not exists (
              select 1 from duplicate
              where duplicate.duplicate = ticket.record or primary_ticket = ticket.record)
            returning record, seen_record
            """)
        .param(Timestamp.from(closedBefore))
        .query(
            rs -> {
              deleted.add(RecordRef.parse(rs.getString("record")));
              deleted.add(RecordRef.parse(rs.getString("seen_record")));
            });
    records.deleteUnused(deleted);
    return deleted.stream().distinct().toList();
  }

  private StoredTicket row(ResultSet rs, int index) throws SQLException {
    Timestamp closedAt = rs.getTimestamp("closed_at");
    return new StoredTicket(
        RecordRef.parse(rs.getString("record")),
        rs.getString("mapping"),
        Side.valueOf(rs.getString("side")),
        new DuplicateRules.Compared(
            rs.getString("title"),
            rs.getString("description"),
            rs.getString("service"),
            rs.getString("category")),
        rs.getTimestamp("opened_at").toInstant(),
        closedAt == null ? null : closedAt.toInstant(),
        rs.getBoolean("starts"),
        rs.getBoolean("due"),
        rs.getBoolean("deleted"),
        records.state(rs, "seen_state", "seen_revision"),
        floats(rs.getBytes("embedding")),
        rs.getLong("revision"));
  }

  private static byte @Nullable [] bytes(float @Nullable [] numbers) {
    if (numbers == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Float.BYTES);
    buffer.asFloatBuffer().put(numbers);
    return buffer.array();
  }

  private static float @Nullable [] floats(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    float[] numbers = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(numbers);
    return numbers;
  }
}
