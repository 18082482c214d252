package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.Map;

/** When a record was closed for good, and what takes that back: a file's {@code closure}. */
public interface ClosureRules {

  boolean isClosed(Side side, Map<String, String> values);

  /** Field to the value that reopens a record of this side; empty: it is not reopened. */
  Map<String, String> reopen(Side side);

  /** The record's priority, in its own side's words; empty if it is not said which field it is. */
  String priority(Side side, Map<String, String> values);
}
