package dev.lockstep.plan;

import dev.lockstep.pair.AgreedValue;
import java.util.List;
import java.util.Map;

/**
 * What a write changed.
 *
 * @param written by field, the value that was written; of a field that was written partly, the
 *     value that its record shows
 * @param agreed by field, what both sides agree on afterwards
 * @param gaps by field, why it is not in sync
 * @param conflicts values that were replaced although their side had changed them
 */
public record WriteOutcome(
    Map<String, String> written,
    Map<String, AgreedValue> agreed,
    Map<String, String> gaps,
    List<Conflict> conflicts) {
  public WriteOutcome {
    written = Map.copyOf(written);
    agreed = Map.copyOf(agreed);
    gaps = Map.copyOf(gaps);
    conflicts = List.copyOf(conflicts);
  }
}
