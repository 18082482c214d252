package dev.lockstep.communication;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incident with all its records.
 *
 * @param manager who leads it, by its record or as assigned in Lockstep; empty for nobody
 */
public record KnownIncident(IncidentFacts facts, Correlation correlation, String manager) {

  public RecordRef ref() {
    return facts.record();
  }

  private @Nullable RecordState state() {
    return correlation.states().get(facts.record());
  }

  public String key() {
    RecordState state = state();
    return state == null ? facts.record().id() : state.key();
  }

  /** Empty if its system has none. */
  public String url() {
    RecordState state = state();
    return state == null ? "" : state.url();
  }

  /** As its own record shows it, or else another one. */
  public String title() {
    RecordState own = state();
    String title = own == null ? "" : title(List.of(own));
    return title.isEmpty() ? title(correlation.states().values()) : title;
  }

  private static String title(Collection<RecordState> records) {
    return records.stream()
        .flatMap(record -> record.values().values().stream())
        .map((Map<String, String> values) -> values.getOrDefault("title", ""))
        .filter(title -> !title.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Its records in a system that are kept in sync, to which notes can be sent. */
  public List<RecordRef> recordsIn(String system) {
    return correlation.states().keySet().stream()
        .filter(ref -> ref.system().equals(system))
        .filter(ref -> correlation.pairsOf(ref).stream().anyMatch(pair -> !isOver(pair)))
        .toList();
  }

  private static boolean isOver(Pair pair) {
    return pair.state().isOver();
  }
}
