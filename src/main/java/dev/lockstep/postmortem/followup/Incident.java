package dev.lockstep.postmortem.followup;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;

/**
 * An incident as last seen.
 *
 * @param records all its records, in every system it is kept in
 * @param seen its ticket if it has one, else its record on the platform
 * @param side the side of {@code seen}
 */
public record Incident(List<RecordRef> records, Snapshot seen, Side side, Mapping mapping) {
  public Incident {
    records = List.copyOf(records);
  }

  public RecordRef ref() {
    return seen.ref();
  }

  /** The record under which its notes are stored until they are sent. */
  public RecordRef noteSource() {
    return noteSource(seen.ref());
  }

  /**
   * The same for all its records: notes stored for the platform's record are sent to the ticket
   * once there is one.
   */
  List<RecordRef> noteSources() {
    return records.stream().map(Incident::noteSource).toList();
  }

  private static RecordRef noteSource(RecordRef ref) {
    return new RecordRef("lockstep", "action-item-notes", ref.toString().replace('/', '~'));
  }

  /** Whether it is closed, for the mapping or for the rules about closing it. */
  boolean isClosed() {
    return mapping.isClosed(side, seen.values())
        || mapping.closure().filter(rules -> rules.isClosed(side, seen.values())).isPresent();
  }

  public String value(String field) {
    return seen.values().getOrDefault(field, "");
  }
}
