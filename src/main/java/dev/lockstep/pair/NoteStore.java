package dev.lockstep.pair;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code note}: each note once, by record and note id, with its deliveries. */
@Component
public class NoteStore {
  static final String SELECT =
      """
      select note.record, note.id, author, created_at, note.text, visibility, note.state, own,
        d.target, d.state as delivery, d.sent_as, d.text as sent_text, d.mark, d.sent_at, d.sent_id,
        d.retried, d.waiting_since
      from note left join note_delivery d on d.record = note.record and d.note = note.id
      """;

  /** Whether the row of {@code note} has a delivery. */
  private static final String HAS_DELIVERY =
      """
      exists (select 1 from note_delivery d where d.record = note.record and d.note = note.id)\
      """;

  /** Whether one of them is still to be approved or sent. */
  private static final String HAS_UNSENT =
      """
      exists (select 1 from note_delivery d
        where d.record = note.record and d.note = note.id and d.state in ('WAITING', 'READY'))\
      """;

  private final JdbcClient jdbc;
  private final JsonColumns json;

  public NoteStore(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "note");
  }

  /**
   * Inserts notes not received before. Of a known note, as long as it is not sent, the text is
   * completed: webhooks may truncate long texts that a fetch then completes. A listing also
   * replaces a text that was edited. A note that was public and is internal now loses its public
   * deliveries that are not sent, so that its mapping decides again; one that a listing showed as
   * internal is internal from then on.
   *
   * @param listed whether the system returned them in a listing of notes
   * @return how many were new or changed
   */
  public int insertNew(RecordRef record, List<WorkNote> notes, boolean listed) {
    if (notes.isEmpty()) {
      return 0;
    }
    // A fixed order avoids deadlocks between two transactions that insert the same notes.
    return jdbc.sql(
            """
            with received as (
              select * from jsonb_to_recordset(:notes::jsonb)
                as x(id text, author text, created_at timestamptz, text text, visibility text)),
            withdrawn as (
              delete from note_delivery d using note n, received x
              where n.record = :record and n.id = x.id and d.record = n.record and d.note = n.id
                and n.visibility = 'PUBLIC' and x.visibility = 'INTERNAL' and not n.own
                and d.sent_as = 'PUBLIC' and d.state in ('WAITING', 'READY', 'REFUSED')
              returning d.note),
            fresh as (
              insert into note
                (record, id, author, created_at, text, visibility, state, own, listed)
              select :record, x.id, x.author, x.created_at, x.text, x.visibility, 'OPEN', false, :listed
              from received x
              order by x.id
              on conflict (record, id) do update
                set author = excluded.author,
                  visibility = case when note.visibility = 'INTERNAL' and note.listed
                    then note.visibility else excluded.visibility end,
                  listed = note.listed or excluded.listed,
                  text = case when note.state <> 'OPEN' or %1$s and not %2$s then note.text
                    when excluded.listed or length(excluded.text) > length(note.text)
                    then excluded.text else note.text end
                where note.state = 'OPEN' and (not %1$s or %2$s)
                    and (length(excluded.text) > length(note.text)
                      or excluded.listed and excluded.text <> note.text)
                  or excluded.visibility = 'INTERNAL' and note.visibility = 'PUBLIC'
                  or excluded.listed and not note.listed
              returning record, id, state)
            select count(*) from fresh note
            where state = 'OPEN' and (not %1$s or %2$s or id in (select note from withdrawn))
            """
                .formatted(HAS_DELIVERY, HAS_UNSENT))
        .param("record", record.toString())
        .param("listed", listed)
        .param("notes", json.write(rows(notes)))
        .query(Integer.class)
        .single();
  }

  /** Each note once, with the longest of its texts: a statement inserts no row twice. */
  private static Collection<Map<String, String>> rows(List<WorkNote> notes) {
    Map<String, WorkNote> byId = new TreeMap<>();
    for (WorkNote note : notes) {
      byId.merge(
          note.id(),
          note,
          (one, other) -> other.text().length() > one.text().length() ? other : one);
    }
    return byId.values().stream()
        .map(
            note ->
                Map.of(
                    "id", note.id(),
                    "author", note.author(),
                    "created_at", note.createdAt().toString(),
                    "text", note.text(),
                    "visibility", note.visibility().name()))
        .toList();
  }

  /**
   * Stores a note written by Lockstep.
   *
   * @param record the record it is stored under
   * @return false if it was stored before
   */
  public boolean insertOwn(RecordRef record, WorkNote note, StoredNote.State state) {
    return jdbc.sql(
                """
                insert into note (record, id, author, created_at, text, visibility, state, own)
                values (?, ?, ?, ?, ?, ?, ?, true)
                on conflict (record, id) do nothing
                """)
            .params(
                record.toString(),
                note.id(),
                note.author(),
                Timestamp.from(note.createdAt()),
                PostgresText.removeNul(note.text()),
                note.visibility().name(),
                state.name())
            .update()
        > 0;
  }

  /**
   * Has notes of Lockstep's own not be sent any more that repeat notes which are internal by now.
   *
   * @param source the record under which they are stored
   * @param prefix of their ids, before the id of the note that they repeat
   * @param original the record of the repeated notes
   */
  public void settleInternal(RecordRef source, String prefix, RecordRef original) {
    jdbc.sql(
            """
            update note set state = 'SETTLED' from note repeated
            where note.record = ? and note.own and note.state = 'OPEN'
              and repeated.record = ? and note.id = ? || repeated.id
              and repeated.visibility = 'INTERNAL'
            """)
        .params(source.toString(), original.toString(), prefix)
        .update();
  }

  /** The ids of all stored notes of a record. */
  public Set<String> ids(RecordRef record) {
    return Set.copyOf(
        jdbc.sql("select id from note where record = ?")
            .param(record.toString())
            .query(String.class)
            .list());
  }

  /** The open notes of these records, oldest first. */
  public List<StoredNote> open(Collection<RecordRef> records) {
    return read(
        jdbc.sql(
                SELECT
                    + "where note.record = any(?) and note.state = 'OPEN' order by created_at,"
                    + " note.id")
            .param(RecordStore.names(records)));
  }

  /** Received notes written at or after that time. */
  public List<WorkNote> receivedSince(RecordRef record, Instant since) {
    return read(
            jdbc.sql(
                    SELECT
                        + "where note.record = ? and created_at >= ? order by created_at, note.id")
                .params(record.toString(), Timestamp.from(since)))
        .stream()
        .map(StoredNote::note)
        .toList();
  }

  /** Public notes written at or after that time, oldest first. */
  public List<WorkNote> publicSince(RecordRef record, Instant since) {
    return receivedSince(record, since).stream()
        .filter(note -> note.visibility() == Visibility.PUBLIC && !note.text().isBlank())
        .toList();
  }

  /** All notes of these records, oldest first. */
  public List<StoredNote> all(Collection<RecordRef> records) {
    return read(
        jdbc.sql(SELECT + "where note.record = any(?) order by created_at, note.id")
            .param(RecordStore.names(records)));
  }

  /** Moves the notes stored under one record to another. */
  public void rename(RecordRef old, RecordRef name) {
    jdbc.sql("update note set record = ? where record = ?")
        .params(name.toString(), old.toString())
        .update();
  }

  /** Marks a received note as written by Lockstep, or as one that no further record receives. */
  public void settle(StoredNote note, StoredNote.State state) {
    jdbc.sql("update note set state = ? where record = ? and id = ?")
        .params(state.name(), note.record().toString(), note.note().id())
        .update();
  }

  /** The texts of the notes on a record that Lockstep wrote, by id; empty until received. */
  public Map<String, String> echoes(RecordRef record) {
    Map<String, String> texts = new LinkedHashMap<>();
    jdbc.sql("select id, text from note where record = ? and state = 'ECHO'")
        .param(record.toString())
        .query((RowCallbackHandler) rs -> texts.put(rs.getString("id"), rs.getString("text")));
    return texts;
  }

  /** Marks a received note as written by Lockstep. */
  public void markEcho(RecordRef record, String id) {
    jdbc.sql("update note set state = 'ECHO' where record = ? and id = ?")
        .params(record.toString(), id)
        .update();
  }

  /**
   * A record was added to the correlation of these records: it may have to receive notes that were
   * settled. Notes of Lockstep were for one record alone.
   */
  public void reopen(Collection<RecordRef> records) {
    jdbc.sql(
            """
            update note set state = 'OPEN'
            where record = any(?) and state = 'SETTLED' and not own
            """)
        .param(RecordStore.names(records))
        .update();
  }

  /** Whether any note of a record was ever returned in a listing of notes. */
  public boolean isListed(RecordRef record) {
    return jdbc.sql("select exists (select 1 from note where record = ? and listed)")
        .param(record.toString())
        .query(Boolean.class)
        .single();
  }

  /** Deletes the notes of a record that is not synced. */
  public void forget(RecordRef record) {
    jdbc.sql("delete from note where record = ?").param(record.toString()).update();
  }

  /** Groups the rows of {@link #SELECT}, one for each delivery, by note. */
  static List<StoredNote> read(JdbcClient.StatementSpec statement) {
    Map<List<String>, StoredNote> notes = new LinkedHashMap<>();
    RowCallbackHandler add =
        rs -> {
          StoredNote row = note(rs);
          notes.merge(
              List.of(row.record().toString(), row.note().id()), row, NoteStore::withDeliveries);
        };
    statement.query(add);
    return List.copyOf(notes.values());
  }

  private static StoredNote withDeliveries(StoredNote note, StoredNote more) {
    List<Delivery> deliveries = new ArrayList<>(note.deliveries());
    deliveries.addAll(more.deliveries());
    return new StoredNote(note.record(), note.note(), note.state(), note.own(), deliveries);
  }

  private static StoredNote note(ResultSet rs) throws SQLException {
    return new StoredNote(
        RecordRef.parse(rs.getString("record")),
        new WorkNote(
            rs.getString("id"),
            rs.getString("author"),
            rs.getTimestamp("created_at").toInstant(),
            rs.getString("text"),
            Visibility.valueOf(rs.getString("visibility"))),
        StoredNote.State.valueOf(rs.getString("state")),
        rs.getBoolean("own"),
        rs.getString("target") == null ? List.of() : List.of(delivery(rs)));
  }

  private static Delivery delivery(ResultSet rs) throws SQLException {
    Timestamp sentAt = rs.getTimestamp("sent_at");
    Timestamp waitingSince = rs.getTimestamp("waiting_since");
    return new Delivery(
        RecordRef.parse(rs.getString("target")),
        Delivery.State.valueOf(rs.getString("delivery")),
        Visibility.valueOf(rs.getString("sent_as")),
        rs.getString("sent_text"),
        rs.getString("mark"),
        sentAt == null ? null : sentAt.toInstant(),
        rs.getString("sent_id"),
        rs.getBoolean("retried"),
        waitingSince == null ? null : waitingSince.toInstant());
  }
}
