package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One file of {@code mappings/}: one record kind between one pair of systems, both directions. */
public interface Mapping {

  /** The file's stem, for example {@code incident}. */
  String name();

  /** The system on that side, for example {@code servicenow}. */
  String system(Side side);

  /** The record kind on that side, for example {@code incident}. */
  String kind(Side side);

  List<FieldMapping> fields();

  NotePolicy notes();

  /** How duplicates are told and treated; empty: records of this mapping are not compared. */
  Optional<DuplicateRules> duplicates();

  /** When a record counts as closed for those who may reopen it; empty: that is not looked at. */
  default Optional<ClosureRules> closure() {
    return Optional.empty();
  }

  /** Whether a record of this side begins a pair: the file's {@code starts} section. */
  boolean startsSync(Side side, Map<String, String> values);

  /**
   * Why it cannot be said that a record which does not start is out of scope: fields that would
   * decide, with a value no table of the file lists, or null where the record does not show them.
   * Empty: it is out of scope, or it starts.
   */
  default Map<String, @Nullable String> undecided(Side side, Map<String, String> values) {
    return Map.of();
  }

  /**
   * The mapped values of a record.
   *
   * @param json the record in its system's own JSON; fields it lacks are absent from the answer
   */
  Map<String, String> read(Side side, JsonNode json, References references);

  /** Whether a record is over: while it is, its system takes neither changes nor notes. */
  boolean isClosed(Side side, Map<String, String> values);

  /**
   * Which of these values a record takes in one call as it stands; for a value it only comes to by
   * way of another one, that one. What is left out or comes later is not lost: these fields stay
   * changed since both sides last agreed, and are due in a later pass, at once if this call writes
   * anything.
   *
   * @param current what the record says now; empty when it is yet to be created
   */
  Map<String, String> writableFields(
      Side side, Map<String, String> current, Map<String, String> values);

  /**
   * What to send so that a record of {@code side} takes these values. What {@link #writableFields}
   * would leave out for the sake of the other values is left out here too, and told as a gap.
   */
  Write write(Side side, Map<String, String> values, References references);

  /**
   * What to send so that a record of {@code side} comes to be with these values. As {@link #write},
   * and besides: a field with a {@code default} that has no value here, or one that can't be
   * written, gets its default (its gap is still told), and the file's {@code constants} are added.
   */
  Write create(Side side, Map<String, String> values, References references);

  /** Every place in a record's own JSON that {@link #read} looks at, in the connector's words. */
  Set<String> paths(Side side, References references);

  /**
   * Where two records that should be in step are not. Fields one side does not tell are left out,
   * and so are those a side only takes at creation, does not take in its present state, or is only
   * told of.
   *
   * @return field name to what each side says, one line for people
   */
  Map<String, String> disagreements(Map<String, String> left, Map<String, String> right);

  /**
   * A record, or a part of one, as its system takes it.
   *
   * @param body in the system's own JSON, unwrapped; empty object when nothing can be written
   * @param gaps field name to why it could not be written, for example an unknown user
   * @param partly fields of {@code gaps} of which what goes along with their value is written, for
   *     example the urgency of a priority that the system does not have
   */
  record Write(ObjectNode body, Map<String, String> gaps, Set<String> partly) {
    public Write(ObjectNode body, Map<String, String> gaps) {
      this(body, gaps, Set.of());
    }
  }
}
