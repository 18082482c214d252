package dev.lockstep.postmortem.followup;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.List;

/**
 * An incident as it was last seen.
 *
 * @param records all its records, in every system it is kept in
 * @param seen its ticket if it has one, else its record on the platform
 * @param side the side {@code seen} stands on
 */
public record Incident(List<RecordRef> records, Snapshot seen, Side side, Mapping mapping) {
  public Incident {
    records = List.copyOf(records);
  }

  public RecordRef ref() {
    return seen.ref();
  }

  /** Under what its notes are kept until they are sent. */
  public RecordRef noteSource() {
    return noteSource(seen.ref());
  }

  /** The same for all its records: what waited for one on the platform is its ticket's to have. */
  List<RecordRef> noteSources() {
    return records.stream().map(Incident::noteSource).toList();
  }

  private static RecordRef noteSource(RecordRef ref) {
    return new RecordRef("lockstep", "action-item-notes", ref.toString().replace('/', '~'));
  }

  public String value(String field) {
    return seen.values().getOrDefault(field, "");
  }
}
