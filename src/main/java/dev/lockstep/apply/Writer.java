package dev.lockstep.apply;

import dev.lockstep.apply.ActionCounter.Action;
import dev.lockstep.connector.Connectors;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.Agreed;
import dev.lockstep.pair.History;
import dev.lockstep.pair.Pair;
import dev.lockstep.plan.Conflict;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Carries out what a plan wants written, one call a side, and journals each before the next. */
class Writer {
  private final Connectors connectors;
  private final Snapshots snapshots;
  private final References references;
  private final Journal journal;
  private final ActionCounter actions;
  private final Counter conflicts;

  Writer(
      Connectors connectors,
      Snapshots snapshots,
      References references,
      Journal journal,
      ActionCounter actions,
      MeterRegistry metrics) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.references = references;
    this.journal = journal;
    this.actions = actions;
    this.conflicts =
        Counter.builder("lockstep.conflicts")
            .description("Fields both sides changed since they last agreed")
            .register(metrics);
  }

  /** Takes over what needs no writing, and makes sure that announcements will be sent. */
  Pair accept(Pair stored, Pair observed, SyncPlan plan) {
    Pair pair = Journal.agreed(observed, plan.settled()).withGaps(plan.gaps());
    if (plan.announcements().isEmpty()) {
      return journal.commitIfChanged(stored, pair);
    }
    Map<String, Agreed> agreed = new HashMap<>();
    Map<Side, List<String>> texts = new EnumMap<>(Side.class);
    for (var announcement : plan.announcements()) {
      agreed.put(announcement.field(), announcement.agreed());
      texts.computeIfAbsent(announcement.to(), to -> new ArrayList<>()).add(announcement.text());
    }
    List<Journal.Owed> owed = new ArrayList<>();
    // One note for all there is to tell: a note is a call.
    texts.forEach(
        (to, lines) ->
            owed.add(
                new Journal.Owed(
                    to, "told:" + to.label() + ":" + pair.revision(), String.join("\n", lines))));
    return journal.commit(pair.agreeing(agreed), List.of(), owed);
  }

  /** Writes one side's part of a plan and agrees on what the system then shows. */
  Pair write(Pair pair, Mapping mapping, SyncPlan plan, Side side) {
    var update = Objects.requireNonNull(plan.updates().get(side));
    RecordRef ref = Objects.requireNonNull(pair.ref(side));
    Snapshot before = Objects.requireNonNull(pair.seen(side));
    Map<String, String> written =
        new HashMap<>(mapping.takes(side, before.values(), update.values()));
    Set<String> waiting = new HashSet<>(update.values().keySet());
    waiting.removeAll(written.keySet());
    var write = mapping.write(side, written, references);
    Map<String, String> gaps = new HashMap<>(pair.gaps());
    waiting.forEach(field -> gaps.put(field, "waits until " + before.key() + " takes it"));
    gaps.putAll(write.gaps());
    written.keySet().removeAll(write.gaps().keySet());
    if (written.isEmpty() || write.body().isEmpty()) {
      return journal.commitIfChanged(pair, pair.withGaps(gaps));
    }
    Snapshot after =
        snapshots.read(
            mapping,
            side,
            actions.count(Action.UPDATE, () -> connectors.update(ref, write.body())),
            before);
    Map<String, Agreed> agreed = new HashMap<>();
    written.forEach(
        (field, value) ->
            agreed.put(
                field,
                value.equals(update.values().get(field))
                    ? agreedOn(pair, mapping, side, field, value, update, after, gaps)
                    : sideEffect(pair, side, field, after)));
    waiting.forEach(field -> agreed.put(field, sideEffect(pair, side, field, after)));
    List<Conflict> lost =
        update.conflicts().stream()
            .filter(c -> written.containsKey(c.field()) || waiting.contains(c.field()))
            .toList();
    conflicts.increment(lost.size());
    return journal.commit(
        pair.seen(side, after).agreeing(agreed).withGaps(gaps),
        history(side, written, before, after, lost),
        lost.stream().map(conflict -> owed(pair, conflict)).toList());
  }

  /**
   * What a write did to a field that is still to be written, or was written only halfway, is no
   * edit of that side: a new escalation policy assigns whoever is on call, and the assignee to come
   * is the one the other side named.
   */
  private static Agreed sideEffect(Pair pair, Side side, String field, Snapshot after) {
    Agreed base = pair.base().getOrDefault(field, new Agreed(null, null));
    return Agreed.of(side, after.values().get(field), base.on(side.other()));
  }

  /**
   * What the system shows after the write is what it agreed to, even if it is not what was asked:
   * else the difference would travel back as a change. It is reported as a gap.
   */
  private static Agreed agreedOn(
      Pair pair,
      Mapping mapping,
      Side side,
      String field,
      String value,
      SyncPlan.Update update,
      Snapshot after,
      Map<String, String> gaps) {
    String kept = after.values().getOrDefault(field, value);
    Snapshot far = Objects.requireNonNull(pair.seen(side.other()));
    @Nullable String source = update.sources().getOrDefault(field, far.values().get(field));
    if (!kept.equals(value) && source != null && !agrees(mapping, side, field, kept, source)) {
      gaps.put(
          field,
          "%s kept «%s» where «%s» was written".formatted(mapping.system(side), kept, value));
    }
    return Agreed.of(side, kept, source);
  }

  private static boolean agrees(
      Mapping mapping, Side side, String field, String here, String there) {
    for (FieldMapping candidate : mapping.fields()) {
      if (candidate.name().equals(field)) {
        return side == Side.LEFT ? candidate.agree(here, there) : candidate.agree(there, here);
      }
    }
    return false;
  }

  private static List<History> history(
      Side side,
      Map<String, String> written,
      Snapshot before,
      Snapshot after,
      List<Conflict> lost) {
    List<History> entries = new ArrayList<>();
    for (Conflict conflict : lost) {
      entries.add(
          new History(
              "conflict",
              "Both sides changed %s; the %s side's value stays"
                  .formatted(conflict.field(), conflict.winner().label()),
              Map.of(
                  "field", conflict.field(),
                  "kept", conflict.kept(),
                  "lost", conflict.lost(),
                  "winner", conflict.winner().label())));
    }
    entries.add(
        new Overwrite(side, before.version(), after.version(), written, was(written, before))
            .entry(after.key()));
    return entries;
  }

  private static Map<String, String> was(Map<String, String> written, Snapshot before) {
    Map<String, String> was = new HashMap<>();
    written.keySet().forEach(f -> was.put(f, before.values().getOrDefault(f, "")));
    return was;
  }

  private static Journal.Owed owed(Pair pair, Conflict conflict) {
    Snapshot winner = Objects.requireNonNull(pair.seen(conflict.winner()));
    String text =
        "%s was changed here and on %s at the same time. «%s» from %s stays; «%s» was replaced."
            .formatted(
                conflict.field(), winner.key(), conflict.kept(), winner.key(), conflict.lost());
    return new Journal.Owed(
        conflict.winner().other(), "conflict:" + conflict.field() + ":" + pair.revision(), text);
  }
}
