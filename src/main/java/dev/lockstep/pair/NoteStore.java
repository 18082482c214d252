package dev.lockstep.pair;

import dev.lockstep.ops.PostgresText;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code note}: each note once, by record and note id. */
public class NoteStore {
  /**
   * Systems truncate texts at this length or later; a truncated text is matched by its beginning.
   */
  private static final int SHORTEST_CUT = 150;

  private static final int ALIKE = 40;

  private final JdbcClient jdbc;

  public NoteStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Inserts notes not received before. For a known note only the text is completed, as long as it
   * is undecided: webhooks may truncate long texts that a fetch then completes.
   *
   * @param listed whether the system returned them in a listing of notes
   * @return how many were new or completed
   */
  public int insertNew(RecordRef record, List<WorkNote> notes, boolean listed) {
    int fresh = 0;
    // A fixed order avoids deadlocks between two transactions that insert the same notes.
    for (WorkNote note : notes.stream().sorted(Comparator.comparing(WorkNote::id)).toList()) {
      fresh +=
          jdbc
              .sql(
                  """
                  insert into note
                    (record, id, author, created_at, text, visibility, state, listed)
                  values (?, ?, ?, ?, ?, ?, 'SEEN', ?)
                  on conflict (record, id) do update
                    set author = excluded.author, visibility = excluded.visibility,
                      listed = note.listed or excluded.listed,
                      text = case when length(excluded.text) > length(note.text)
                        then excluded.text else note.text end
                    where note.state = 'SEEN' and length(excluded.text) > length(note.text)
                      or excluded.listed and not note.listed
                  returning state
                  """)
              .params(
                  record.toString(),
                  note.id(),
                  PostgresText.removeNul(note.author()),
                  Timestamp.from(note.createdAt()),
                  PostgresText.removeNul(note.text()),
                  note.visibility().name(),
                  listed)
              .query(String.class)
              .list()
              .stream()
              .filter(StoredNote.State.SEEN.name()::equals)
              .count();
    }
    return fresh;
  }

  /**
   * Enqueues a note written by Lockstep, to be sent to the other side of {@code record}.
   *
   * @return false if it was enqueued before
   */
  public boolean enqueue(
      RecordRef record, WorkNote note, Visibility sentAs, String text, String mark) {
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
                PostgresText.removeNul(note.text()),
                note.visibility().name(),
                sentAs.name(),
                PostgresText.removeNul(text),
                mark)
            .update()
        > 0;
  }

  /** Records a note that need not be sent, under an id of its own; no effect if it is known. */
  public void skip(RecordRef record, String name, WorkNote note) {
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

  /** The ids of all stored notes of a record. */
  public Set<String> ids(RecordRef record) {
    return Set.copyOf(
        jdbc.sql("select id from note where record = ?")
            .param(record.toString())
            .query(String.class)
            .list());
  }

  /** Unsettled notes, oldest first: to be sent, being sent, or refused. */
  public List<StoredNote> open(RecordRef record) {
    return open(List.of(record));
  }

  /** The same for several records. */
  public List<StoredNote> open(List<RecordRef> records) {
    return jdbc.sql(
            """
            select * from note
            where record in (:records) and state in ('SEEN', 'READY', 'SENDING', 'REFUSED')
            order by created_at, id
            """)
        .param("records", records.stream().map(RecordRef::toString).toList())
        .query(NoteStore::note)
        .list();
  }

  /** Received notes written at or after that time. */
  public List<WorkNote> receivedSince(RecordRef record, Instant since) {
    return jdbc
        .sql("select * from note where record = ? and created_at >= ? order by created_at")
        .params(record.toString(), Timestamp.from(since))
        .query(NoteStore::note)
        .list()
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

  List<StoredNote> all(RecordRef record) {
    return jdbc.sql("select * from note where record = ? order by created_at, id")
        .param(record.toString())
        .query(NoteStore::note)
        .list();
  }

  /**
   * Notes sent by Lockstep that this text may be: those whose mark it contains, on any record, and
   * those sent to this record with the same beginning, since the mark may be truncated.
   */
  public List<StoredNote> findSentLike(RecordRef record, String text) {
    String start = text.length() < SHORTEST_CUT ? "" : text.substring(0, ALIKE);
    Set<String> marks = NoteMark.findAll(text);
    if (marks.isEmpty() && start.isEmpty()) {
      return List.of();
    }
    return jdbc.sql(
            """
            select * from note
            where mark in (:marks)
              or :start <> '' and target = :record and starts_with(sent_text, :start)
            """)
        .param("marks", marks.isEmpty() ? Set.of("") : marks)
        .param("start", PostgresText.removeNul(start))
        .param("record", record.toString())
        .query(NoteStore::note)
        .list();
  }

  /** Moves the notes stored under one record to another. */
  public void rename(RecordRef old, RecordRef name) {
    jdbc.sql("update note set record = ? where record = ?")
        .params(name.toString(), old.toString())
        .update();
  }

  public void settle(StoredNote note, StoredNote.State state) {
    jdbc.sql("update note set state = ? where record = ? and id = ?")
        .params(state.name(), note.record().toString(), note.note().id())
        .update();
  }

  /**
   * Claims a note for a sender; to be committed before the note is sent. A note claimed by another
   * sender is not available before its lease ends: a suspended process may be about to send it.
   *
   * @return false if another sender holds it, or it is settled
   */
  public boolean claim(
      StoredNote note,
      RecordRef target,
      Visibility sentAs,
      String text,
      String mark,
      String owner,
      Instant now,
      Instant leasedUntil) {
    return jdbc.sql(
                """
                update note set state = 'SENDING', target = :target, sent_as = :sentAs,
                  sent_text = :text, mark = :mark, sent_at = :now, owner = :owner,
                  leased_until = :until
                where record = :record and id = :id
                  and (state in ('SEEN', 'READY')
                    or state = 'SENDING' and (owner = :owner or leased_until < :now))
                """)
            .param("target", target.toString())
            .param("sentAs", sentAs.name())
            .param("text", PostgresText.removeNul(text))
            .param("mark", mark)
            .param("now", Timestamp.from(now))
            .param("owner", owner)
            .param("until", Timestamp.from(leasedUntil))
            .param("record", note.record().toString())
            .param("id", note.note().id())
            .update()
        > 0;
  }

  /** Takes over a note whose sender's lease ended while sending, in order to search for it. */
  public boolean takeOver(StoredNote note, String owner, Instant now, Instant leasedUntil) {
    return jdbc.sql(
                """
                update note set owner = :owner, leased_until = :until
                where record = :record and id = :id and state = 'SENDING'
                  and (owner is null or owner = :owner or leased_until < :now)
                """)
            .param("owner", owner)
            .param("until", Timestamp.from(leasedUntil))
            .param("record", note.record().toString())
            .param("id", note.note().id())
            .param("now", Timestamp.from(now))
            .update()
        > 0;
  }

  /** Nothing was sent: the note is ready again, unless another sender holds it by now. */
  public void release(StoredNote note, String owner) {
    jdbc.sql("update note set state = 'READY' where record = ? and id = ? and owner = ?")
        .params(note.record().toString(), note.note().id(), owner)
        .update();
  }

  /** Whether the note is still to be sent. */
  public boolean isOpen(StoredNote note) {
    return jdbc.sql(
            "select state from note where record = ? and id = ?"
                + " and state in ('SEEN', 'READY', 'SENDING')")
        .params(note.record().toString(), note.note().id())
        .query(String.class)
        .optional()
        .isPresent();
  }

  /** The record a note is or was sent to. */
  public Optional<RecordRef> targetOf(RecordRef record, String id) {
    return jdbc.sql("select target from note where record = ? and id = ? and target is not null")
        .params(record.toString(), id)
        .query(String.class)
        .optional()
        .map(RecordRef::parse);
  }

  /** Applies an operator's decision on a refused note: retry or discard. */
  public Optional<RecordRef> decide(RecordRef record, String id, StoredNote.State next) {
    return jdbc.sql(
            """
            update note set state = :state, retried = :state = 'READY'
            where record = :record and id = :id and state = 'REFUSED'
            returning target
            """)
        .param("state", next.name())
        .param("record", record.toString())
        .param("id", id)
        .query(String.class)
        .optional()
        .map(RecordRef::parse);
  }

  /** Notes that an operator retried to these records and that are not sent yet, oldest first. */
  public List<StoredNote> retried(Collection<RecordRef> targets) {
    return jdbc.sql(
            """
            select * from note
            where target = any(?) and retried and state in ('READY', 'SENDING')
            order by created_at, id
            """)
        .param(targets.stream().map(RecordRef::toString).toArray(String[]::new))
        .query(NoteStore::note)
        .list();
  }

  /**
   * Marks retried notes to these records as refused again.
   *
   * @return those notes
   */
  public List<StoredNote> refuseRetried(Collection<RecordRef> targets) {
    return jdbc.sql(
            """
            update note set state = 'REFUSED', retried = false
            where target = any(?) and retried and state = 'READY'
            returning *
            """)
        .param(targets.stream().map(RecordRef::toString).toArray(String[]::new))
        .query(NoteStore::note)
        .list();
  }

  /** The notes that Lockstep sent to a record, newest first. */
  public List<StoredNote> syncedTo(RecordRef target) {
    return jdbc.sql(
            "select * from note where target = ? and state = 'SYNCED' order by sent_at desc")
        .param(target.toString())
        .query(NoteStore::note)
        .list();
  }

  /** The record of this kind to which Lockstep last sent a note of that visibility. */
  public Optional<RecordRef> lastSyncedTo(String system, String kind, Visibility visibility) {
    return jdbc.sql(
            """
            select target from note
            where state = 'SYNCED' and sent_as = ? and starts_with(target, ?)
            order by sent_at desc limit 1
            """)
        .params(visibility.name(), system + "/" + kind + "/")
        .query(String.class)
        .optional()
        .map(RecordRef::parse);
  }

  /** Whether any note of a record was ever returned in a listing of notes. */
  public boolean isListed(RecordRef record) {
    return jdbc.sql("select exists (select 1 from note where record = ? and listed)")
        .param(record.toString())
        .query(Boolean.class)
        .single();
  }

  /**
   * Records of linked pairs to which Lockstep sent a note in that period and of which no note of
   * that visibility was ever listed, unless their pair already reports it.
   */
  public List<RecordRef> unlisted(String system, String kind, Instant from, Instant before) {
    return jdbc
        .sql(
            """
            select distinct sent.target from note sent
            where sent.state = 'SYNCED' and sent.sent_at between ? and ?
              and starts_with(sent.target, ?)
              and not exists (select 1 from note there
                where there.record = sent.target and there.listed
                  and there.visibility = sent.sent_as)
              and exists (select 1 from pair
                where state = 'LINKED'
                  and (left_ref = sent.target and not jsonb_exists(gaps, ?)
                    or right_ref = sent.target and not jsonb_exists(gaps, ?)))
            """)
        .params(
            Timestamp.from(from),
            Timestamp.from(before),
            system + "/" + kind + "/",
            Pair.notesOf(Side.LEFT),
            Pair.notesOf(Side.RIGHT))
        .query(String.class)
        .list()
        .stream()
        .map(RecordRef::parse)
        .toList();
  }

  /**
   * @param target where it is now
   * @param syncedId its id there; null if the system does not return it. It is stored as an echo,
   *     so that receiving it schedules no work.
   */
  public void markSynced(StoredNote note, RecordRef target, @Nullable String carriedId) {
    jdbc.sql(
            """
            update note set state = 'SYNCED', synced_id = ?, target = ?
            where record = ? and id = ?
            """)
        .params(carriedId, target.toString(), note.record().toString(), note.note().id())
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

  /** Deletes the notes of a record that is not synced. */
  public void forget(RecordRef record) {
    jdbc.sql("delete from note where record = ?").param(record.toString()).update();
  }

  private static StoredNote note(ResultSet rs, int index) throws SQLException {
    String sentAs = rs.getString("sent_as");
    String target = rs.getString("target");
    Timestamp sentAt = rs.getTimestamp("sent_at");
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
        rs.getString("mark"),
        target == null ? null : RecordRef.parse(target),
        sentAt == null ? null : sentAt.toInstant(),
        rs.getString("synced_id"));
  }
}
