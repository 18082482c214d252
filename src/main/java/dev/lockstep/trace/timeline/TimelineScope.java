package dev.lockstep.trace.timeline;

import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a timeline is about.
 *
 * @param correlation null for a record that is in no pair
 * @param records each once, the first one names the timeline
 */
public record TimelineScope(
    @Nullable Correlation correlation, Map<RecordRef, RecordState> records) {

  public static TimelineScope of(Correlation correlation) {
    return new TimelineScope(correlation, correlation.states());
  }

  public static TimelineScope of(Collection<RecordState> records) {
    Map<RecordRef, RecordState> states = new LinkedHashMap<>();
    records.forEach(state -> states.put(state.ref(), state));
    return new TimelineScope(null, states);
  }

  public List<Pair> pairs() {
    return correlation == null ? List.of() : correlation.pairs();
  }

  public Set<RecordRef> refs() {
    return records.keySet();
  }

  /** The display key of a record; its reference if it is not known. */
  public String key(@Nullable RecordRef ref) {
    RecordState state = ref == null ? null : records.get(ref);
    return state != null ? state.key() : ref == null ? "" : ref.toString();
  }

  /** The names by which the inbox and the audit call the work on it. */
  List<String> workSubjects() {
    List<String> subjects = new ArrayList<>();
    if (correlation != null) {
      subjects.add("correlation:" + correlation.id());
    }
    refs().forEach(ref -> subjects.add("record:" + ref));
    return subjects;
  }
}
