package dev.lockstep.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lockstep.mapping.ClosureRules;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.NotePolicy;
import dev.lockstep.mapping.References;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mapping for tests of the engine: every field is a key of the same name in both systems. */
public final class TableMapping implements Mapping {
  private final String name;
  private final String left;
  private final String right;
  private final boolean follows;
  private final List<TableField> fields;

  /** Values that can't be written on the left, as an unknown user can't. */
  private final Set<String> unwritable;

  private NotePolicy.@Nullable Approval publishing;
  private String rankedBy = "";
  private List<String> ranks = List.of();

  private record Delayed(Side side, String field, String value) {}

  private Map<Delayed, Duration> delays = Map.of();

  private final @Nullable DuplicateRules duplicates;
  private final @Nullable ClosureRules closure;
  private @Nullable IncidentRule incident;

  public TableMapping(List<TableField> fields, Set<String> unwritable) {
    this("test", "itsm", "platform", false, fields, unwritable, null, null);
  }

  private TableMapping(
      String name,
      String left,
      String right,
      boolean follows,
      List<TableField> fields,
      Set<String> unwritable,
      @Nullable DuplicateRules duplicates,
      @Nullable ClosureRules closure) {
    this.name = name;
    this.left = left;
    this.right = right;
    this.follows = follows;
    this.fields = fields;
    this.unwritable = unwritable;
    this.duplicates = duplicates;
    this.closure = closure;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String system(Side side) {
    return side == Side.LEFT ? left : right;
  }

  @Override
  public String kind(Side side) {
    return "incident";
  }

  @Override
  public List<FieldMapping> fields() {
    return List.copyOf(fields);
  }

  /** The same, with comments of the left published on the right, and nothing internal. */
  public TableMapping publishing(NotePolicy.Approval approve) {
    TableMapping publishing =
        new TableMapping(name, left, right, follows, fields, unwritable, duplicates, closure);
    publishing.publishing = approve;
    return publishing;
  }

  private static NotePolicy publishing(NotePolicy.@Nullable Approval approve, Side publicSide) {
    return new NotePolicy() {
      @Override
      public Optional<Visibility> targetVisibility(Side from, Visibility visibility) {
        if (visibility == Visibility.INTERNAL) {
          return Optional.empty();
        }
        return Optional.of(from == publicSide ? Visibility.INTERNAL : Visibility.PUBLIC);
      }

      @Override
      public Approval approval(Side from, Visibility visibility) {
        return from == publicSide || approve == null ? Approval.NEVER : approve;
      }
    };
  }

  @Override
  public NotePolicy notes() {
    if (publishing != null) {
      return publishing(publishing, Side.RIGHT);
    }
    return (from, visibility) ->
        visibility == Visibility.PUBLIC ? Optional.empty() : Optional.of(Visibility.INTERNAL);
  }

  @Override
  public Optional<DuplicateRules> duplicates() {
    return Optional.ofNullable(duplicates);
  }

  /** The same, with its tickets compared. */
  public TableMapping comparing(DuplicateRules rules) {
    return new TableMapping(name, left, right, follows, fields, unwritable, rules, closure);
  }

  /** The same between two other systems. */
  public TableMapping between(String mapping, String leftSystem, String rightSystem) {
    return new TableMapping(
        mapping, leftSystem, rightSystem, follows, fields, unwritable, duplicates, closure);
  }

  /** The same, with a left side that never starts syncing. */
  public TableMapping following() {
    return new TableMapping(name, left, right, true, fields, unwritable, duplicates, closure);
  }

  @Override
  public boolean mayStart(Side side) {
    return side == Side.RIGHT || !follows;
  }

  @Override
  public Optional<ClosureRules> closure() {
    return Optional.ofNullable(closure);
  }

  /** The same, with its closing looked at. */
  public TableMapping guarded(ClosureRules rules) {
    return new TableMapping(name, left, right, follows, fields, unwritable, duplicates, rules);
  }

  @Override
  public Optional<IncidentRule> incident() {
    return Optional.ofNullable(incident);
  }

  /** The same, with records that are incidents. */
  public TableMapping about(IncidentRule rule) {
    TableMapping about =
        new TableMapping(name, left, right, follows, fields, unwritable, duplicates, closure);
    about.incident = rule;
    return about;
  }

  @Override
  public boolean startsSync(Side side, Map<String, String> values) {
    return mayStart(side) && "yes".equals(values.get("scope"));
  }

  /** The values of {@code scope} that are known are yes and no. */
  @Override
  public Map<String, @Nullable String> undecided(Side side, Map<String, String> values) {
    String scope = values.get("scope");
    if (scope != null && !scope.startsWith("SEV-")) {
      return Map.of();
    }
    Map<String, @Nullable String> open = new HashMap<>();
    open.put("scope", scope);
    return open;
  }

  @Override
  public Map<String, String> read(Side side, JsonNode json, References references) {
    Map<String, String> values = new HashMap<>();
    for (var entry : json.properties()) {
      values.put(entry.getKey(), entry.getValue().asText());
    }
    return values;
  }

  @Override
  public Write write(
      Side side, Map<String, String> values, Present present, References references) {
    var body = JsonNodeFactory.instance.objectNode();
    Map<String, String> gaps = new HashMap<>();
    values.forEach(
        (field, value) -> {
          if (side == Side.LEFT && unwritable.contains(value)) {
            gaps.put(field, value + " is unknown there");
          } else {
            body.put(field, value);
          }
        });
    return new Write(body, gaps);
  }

  /**
   * The same, with priorities.
   *
   * @param order the values of the field, highest first
   */
  public TableMapping ranked(String field, List<String> order) {
    TableMapping ranked =
        new TableMapping(name, left, right, follows, fields, unwritable, duplicates, closure);
    ranked.rankedBy = field;
    ranked.ranks = order;
    return ranked;
  }

  /** The same, with a value that is written later. */
  public TableMapping delaying(Side side, String field, String value, Duration delay) {
    TableMapping delaying =
        new TableMapping(name, left, right, follows, fields, unwritable, duplicates, closure);
    delaying.delays = Map.of(new Delayed(side, field, value), delay);
    return delaying;
  }

  @Override
  public Duration delay(Side to, String field, String value) {
    return delays.getOrDefault(new Delayed(to, field, value), Duration.ZERO);
  }

  @Override
  public OptionalInt rank(Side side, Map<String, String> values) {
    int rank = ranks.indexOf(values.getOrDefault(rankedBy, ""));
    return rank < 0 ? OptionalInt.empty() : OptionalInt.of(rank);
  }

  @Override
  public boolean isClosed(Side side, Map<String, String> values) {
    return "closed".equals(values.get("status"));
  }

  @Override
  public Map<String, String> writableFields(
      Side side, Map<String, String> current, Map<String, String> values) {
    if (isClosed(side, current)) {
      return Map.of();
    }
    Map<String, String> taken = new HashMap<>(values);
    for (TableField field : fields) {
      String present = side == Side.LEFT ? current.get(field.name()) : null;
      if (present != null) {
        taken.computeIfPresent(field.name(), (name, wanted) -> field.towards(present, wanted));
      }
    }
    return taken;
  }

  @Override
  public Write create(Side side, Map<String, String> values, Origin origin, References references) {
    return write(side, values, references);
  }

  @Override
  public Set<String> paths(Side side, References references) {
    return Set.of();
  }

  @Override
  public Map<String, String> disagreements(Map<String, String> left, Map<String, String> right) {
    throw new UnsupportedOperationException();
  }
}
