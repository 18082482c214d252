package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.Map;

/** When a record counts as finally closed, and how to reopen it: a file's {@code closure}. */
public interface ClosureRules {

  boolean isClosed(Side side, Map<String, String> values);

  /** Field to the value that reopens a record of this side; empty: records are not reopened. */
  Map<String, String> reopen(Side side);

  /**
   * The record's priority, as a value of its own side; empty if no priority field is configured.
   */
  String priority(Side side, Map<String, String> values);
}
