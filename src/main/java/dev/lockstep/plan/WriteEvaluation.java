package dev.lockstep.plan;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the record that a system shows after a write what the write changed: whether the
 * system kept the values it was sent, and what else it set.
 */
public final class WriteEvaluation {
  private final Pair pair;
  private final Mapping mapping;
  private final SentUpdate sent;
  private final Snapshot after;
  private final WritableValues writable;
  private final Side side;
  private final SyncPlan.Update update;
  private final Map<String, String> before;

  /** The current values of the other side. */
  private final Map<String, String> wanted;

  private final Map<String, AgreedValue> agreed = new HashMap<>();
  private final Map<String, String> gaps;

  /** Which values a side can be set to. */
  public interface WritableValues {
    boolean contains(Side side, String field, String value);
  }

  private WriteEvaluation(
      Pair pair, Mapping mapping, SentUpdate sent, Snapshot after, WritableValues writable) {
    this.pair = pair;
    this.mapping = mapping;
    this.sent = sent;
    this.after = after;
    this.writable = writable;
    this.side = sent.side();
    this.update = sent.update();
    this.before = Objects.requireNonNull(pair.seen(side)).values();
    this.wanted = Objects.requireNonNull(pair.seen(side.other())).values();
    this.gaps = new HashMap<>(sent.gaps());
  }

  /**
   * @param pair before the write
   * @param after the record after the write
   */
  public static WriteOutcome evaluate(
      Pair pair, Mapping mapping, SentUpdate sent, Snapshot after, WritableValues writable) {
    return new WriteEvaluation(pair, mapping, sent, after, writable).evaluate();
  }

  private WriteOutcome evaluate() {
    sent.values().forEach((field, value) -> agreed.put(field, agreedAfter(field, value)));
    sent.waiting().forEach(field -> agreed.put(field, agreedAfterSideEffect(field)));
    addDefaults();
    Map<String, String> written = new HashMap<>(sent.values());
    for (String field : sent.partly()) {
      agreed.put(field, base(field).withUnconfirmed(partlyWritten(field)));
      written.put(field, after.values().getOrDefault(field, ""));
    }
    List<Conflict> conflicts = new ArrayList<>(update.conflicts());
    conflicts.removeIf(
        lost -> !written.containsKey(lost.field()) && !sent.waiting().contains(lost.field()));
    for (Conflict effect : sideEffects()) {
      agreed.put(effect.field(), AgreedValue.of(side, effect.lost(), null));
      conflicts.add(effect);
    }
    return new WriteOutcome(written, agreed, gaps, conflicts);
  }

  private AgreedValue agreedAfter(String field, String value) {
    return value.equals(update.values().get(field))
        ? settle(field, value)
        : agreedAfterSideEffect(field);
  }

  /** A value that the system did not keep is reported as a gap. */
  private AgreedValue settle(String name, String value) {
    String refused = sent.refused().get(name);
    if (refused != null) {
      gaps.put(name, refused);
      return base(name).withUnconfirmed(refused(name, value, refused));
    }
    AgreedValue settled =
        Settlement.after(
            field(name),
            mapping.system(side),
            side,
            base(name),
            source(name),
            value,
            after.values().get(name));
    UnconfirmedWrite open = settled.unconfirmed();
    if (open != null) {
      gaps.put(name, open.reason());
    }
    return settled;
  }

  /** It is not sent again until the field is edited. */
  private UnconfirmedWrite refused(String name, String value, String reason) {
    return new UnconfirmedWrite(
        side, value, source(name), after.values().get(name), UnconfirmedWrite.MAX_ATTEMPTS, reason);
  }

  private FieldMapping field(String name) {
    return mapping.fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(mapping.name() + " has no field " + name));
  }

  private AgreedValue base(String field) {
    return pair.base().getOrDefault(field, AgreedValue.NOTHING);
  }

  private @Nullable String source(String field) {
    return update.sources().getOrDefault(field, wanted.get(field));
  }

  /**
   * The effect of a write on a field that is still to be written, or was only partly written, is
   * not an edit of that side: a new escalation policy assigns the on-call user, but the assignee is
   * still to be set to the one the other side names.
   */
  private AgreedValue agreedAfterSideEffect(String field) {
    return AgreedValue.of(side, after.values().get(field), base(field).on(side.other()));
  }

  /**
   * A value that has no counterpart itself; only the fields that depend on it were written. It is
   * not sent again.
   */
  private UnconfirmedWrite partlyWritten(String field) {
    return new UnconfirmedWrite(
        side,
        Objects.requireNonNull(update.values().get(field)),
        source(field),
        after.values().get(field),
        UnconfirmedWrite.MAX_ATTEMPTS,
        gaps.getOrDefault(field, ""));
  }

  /**
   * Fields owned by the other side that this side did not accept before the write and accepts now.
   * Their value is a default, not an edit: a reopened incident is assigned to the on-call user. The
   * owner's value is due again.
   */
  private void addDefaults() {
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String now = after.values().getOrDefault(name, "");
      if (isOwnedByCounterpart(field)
          && !sent.values().containsKey(name)
          && !now.equals(before.get(name))
          && !wanted.getOrDefault(name, "").isEmpty()
          && !isAccepted(before, name, now)
          && isAccepted(after.values(), name, now)) {
        agreed.put(name, AgreedValue.of(side, now, null));
      }
    }
  }

  private boolean isAccepted(Map<String, String> current, String field, String value) {
    return mapping.writableFields(side, current, Map.of(field, value)).containsKey(field);
  }

  /**
   * Fields owned by the other side that a write changed to a value the other side cannot represent,
   * although they were not written. Example: an incident resolved a moment ago is reopened by a
   * write of its status and assigned to the integration user, so that it has no owner. The owner's
   * value is due again.
   */
  private List<Conflict> sideEffects() {
    List<Conflict> effects = new ArrayList<>();
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String now = after.values().getOrDefault(name, "");
      String kept = wanted.getOrDefault(name, "");
      boolean changed = !update.values().containsKey(name) && !now.equals(before.get(name));
      if (changed
          && isOwnedByCounterpart(field)
          && !now.isEmpty()
          && !kept.isEmpty()
          && isUntranslatable(field, now, kept)) {
        effects.add(new Conflict(name, side.other(), kept, now));
      }
    }
    return effects;
  }

  /**
   * A value that can be translated was set by a user meanwhile: it is an edit, not a side effect.
   */
  private boolean isUntranslatable(FieldMapping field, String now, String kept) {
    FieldMapping.Translation translation = field.translate(side, now, kept);
    if (translation instanceof FieldMapping.Translation.To to) {
      return !writable.contains(side.other(), field.name(), to.value());
    }
    return translation instanceof FieldMapping.Translation.Unmapped;
  }

  private boolean isOwnedByCounterpart(FieldMapping field) {
    FieldMapping.Owner counterpart =
        side == Side.LEFT ? FieldMapping.Owner.RIGHT : FieldMapping.Owner.LEFT;
    return field.owner() == counterpart && field.flowsTo(side) && field.flowsTo(side.other());
  }
}
