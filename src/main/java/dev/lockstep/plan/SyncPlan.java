package dev.lockstep.plan;

import dev.lockstep.pair.AgreedValue;
import dev.lockstep.record.Side;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to write so that both records agree.
 *
 * @param updates by side, what to write there; sides without updates are absent
 * @param announcements values that a side can only receive in a note
 * @param settled values on which both sides agree without a write
 * @param gaps by field, why it cannot be synced
 */
public record SyncPlan(
    Map<Side, Update> updates,
    List<Announcement> announcements,
    Map<String, AgreedValue> settled,
    Map<String, String> gaps) {

  /**
   * Fields to write on one side in one call.
   *
   * @param values by field, the mapped value for that side
   * @param sources by field of {@code values}, the other side's value it was translated from;
   *     absent for a field that is filled because another one requires it
   * @param conflicts fields of {@code values} whose former value is lost
   */
  public record Update(
      Map<String, String> values, Map<String, String> sources, List<Conflict> conflicts) {
    public Update {
      values = Map.copyOf(values);
      sources = Map.copyOf(sources);
      conflicts = List.copyOf(conflicts);
    }

    private Update without(Set<String> fields) {
      Map<String, String> rest = new HashMap<>(values);
      rest.keySet().removeAll(fields);
      return new Update(
          rest,
          sources,
          conflicts.stream().filter(lost -> !fields.contains(lost.field())).toList());
    }
  }

  /**
   * A note written by Lockstep.
   *
   * @param field the field whose value it contains
   * @param agreed the agreed value once the note is enqueued
   */
  public record Announcement(Side to, String field, String text, AgreedValue agreed) {}

  public SyncPlan {
    updates = updates.isEmpty() ? Map.of() : new EnumMap<>(updates);
    announcements = List.copyOf(announcements);
    settled = Map.copyOf(settled);
    gaps = Map.copyOf(gaps);
  }

  /** The same without some fields of some updates. */
  public SyncPlan without(Map<Side, Set<String>> fields) {
    Map<Side, Update> kept = new EnumMap<>(Side.class);
    updates.forEach(
        (side, update) -> {
          Update rest = update.without(fields.getOrDefault(side, Set.of()));
          if (!rest.values().isEmpty()) {
            kept.put(side, rest);
          }
        });
    return new SyncPlan(kept, announcements, settled, gaps);
  }

  /** Whether both sides already agree, as far as they can. */
  public boolean isInSync() {
    return updates.isEmpty() && announcements.isEmpty();
  }
}
