package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One page of what changed.
 *
 * @param records records as they are now
 * @param notes journal entries the listing itself carried whole, by record
 * @param look records known to have changed, whose new state the listing does not carry: they must
 *     be fetched
 * @param traces notes known to have been written, by record: whoever knows them all already need
 *     not fetch the record's notes
 * @param nextPage to be passed back for the next page; null after the last one
 */
public record Changes(
    List<NativeRecord> records,
    Map<RecordRef, List<WorkNote>> notes,
    Set<RecordRef> look,
    Map<RecordRef, List<NoteTrace>> traces,
    @Nullable String nextPage) {

  /** A page without traces. */
  public Changes(
      List<NativeRecord> records,
      Map<RecordRef, List<WorkNote>> notes,
      Set<RecordRef> look,
      @Nullable String nextPage) {
    this(records, notes, look, Map.of(), nextPage);
  }
}
