package dev.lockstep.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.plan.Conflict;
import dev.lockstep.plan.Settlement;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.WriteMetrics.Action;
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
    var update = Objects.requireNonNull(plan.updates().get(side));
    RecordRef ref = Objects.requireNonNull(pair.ref(side));
    Snapshot before = Objects.requireNonNull(pair.seen(side));
    Map<String, String> written =
        new HashMap<>(mapping.writableFields(side, before.values(), update.values()));
    Set<String> waiting = new HashSet<>(update.values().keySet());
    waiting.removeAll(written.keySet());
    var write = mapping.write(side, written, references);
    Map<String, String> gaps = new HashMap<>(pair.gaps());
    waiting.forEach(field -> gaps.put(field, "waits until " + before.key() + " accepts it"));
    gaps.putAll(write.gaps());
    written.keySet().removeAll(write.gaps().keySet());
    if (write.body().isEmpty() || written.isEmpty() && write.partly().isEmpty()) {
      return journal.commitIfChanged(pass, pair.withGaps(gaps));
    }
    RecordState state = update(pair, mapping, side, write.body(), written.keySet());
    pass.markFresh(ref);
    Snapshot after = state.in(mapping.name());
    Map<String, String> shown = after.values();
    Map<String, AgreedValue> agreed = new HashMap<>();
    written.forEach(
        (field, value) ->
            agreed.put(
                field,
                value.equals(update.values().get(field))
                    ? settle(pair, mapping, side, field, value, update, shown.get(field), gaps)
                    : agreedAfterSideEffect(pair, side, field, after)));
    waiting.forEach(field -> agreed.put(field, agreedAfterSideEffect(pair, side, field, after)));
    agreed.putAll(setByTheWrite(pair, mapping, side, written.keySet(), after));
    for (String field : write.partly()) {
      String value = Objects.requireNonNull(update.values().get(field));
      UnconfirmedWrite open = partlyWritten(pair, side, field, value, update, after, gaps);
      agreed.put(field, pair.base().getOrDefault(field, AgreedValue.NOTHING).withUnconfirmed(open));
      written.put(field, shown.getOrDefault(field, ""));
    }
    List<Conflict> lost = new ArrayList<>(update.conflicts());
    lost.removeIf(c -> !written.containsKey(c.field()) && !waiting.contains(c.field()));
    for (Conflict effect : sideEffects(pair, mapping, side, update, after)) {
      agreed.put(effect.field(), AgreedValue.of(side, effect.lost(), null));
      lost.add(effect);
    }
    conflicts.increment(lost.size());
    return journal.commit(
        pass,
        pair.seen(side, state).withBase(agreed).withGaps(gaps),
        history(pair, side, written, before, after, lost),
        lost.stream().map(conflict -> conflictNote(pair, conflict)).toList());
  }

  /**
   * The effect of a write on a field that is still to be written, or was only partly written, is
   * not an edit of that side: a new escalation policy assigns the on-call user, but the assignee is
   * still to be set to the one the other side names.
   */
  private static AgreedValue agreedAfterSideEffect(
      Pair pair, Side side, String field, Snapshot after) {
    AgreedValue base = pair.base().getOrDefault(field, AgreedValue.NOTHING);
    return AgreedValue.of(side, after.values().get(field), base.on(side.other()));
  }

  /**
   * Fields owned by the other side that this side did not accept before the write and accepts now.
   * Their value is a default, not an edit: a reopened incident is assigned to the on-call user. The
   * owner's value is due again.
   */
  private static Map<String, AgreedValue> setByTheWrite(
      Pair pair, Mapping mapping, Side side, Set<String> written, Snapshot after) {
    Side otherSide = side.other();
    Map<String, String> before = Objects.requireNonNull(pair.seen(side)).values();
    Map<String, String> wanted = Objects.requireNonNull(pair.seen(otherSide)).values();
    Map<String, AgreedValue> due = new HashMap<>();
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String now = after.values().getOrDefault(name, "");
      boolean farDecides =
          owner(field) == otherSide && field.flowsTo(side) && field.flowsTo(otherSide);
      if (farDecides
          && !written.contains(name)
          && !now.equals(before.get(name))
          && !wanted.getOrDefault(name, "").isEmpty()
          && !mapping.writableFields(side, before, Map.of(name, now)).containsKey(name)
          && mapping.writableFields(side, after.values(), Map.of(name, now)).containsKey(name)) {
        due.put(name, AgreedValue.of(side, now, null));
      }
    }
    return due;
  }

  /**
   * A value that has no counterpart itself; only the fields that depend on it were written. It is
   * not sent again.
   */
  private static UnconfirmedWrite partlyWritten(
      Pair pair,
      Side side,
      String field,
      String value,
      SyncPlan.Update update,
      Snapshot after,
      Map<String, String> gaps) {
    return new UnconfirmedWrite(
        side,
        value,
        source(pair, side, field, update),
        after.values().get(field),
        UnconfirmedWrite.MAX_ATTEMPTS,
        gaps.getOrDefault(field, ""));
  }

  private static @Nullable String source(
      Pair pair, Side side, String field, SyncPlan.Update update) {
    Snapshot otherSide = Objects.requireNonNull(pair.seen(side.other()));
    return update.sources().getOrDefault(field, otherSide.values().get(field));
  }

  /**
   * Fields owned by the other side that a write changed to a value the other side cannot represent,
   * although they were not written. Example: an incident resolved a moment ago is reopened by a
   * write of its status and assigned to the integration user, so that it has no owner. The owner's
   * value is due again.
   */
  private List<Conflict> sideEffects(
      Pair pair, Mapping mapping, Side side, SyncPlan.Update update, Snapshot after) {
    Side otherSide = side.other();
    Map<String, String> before = Objects.requireNonNull(pair.seen(side)).values();
    Map<String, String> wanted = Objects.requireNonNull(pair.seen(otherSide)).values();
    List<Conflict> effects = new ArrayList<>();
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String now = after.values().getOrDefault(name, "");
      String kept = wanted.getOrDefault(name, "");
      boolean changed = !update.values().containsKey(name) && !now.equals(before.get(name));
      boolean farOwns =
          owner(field) == otherSide && field.flowsTo(side) && field.flowsTo(otherSide);
      if (changed
          && farOwns
          && !now.isEmpty()
          && !kept.isEmpty()
          && isUntranslatable(mapping, field, side, now, kept)) {
        effects.add(new Conflict(name, otherSide, kept, now));
      }
    }
    return effects;
  }

  /**
   * A value that can be translated was set by a user meanwhile: it is an edit, not a side effect.
   */
  private boolean isUntranslatable(
      Mapping mapping, FieldMapping field, Side side, String now, String kept) {
    FieldMapping.Translation word = field.translate(side, now, kept);
    if (word instanceof FieldMapping.Translation.To to) {
      Map<String, String> value = Map.of(field.name(), to.value());
      return mapping.write(side.other(), value, references).gaps().containsKey(field.name());
    }
    return word instanceof FieldMapping.Translation.Unmapped;
  }

  private static @Nullable Side owner(FieldMapping field) {
    return switch (field.owner()) {
      case LEFT -> Side.LEFT;
      case RIGHT -> Side.RIGHT;
      case NEWEST -> null;
    };
  }

  /**
   * The record after a write. If the response omits a written field, the record is fetched; a field
   * that is not shown then either is unknown.
   */
  private RecordState update(
      Pair pair, Mapping mapping, Side side, ObjectNode body, Set<String> written) {
    RecordRef ref = Objects.requireNonNull(pair.ref(side));
    RecordState before = Objects.requireNonNull(pair.state(side));
    NativeRecord answer = actions.count(Action.UPDATE, () -> connectors.update(ref, body));
    return snapshots.values(mapping, side, answer).keySet().containsAll(written)
        ? snapshots.read(answer, before)
        : snapshots.readComplete(connectors.fetch(ref), before);
  }

  /** The agreed value after a write. A value that the system did not keep is reported as a gap. */
  private static AgreedValue settle(
      Pair pair,
      Mapping mapping,
      Side side,
      String name,
      String value,
      SyncPlan.Update update,
      @Nullable String shown,
      Map<String, String> gaps) {
    @Nullable String source = source(pair, side, name, update);
    FieldMapping field = field(mapping, name);
    AgreedValue base = pair.base().getOrDefault(name, AgreedValue.NOTHING);
    AgreedValue agreed =
        Settlement.after(field, mapping.system(side), side, base, source, value, shown);
    UnconfirmedWrite open = agreed.unconfirmed();
    if (open != null) {
      gaps.put(name, open.reason());
    }
    return agreed;
  }

  private static FieldMapping field(Mapping mapping, String name) {
    return mapping.fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(mapping.name() + " has no field " + name));
  }

  private static List<AuditEntry> history(
      Pair pair,
      Side side,
      Map<String, String> written,
      Snapshot before,
      Snapshot after,
      List<Conflict> lost) {
    List<AuditEntry> entries = new ArrayList<>();
    for (Conflict conflict : lost) {
      entries.add(
          new AuditEntry(
              "conflict",
              "Both sides changed %s; the %s side's value was kept"
                  .formatted(conflict.field(), conflict.winner().label()),
              Map.of(
                  "field", conflict.field(),
                  "kept", conflict.kept(),
                  "keptBy", changedByOrEmpty(pair, conflict.winner()),
                  "lost", conflict.lost(),
                  "lostBy", changedByOrEmpty(pair, conflict.winner().other()),
                  "winner", conflict.winner().label())));
    }
    entries.add(
        new WriteAudit(
                side,
                before.version(),
                after.version(),
                written,
                valuesBefore(written, before),
                agreedBefore(pair, side, written),
                changedBy(pair, side.other()))
            .toEntry(after.key()));
    return entries;
  }

  /** Empty if unknown. */
  private static String changedByOrEmpty(Pair pair, Side side) {
    return Objects.requireNonNullElse(changedBy(pair, side), "");
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
