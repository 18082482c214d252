package dev.lockstep.incident;

import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.ChosenValues;
import dev.lockstep.sync.MappingCatalog;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Brings an incident to a stage: its record gets the first value by which its mapping recognises
 * the stage, as if somebody had edited it there, and everything follows from that.
 */
@Component
public class StageOrders {
  private final MappingCatalog mappings;
  private final ChosenValues values;

  StageOrders(MappingCatalog mappings, ChosenValues values) {
    this.mappings = mappings;
    this.values = values;
  }

  /** How far an order is. */
  public enum Progress {
    PENDING,
    WRITTEN,
    REFUSED
  }

  /**
   * What is written.
   *
   * @param side of the incident
   */
  private record Target(Pair pair, Side side, IncidentRule.Value value) {}

  /**
   * Orders it, in the caller's transaction.
   *
   * @param stage acknowledged or resolved
   * @param by who asks for it
   * @return why it is not possible; empty if it is scheduled
   */
  public Optional<String> order(
      IncidentFacts incident, Correlation correlation, IncidentStage stage, String by) {
    Target target = target(incident, correlation, stage).orElse(null);
    return target == null
        ? Optional.of(
            "The mapping %s names no value for this stage, or the incident is not synced."
                .formatted(incident.mapping()))
        : values.order(
            target.pair(), target.side(), target.value().field(), target.value().value(), by);
  }

  /** How far an order is that was given before. */
  public Progress progress(IncidentFacts incident, Correlation correlation, IncidentStage stage) {
    Target target = target(incident, correlation, stage).orElse(null);
    if (target == null) {
      return Progress.REFUSED;
    }
    if (values.isPending(target.pair().id(), target.value().field())) {
      return Progress.PENDING;
    }
    Snapshot seen = target.pair().seen(target.side());
    return seen != null && target.value().value().equals(seen.values().get(target.value().field()))
        ? Progress.WRITTEN
        : Progress.REFUSED;
  }

  /** The pair by whose mapping the record is an incident; empty if it is not synced. */
  public Optional<Pair> pair(IncidentFacts incident, Correlation correlation) {
    return correlation.pairsOf(incident.record()).stream()
        .filter(pair -> pair.mapping().equals(incident.mapping()))
        .filter(pair -> pair.state() == Pair.State.LINKED)
        .findFirst();
  }

  private Optional<Target> target(
      IncidentFacts incident, Correlation correlation, IncidentStage stage) {
    Optional<IncidentRule> rule =
        mappings.findByName(incident.mapping()).flatMap(Mapping::incident);
    Optional<IncidentRule.Value> value =
        rule.flatMap(
            found ->
                IncidentRule.toReach(
                    stage == IncidentStage.RESOLVED ? found.resolved() : found.acknowledged()));
    return pair(incident, correlation)
        .flatMap(
            pair -> value.map(written -> new Target(pair, rule.orElseThrow().side(), written)));
  }
}
