package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One file of {@code mappings/}: one record kind on each of two systems, in both directions. */
public interface Mapping {

  /** The file name without extension, for example {@code incident}. */
  String name();

  /** The system on that side, for example {@code servicenow}. */
  String system(Side side);

  /** The record kind on that side, for example {@code incident}. */
  String kind(Side side);

  List<FieldMapping> fields();

  NotePolicy notes();

  /** Rules for duplicates; empty: records of this mapping are not compared. */
  Optional<DuplicateRules> duplicates();

  /** When a record counts as finally closed, and how to reopen it; empty: not checked. */
  default Optional<ClosureRules> closure() {
    return Optional.empty();
  }

  /** What the records of one side say about an incident; empty: they are not incidents. */
  default Optional<IncidentRule> incident() {
    return Optional.empty();
  }

  /** Whether a record of this side starts syncing: the file's {@code starts} section. */
  boolean startsSync(Side side, Map<String, String> values);

  /** Whether any record of this side starts syncing: false if the file says {@code never}. */
  default boolean mayStart(Side side) {
    return true;
  }

  /**
   * The fields that leave undecided whether a record is in scope: with a value that is in no table
   * of the file, or null if the record lacks the field. Empty: it is out of scope, or it starts
   * syncing.
   */
  default Map<String, @Nullable String> undecided(Side side, Map<String, String> values) {
    return Map.of();
  }

  /**
   * The mapped values of a record.
   *
   * @param json the record in its system's native JSON; fields it lacks are absent from the result
   */
  Map<String, String> read(Side side, JsonNode json, References references);

  /**
   * How urgent a record is: 0 for the highest priority, counting up; empty if the file has no
   * {@code priority} section, or does not list the value.
   */
  default OptionalInt rank(Side side, Map<String, String> values) {
    return OptionalInt.empty();
  }

  /** Whether a record is closed: its system accepts neither changes nor notes. */
  boolean isClosed(Side side, Map<String, String> values);

  /**
   * The values that can be written to a record in one call in its current state; a value that
   * requires an intermediate step is replaced by that step. Values left out are not lost: their
   * fields still differ from the base and are written in a later pass, immediately if this call
   * writes anything.
   *
   * @param current the record's current values; empty if it is not created yet
   */
  Map<String, String> writableFields(
      Side side, Map<String, String> current, Map<String, String> values);

  /**
   * How long the other side must have been unchanged before this value of a field is written on
   * side {@code to}.
   */
  default Duration delay(Side to, String field, String value) {
    return Duration.ZERO;
  }

  /**
   * The request body that sets these values on a record of {@code side}. Values that {@link
   * #writableFields} leaves out because of other values are left out here too, and reported as
   * gaps.
   *
   * @param present the values of the two records, for what is written along
   */
  Write write(Side side, Map<String, String> values, Present present, References references);

  /** The same if nothing is known of the two records. */
  default Write write(Side side, Map<String, String> values, References references) {
    return write(side, values, Present.NOTHING, references);
  }

  /**
   * The request body that creates a record of {@code side} with these values. As {@link #write}; in
   * addition, a field with a {@code default} whose value is missing or cannot be written gets its
   * default (the gap is still reported), and the file's {@code constants} are added.
   */
  Write create(Side side, Map<String, String> values, Origin origin, References references);

  /**
   * Whether Lockstep may have written that text at that path of a record of {@code side} together
   * with some field, by a text of the file.
   */
  default boolean writesText(Side side, String path, String text) {
    return false;
  }

  /**
   * The current values of the two records of a pair.
   *
   * @param here of the one that is written
   * @param there of the other one
   */
  record Present(Map<String, String> here, Map<String, String> there) {
    public static final Present NOTHING = new Present(Map.of(), Map.of());
  }

  /**
   * What a record is created from.
   *
   * @param values of the other record
   * @param backfilled whether its pair was started by a backfill
   */
  record Origin(Map<String, String> values, boolean backfilled) {}

  /** All paths in a record's native JSON that {@link #read} uses, as the connector names them. */
  Set<String> paths(Side side, References references);

  /**
   * The differences between two records that should be in sync. Leaves out fields that a side
   * lacks, accepts only at creation, does not accept in its current state, or has no path for.
   *
   * @return field name to the value of each side, one line of text
   */
  Map<String, String> disagreements(Map<String, String> left, Map<String, String> right);

  /**
   * A create or update request for a record.
   *
   * @param body in the system's native JSON, unwrapped; an empty object if nothing can be written
   * @param gaps field name to why it could not be written, for example an unknown user
   * @param partly fields of {@code gaps} whose {@code also-sets-for} entries are written, for
   *     example the urgency of a priority that the system does not have
   */
  record Write(ObjectNode body, Map<String, String> gaps, Set<String> partly) {
    public Write(ObjectNode body, Map<String, String> gaps) {
      this(body, gaps, Set.of());
    }
  }
}
