package dev.lockstep.testkit;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.record.Side;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A field for tests of the engine: values stand in a table of left word and right word, where the
 * first line with a word is the one it translates to. No table: both sides use the same words.
 */
public final class TableField implements FieldMapping {
  private final String name;
  private final Owner owner;
  private final Map<String, String> toRight = new LinkedHashMap<>();
  private final Map<String, String> toLeft = new LinkedHashMap<>();
  private boolean flowsLeft = true;
  private boolean flowsRight = true;
  private boolean announced;
  private boolean ignoresEmpty;
  private boolean routes;
  private @Nullable String initial;
  private Map<String, Map<String, String>> fills = Map.of();

  private final Map<String, Map<String, String>> steps = new HashMap<>();

  public TableField(String name, Owner owner) {
    this.name = name;
    this.owner = owner;
  }

  public TableField line(String left, String right) {
    toRight.putIfAbsent(left, right);
    toLeft.putIfAbsent(right, left);
    return this;
  }

  public TableField onlyToRight() {
    flowsLeft = false;
    return this;
  }

  /** Its default, where it has no value, is another record. */
  public TableField routing() {
    routes = true;
    return this;
  }

  @Override
  public boolean defaultsToReference(Side side) {
    return routes;
  }

  /** What a new record has on either side, unless it is given another value. */
  public TableField initially(String value) {
    initial = value;
    return this;
  }

  /** An empty value says nothing on either side. */
  public TableField ignoringEmpty() {
    ignoresEmpty = true;
    return this;
  }

  public TableField announcedToRight() {
    announced = true;
    return onlyToRight();
  }

  /** On the left, {@code value} needs {@code field} to be filled. */
  public TableField needing(String value, String field, String filling) {
    fills = Map.of(value, Map.of(field, filling));
    return this;
  }

  /** On the left, what is {@code current} comes to {@code wanted} by way of {@code between}. */
  public TableField by(String current, String wanted, String between) {
    steps.computeIfAbsent(current, c -> new HashMap<>()).put(wanted, between);
    return this;
  }

  String towards(String current, String wanted) {
    return steps.getOrDefault(current, Map.of()).getOrDefault(wanted, wanted);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Owner owner() {
    return owner;
  }

  @Override
  public boolean flowsTo(Side to) {
    return to == Side.LEFT ? flowsLeft : flowsRight;
  }

  @Override
  public boolean flowsAtCreationTo(Side to) {
    return flowsTo(to);
  }

  @Override
  public boolean ignoresEmpty(Side side) {
    return ignoresEmpty;
  }

  @Override
  public Translation translate(Side from, String value, @Nullable String current) {
    boolean room = ignoresEmpty && current != null && current.isEmpty() && !value.isEmpty();
    if (current != null && !room && agree(from, value, current)) {
      return new Translation.AlreadyThere();
    }
    if (toRight.isEmpty()) {
      return new Translation.To(value);
    }
    String word = (from == Side.LEFT ? toRight : toLeft).get(value);
    return word == null
        ? new Translation.Unmapped("no word for " + value)
        : new Translation.To(word);
  }

  @Override
  public boolean isListed(Side side, String value) {
    return toRight.isEmpty() || (side == Side.LEFT ? toRight : toLeft).containsKey(value);
  }

  @Override
  public boolean agree(String left, String right) {
    if (announced || ignoresEmpty && (left.isEmpty() || right.isEmpty())) {
      return true;
    }
    return toRight.isEmpty() ? left.equals(right) : Objects.equals(toRight.get(left), right);
  }

  @Override
  public boolean isDefault(Side side, String value) {
    return value.equals(initial);
  }

  @Override
  public Map<String, String> fill(Side to, String value) {
    return to == Side.LEFT ? fills.getOrDefault(value, Map.of()) : Map.of();
  }

  @Override
  public @Nullable String noteText(Side to, String value) {
    return announced && to == Side.RIGHT ? name + " is now " + value : null;
  }
}
