package dev.lockstep.pair;

import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code note_delivery}: each note at most once to each record. */
@Component
public class DeliveryStore {
  /**
   * Systems truncate texts at this length or later; a truncated text is matched by its beginning.
   */
  private static final int SHORTEST_CUT = 150;

  private static final int ALIKE = 40;

  private final JdbcClient jdbc;

  public DeliveryStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A text to send to a record. */
  public record Message(RecordRef target, Visibility sentAs, String text, String mark) {}

  /** Adds a delivery to be sent. */
  public void enqueue(RecordRef record, String note, Message message) {
    insert(record, note, Delivery.State.READY, message);
  }

  /**
   * Stores a delivery that was found on its target, unless one is known.
   *
   * @param copy the note there
   */
  public void insertSent(RecordRef record, String note, Message message, WorkNote copy) {
    jdbc.sql(
            """
            insert into note_delivery
              (record, note, target, state, sent_as, text, mark, sent_at, sent_id)
            values (?, ?, ?, 'SENT', ?, ?, ?, ?, ?)
            on conflict (record, note, target) do nothing
            """)
        .params(
            record.toString(),
            note,
            message.target().toString(),
            message.sentAs().name(),
            PostgresText.removeNul(message.text()),
            message.mark(),
            Timestamp.from(copy.createdAt()),
            copy.id())
        .update();
  }

  /**
   * A note that was sent.
   *
   * @param record the one under which it is stored, as {@code note}
   * @param id of the note on its target
   */
  public record Sent(RecordRef record, String note, String id) {}

  /** Whether there is a delivery of that note, in any state. */
  public boolean exists(RecordRef record, String note, RecordRef target) {
    return jdbc.sql(
            """
            select exists (select from note_delivery
              where record = ? and note = ? and target = ?)
            """)
        .params(record.toString(), note, target.toString())
        .query(Boolean.class)
        .single();
  }

  /** The links that were sent to a record and are not known to be pinned. */
  public List<Sent> findUnpinned(RecordRef target) {
    return jdbc.sql(
            """
            select record, note, sent_id from note_delivery
            where target = ? and state = 'SENT' and sent_id is not null and pinned_at is null
              and (note like 'lockstep:%:link-%' or note like 'lockstep:linked:%')
            order by sent_at
            """)
        .param(target.toString())
        .query(
            (rs, i) ->
                new Sent(
                    RecordRef.parse(rs.getString("record")),
                    rs.getString("note"),
                    rs.getString("sent_id")))
        .list();
  }

  public void markPinned(Sent sent, RecordRef target, Instant at) {
    jdbc.sql(
            """
            update note_delivery set pinned_at = ? where record = ? and note = ? and target = ?
            """)
        .params(Timestamp.from(at), sent.record().toString(), sent.note(), target.toString())
        .update();
  }

  /** Records that a note need not be sent to a record. */
  public void skip(StoredNote note, RecordRef target) {
    insert(
        note.record(),
        note.note().id(),
        Delivery.State.SKIPPED,
        new Message(target, note.note().visibility(), "", ""));
  }

  private void insert(RecordRef record, String note, Delivery.State state, Message message) {
    jdbc.sql(
            """
            insert into note_delivery (record, note, target, state, sent_as, text, mark)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (record, note, target) do update set state = excluded.state
              where note_delivery.state in ('WAITING', 'READY', 'SENDING')
            """)
        .params(
            record.toString(),
            note,
            message.target().toString(),
            state.name(),
            message.sentAs().name(),
            PostgresText.removeNul(message.text()),
            message.mark())
        .update();
  }

  /**
   * Claims a delivery for a sender; to be committed before the note is sent. A delivery claimed by
   * another sender is not available before its lease ends: a suspended process may be about to send
   * it.
   *
   * @return false if another sender holds it, it is settled, or the note has another visibility by
   *     now
   */
  public boolean claim(
      StoredNote note, Message message, String owner, Instant now, Instant leasedUntil) {
    return jdbc.sql(
                """
                insert into note_delivery
                  (record, note, target, state, sent_as, text, mark, sent_at, owner, leased_until)
                select record, id, :target, 'SENDING', :sentAs, :text, :mark, :now, :owner, :until
                from note where record = :record and id = :id and state = 'OPEN'
                  and visibility = :visibility
                  and (not own or not exists (select 1 from note_delivery other
                    where other.record = note.record and other.note = note.id
                      and other.target <> :target and other.state <> 'SKIPPED'))
                on conflict (record, note, target) do update
                  set state = 'SENDING', sent_as = excluded.sent_as, text = excluded.text,
                    mark = excluded.mark, sent_at = excluded.sent_at, owner = excluded.owner,
                    leased_until = excluded.leased_until
                  where note_delivery.state = 'READY'
                    or note_delivery.state = 'SENDING'
                      and (note_delivery.owner = :owner or note_delivery.leased_until < :now)
                """)
            .param("target", message.target().toString())
            .param("sentAs", message.sentAs().name())
            .param("text", PostgresText.removeNul(message.text()))
            .param("mark", message.mark())
            .param("now", Timestamp.from(now))
            .param("owner", owner)
            .param("until", Timestamp.from(leasedUntil))
            .param("record", note.record().toString())
            .param("id", note.note().id())
            .param("visibility", note.note().visibility().name())
            .update()
        > 0;
  }

  /** Takes over a delivery whose sender's lease ended while sending, in order to search for it. */
  public boolean takeOver(
      StoredNote note, RecordRef target, String owner, Instant now, Instant leasedUntil) {
    return jdbc.sql(
                """
                update note_delivery set owner = :owner, leased_until = :until
                where record = :record and note = :id and target = :target and state = 'SENDING'
                  and (owner is null or owner = :owner or leased_until < :now)
                """)
            .param("owner", owner)
            .param("until", Timestamp.from(leasedUntil))
            .param("record", note.record().toString())
            .param("id", note.note().id())
            .param("target", target.toString())
            .param("now", Timestamp.from(now))
            .update()
        > 0;
  }

  /** Nothing was sent: the delivery is ready again, unless another sender holds it by now. */
  public void release(StoredNote note, RecordRef target, String owner) {
    jdbc.sql(
            """
            update note_delivery set state = 'READY'
            where record = ? and note = ? and target = ? and owner = ?
            """)
        .params(note.record().toString(), note.note().id(), target.toString(), owner)
        .update();
  }

  /**
   * When the lease of the sender ends that holds a delivery.
   *
   * @param unleased returned if none holds a delivery to that record
   * @return empty if the note is no longer to be sent to that record
   */
  public Optional<Instant> leaseEnd(StoredNote note, RecordRef target, Instant unleased) {
    return jdbc.sql(
            """
            select coalesce(max(leased_until), :unleased) from note_delivery
            where record = :record and note = :id and target = :target
            having exists (select 1 from note where record = :record and id = :id and state = 'OPEN')
              and count(*) filter (where state in ('SENT', 'SKIPPED', 'REFUSED')) = 0
            """)
        .param("unleased", Timestamp.from(unleased))
        .param("record", note.record().toString())
        .param("id", note.note().id())
        .param("target", target.toString())
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .optional();
  }

  /**
   * Forgets a delivery that was not sent, unless another sender holds it: its mapping decides
   * again.
   */
  public void forget(StoredNote note, RecordRef target, String owner) {
    jdbc.sql(
            """
            delete from note_delivery
            where record = ? and note = ? and target = ? and (state = 'READY' or owner = ?)
            """)
        .params(note.record().toString(), note.note().id(), target.toString(), owner)
        .update();
  }

  public void settle(StoredNote note, RecordRef target, Delivery.State state) {
    jdbc.sql(
            """
            update note_delivery set state = ? where record = ? and note = ? and target = ?
            """)
        .params(state.name(), note.record().toString(), note.note().id(), target.toString())
        .update();
  }

  /**
   * @param sentId the note's id on the target; null if the system does not return it. It is stored
   *     as an echo, so that receiving it schedules no work.
   */
  public void markSent(StoredNote note, RecordRef target, @Nullable String sentId) {
    jdbc.sql(
            """
            update note_delivery set state = 'SENT', sent_id = ?
            where record = ? and note = ? and target = ?
            """)
        .params(sentId, note.record().toString(), note.note().id(), target.toString())
        .update();
    if (sentId != null) {
      jdbc.sql(
              """
              insert into note (record, id, author, created_at, text, visibility, state, own)
              values (?, ?, '', ?, '', 'INTERNAL', 'ECHO', false)
              on conflict (record, id) do update set state = 'ECHO'
              """)
          .params(target.toString(), sentId, Timestamp.from(note.note().createdAt()))
          .update();
    }
  }

  /**
   * Notes sent by Lockstep that this text may be: those whose mark it contains, on any record, and
   * those sent to this record with the same beginning, since the mark may be truncated.
   */
  public List<Delivery> findSentLike(RecordRef record, String text) {
    String start = text.length() < SHORTEST_CUT ? "" : text.substring(0, ALIKE);
    Set<String> marks = NoteMark.findAll(text);
    if (marks.isEmpty() && start.isEmpty()) {
      return List.of();
    }
    return deliveries(
        jdbc.sql(
                NoteStore.SELECT
                    + """
                    where d.mark in (:marks)
                      or :start <> '' and d.target = :record and starts_with(d.text, :start)
                    """)
            .param("marks", marks.isEmpty() ? Set.of("-") : marks)
            .param("start", PostgresText.removeNul(start))
            .param("record", record.toString()));
  }

  /** The notes that Lockstep sent to a record, or may have sent. */
  public List<Delivery> attemptedTo(RecordRef target) {
    return deliveries(
        jdbc.sql(
                NoteStore.SELECT
                    + "where d.target = ? and d.state in ('SENDING', 'SENT', 'REFUSED')")
            .param(target.toString()));
  }

  /** The notes that Lockstep sent to a record, newest first. */
  public List<Delivery> sentTo(RecordRef target) {
    return deliveries(
        jdbc.sql(
                NoteStore.SELECT
                    + "where d.target = ? and d.state = 'SENT' order by d.sent_at desc")
            .param(target.toString()));
  }

  private static List<Delivery> deliveries(JdbcClient.StatementSpec statement) {
    return NoteStore.read(statement).stream().flatMap(note -> note.deliveries().stream()).toList();
  }

  /** The record of this kind to which Lockstep last sent a note of that visibility. */
  public Optional<RecordRef> lastSentTo(String system, String kind, Visibility visibility) {
    return jdbc.sql(
            """
            select target from note_delivery
            where state = 'SENT' and sent_as = ? and starts_with(target, ?)
            order by sent_at desc limit 1
            """)
        .params(visibility.name(), system + "/" + kind + "/")
        .query(String.class)
        .optional()
        .map(RecordRef::parse);
  }

  /**
   * Records of linked pairs to which Lockstep sent a note in that period and of which no note of
   * that visibility was ever listed, unless their pair already reports it.
   */
  public List<RecordRef> unlisted(String system, String kind, Instant from, Instant before) {
    return jdbc
        .sql(
            """
            select distinct sent.target from note_delivery sent
            where sent.state = 'SENT' and sent.sent_at between ? and ?
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
}
