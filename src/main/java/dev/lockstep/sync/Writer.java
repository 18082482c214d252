package dev.lockstep.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mapping.Present;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.Pair;
import dev.lockstep.plan.Conflict;
import dev.lockstep.plan.SentUpdate;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.plan.WriteEvaluation;
import dev.lockstep.plan.WriteOutcome;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.WriteMetrics.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Executes a plan with one call per side and commits the result of each call before the next. */
@Component
class Writer {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final References references;
  private final PairTransaction journal;
  private final WriteMetrics actions;
  private final Counter conflicts;

  Writer(
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      PairTransaction journal,
      WriteMetrics actions,
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

  /** Commits what needs no write and enqueues the announcements. */
  Pair accept(Pass pass, Pair observed, SyncPlan plan) {
    Pair pair = observed.withBase(plan.settled()).withGaps(plan.gaps());
    if (plan.announcements().isEmpty()) {
      return journal.commitIfChanged(pass, pair);
    }
    Map<String, AgreedValue> agreed = new HashMap<>();
    Map<Side, List<String>> texts = new EnumMap<>(Side.class);
    for (var announcement : plan.announcements()) {
      agreed.put(announcement.field(), announcement.agreed());
      texts.computeIfAbsent(announcement.to(), to -> new ArrayList<>()).add(announcement.text());
    }
    List<PairTransaction.PendingNote> notes = new ArrayList<>();
    // All announcements to a side go into one note, since each note is an API call.
    texts.forEach(
        (to, lines) ->
            notes.add(
                new PairTransaction.PendingNote(
                    to,
                    "announcement:" + to.label() + ":" + pair.revision(),
                    String.join("\n", lines))));
    return journal.commit(pass, pair.withBase(agreed), List.of(), notes);
  }

  /**
   * Writes one side's part of a plan and stores the values that the system then shows as agreed.
   */
  Pair write(Pass pass, Pair pair, Mapping mapping, SyncPlan plan, Side side) {
    SyncPlan.Update update = Objects.requireNonNull(plan.updates().get(side));
    Snapshot before = Objects.requireNonNull(pair.seen(side));
    Map<String, String> values =
        new HashMap<>(mapping.writableFields(side, before.values(), update.values()));
    Set<String> waiting = new HashSet<>(update.values().keySet());
    waiting.removeAll(values.keySet());
    Mapping.Write write = mapping.write(side, values, present(pair, side), references);
    Map<String, String> gaps = new HashMap<>(pair.gaps());
    waiting.forEach(field -> gaps.put(field, "waits until " + before.key() + " accepts it"));
    gaps.putAll(write.gaps());
    values.keySet().removeAll(write.gaps().keySet());
    if (write.body().isEmpty() || values.isEmpty() && write.partly().isEmpty()) {
      return journal.commitIfChanged(pass, pair.withGaps(gaps));
    }
    Update done = update(pair, mapping, side, write.body(), values);
    RecordState state = done.state();
    pass.markFresh(Objects.requireNonNull(pair.ref(side)));
    Snapshot after = state.in(mapping.name());
    WriteOutcome outcome =
        WriteEvaluation.evaluate(
            pair,
            mapping,
            new SentUpdate(side, update, values, waiting, write.partly(), done.refused(), gaps),
            after,
            (to, field, value) -> isWritable(mapping, to, field, value));
    conflicts.increment(outcome.conflicts().size());
    return journal.commit(
        pass,
        pair.seen(side, state).withBase(outcome.agreed()).withGaps(outcome.gaps()),
        history(pair, side, update, outcome, after),
        outcome.conflicts().stream().map(conflict -> conflictNote(pair, conflict)).toList());
  }

  /**
   * Writes values to one side as they are, whatever was agreed; the caller commits.
   *
   * @return the record as it then is
   * @throws RequestRejectedException if the side has no such value, or refuses it
   */
  RecordState put(Pair pair, Mapping mapping, Side side, Map<String, String> values) {
    Mapping.Write write = mapping.write(side, values, present(pair, side), references);
    if (!write.gaps().isEmpty()) {
      throw new RequestRejectedException(
          0, "update " + pair.ref(side), String.join("; ", write.gaps().values()), "");
    }
    Update done = update(pair, mapping, side, write.body(), values);
    if (!done.refused().isEmpty()) {
      throw new RequestRejectedException(
          0, "update " + pair.ref(side), String.join("; ", done.refused().values()), "");
    }
    return done.state();
  }

  private static Present present(Pair pair, Side side) {
    Snapshot there = pair.seen(side.other());
    return new Present(
        Objects.requireNonNull(pair.seen(side)).values(),
        there == null ? Map.of() : there.values());
  }

  /**
   * @param refused by field, why the system refused it
   */
  private record Update(RecordState state, Map<String, String> refused) {}

  private boolean isWritable(Mapping mapping, Side side, String field, String value) {
    return !mapping.write(side, Map.of(field, value), references).gaps().containsKey(field);
  }

  /**
   * The record after a write. If the response omits a written field, the record is fetched; a field
   * that is not shown then either is unknown.
   */
  private Update update(
      Pair pair, Mapping mapping, Side side, ObjectNode body, Map<String, String> written) {
    RecordRef ref = Objects.requireNonNull(pair.ref(side));
    RecordState before = Objects.requireNonNull(pair.state(side));
    NativeRecord answer = actions.count(Action.UPDATE, () -> connectors.update(ref, body));
    Map<String, String> refused =
        answer.refused().isEmpty() ? Map.of() : refused(pair, mapping, side, written, answer);
    Set<String> shown = new HashSet<>(snapshots.values(mapping, side, answer).keySet());
    shown.addAll(refused.keySet());
    return new Update(
        shown.containsAll(written.keySet())
            ? snapshots.read(answer, before)
            : snapshots.readComplete(connectors.fetch(ref), before),
        refused);
  }

  /** What the answer says was refused, by field instead of by path. */
  private Map<String, String> refused(
      Pair pair, Mapping mapping, Side side, Map<String, String> written, NativeRecord answer) {
    Present present = present(pair, side);
    Map<String, String> refused = new HashMap<>();
    written.forEach(
        (field, value) ->
            answer
                .refusalOf(mapping.write(side, Map.of(field, value), present, references).body())
                .ifPresent(why -> refused.put(field, why)));
    return refused;
  }

  private static List<AuditEntry> history(
      Pair pair, Side side, SyncPlan.Update update, WriteOutcome outcome, Snapshot after) {
    List<AuditEntry> entries = new ArrayList<>();
    for (Conflict conflict : outcome.conflicts()) {
      entries.add(
          LostValue.toEntry(
              "Both sides changed %s; the %s side's value was kept"
                  .formatted(conflict.field(), conflict.winner().label()),
              conflict,
              changedBy(pair, conflict.winner()),
              changedBy(pair, conflict.winner().other()),
              update.values().get(conflict.field())));
    }
    entries.add(
        audit(
                pair,
                side,
                outcome.written(),
                after,
                changedBy(pair, side.other()),
                changedAt(pair, side.other()))
            .toEntry(after.key()));
    return entries;
  }

  /**
   * What a write replaced.
   *
   * @param pair before the write
   * @param changedBy who last changed the record that the values came from; null if unknown
   * @param changedAt when that was, by its system's clock; null if unknown
   */
  static WriteAudit audit(
      Pair pair,
      Side side,
      Map<String, String> written,
      Snapshot after,
      @Nullable String changedBy,
      @Nullable Instant changedAt) {
    Snapshot before = Objects.requireNonNull(pair.seen(side));
    return new WriteAudit(
        side,
        before.version(),
        after.version(),
        written,
        valuesBefore(written, before),
        agreedBefore(pair, side, written),
        changedBy,
        changedAt);
  }

  private static @Nullable Instant changedAt(Pair pair, Side side) {
    Snapshot seen = pair.seen(side);
    return seen == null ? null : seen.updatedAt();
  }

  private static @Nullable String changedBy(Pair pair, Side side) {
    Snapshot seen = pair.seen(side);
    return seen == null ? null : seen.changedBy();
  }

  private static Map<String, String> valuesBefore(Map<String, String> written, Snapshot before) {
    Map<String, String> was = new HashMap<>();
    written.keySet().forEach(f -> was.put(f, before.values().getOrDefault(f, "")));
    return was;
  }

  private static Map<String, String> agreedBefore(
      Pair pair, Side side, Map<String, String> written) {
    Map<String, String> values = new HashMap<>();
    for (String field : written.keySet()) {
      AgreedValue agreed = pair.base().get(field);
      String value = agreed == null ? null : agreed.on(side);
      if (value != null) {
        values.put(field, value);
      }
    }
    return values;
  }

  private static PairTransaction.PendingNote conflictNote(Pair pair, Conflict conflict) {
    Snapshot winner = Objects.requireNonNull(pair.seen(conflict.winner()));
    String text =
        "%s was changed here and on %s at the same time. \"%s\" from %s was kept; \"%s\" was replaced."
            .formatted(
                conflict.field(), winner.key(), conflict.kept(), winner.key(), conflict.lost());
    return new PairTransaction.PendingNote(
        conflict.winner().other(), "conflict:" + conflict.field() + ":" + pair.revision(), text);
  }
}
