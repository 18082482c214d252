package dev.lockstep.mapping;

import static dev.lockstep.ops.yaml.YamlFile.with;

import dev.lockstep.json.JsonPath;
import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Validates a mapping's parts against each other and against the configured systems. */
final class MappingCheck {

  private final YamlFile file;
  private final FileMapping mapping;
  private final Map<String, MappedField> fields;

  MappingCheck(YamlFile file, FileMapping mapping) {
    this.file = file;
    this.mapping = mapping;
    this.fields =
        mapping.mappedFields().stream()
            .collect(Collectors.toMap(MappedField::name, field -> field));
  }

  void check(Map<String, KnownSystem> systems) {
    mapping.mappedFields().forEach(field -> new FieldCheck(file, field).check());
    for (Side side : Side.values()) {
      checkSystem(side, systems);
      checkWrites(side);
      mapping.mappedFields().forEach(field -> checkOthers(side, field));
      Condition starts = mapping.startConditions().get(side);
      if (starts != null) {
        checkCondition(side, starts, List.of("starts", side.label()));
      }
      Condition closed = mapping.closedConditions().get(side);
      if (closed != null) {
        checkCondition(side, closed, List.of("closed", side.label()));
      }
      mapping
          .noteTable()
          .heldWhen(side)
          .forEach(
              (visibility, condition) ->
                  checkCondition(
                      side,
                      condition,
                      List.of(
                          "notes",
                          "to-" + side.label(),
                          visibility.name().toLowerCase(Locale.ROOT))));
    }
    checkDuplicates();
    checkClosure();
    if (Objects.equals(mapping.records().get(Side.LEFT), mapping.records().get(Side.RIGHT))) {
      file.refuse(List.of("right"), "left and right are the same records; use two systems");
    }
  }

  private void checkSystem(Side side, Map<String, KnownSystem> systems) {
    String name = mapping.system(side);
    KnownSystem system = systems.get(name);
    if (system == null) {
      file.refuse(
          List.of(side.label(), "system"),
          "system '%s' has no folder in connectors/%s"
              .formatted(name, Suggestion.of(name, systems.keySet())));
    } else if (!system.kinds().isEmpty()) {
      checkKind(side, name, system.kinds());
      mapping
          .mappedFields()
          .forEach(field -> checkReference(side, field, name, system.references()));
    }
  }

  private void checkKind(Side side, String system, Set<String> kinds) {
    String kind = mapping.kind(side);
    if (!kinds.contains(kind)) {
      file.refuse(
          List.of(side.label(), "kind"),
          "connectors/%s/connector.yaml has no kind '%s'%s"
              .formatted(system, kind, Suggestion.of(kind, kinds)));
    }
  }

  private void checkReference(Side side, MappedField field, String system, Set<String> known) {
    String reference = field.rule(side).reference();
    if (reference != null && !known.contains(reference)) {
      file.refuse(
          List.of("fields", field.name(), side.label(), "reference"),
          "field '%s': connectors/%s/connector.yaml has no reference '%s'%s"
              .formatted(field.name(), system, reference, Suggestion.of(reference, known)));
    }
  }

  /** Two fields that write the same path would overwrite each other endlessly. */
  private void checkWrites(Side side) {
    Map<String, String> writers = new HashMap<>();
    for (MappedField field : mapping.mappedFields()) {
      if (field.flowsTo(side) || field.flowsAtCreationTo(side)) {
        for (JsonPath path : field.rule(side).paths()) {
          String other = writers.putIfAbsent(path.expression(), field.name());
          if (other != null) {
            file.refuse(
                with(List.of("fields", field.name()), side.label(), "path"),
                "field '%s': %s '%s' is already written by field '%s'; set `carried: never` on one of them"
                    .formatted(field.name(), side.label(), path.expression(), other));
          }
        }
      }
    }
    Map<String, String> constants = mapping.constants().getOrDefault(side, Map.of());
    for (String path : constants.keySet()) {
      List<String> at = List.of("constants", side.label(), path);
      if (!JsonPath.isValid(path)) {
        file.refuse(at, "'%s' is not a path; write keys joined by dots".formatted(path));
      } else if (writers.containsKey(path)) {
        file.refuse(
            at,
            "'%s' is already written by field '%s'; remove one".formatted(path, writers.get(path)));
      }
    }
  }

  /** References from a field to other fields. */
  private void checkOthers(Side side, MappedField field) {
    List<String> place = List.of("fields", field.name(), side.label());
    checkFill(side, field);
    checkCondition(side, field.rule(side).notWhile(), with(place, "not-while"));
    String table = "to-" + side.label();
    field
        .ignoredWhen()
        .getOrDefault(side.other(), Map.of())
        .forEach(
            (value, condition) ->
                checkCondition(side, condition, List.of("fields", field.name(), table, value)));
    for (String other : field.rule(side).notWith()) {
      if (!fields.containsKey(other)) {
        file.refuse(
            with(place, "not-with"),
            "field '%s': '%s' is not a field%s"
                .formatted(field.name(), other, Suggestion.of(other, fields.keySet())));
      }
    }
  }

  private void checkDuplicates() {
    DuplicateRule duplicates = mapping.duplicateRule();
    if (duplicates == null) {
      return;
    }
    List<String> place = List.of("duplicates");
    file.root()
        .path("duplicates")
        .path("compare")
        .properties()
        .forEach(
            entry ->
                checkIsField(entry.getValue().asText(), with(place, "compare", entry.getKey())));
    for (Side side : Side.values()) {
      checkCondition(side, of(duplicates.scope(), side), with(place, "scope", side.label()));
      checkCondition(side, of(duplicates.excluded(), side), with(place, "never", side.label()));
      checkCondition(
          side, of(duplicates.resolvedOrClosed(), side), with(place, "over", side.label()));
      DuplicateRule.Follow follow =
          duplicates.follow().getOrDefault(side, DuplicateRule.Follow.NOTHING);
      List<String> at = with(place, "follow", side.label());
      checkCondition(side, follow.when(), with(at, "when"));
      follow.fields().forEach(name -> checkFollowed(side, name, with(at, "fields")));
      follow
          .instead()
          .forEach(
              (name, words) -> checkInstead(side, follow, name, words, with(at, "instead", name)));
      follow
          .neutral()
          .forEach(
              (name, text) -> checkNeutral(side, follow, name, text, with(at, "neutral", name)));
      if (duplicates.follows(side)) {
        List<String> shared = with(place, "share-texts-if-same");
        duplicates.sameAudience().forEach(name -> checkShown(side, name, shared));
      }
    }
  }

  private void checkNeutral(
      Side side, DuplicateRule.Follow follow, String name, String text, List<String> at) {
    MappedField field = fields.get(name);
    if (field == null || !follow.fields().contains(name)) {
      notTakenOver(follow, name, at);
    } else {
      checkKnown(side, field, text, at);
    }
  }

  private void notTakenOver(DuplicateRule.Follow follow, String name, List<String> at) {
    file.refuse(
        at,
        "'%s' is not in the list `fields`%s".formatted(name, Suggestion.of(name, follow.fields())));
  }

  private void checkShown(Side side, String name, List<String> at) {
    MappedField field = fields.get(name);
    if (checkIsField(name, at) && field != null && field.rule(side).noteOnly()) {
      file.refuse(
          at,
          "'%s' cannot be read on the %s; use a field with a path there"
              .formatted(name, side.label()));
    }
  }

  private void checkClosure() {
    ClosureRule closure = mapping.closureRule();
    if (closure == null) {
      return;
    }
    for (Side side : Side.values()) {
      ClosureRule.Rule rule = closure.rules().getOrDefault(side, ClosureRule.Rule.NONE);
      List<String> at = List.of("closure", side.label());
      checkCondition(side, rule.when(), with(at, "when"));
      rule.reopen().keySet().forEach(name -> checkIsField(name, with(at, "reopen", name)));
      if (!rule.priority().isEmpty()) {
        checkIsField(rule.priority(), with(at, "priority"));
      }
    }
  }

  private static Condition of(Map<Side, Condition> sides, Side side) {
    return sides.getOrDefault(side, new Condition.Never());
  }

  private boolean checkIsField(String name, List<String> at) {
    if (fields.containsKey(name)) {
      return true;
    }
    file.refuse(at, "'%s' is not a field%s".formatted(name, Suggestion.of(name, fields.keySet())));
    return false;
  }

  private void checkInstead(
      Side side,
      DuplicateRule.Follow follow,
      String name,
      Map<String, String> words,
      List<String> at) {
    MappedField field = fields.get(name);
    if (field == null || !follow.fields().contains(name)) {
      notTakenOver(follow, name, at);
    } else {
      words.keySet().forEach(value -> checkKnown(side, field, value, at));
      words.values().forEach(value -> checkKnown(side, field, value, at));
    }
  }

  private void checkFollowed(Side side, String name, List<String> at) {
    MappedField field = fields.get(name);
    if (checkIsField(name, at) && field != null && field.rule(side).noteOnly()) {
      file.refuse(
          at, "'%s' has no path on the %s, so it cannot be copied".formatted(name, side.label()));
    }
  }

  private void checkFill(Side side, MappedField field) {
    field
        .rule(side)
        .fill()
        .forEach(
            (value, needs) ->
                needs.forEach(
                    (name, text) -> {
                      List<String> at =
                          List.of("fields", field.name(), side.label(), "fill", value, name);
                      checkFilled(side, field, name, text, at);
                    }));
  }

  private void checkFilled(
      Side side, MappedField field, String name, String text, List<String> at) {
    MappedField filled = fields.get(name);
    String prefix = "field '%s': ".formatted(field.name());
    if (filled == null) {
      file.refuse(
          at,
          "%sfills '%s', which is not a field%s"
              .formatted(prefix, name, Suggestion.of(name, fields.keySet())));
    } else if (filled.rule(side).noteOnly()) {
      file.refuse(
          at, "%sfills '%s', which has no path on the %s".formatted(prefix, name, side.label()));
    } else {
      checkKnown(side, filled, text, at);
    }
  }

  private void checkCondition(Side side, Condition condition, List<String> place) {
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
    MappedField field = fields.get(name);
    if (field == null) {
      file.refuse(
          with(place, "field"),
          "'%s' is not a field%s".formatted(name, Suggestion.of(name, fields.keySet())));
    } else if (field.rule(side).noteOnly()) {
      file.refuse(
          with(place, "field"),
          "'%s' cannot be read on the %s; use a field with a path there"
              .formatted(name, side.label()));
    } else {
      values.forEach(value -> checkKnown(side, field, value, place));
    }
  }

  private void checkKnown(Side side, MappedField field, String value, List<String> at) {
    Set<String> known = field.valueMapping().knownValues(side);
    if (!field.valueMapping().isKnown(side, value)) {
      file.refuse(
          at,
          "'%s' is not one of the %s values of '%s'%s"
              .formatted(value, side.label(), field.name(), Suggestion.of(value, known)));
    }
  }
}
