package dev.lockstep.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import org.jspecify.annotations.Nullable;

/**
 * A call that the live service would make and that changes a system.
 *
 * @param record the record it changes; one that is to be created has the id of a {@link
 *     RecordingConnectors planned record}
 * @param key display key of the record
 * @param body the fields it sets, in the system's own JSON; null for all but creates and updates
 * @param text of a note, or the key of the other record; empty for creates and updates
 */
record PlannedWrite(
    Operation operation, RecordRef record, String key, @Nullable JsonNode body, String text) {

  enum Operation {
    CREATE,
    UPDATE,
    /** The reference to the counterpart. */
    LINK,
    INTERNAL_NOTE,
    PUBLIC_NOTE,
    /** As a duplicate of another record. */
    CONSOLIDATE,
    SEPARATE
  }
}
