package dev.lockstep.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.plan.InitialBase;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Decides how a missing counterpart is created, and what is agreed once it exists. */
@Component
class CreationPlanner {
  private final Planner planner = new Planner();
  private final References references;
  private final StartPolicies policies;

  CreationPlanner(References references, StartPolicies policies) {
    this.references = references;
    this.policies = policies;
  }

  /**
   * A record to create.
   *
   * @param source the record it is created from
   * @param plan without fields that the record does not accept at creation; they remain an edit of
   *     the source and are synced once the record exists
   * @param refused by field, why the system refuses to create a record with it
   */
  record CreateRequest(
      Side to, Snapshot source, SyncPlan plan, ObjectNode body, Map<String, String> refused) {}

  CreateRequest draft(Mapping mapping, Side from, Snapshot source) {
    return draft(mapping, from, source, Map.of());
  }

  private CreateRequest draft(
      Mapping mapping, Side from, Snapshot source, Map<String, String> refused) {
    Side to = from.other();
    SyncPlan plan = planner.create(mapping, to, source);
    var update = plan.updates().get(to);
    Map<String, String> values = new HashMap<>(update == null ? Map.of() : update.values());
    values.keySet().removeAll(refused.keySet());
    Map<String, String> taken = new HashMap<>(mapping.writableFields(to, Map.of(), values));
    var write = mapping.create(to, taken, origin(source), references);
    taken.keySet().removeAll(write.gaps().keySet());
    Map<String, String> gaps = new HashMap<>(plan.gaps());
    gaps.putAll(write.gaps());
    gaps.putAll(refused);
    Map<Side, SyncPlan.Update> updates =
        update == null
            ? Map.of()
            : Map.of(to, new SyncPlan.Update(taken, update.sources(), update.conflicts()));
    var written = new SyncPlan(updates, plan.announcements(), plan.settled(), gaps);
    return new CreateRequest(to, source, written, write.body(), refused);
  }

  private Mapping.Origin origin(Snapshot source) {
    return new Mapping.Origin(
        source.values(), policies.isBackfilled(source.ref(), source.openedAt()));
  }

  /**
   * The same request without the fields that the refusal names. A field whose default is a
   * reference to another record is never left out: the record would be created with the default and
   * notify another team.
   *
   * @throws RequestRejectedException if it names no field that can be left out; the message lists
   *     the fields already missing, since they may be the cause
   */
  CreateRequest withoutRefusedFields(
      RequestRejectedException refusal, Mapping mapping, CreateRequest request) {
    var update = request.plan().updates().get(request.to());
    Map<String, String> values = update == null ? Map.of() : update.values();
    Map<String, String> refused = new HashMap<>(request.refused());
    Set<String> kept = new TreeSet<>();
    Mapping.Present present = new Mapping.Present(Map.of(), request.source().values());
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String value = values.get(name);
      if (value == null
          || !refusal.refusesFieldIn(
              mapping.write(request.to(), Map.of(name, value), present, references).body())) {
        continue;
      }
      if (field.defaultsToReference(request.to())) {
        kept.add(name);
      } else {
        refused.put(
            name,
            "refused by %s at creation (%d): %s"
                .formatted(mapping.system(request.to()), refusal.status(), refusal.answer()));
      }
    }
    if (refused.size() > request.refused().size()) {
      return draft(mapping, request.to().other(), request.source(), refused);
    }
    throw withExplanation(refusal, kept, request.plan().gaps());
  }

  private static RequestRejectedException withExplanation(
      RequestRejectedException refusal, Set<String> kept, Map<String, String> gaps) {
    if (kept.isEmpty() && gaps.isEmpty()) {
      return refusal;
    }
    String advice = refusal.advice();
    if (!kept.isEmpty()) {
      advice +=
          " The mapping's default for %s was not used instead, since it may belong to another team."
              .formatted(String.join(", ", kept));
    }
    if (!gaps.isEmpty()) {
      String missing =
          new TreeMap<>(gaps)
              .entrySet().stream()
                  .map(gap -> gap.getKey() + ": " + gap.getValue())
                  .collect(Collectors.joining("; "));
      advice +=
          " The record was sent without these fields, which may be why: %s".formatted(missing);
    }
    return new RequestRejectedException(
        refusal.status(), refusal.request(), refusal.answer(), advice);
  }

  /**
   * What both sides agree on once the record exists.
   *
   * @param found whether it existed already and may have been changed since
   */
  Map<String, AgreedValue> agreed(
      Mapping mapping, CreateRequest request, Snapshot created, boolean found) {
    Map<String, AgreedValue> agreed =
        new HashMap<>(
            InitialBase.of(
                mapping, request.plan(), request.to(), request.source(), created, found));
    agreed.putAll(refusedAtCreation(mapping, request, created));
    return agreed;
  }

  /** A value refused at creation is not sent again until the field is edited. */
  private Map<String, AgreedValue> refusedAtCreation(
      Mapping mapping, CreateRequest request, Snapshot created) {
    if (request.refused().isEmpty()) {
      return Map.of();
    }
    Map<String, String> wanted =
        Objects.requireNonNull(
                planner.create(mapping, request.to(), request.source()).updates().get(request.to()))
            .values();
    Map<String, AgreedValue> open = new HashMap<>();
    request
        .refused()
        .forEach(
            (field, reason) ->
                open.put(
                    field,
                    AgreedValue.NOTHING.withUnconfirmed(
                        new UnconfirmedWrite(
                            request.to(),
                            wanted.getOrDefault(field, ""),
                            request.source().values().get(field),
                            created.values().get(field),
                            UnconfirmedWrite.MAX_ATTEMPTS,
                            reason))));
    return open;
  }
}
