package dev.lockstep.pair;

import dev.lockstep.ops.StorableText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code note}: every note once, by its record and its id there. */
public class NoteStore {
  private final JdbcClient jdbc;

  public NoteStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Keeps notes not heard of before. One heard of again only gets its text, as long as nothing was
   * decided about it: webhooks may cut long texts that fetching then completes.
   *
   * @return how many were new, or completed
   */
  public int keep(RecordRef record, List<WorkNote> notes) {
    int fresh = 0;
    // In one order for all: of two that keep the same notes neither waits for the other.
    for (WorkNote note : notes.stream().sorted(Comparator.comparing(WorkNote::id)).toList()) {
      fresh +=
          jdbc.sql(
                  """
                  insert into note (record, id, author, created_at, text, visibility, state)
                  values (?, ?, ?, ?, ?, ?, 'SEEN')
                  on conflict (record, id) do update
                    set text = excluded.text, author = excluded.author
                    where note.state = 'SEEN' and length(excluded.text) > length(note.text)
                  """)
              .params(
                  record.toString(),
                  note.id(),
                  StorableText.of(note.author()),
                  Timestamp.from(note.createdAt()),
                  StorableText.of(note.text()),
                  note.visibility().name())
              .update();
    }
    return fresh;
  }

  /**
   * A note of Lockstep's own, to be sent to the other side of {@code record}.
   *
   * @return false when it was said before
   */
  public boolean say(RecordRef record, WorkNote note, Visibility sentAs, String text, String mark) {
    return jdbc.sql(
                """
            insert into note
              (record, id, author, created_at, text, visibility, state, sent_as, sent_text, mark)
            values (?, ?, ?, ?, ?, ?, 'READY', ?, ?, ?)
            on conflict (record, id) do nothing
            """)
            .params(
                record.toString(),
                note.id(),
                note.author(),
                Timestamp.from(note.createdAt()),
                note.text(),
                note.visibility().name(),
                sentAs.name(),
                text,
                mark)
            .update()
        > 0;
  }

  /** Remembers a note that need not be sent, under a name of its own; nothing if it is known. */
  public void pass(RecordRef record, String name, WorkNote note) {
    jdbc.sql(
            """
            insert into note (record, id, author, created_at, text, visibility, state)
            values (?, ?, ?, ?, ?, ?, 'SKIPPED')
            on conflict (record, id) do nothing
            """)
        .params(
            record.toString(),
            name,
            note.author(),
            Timestamp.from(note.createdAt()),
            note.text(),
            note.visibility().name())
        .update();
  }

  /** The ids of all notes kept of a record. */
  public Set<String> names(RecordRef record) {
    return Set.copyOf(
        jdbc.sql("select id from note where record = ?")
            .param(record.toString())
            .query(String.class)
            .list());
  }

  /** What is not dealt with yet, oldest first. */
  public List<StoredNote> open(RecordRef record) {
    return jdbc.sql(
            """
            select * from note
            where record = ? and state in ('SEEN', 'READY', 'SENDING') order by created_at, id
            """)
        .param(record.toString())
        .query(NoteStore::note)
        .list();
  }

  /** The notes heard of that were written then or later. */
  public List<WorkNote> heardSince(RecordRef record, Instant since) {
    return jdbc
        .sql("select * from note where record = ? and created_at >= ? order by created_at")
        .params(record.toString(), Timestamp.from(since))
        .query(NoteStore::note)
        .list()
        .stream()
        .map(StoredNote::note)
        .toList();
  }

  /** What was written for the public then or later, oldest first. */
  public List<WorkNote> publicSince(RecordRef record, Instant since) {
    return heardSince(record, since).stream()
        .filter(note -> note.visibility() == Visibility.PUBLIC && !note.text().isBlank())
        .toList();
  }

  List<StoredNote> all(RecordRef record) {
    return jdbc.sql("select * from note where record = ? order by created_at, id")
        .param(record.toString())
        .query(NoteStore::note)
        .list();
  }

  /** Whether a note with this mark was ever sent anywhere. */
  public boolean isOwn(String mark) {
    return jdbc.sql("select count(*) from note where mark = ?")
            .param(mark)
            .query(Long.class)
            .single()
        > 0;
  }

  /** The notes kept under one name are from now on kept under another. */
  public void rename(RecordRef old, RecordRef name) {
    jdbc.sql("update note set record = ? where record = ?")
        .params(name.toString(), old.toString())
        .update();
  }

  /** Whether a note with this mark was sent from this record. */
  public boolean sent(RecordRef from, String mark) {
    return jdbc.sql("select count(*) from note where record = ? and mark = ?")
            .params(from.toString(), mark)
            .query(Long.class)
            .single()
        > 0;
  }

  public void settle(StoredNote note, StoredNote.State state) {
    jdbc.sql("update note set state = ? where record = ? and id = ?")
        .params(state.name(), note.record().toString(), note.note().id())
        .update();
  }

  /** To be committed before it is sent. */
  public void sending(StoredNote note, Visibility sentAs, String text, String mark) {
    jdbc.sql(
            """
            update note set state = 'SENDING', sent_as = ?, sent_text = ?, mark = ?
            where record = ? and id = ?
            """)
        .params(sentAs.name(), text, mark, note.record().toString(), note.note().id())
        .update();
  }

  /**
   * @param target where it is now
   * @param carriedId its id there; null if that system does not tell. It is remembered as an echo,
   *     so that hearing of it wakes nobody.
   */
  public void carried(StoredNote note, RecordRef target, @Nullable String carriedId) {
    jdbc.sql("update note set state = 'CARRIED', carried_id = ? where record = ? and id = ?")
        .params(carriedId, note.record().toString(), note.note().id())
        .update();
    if (carriedId != null) {
      jdbc.sql(
              """
              insert into note (record, id, author, created_at, text, visibility, state)
              values (?, ?, '', ?, '', 'INTERNAL', 'ECHO')
              on conflict (record, id) do update set state = 'ECHO'
              """)
          .params(target.toString(), carriedId, Timestamp.from(note.note().createdAt()))
          .update();
    }
  }

  /** Forgets the notes of a record nobody keeps in step. */
  public void forget(RecordRef record) {
    jdbc.sql("delete from note where record = ?").param(record.toString()).update();
  }

  private static StoredNote note(ResultSet rs, int index) throws SQLException {
    String sentAs = rs.getString("sent_as");
    return new StoredNote(
        RecordRef.parse(rs.getString("record")),
        new WorkNote(
            rs.getString("id"),
            rs.getString("author"),
            rs.getTimestamp("created_at").toInstant(),
            rs.getString("text"),
            Visibility.valueOf(rs.getString("visibility"))),
        StoredNote.State.valueOf(rs.getString("state")),
        sentAs == null ? null : Visibility.valueOf(sentAs),
        rs.getString("sent_text"),
        rs.getString("mark"));
  }
}
