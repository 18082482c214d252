package dev.lockstep.dryrun;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the service would write, as {@code ./lockstep plan} prints and saves it.
 *
 * @param mappings by name of each mapping in use, a fingerprint of its file
 * @param notes which notes written before a pair is started are synced: NONE, SINCE_LINK or ALL
 * @param adoptBy where a record names a counterpart that exists; empty: only as Lockstep writes it
 * @param compared how many records and correlations were compared
 * @param records that would be created or changed, in the order of their first write
 * @param duplicates tickets that would be linked or proposed as duplicates
 * @param gaps what cannot be synced although its mapping says so
 * @param problems what could not be planned
 */
public record ChangePlan(
    Instant createdAt,
    Map<String, String> mappings,
    String notes,
    String adoptBy,
    long compared,
    List<PlannedRecord> records,
    List<PlannedDuplicate> duplicates,
    List<PlannedGap> gaps,
    List<Problem> problems,
    List<SystemSummary> systems) {

  /** Whether anything would be written. */
  public boolean hasChanges() {
    return !records.isEmpty();
  }

  /**
   * A record and everything that would be written to it.
   *
   * @param version of a record that exists, as the plan is based on it; empty for a new one
   * @param operation CREATE, UPDATE, or NOTES if no field changes
   * @param because keys of the records whose values or notes it would receive
   * @param basis the existing records whose change would change this plan, each with its version
   */
  public record PlannedRecord(
      String ref,
      String system,
      String key,
      String title,
      String url,
      String operation,
      List<String> because,
      List<PlannedField> fields,
      List<PlannedNote> notes,
      List<String> links,
      Map<String, String> basis) {}

  /**
   * A field that would be written.
   *
   * @param before empty if it has no value or the record is new
   * @param mapping the file that causes it
   * @param from key of the record that the value comes from
   * @param source its value there
   */
  public record PlannedField(
      String field, String before, String after, String mapping, String from, String source) {}

  /**
   * @param visibility INTERNAL or PUBLIC
   */
  public record PlannedNote(String visibility, String text) {}

  /**
   * @param state PROPOSED, or LINKING and LINKED for one that would be linked
   */
  public record PlannedDuplicate(String duplicate, String primary, String state) {}

  public record PlannedGap(
      String mapping, String left, String right, String field, String reason) {}

  /**
   * @param subject the record, correlation or feed that could not be processed
   */
  public record Problem(String subject, String problem) {}

  /**
   * The calls to one system.
   *
   * @param reads calls that planning needed; carrying it out needs about as many
   * @param callsPerMinute the configured limit
   * @param minutes at least needed for reads and writes at that limit
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record SystemSummary(
      String system,
      String title,
      int creates,
      int updates,
      int notes,
      int links,
      long reads,
      long writes,
      long callsPerMinute,
      double minutes) {}
}
