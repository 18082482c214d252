package dev.lockstep.plan;

import dev.lockstep.record.Side;
import java.util.Map;
import java.util.Set;

/**
 * What of an update was sent to a side.
 *
 * @param values by field, the value that was sent; an intermediate step if it is not the one of the
 *     update
 * @param waiting fields that the record does not accept in its current state; they are due again
 * @param partly fields whose value has no counterpart; only fields that depend on them were sent
 * @param refused by field, why the system refused it although it accepted the rest
 * @param gaps by field, why it was not sent
 */
public record SentUpdate(
    Side side,
    SyncPlan.Update update,
    Map<String, String> values,
    Set<String> waiting,
    Set<String> partly,
    Map<String, String> refused,
    Map<String, String> gaps) {
  public SentUpdate {
    values = Map.copyOf(values);
    waiting = Set.copyOf(waiting);
    partly = Set.copyOf(partly);
    refused = Map.copyOf(refused);
    gaps = Map.copyOf(gaps);
  }
}
