package dev.lockstep.console;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairQueries;
import dev.lockstep.pair.PairQueries.Detail;
import dev.lockstep.pair.PairQueries.Field;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.record.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the page of one correlation shows of its pairs. */
@Component
class IncidentDetail {
  private final PairQueries pairs;
  private final Mappings mappings;
  private final PauseOperations pauses;
  private final Display display;

  IncidentDetail(PairQueries pairs, Mappings mappings, PauseOperations pauses, Display display) {
    this.pauses = pauses;
    this.pairs = pairs;
    this.mappings = mappings;
    this.display = display;
  }

  /** How far the two sides of a field agree. */
  enum Agreement {
    AGREED,
    /** A change is about to be written. */
    SYNCING,
    DIFFERS,
    GAP,
    /** Nothing was agreed, for example as the mapping only reports the field in notes. */
    NOT_SYNCED
  }

  /**
   * @param owner whose value is kept if both sides change it
   * @param base what was last agreed on, as the left side shows it; {@code baseRight} if it differs
   */
  record FieldRow(
      String name,
      String owner,
      @Nullable String left,
      @Nullable String base,
      @Nullable String baseRight,
      @Nullable String right,
      Agreement agreement,
      String gap) {}

  /**
   * @param pauses that hold it back
   */
  record PairBlock(
      String id,
      String mapping,
      Pair.State state,
      String left,
      String right,
      String leftKey,
      String rightKey,
      List<Pause> pauses,
      List<FieldRow> fields) {}

  List<PairBlock> blocks(List<Pair> shown) {
    return shown.stream()
        .flatMap(
            pair -> pairs.find(pair.id().toString()).stream().map(detail -> block(pair, detail)))
        .toList();
  }

  private PairBlock block(Pair pair, Detail detail) {
    Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
    Map<String, Owner> owners = new HashMap<>();
    List<String> order = new ArrayList<>();
    if (mapping != null) {
      for (FieldMapping field : mapping.fields()) {
        owners.put(field.name(), field.owner());
        order.add(field.name());
      }
    }
    Set<String> differences =
        mapping == null
            ? Set.of()
            : mapping.disagreements(values(pair, Side.LEFT), values(pair, Side.RIGHT)).keySet();
    String left = system(mapping, pair, Side.LEFT);
    String right = system(mapping, pair, Side.RIGHT);
    List<FieldRow> rows =
        detail.fields().stream()
            .sorted(Comparator.comparingInt(field -> position(order, field.name())))
            .map(
                field ->
                    row(
                        field,
                        owner(owners.get(field.name()), left, right),
                        differences.contains(field.name())))
            .toList();
    return new PairBlock(
        pair.id().toString(),
        pair.mapping(),
        pair.state(),
        left,
        right,
        key(detail.summary().left()),
        key(detail.summary().right()),
        mapping == null || !pair.isLive() ? List.of() : pauses(mapping),
        rows);
  }

  /** What holds it back. */
  private List<Pause> pauses(Mapping mapping) {
    return pauses.ofMapping(
        mapping.name(), Set.of(mapping.system(Side.LEFT), mapping.system(Side.RIGHT)));
  }

  private static int position(List<String> order, String field) {
    int at = order.indexOf(field);
    return at < 0 ? order.size() : at;
  }

  private static Map<String, String> values(Pair pair, Side side) {
    var seen = pair.seen(side);
    return seen == null ? Map.of() : seen.values();
  }

  private String system(@Nullable Mapping mapping, Pair pair, Side side) {
    var ref = pair.ref(side);
    if (ref != null) {
      return display.system(ref.system());
    }
    return mapping == null ? side.label() : display.system(mapping.system(side));
  }

  private static String key(PairQueries.@Nullable Member member) {
    return member == null ? "not created yet" : member.key();
  }

  private static String owner(@Nullable Owner owner, String left, String right) {
    if (owner == null) {
      return "";
    }
    return switch (owner) {
      case LEFT -> left;
      case RIGHT -> right;
      case NEWEST -> "newest edit";
    };
  }

  private static FieldRow row(Field field, String owner, boolean differs) {
    String base = field.baseLeft() == null ? field.baseRight() : field.baseLeft();
    boolean same = base == null || base.equals(field.baseRight()) || field.baseRight() == null;
    return new FieldRow(
        field.name(),
        owner,
        field.left(),
        base,
        same ? null : field.baseRight(),
        field.right(),
        agreement(field, differs),
        field.gap() == null ? "" : field.gap());
  }

  private static Agreement agreement(Field field, boolean differs) {
    if (field.gap() != null) {
      return Agreement.GAP;
    }
    if (field.changing()) {
      return Agreement.SYNCING;
    }
    if (differs) {
      return Agreement.DIFFERS;
    }
    return field.baseLeft() == null && field.baseRight() == null
        ? Agreement.NOT_SYNCED
        : Agreement.AGREED;
  }
}
