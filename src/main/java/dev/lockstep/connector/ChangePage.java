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
 * One page of changes.
 *
 * @param records current states of changed records
 * @param notes complete notes contained in the listing, by record
 * @param look changed records whose new state the listing does not contain; they must be fetched
 * @param traces notes known to have been written, by record; if all of them are known already, the
 *     record's notes need not be fetched
 * @param nextPage token of the next page; null after the last one
 * @param page facts about the listing itself
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
   * @param newest the newest time on the page, by the system's clock; null when it contains none
   * @param content hash of the items; null for an empty page
   * @param prints hash of what the page shows of each record
   * @param skipped items that could not be read, one line each
   */
  public record Page(
      @Nullable Instant newest,
      @Nullable UUID content,
      Map<RecordRef, UUID> fingerprints,
      List<String> skipped) {}

  /** A page of records and notes only. */
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
