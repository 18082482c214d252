package dev.lockstep.mapping;

import dev.lockstep.mapping.field.Condition;
import dev.lockstep.mapping.field.TextTemplate;
import java.util.Map;

/**
 * A value that a created record gets besides its fields: an entry of {@code constants} or {@code
 * backfill}.
 *
 * @param unless values of the created record with which it is left out
 * @param ofBackfill whether only records get it that are created by a backfill
 */
record CreationValue(String path, TextTemplate text, Condition unless, boolean ofBackfill) {

  /**
   * @param created the values of the record to be created
   */
  boolean applies(Map<String, String> created, boolean backfilled) {
    return (backfilled || !ofBackfill) && !unless.holds(created);
  }
}
