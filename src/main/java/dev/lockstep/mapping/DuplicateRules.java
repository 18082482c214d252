package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;

/** Fields for duplicate detection and resolution: a file's {@code duplicates} section. */
public interface DuplicateRules {

  /**
   * The compared values, translated to the left side so that tickets of both sides are comparable.
   * Empty: unknown.
   */
  record Compared(String title, String description, String service, String category) {}

  Compared compared(Side side, Map<String, String> values);

  /** Whether a record of this side takes part in duplicate detection. */
  boolean inScope(Side side, Map<String, String> values);

  /** Whether the record is no longer worked on. */
  boolean isResolvedOrClosed(Side side, Map<String, String> values);

  /**
   * Whether the record was resolved, and not cancelled, so that its duplicates are resolved too.
   */
  boolean isResolved(Side side, Map<String, String> values);

  /** Whether duplicates of this side are resolved with their primary. */
  boolean follows(Side side);

  /**
   * Values to write to a duplicate when its primary is resolved, by field.
   *
   * @param primary the values of the primary
   * @param texts whether the duplicate's caller may read the primary's texts; otherwise neutral
   *     texts are used
   */
  Map<String, String> valuesFromPrimary(Side side, Map<String, String> primary, boolean texts);

  /**
   * The audience of a record's texts: records with equal audiences may share texts. Empty: texts
   * must not be shared, or the audience is unknown.
   */
  List<String> audience(Side side, Map<String, String> values);
}
