package dev.lockstep.plan;

import dev.lockstep.pair.AgreedValue;
import dev.lockstep.record.Side;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What to write so that both records agree again.
 *
 * @param updates by side, what to write there; sides without anything to write are absent
 * @param announcements what a side can only be told in a note
 * @param settled what both sides agree on without any writing
 * @param gaps by field, why it can't be carried
 */
public record SyncPlan(
    Map<Side, Update> updates,
    List<Announcement> announcements,
    Map<String, AgreedValue> settled,
    Map<String, String> gaps) {

  /**
   * Fields to write on one side in one call.
   *
   * @param values by field, in that side's words
   * @param sources by field of {@code values}, what the other side holds that this comes from;
   *     absent for a field that is filled because another one needs it
   * @param conflicts fields of {@code values} whose former value is lost by this
   */
  public record Update(
      Map<String, String> values, Map<String, String> sources, List<Conflict> conflicts) {
    public Update {
      values = Map.copyOf(values);
      sources = Map.copyOf(sources);
      conflicts = List.copyOf(conflicts);
    }
  }

  /**
   * A note Lockstep itself writes.
   *
   * @param field whose value it tells
   * @param agreed what holds once the note is sure to be sent
   */
  public record Announcement(Side to, String field, String text, AgreedValue agreed) {}

  public SyncPlan {
    updates = updates.isEmpty() ? Map.of() : new EnumMap<>(updates);
    announcements = List.copyOf(announcements);
    settled = Map.copyOf(settled);
    gaps = Map.copyOf(gaps);
  }

  /** Whether both sides agree already, as far as they can. */
  public boolean isInSync() {
    return updates.isEmpty() && announcements.isEmpty();
  }
}
