package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.mapping.field.FieldAccess;
import dev.lockstep.mapping.field.FieldSide;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.TemplateValues;
import dev.lockstep.record.Side;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A mapping as defined by its validated file. */
record FileMapping(
    String name,
    Map<Side, Records> records,
    List<MappedField> mappedFields,
    Map<Side, Condition> startConditions,
    Map<Side, Condition> closedConditions,
    Map<Side, List<CreationValue>> creationValues,
    NoteTable noteTable,
    @Nullable DuplicateRule duplicateRule,
    @Nullable ClosureRule closureRule,
    @Nullable IncidentRule incidentRule,
    PriorityOrder priorityOrder)
    implements Mapping {

  /** The records of a side. */
  record Records(String system, String kind) {
    @Override
    public String toString() {
      return system + "/" + kind;
    }
  }

  @Override
  public String system(Side side) {
    return requireSide(records, side).system();
  }

  @Override
  public String kind(Side side) {
    return requireSide(records, side).kind();
  }

  @Override
  public List<FieldMapping> fields() {
    return List.copyOf(mappedFields);
  }

  @Override
  public NotePolicy notes() {
    return noteTable;
  }

  @Override
  public Optional<DuplicateRules> duplicates() {
    return Optional.ofNullable(duplicateRule);
  }

  @Override
  public Optional<ClosureRules> closure() {
    return Optional.ofNullable(closureRule);
  }

  @Override
  public Optional<IncidentRule> incident() {
    return Optional.ofNullable(incidentRule);
  }

  @Override
  public OptionalInt rank(Side side, Map<String, String> values) {
    return priorityOrder.rank(side, values);
  }

  @Override
  public boolean startsSync(Side side, Map<String, String> values) {
    return requireSide(startConditions, side).holds(values);
  }

  @Override
  public boolean mayStart(Side side) {
    return !(requireSide(startConditions, side) instanceof Condition.Never);
  }

  @Override
  public Map<String, @Nullable String> undecided(Side side, Map<String, String> values) {
    Map<String, @Nullable String> open = new LinkedHashMap<>();
    for (MappedField field : mappedFields) {
      String value = values.get(field.name());
      boolean unlisted =
          value != null && !value.isEmpty() && !field.valueMapping().isKnown(side, value);
      if (value == null || unlisted) {
        open.put(field.name(), value);
      }
    }
    Condition condition = requireSide(startConditions, side);
    if (condition.holds(values) || !condition.mightHold(values, open::containsKey)) {
      return Map.of();
    }
    // Of several undecided fields, only those count without which syncing could not start.
    open.keySet()
        .removeIf(name -> condition.mightHold(values, f -> open.containsKey(f) && !f.equals(name)));
    return open;
  }

  @Override
  public Map<String, String> read(Side side, JsonNode json, References references) {
    Map<String, String> values = new LinkedHashMap<>();
    for (MappedField field : mappedFields) {
      access(field, side, references)
          .read(json, value -> field.valueMapping().isKnown(side, value))
          .ifPresent(value -> values.put(field.name(), value));
    }
    texts().compose(side, values);
    return values;
  }

  private MappingTexts texts() {
    return new MappingTexts(mappedFields, creationValues);
  }

  @Override
  public Duration delay(Side to, String field, String value) {
    return mappedFields.stream()
        .filter(one -> one.name().equals(field))
        .findFirst()
        .map(one -> one.rule(to).after().get(value))
        .orElse(Duration.ZERO);
  }

  @Override
  public boolean isClosed(Side side, Map<String, String> values) {
    return requireSide(closedConditions, side).holds(values);
  }

  @Override
  public Map<String, String> writableFields(
      Side side, Map<String, String> current, Map<String, String> values) {
    if (isClosed(side, current)) {
      return Map.of();
    }
    Map<String, String> taken = new LinkedHashMap<>(values);
    for (MappedField field : mappedFields) {
      String present = current.get(field.name());
      if (present != null) {
        taken.computeIfPresent(
            field.name(), (name, wanted) -> field.rule(side).nextStep(present, wanted));
      }
    }
    Map<String, String> after = new HashMap<>(current);
    after.putAll(taken);
    for (MappedField field : mappedFields) {
      if (field.rule(side).notWhile().holds(after)) {
        taken.remove(field.name());
      }
    }
    for (MappedField field : mappedFields) {
      if (!Collections.disjoint(field.rule(side).notWith(), taken.keySet())) {
        taken.remove(field.name());
      }
    }
    return taken;
  }

  @Override
  public Write write(
      Side side, Map<String, String> values, Present present, References references) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    Map<String, String> gaps = new LinkedHashMap<>();
    Set<String> partly = new LinkedHashSet<>();
    Map<String, String> taken = writableFields(side, Map.of(), values);
    TemplateValues templates = templates(side, values, present, references);
    for (MappedField field : mappedFields) {
      String value = taken.get(field.name());
      if (value == null && values.containsKey(field.name())) {
        gaps.put(
            field.name(), system(side) + " does not accept it together with the other changes");
      } else if (value != null) {
        access(field, side, references)
            .write(value, body, templates)
            .ifPresent(
                gap -> {
                  gaps.put(field.name(), gap);
                  if (field.rule(side).form().alsoSetsFor().containsKey(value)) {
                    partly.add(field.name());
                  }
                });
      }
    }
    return new Write(body, gaps, partly);
  }

  private TemplateValues templates(
      Side side, Map<String, String> values, Present present, References references) {
    return new PairTemplates(
        mappedFields, side, values, present, field -> access(field, side, references));
  }

  @Override
  public Write create(Side side, Map<String, String> values, Origin origin, References references) {
    Present present = new Present(Map.of(), origin.values());
    TemplateValues templates = templates(side, values, present, references);
    Write write = write(side, values, present, references);
    for (MappedField field : mappedFields) {
      FieldSide rule = field.rule(side);
      boolean unwritten =
          values.getOrDefault(field.name(), "").isEmpty() || write.gaps().containsKey(field.name());
      if (unwritten && !rule.defaultValue().isEmpty()) {
        access(field, side, references)
            .write(rule.defaultValue(), write.body(), templates)
            .ifPresent(gap -> write.gaps().put(field.name(), gap));
      }
    }
    for (CreationValue value : requireSide(creationValues, side)) {
      if (value.applies(values, origin.backfilled())) {
        FieldAccess.put(Map.of(value.path(), value.text().fill(templates::word)), write.body());
      }
    }
    return write;
  }

  @Override
  public boolean writesText(Side side, String path, String text) {
    return texts().write(side, path, text);
  }

  @Override
  public Set<String> paths(Side side, References references) {
    Set<String> paths = new LinkedHashSet<>();
    mappedFields.forEach(field -> paths.addAll(access(field, side, references).paths()));
    return paths;
  }

  /** All paths that a new record of this side may be created with. */
  Set<String> pathsAtCreation(Side side) {
    Set<String> paths = new TreeSet<>();
    requireSide(creationValues, side).forEach(value -> paths.add(value.path()));
    mappedFields.stream()
        .filter(field -> field.isWrittenAtCreation(side))
        .forEach(field -> paths.addAll(field.rule(side).writtenPaths()));
    return paths;
  }

  /** All paths that may be written to a record of this side that exists. */
  Set<String> pathsOfUpdates(Side side) {
    List<MappedField> updated =
        mappedFields.stream().filter(field -> field.isWrittenAfterCreation(side)).toList();
    Set<String> filled =
        updated.stream()
            .flatMap(field -> field.rule(side).fill().values().stream())
            .flatMap(values -> values.keySet().stream())
            .collect(Collectors.toSet());
    Set<String> paths = new TreeSet<>();
    mappedFields.stream()
        .filter(field -> updated.contains(field) || filled.contains(field.name()))
        .forEach(field -> paths.addAll(field.rule(side).writtenPaths()));
    return paths;
  }

  /**
   * By state to which a field at this path may be changed in a record that exists, the paths that
   * are written with it; empty if it may be changed to any.
   */
  Map<String, Set<String>> statesOf(Side side, String path) {
    Map<String, Set<String>> states = new TreeMap<>();
    Set<String> updated = new TreeSet<>();
    for (MappedField field : mappedFields) {
      if (field.isWrittenAfterCreation(side)) {
        updated.addAll(field.rule(side).writtenPaths());
        if (field.rule(side).writePaths().contains(path)) {
          field.writtenStates(side).forEach(state -> states.put(state, filled(field, side, state)));
        }
      }
    }
    states.values().forEach(paths -> paths.addAll(updated));
    return states;
  }

  private Set<String> filled(MappedField field, Side side, String state) {
    Set<String> names = field.rule(side).fill().getOrDefault(state, Map.of()).keySet();
    Set<String> paths = new TreeSet<>();
    mappedFields.stream()
        .filter(other -> names.contains(other.name()))
        .forEach(other -> paths.addAll(other.rule(side).writtenPaths()));
    return paths;
  }

  @Override
  public Map<String, String> disagreements(Map<String, String> left, Map<String, String> right) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (MappedField field : mappedFields) {
      String l = left.get(field.name());
      String r = right.get(field.name());
      if (l != null && r != null && isComparable(field, left, right) && !field.agree(l, r)) {
        texts.put(
            field.name(),
            "%s has '%s', %s has '%s'".formatted(system(Side.LEFT), l, system(Side.RIGHT), r));
      }
    }
    return texts;
  }

  FileMapping withEverythingInScope() {
    Condition always = new Condition.Always();
    Map<Side, Condition> everything = Map.of(Side.LEFT, always, Side.RIGHT, always);
    return new FileMapping(
        name,
        records,
        mappedFields,
        everything,
        closedConditions,
        creationValues,
        noteTable,
        duplicateRule,
        closureRule,
        incidentRule,
        priorityOrder);
  }

  private boolean isComparable(
      MappedField field, Map<String, String> left, Map<String, String> right) {
    return field.isKeptEqual()
        && isChangeable(field, Side.LEFT, left)
        && isChangeable(field, Side.RIGHT, right)
        && !field.left().notWhile().holds(left)
        && !field.right().notWhile().holds(right);
  }

  /** Fields with terminal values are compared even if the record is closed: they close it. */
  private boolean isChangeable(MappedField field, Side side, Map<String, String> values) {
    return !field.rule(side).terminalValues().isEmpty() || !isClosed(side, values);
  }

  private FieldAccess access(MappedField field, Side side, References references) {
    return new FieldAccess(system(side), field.rule(side), references);
  }

  private static <T> T requireSide(Map<Side, T> sides, Side side) {
    T found = sides.get(side);
    if (found == null) {
      throw new IllegalStateException("The mapping has no entry for its " + side.label());
    }
    return found;
  }
}
