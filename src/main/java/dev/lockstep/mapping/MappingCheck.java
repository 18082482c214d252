package dev.lockstep.mapping;

import static dev.lockstep.ops.yaml.YamlFile.with;

import dev.lockstep.json.JsonPath;
import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.mapping.field.FieldCheck;
import dev.lockstep.mapping.field.FieldUseCheck;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Validates a mapping's parts against each other and against the configured systems. */
final class MappingCheck {

  private final YamlFile file;
  private final FileMapping mapping;
  private final FieldUseCheck uses;

  MappingCheck(YamlFile file, FileMapping mapping) {
    this.file = file;
    this.mapping = mapping;
    this.uses = new FieldUseCheck(file, mapping.mappedFields());
  }

  void check(Map<String, KnownSystem> systems) {
    mapping.mappedFields().forEach(field -> new FieldCheck(file, field).check());
    for (Side side : Side.values()) {
      checkSystem(side, systems);
      checkWrites(side);
      mapping.mappedFields().forEach(field -> checkOthers(side, field));
      TemplateCheck templates = new TemplateCheck(file, uses);
      mapping.mappedFields().forEach(field -> templates.check(side, field));
      mapping.creationValues().getOrDefault(side, List.of()).forEach(v -> templates.check(side, v));
      Condition starts = mapping.startConditions().get(side);
      if (starts != null) {
        uses.checkCondition(side, starts, List.of("starts", side.label()));
      }
      Condition closed = mapping.closedConditions().get(side);
      if (closed != null) {
        uses.checkCondition(side, closed, List.of("closed", side.label()));
      }
      mapping
          .noteTable()
          .heldWhen(side)
          .forEach(
              (visibility, condition) ->
                  uses.checkCondition(
                      side,
                      condition,
                      List.of("notes", "to-" + side.label(), NotesCheck.word(visibility))));
    }
    if (mapping.duplicateRule() != null) {
      new DuplicateRuleCheck(file, mapping.duplicateRule(), uses).check();
    }
    checkClosure();
    checkIncident();
    checkPriority();
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
          "system '%s' is neither a folder in connectors/ nor an instance in LOCKSTEP_INSTANCES%s"
              .formatted(name, Suggestion.of(name, systems.keySet())));
    } else if (!system.kinds().isEmpty()) {
      checkKind(side, system);
      mapping.mappedFields().forEach(field -> checkReference(side, field, system));
      Set<Visibility> taken = system.notes().get(mapping.kind(side));
      if (taken != null) {
        new NotesCheck(file, mapping, side, taken).check();
      }
    }
  }

  private void checkKind(Side side, KnownSystem system) {
    String kind = mapping.kind(side);
    if (!system.kinds().contains(kind)) {
      file.refuse(
          List.of(side.label(), "kind"),
          "connectors/%s/connector.yaml has no kind '%s'%s"
              .formatted(system.connector(), kind, Suggestion.of(kind, system.kinds())));
    }
  }

  private void checkReference(Side side, MappedField field, KnownSystem system) {
    String reference = field.rule(side).reference();
    if (reference != null && !system.references().contains(reference)) {
      file.refuse(
          List.of("fields", field.name(), side.label(), "reference"),
          "field '%s': connectors/%s/connector.yaml has no reference '%s'%s"
              .formatted(
                  field.name(),
                  system.connector(),
                  reference,
                  Suggestion.of(reference, system.references())));
    }
  }

  /** Two fields that write the same path would overwrite each other endlessly. */
  private void checkWrites(Side side) {
    Map<String, String> writers = new HashMap<>();
    for (MappedField field : mapping.mappedFields()) {
      if (field.flowsTo(side) || field.flowsAtCreationTo(side)) {
        for (String path : field.rule(side).writePaths()) {
          String other = writers.putIfAbsent(path, field.name());
          if (other != null) {
            file.refuse(
                with(List.of("fields", field.name()), side.label(), "path"),
                "field '%s': %s '%s' is already written by field '%s'; set `carried: never` on one of them"
                    .formatted(field.name(), side.label(), path, other));
          }
        }
      }
    }
    for (CreationValue value : mapping.creationValues().getOrDefault(side, List.of())) {
      String path = value.path();
      List<String> at = List.of(value.ofBackfill() ? "backfill" : "constants", side.label(), path);
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
    uses.checkCondition(side, field.rule(side).notWhile(), with(place, "not-while"));
    String table = "to-" + side.label();
    field
        .ignoredWhen()
        .getOrDefault(side.other(), Map.of())
        .forEach(
            (value, condition) ->
                uses.checkCondition(
                    side, condition, List.of("fields", field.name(), table, value)));
    for (String other : field.rule(side).notWith()) {
      if (!uses.names().contains(other)) {
        file.refuse(
            with(place, "not-with"),
            "field '%s': '%s' is not a field%s"
                .formatted(field.name(), other, Suggestion.of(other, uses.names())));
      }
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
      uses.checkCondition(side, rule.when(), with(at, "when"));
      rule.reopen().keySet().forEach(name -> uses.find(name, with(at, "reopen", name)));
      if (!rule.priority().isEmpty()) {
        uses.find(rule.priority(), with(at, "priority"));
      }
    }
  }

  private void checkIncident() {
    IncidentRule rule = mapping.incidentRule();
    if (rule == null) {
      return;
    }
    List<String> at = List.of("incident", rule.side().label());
    Map.of(
            "major", rule.major(),
            "acknowledged", rule.acknowledged(),
            "mitigated", rule.mitigated(),
            "resolved", rule.resolved())
        .forEach((key, condition) -> uses.checkCondition(rule.side(), condition, with(at, key)));
    MappedField priority =
        uses.findReadable(rule.side(), rule.priority(), with(at, "priority", "field"));
    if (priority != null) {
      checkLevels(rule, priority, with(at, "priority", "levels"));
    }
    if (!rule.majorLevel().isEmpty() && !rule.levels().containsKey(rule.majorLevel())) {
      file.refuse(
          with(at, "major-level"),
          "'%s' is none of the levels %s"
              .formatted(rule.majorLevel(), String.join(", ", rule.levels().keySet())));
    }
    Map.of("service", rule.service(), "team", rule.team(), "manager", rule.manager())
        .forEach(
            (key, name) -> {
              if (!name.isEmpty()) {
                uses.findReadable(rule.side(), name, with(at, key));
              }
            });
  }

  private void checkLevels(IncidentRule rule, MappedField field, List<String> at) {
    Map<String, String> levels = new HashMap<>();
    rule.levels()
        .forEach(
            (level, values) -> {
              for (String value : values) {
                String other = levels.putIfAbsent(value, level);
                if (other != null) {
                  file.refuse(
                      with(at, level),
                      "'%s' is in %s already; leave it in one level".formatted(value, other));
                } else {
                  uses.checkValue(rule.side(), field, value, with(at, level));
                }
              }
            });
  }

  private void checkPriority() {
    String field = mapping.priorityOrder().field();
    if (!field.isEmpty()) {
      uses.find(field, List.of("priority", "field"));
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
    MappedField filled = uses.get(name);
    String prefix = "field '%s': ".formatted(field.name());
    if (filled == null) {
      file.refuse(
          at,
          "%sfills '%s', which is not a field%s"
              .formatted(prefix, name, Suggestion.of(name, uses.names())));
    } else if (filled.rule(side).noteOnly()) {
      file.refuse(
          at, "%sfills '%s', which has no path on the %s".formatted(prefix, name, side.label()));
    } else {
      uses.checkValue(side, filled, text, at);
    }
  }
}
