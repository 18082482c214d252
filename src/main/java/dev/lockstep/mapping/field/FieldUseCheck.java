package dev.lockstep.mapping.field;

import static dev.lockstep.ops.yaml.YamlFile.with;

import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Validates where other parts of a mapping name its fields and their values. */
public final class FieldUseCheck {
  private final YamlFile file;
  private final Map<String, MappedField> fields;

  public FieldUseCheck(YamlFile file, List<MappedField> fields) {
    this.file = file;
    this.fields = fields.stream().collect(Collectors.toMap(MappedField::name, field -> field));
  }

  public Set<String> names() {
    return fields.keySet();
  }

  public @Nullable MappedField get(String name) {
    return fields.get(name);
  }

  /** The field; null and reported if there is none of this name. */
  public @Nullable MappedField find(String name, List<String> at) {
    MappedField field = fields.get(name);
    if (field == null) {
      file.refuse(at, "'%s' is not a field%s".formatted(name, Suggestion.of(name, names())));
    }
    return field;
  }

  /** The field if it can be read on that side; otherwise null, and reported. */
  public @Nullable MappedField findReadable(Side side, String name, List<String> at) {
    MappedField field = find(name, at);
    if (field != null && field.rule(side).noteOnly()) {
      file.refuse(
          at,
          "'%s' cannot be read on the %s; use a field with a path there"
              .formatted(name, side.label()));
      return null;
    }
    return field;
  }

  public void checkCondition(Side side, Condition condition, List<String> place) {
    if (condition instanceof Condition.All all) {
      checkAll(side, all.conditions(), with(place, "all"));
    } else if (condition instanceof Condition.Any any) {
      checkAll(side, any.conditions(), with(place, "any"));
    } else if (condition instanceof Condition.In in) {
      checkValues(side, in.field(), in.accepted(), place);
    } else if (condition instanceof Condition.NotIn not) {
      checkValues(side, not.field(), not.refused(), place);
    } else if (condition instanceof Condition.Not not) {
      checkCondition(side, not.condition(), place);
    }
  }

  private void checkAll(Side side, List<Condition> conditions, List<String> place) {
    for (int i = 0; i < conditions.size(); i++) {
      checkCondition(side, conditions.get(i), with(place, String.valueOf(i)));
    }
  }

  private void checkValues(Side side, String name, Set<String> values, List<String> place) {
    MappedField field = findReadable(side, name, with(place, "field"));
    if (field != null) {
      values.forEach(value -> checkValue(side, field, value, place));
    }
  }

  public void checkValue(Side side, MappedField field, String value, List<String> at) {
    Set<String> known = field.valueMapping().knownValues(side);
    if (!field.valueMapping().isKnown(side, value)) {
      file.refuse(
          at,
          "'%s' is not one of the %s values of '%s'%s"
              .formatted(value, side.label(), field.name(), Suggestion.of(value, known)));
    }
  }
}
