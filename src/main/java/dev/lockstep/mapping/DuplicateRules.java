package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;

/** What tickets are compared by, and what a duplicate takes over: a file's {@code duplicates}. */
public interface DuplicateRules {

  /**
   * What is compared, in the left side's words, so that tickets of both sides compare. Empty: not
   * told.
   */
  record Compared(String title, String description, String service, String category) {}

  Compared compared(Side side, Map<String, String> values);

  /** Whether a record of this side is compared with others at all. */
  boolean inScope(Side side, Map<String, String> values);

  /** Whether nobody works on it any more. */
  boolean isResolvedOrClosed(Side side, Map<String, String> values);

  /** Whether it ended in the way its duplicates follow, rather than by being cancelled. */
  boolean isResolved(Side side, Map<String, String> values);

  /** Whether duplicates of this side follow their primary at all. */
  boolean follows(Side side);

  /**
   * What a duplicate takes over of a primary that is resolved: field to value.
   *
   * @param primary the values of the primary
   * @param texts whether the duplicate's caller may read the primary's texts; otherwise neutral
   *     texts take their place
   */
  Map<String, String> valuesFromPrimary(Side side, Map<String, String> primary, boolean texts);

  /**
   * Who may read the texts of a record: records of equal audiences share theirs. Empty: nobody else
   * may, or it is not known.
   */
  List<String> audience(Side side, Map<String, String> values);
}
