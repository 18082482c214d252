package dev.lockstep.incident;

import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.Mappings.MappedSide;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.Pass;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A step of processing an entry: stores what its records now say of the incident they are. */
@Component
public final class IncidentStep {
  private static final int BATCH = 200;

  private final MappingCatalog mappings;
  private final RecordStore records;
  private final IncidentStore store;
  private final Clock clock;

  IncidentStep(MappingCatalog mappings, RecordStore records, IncidentStore store, Clock clock) {
    this.mappings = mappings;
    this.records = records;
    this.store = store;
    this.clock = clock;
  }

  private record Rule(String mapping, IncidentRule rule) {
    IncidentReading read(RecordState state) {
      return IncidentReading.of(rule, state.in(mapping).values());
    }
  }

  /** Costs no statement if nothing has changed that the incident is described by. */
  public void update(Pass pass) {
    pass.finish(() -> updateAll(pass));
  }

  private void updateAll(Pass pass) {
    Map<RecordRef, RecordState> before = pass.loaded().states();
    pass.correlation()
        .states()
        .forEach(
            (ref, state) ->
                rule(ref)
                    .filter(rule -> isNew(pass, rule, before.get(ref), state))
                    .ifPresent(rule -> update(rule, state)));
  }

  /**
   * An attempt that was interrupted may have stored the record and not the incident; and so has the
   * one that started the record's first pair.
   */
  private static boolean isNew(
      Pass pass, Rule rule, @Nullable RecordState before, RecordState now) {
    return before == null
        || pass.entry().outcomeUnknown()
        || pass.loaded().pairsOf(now.ref()).stream()
            .anyMatch(pair -> pair.state() == Pair.State.LINKING)
        || !rule.read(before).equals(rule.read(now));
  }

  private Optional<Rule> rule(RecordRef ref) {
    for (MappedSide place : mappings.forRecord(ref.system(), ref.kind())) {
      Optional<IncidentRule> rule =
          place.mapping().incident().filter(one -> one.side() == place.side());
      if (rule.isPresent()) {
        return Optional.of(new Rule(place.mapping().name(), rule.get()));
      }
    }
    return Optional.empty();
  }

  private void update(Rule rule, RecordState state) {
    IncidentReading reading = rule.read(state);
    Optional<IncidentFacts> known = store.find(state.ref());
    known
        .map(facts -> facts.after(rule.mapping(), state, reading))
        .or(() -> first(rule, state, reading))
        .filter(next -> !known.equals(Optional.of(next)))
        .ifPresent(store::save);
  }

  /** Empty if the record does not say how far the incident is. */
  private Optional<IncidentFacts> first(Rule rule, RecordState state, IncidentReading reading) {
    return reading
        .stage()
        .map(stage -> IncidentFacts.first(rule.mapping(), state, reading, stage, clock.instant()));
  }

  /** Adds the incidents that were synced before their mapping had a section {@code incident}. */
  void addMissing() {
    mappings.all().stream()
        .filter(mapping -> mapping.incident().isPresent())
        .forEach(
            mapping -> {
              IncidentRule rule = mapping.incident().orElseThrow();
              addMissing(
                  new Rule(mapping.name(), rule),
                  mapping.system(rule.side()),
                  mapping.kind(rule.side()));
            });
  }

  private void addMissing(Rule rule, String system, String kind) {
    String after = "";
    List<RecordRef> batch = store.findMissing(system, kind, after, BATCH);
    while (!batch.isEmpty()) {
      records
          .findStates(batch)
          .forEach(state -> first(rule, state, rule.read(state)).ifPresent(store::add));
      after = batch.get(batch.size() - 1).toString();
      batch = store.findMissing(system, kind, after, BATCH);
    }
  }
}
