package dev.lockstep.connector;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
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
 * @param page what it shows of the listing itself
 */
public record ChangePage(
    List<NativeRecord> records,
    Map<RecordRef, List<WorkNote>> notes,
    Set<RecordRef> toFetch,
    Map<RecordRef, List<NoteFingerprint>> noteFingerprints,
    @Nullable String nextPage,
    Page page) {

  /**
   * A page of a listing.
   *
   * @param newest the newest time in it, by the system's own clock; null when it shows none
   * @param content the same for two pages that hold the same items; null for an empty page
   * @param prints by record, the same for two pages that show the same of it
   * @param skipped what could not be read, one line each
   */
  public record Page(
      @Nullable Instant newest,
      @Nullable UUID content,
      Map<RecordRef, UUID> fingerprints,
      List<String> skipped) {}

  /** A page of records and notes alone. */
  public ChangePage(
      List<NativeRecord> records,
      Map<RecordRef, List<WorkNote>> notes,
      Set<RecordRef> look,
      @Nullable String nextPage) {
    this(records, notes, look, Map.of(), nextPage, pageOf(records));
  }

  private static Page pageOf(List<NativeRecord> records) {
    Instant newest =
        records.stream()
            .map(NativeRecord::updatedAt)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null);
    return new Page(newest, null, Map.of(), List.of());
  }
}
