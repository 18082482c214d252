package dev.lockstep.plan;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.FieldMapping.Translation;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a plan. */
final class PlanBuilder {
  private final Map<String, AgreedValue> base;
  private final @Nullable Snapshot left;
  private final @Nullable Snapshot right;
  private final Map<Side, SideUpdate> updates = new EnumMap<>(Side.class);
  private final List<SyncPlan.Announcement> announcements = new ArrayList<>();
  private final Map<String, AgreedValue> settled = new HashMap<>();
  private final Map<String, String> gaps = new HashMap<>();

  /** Collects what is to be written on one side. */
  private record SideUpdate(
      Map<String, String> values, Map<String, String> sources, List<Conflict> conflicts) {}

  PlanBuilder(Map<String, AgreedValue> base, @Nullable Snapshot left, @Nullable Snapshot right) {
    this.base = base;
    this.left = left;
    this.right = right;
  }

  Snapshot snapshot(Side side) {
    return Objects.requireNonNull(side == Side.LEFT ? left : right, "no record on that side yet");
  }

  AgreedValue base(String field) {
    return base.getOrDefault(field, AgreedValue.NOTHING);
  }

  void settle(FieldMapping field, AgreedValue agreed) {
    settled.put(field.name(), agreed);
  }

  /**
   * @return whether the other side is notified by a note only and nothing is written
   */
  boolean announce(FieldMapping field, Side to, String value, @Nullable String current) {
    String text = field.noteText(to, value);
    if (text == null) {
      return false;
    }
    AgreedValue agreed = AgreedValue.of(to.other(), value, current);
    announcements.add(new SyncPlan.Announcement(to, field.name(), text, agreed));
    return true;
  }

  /** Whether a side's value is relevant for the other side in its present state. */
  boolean isMeaningful(FieldMapping field, Side from, @Nullable String value) {
    return value == null || field.isRelevant(from, value, snapshot(from.other()).values());
  }

  /** The values to be written on a side so far. */
  Map<String, String> written(Side side) {
    SideUpdate update = updates.get(side);
    return update == null ? Map.of() : Map.copyOf(update.values());
  }

  /** Sends a value again that a system did not keep. */
  void retry(FieldMapping field, UnconfirmedWrite open) {
    write(field, open.side(), open.source(), open.written(), null);
  }

  void gap(FieldMapping field, String reason) {
    gaps.put(field.name(), reason);
  }

  /**
   * @param current the other side's present value; null if unknown
   * @param conflict what is lost if the value is written; null if nothing is
   */
  void sync(
      FieldMapping field,
      Side to,
      String value,
      @Nullable String current,
      @Nullable Conflict conflict) {
    Side from = to.other();
    Translation translation = field.translate(from, value, current);
    if (translation instanceof Translation.To target && !target.value().equals(current)) {
      write(field, to, value, target.value(), conflict);
      field
          .fill(to, target.value())
          .forEach((name, filling) -> fills.add(new Filling(to, name, filling)));
    } else if (translation instanceof Translation.Unmapped unmapped) {
      gaps.put(field.name(), unmapped.reason());
    } else {
      settled.put(field.name(), AgreedValue.of(from, value, current));
    }
  }

  /** Sends the value of the other side again, since the system needs it with another field. */
  void sendAlong(FieldMapping field, Side to, String value) {
    if (field.translate(to.other(), value, null) instanceof Translation.To target) {
      write(field, to, value, target.value(), null);
    }
  }

  private void write(
      FieldMapping field,
      Side to,
      @Nullable String source,
      String value,
      @Nullable Conflict conflict) {
    SideUpdate update =
        updates.computeIfAbsent(
            to, side -> new SideUpdate(new HashMap<>(), new HashMap<>(), new ArrayList<>()));
    update.values().put(field.name(), value);
    if (source != null) {
      update.sources().put(field.name(), source);
    }
    if (conflict != null) {
      update.conflicts().add(conflict);
    }
  }

  /** A field that must not be empty on a side once another field is written there. */
  private record Filling(Side side, String field, String value) {}

  private final List<Filling> fills = new ArrayList<>();

  SyncPlan plan() {
    fills.forEach(this::fill);
    Map<Side, SyncPlan.Update> bySide = new EnumMap<>(Side.class);
    updates.forEach(
        (side, update) ->
            bySide.put(
                side, new SyncPlan.Update(update.values(), update.sources(), update.conflicts())));
    return new SyncPlan(bySide, announcements, settled, gaps);
  }

  /** Runs last, when it is known what the plan itself writes into the field. */
  private void fill(Filling filling) {
    SideUpdate update = Objects.requireNonNull(updates.get(filling.side()));
    Snapshot present = filling.side() == Side.LEFT ? left : right;
    String current = present == null ? null : present.values().get(filling.field());
    if (current == null || current.isEmpty()) {
      update.values().putIfAbsent(filling.field(), filling.value());
    }
  }
}
