package dev.lockstep.plan;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three-way merge, field by field, of two records and their last agreed values. Pure: the same
 * input gives the same plan, and after a plan was executed the next one is empty.
 */
public final class Planner {

  /** What to write so that two linked records agree. */
  public SyncPlan plan(
      Mapping mapping, Map<String, AgreedValue> base, Snapshot left, Snapshot right) {
    var draft = new PlanBuilder(base, left, right);
    for (FieldMapping field : mapping.fields()) {
      merge(field, draft);
    }
    for (Side side : Side.values()) {
      syncDependentFields(mapping, side, draft);
      sendTogether(mapping, side, draft);
    }
    return draft.plan();
  }

  /** What is sent along with a written field, though it has not changed. */
  private static void sendTogether(Mapping mapping, Side to, PlanBuilder draft) {
    Set<String> wanted = new HashSet<>();
    Map<String, String> after = new HashMap<>(draft.snapshot(to).values());
    after.putAll(draft.written(to));
    mapping.fields().stream()
        .filter(field -> draft.written(to).containsKey(field.name()))
        .forEach(field -> wanted.addAll(field.writtenTogether(to)));
    for (FieldMapping field : mapping.fields()) {
      String value = valueOf(field, to.other(), draft.snapshot(to.other()));
      if (wanted.contains(field.name())
          && value != null
          && field.flowsTo(to)
          && field.isAccepted(to, after)
          && !draft.written(to).containsKey(field.name())) {
        draft.sendAlong(field, to, value);
      }
    }
  }

  /**
   * A value that a side did not accept in its present state, but accepts together with what is
   * written now, is due: an incident reopened without its assignee pages the on-call user.
   */
  private static void syncDependentFields(Mapping mapping, Side to, PlanBuilder draft) {
    Map<String, String> written = draft.written(to);
    if (written.isEmpty()) {
      return;
    }
    Side from = to.other();
    Map<String, String> present = draft.snapshot(to).values();
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String value = valueOf(field, from, draft.snapshot(from));
      if (value == null
          || value.isEmpty()
          || written.containsKey(name)
          || !field.flowsTo(to)
          || !isOwner(field, from)) {
        continue;
      }
      if (field.translate(from, value, present.get(name)) instanceof Translation.To due
          && !mapping.writableFields(to, present, Map.of(name, due.value())).containsKey(name)) {
        Map<String, String> together = new HashMap<>(written);
        together.put(name, due.value());
        if (mapping.writableFields(to, present, together).keySet().containsAll(together.keySet())) {
          draft.sync(field, to, value, present.get(name), null);
        }
      }
    }
  }

  /**
   * What to write on side {@code to} to create the counterpart of {@code source}. {@link
   * SyncPlan#settled()} is empty: the agreed values are known once the record exists, see {@link
   * InitialBase}.
   */
  public SyncPlan create(Mapping mapping, Side to, Snapshot source) {
    Side from = to.other();
    var draft =
        from == Side.LEFT
            ? new PlanBuilder(Map.of(), source, null)
            : new PlanBuilder(Map.of(), null, source);
    for (FieldMapping field : mapping.fields()) {
      String value = valueOf(field, from, source);
      if (value != null && !value.isEmpty()) {
        atCreation(field, draft, to, value);
      }
    }
    return draft.plan();
  }

  /** Writes what is accepted at creation; of the rest, note-only fields are announced. */
  private static void atCreation(FieldMapping field, PlanBuilder draft, Side to, String value) {
    if (field.flowsAtCreationTo(to)) {
      draft.sync(field, to, value, null, null);
    } else if (field.flowsTo(to)) {
      draft.announce(field, to, value, null);
    }
  }

  private void merge(FieldMapping field, PlanBuilder draft) {
    String left = valueOf(field, Side.LEFT, draft.snapshot(Side.LEFT));
    String right = valueOf(field, Side.RIGHT, draft.snapshot(Side.RIGHT));
    AgreedValue base = draft.base(field.name());
    boolean leftChanged = isChanged(left, base.lastShown(Side.LEFT));
    boolean rightChanged = isChanged(right, base.lastShown(Side.RIGHT));
    if (!leftChanged && !rightChanged) {
      unchanged(field, draft, left, right);
      return;
    }
    if (left != null && right != null && field.agree(left, right)) {
      draft.settle(field, new AgreedValue(left, right));
      return;
    }
    if (leftChanged != rightChanged
        && restore(field, draft, leftChanged ? Side.LEFT : Side.RIGHT)) {
      return;
    }
    boolean carriesLeft = leftChanged && draft.isMeaningful(field, Side.LEFT, left);
    boolean carriesRight = rightChanged && draft.isMeaningful(field, Side.RIGHT, right);
    if (carriesLeft && carriesRight) {
      settleConflict(field, draft, left, right);
    } else if (carriesLeft || carriesRight) {
      syncOrAccept(field, draft, carriesLeft ? Side.LEFT : Side.RIGHT);
    } else {
      String known = left == null ? base.lastShown(Side.LEFT) : left;
      draft.settle(
          field, new AgreedValue(known, right == null ? base.lastShown(Side.RIGHT) : right));
    }
  }

  /**
   * Writes the owner's value again over one that the other side must not take by itself.
   *
   * @return whether it is such a value
   */
  private static boolean restore(FieldMapping field, PlanBuilder draft, Side changed) {
    Map<String, String> shown = draft.snapshot(changed).values();
    String taken = shown.get(field.name());
    String kept = valueOf(field, changed.other(), draft.snapshot(changed.other()));
    if (taken == null
        || kept == null
        || !isOwner(field, changed.other())
        || !field.restores(changed, taken)
        || !field.isAccepted(changed, shown)) {
      return false;
    }
    draft.sync(field, changed, kept, taken, null);
    return true;
  }

  private static void unchanged(
      FieldMapping field, PlanBuilder draft, @Nullable String left, @Nullable String right) {
    UnconfirmedWrite open = draft.base(field.name()).unconfirmed();
    if (open == null) {
      reportDivergence(field, draft, left, right);
      return;
    }
    String shown = draft.snapshot(open.side()).values().get(field.name());
    if (shown != null
        && Settlement.isKept(field, open.side(), open.source(), open.written(), shown)) {
      draft.settle(field, AgreedValue.of(open.side(), shown, open.source()));
    } else if (open.canRetry()) {
      draft.retry(field, open);
    } else {
      draft.gap(field, open.reason());
    }
  }

  /** No side changed, yet they differ: a system kept a value other than the one written. */
  private static void reportDivergence(
      FieldMapping field, PlanBuilder draft, @Nullable String left, @Nullable String right) {
    boolean flows =
        Stream.of(Side.values())
            .anyMatch(to -> field.flowsTo(to) && field.isAccepted(to, draft.snapshot(to).values()));
    if (!flows || left == null || right == null || field.agree(left, right)) {
      return;
    }
    boolean announced =
        field.noteText(Side.RIGHT, left) != null || field.noteText(Side.LEFT, right) != null;
    boolean counts =
        draft.isMeaningful(field, Side.LEFT, left) && draft.isMeaningful(field, Side.RIGHT, right);
    if (!announced && counts) {
      draft.gap(field, "the two sides differ: \"%s\" and \"%s\"".formatted(left, right));
    }
  }

  /**
   * Syncs a side's change, or accepts it if the field does not flow that way. A value owned by the
   * other side is not overwritten while it is hidden.
   */
  private static void syncOrAccept(FieldMapping field, PlanBuilder draft, Side from) {
    Side to = from.other();
    String value = Objects.requireNonNull(valueOf(field, from, draft.snapshot(from)));
    String present = draft.snapshot(to).values().get(field.name());
    String current = present == null ? draft.base(field.name()).lastShown(to) : present;
    boolean isHidden = present == null && current != null && !current.isBlank();
    if (draft.announce(field, to, value, current)) {
      return;
    }
    if (field.flowsTo(to) && isHidden && isOwner(field, to)) {
      draft.gap(
          field, "the %s side does not show it, so it is not overwritten".formatted(to.label()));
    } else if (field.flowsTo(to)) {
      draft.sync(field, to, value, current, null);
    } else {
      draft.settle(field, AgreedValue.of(from, value, current));
    }
  }

  private static boolean isOwner(FieldMapping field, Side side) {
    return field.flowsTo(side.other())
        && switch (field.owner()) {
          case LEFT -> side == Side.LEFT;
          case RIGHT -> side == Side.RIGHT;
          case NEWEST -> false;
        };
  }

  private static void settleConflict(
      FieldMapping field, PlanBuilder draft, @Nullable String left, @Nullable String right) {
    Side winner = winner(field, draft);
    String kept = Objects.requireNonNull(winner == Side.LEFT ? left : right);
    String lost = Objects.requireNonNull(winner == Side.LEFT ? right : left);
    if (!field.flowsTo(winner.other())) {
      draft.settle(field, AgreedValue.of(winner, kept, lost));
      return;
    }
    if (draft.announce(field, winner.other(), kept, lost)) {
      return;
    }
    var conflict = new Conflict(field.name(), winner, kept, lost);
    draft.sync(field, winner.other(), kept, lost, conflict);
  }

  /** The side whose value is kept. For a one-way field it is the source side. */
  private static Side winner(FieldMapping field, PlanBuilder draft) {
    boolean toLeft = field.flowsTo(Side.LEFT);
    boolean toRight = field.flowsTo(Side.RIGHT);
    if (toLeft != toRight) {
      return toRight ? Side.LEFT : Side.RIGHT;
    }
    return switch (field.owner()) {
      case LEFT -> Side.LEFT;
      case RIGHT -> Side.RIGHT;
      case NEWEST ->
          draft.snapshot(Side.RIGHT).updatedAt().isAfter(draft.snapshot(Side.LEFT).updatedAt())
              ? Side.RIGHT
              : Side.LEFT;
    };
  }

  /** A side's value of a field; null if it has none. */
  private static @Nullable String valueOf(FieldMapping field, Side side, Snapshot snapshot) {
    String value = snapshot.values().get(field.name());
    return value != null && value.isEmpty() && field.ignoresEmpty(side) ? null : value;
  }

  private static boolean isChanged(@Nullable String value, @Nullable String agreed) {
    if (value == null) {
      return false;
    }
    return agreed == null ? !value.isEmpty() : !value.equals(agreed);
  }
}
