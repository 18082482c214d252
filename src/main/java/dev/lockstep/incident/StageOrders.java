package dev.lockstep.incident;

import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.Side;
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

  /** Whether an order that was given before is still to be written. */
  public boolean isPending(IncidentFacts incident, Correlation correlation, IncidentStage stage) {
    return target(incident, correlation, stage)
        .filter(target -> values.isPending(target.pair().id(), target.value().field()))
        .isPresent();
  }

  /** The stage that the record itself showed last; empty if that is not known. */
  public Optional<IncidentStage> shown(IncidentFacts incident, Correlation correlation) {
    return rule(incident)
        .flatMap(
            rule ->
                pair(incident, correlation)
                    .flatMap(pair -> Optional.ofNullable(pair.seen(rule.side())))
                    .flatMap(seen -> IncidentReading.of(rule, seen.values()).stage()));
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
    IncidentRule rule = rule(incident).orElse(null);
    Pair pair = pair(incident, correlation).orElse(null);
    return rule == null || pair == null
        ? Optional.empty()
        : IncidentRule.toReach(
                stage == IncidentStage.RESOLVED ? rule.resolved() : rule.acknowledged())
            .map(value -> new Target(pair, rule.side(), value));
  }

  private Optional<IncidentRule> rule(IncidentFacts incident) {
    return mappings.findByName(incident.mapping()).flatMap(Mapping::incident);
  }
}
