package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The notes in the table {@code note_delivery} that a system refused, until operators decide. */
@Component
public class RefusedNoteStore {
  private final JdbcClient jdbc;

  public RefusedNoteStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param record the record it was written on
   * @param note its id there
   * @param target the record it was for
   */
  public record RefusedNote(RecordRef record, String note, RecordRef target) {}

  /**
   * Applies an operator's decision on a refused note: retry or discard.
   *
   * @return whether it was refused until then
   */
  public boolean decide(RefusedNote refused, Delivery.State next) {
    return jdbc.sql(
                """
                update note_delivery set state = :state, retried = :state = 'READY'
                where record = :record and note = :note and target = :target and state = 'REFUSED'
                """)
            .param("state", next.name())
            .param("record", refused.record().toString())
            .param("note", refused.note())
            .param("target", refused.target().toString())
            .update()
        > 0;
  }

  /** Notes for these records that an operator retried and that are not sent yet. */
  public List<StoredNote> retried(Collection<RecordRef> targets) {
    return NoteStore.read(
        jdbc.sql(
                NoteStore.SELECT
                    + """
                    where d.target = any(?) and d.retried and d.state in ('READY', 'SENDING')
                    order by created_at, note.id
                    """)
            .param(RecordStore.names(targets)));
  }

  /**
   * Marks retried notes for these records as refused again.
   *
   * @return those notes
   */
  public List<RefusedNote> refuseRetried(Collection<RecordRef> targets) {
    return jdbc.sql(
            """
            update note_delivery set state = 'REFUSED', retried = false
            where target = any(?) and retried and state = 'READY'
            returning record, note, target
            """)
        .param(RecordStore.names(targets))
        .query(
            (rs, i) ->
                new RefusedNote(
                    RecordRef.parse(rs.getString("record")),
                    rs.getString("note"),
                    RecordRef.parse(rs.getString("target"))))
        .list();
  }
}
