package dev.lockstep.mapping.field;

import static dev.lockstep.ops.yaml.YamlFile.with;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Validates one field on its own. */
public final class FieldCheck {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");

  private final YamlFile file;
  private final MappedField field;
  private final List<String> place;
  private final JsonNode node;

  public FieldCheck(YamlFile file, MappedField field) {
    this.file = file;
    this.field = field;
    this.place = List.of("fields", field.name());
    this.node = file.root().path("fields").path(field.name());
  }

  public void check() {
    for (Side side : Side.values()) {
      checkShape(side);
      checkPaths(side);
      checkValues(side);
      checkNoteTemplate(side);
    }
    if (field.left().noteOnly() && field.right().noteOnly()) {
      refuse(place, "has no path on either side; give one a `path`");
    }
    checkTableKeys();
    if (field.valueMapping() instanceof ValueMapping.Table table) {
      new TableCheck(file, field, table).check();
    }
  }

  private void refuse(List<String> at, String text) {
    file.refuse(at, "field '%s': %s".formatted(field.name(), text));
  }

  private void checkShape(Side side) {
    FieldSide rule = field.rule(side);
    List<String> at = with(place, side.label());
    JsonNode written = node.path(side.label());
    boolean nowhere = rule.carryWhen() == CarryWhen.NEVER;
    if (rule.noteOnly() && rule.noteTemplate() == null && !nowhere) {
      refuse(at, side.label() + " has neither `path` nor `tell`; add one");
    }
    if (written.has("path") && written.has("paths")) {
      refuse(at, side.label() + " has both `path` and `paths`; keep one");
    }
    if (rule.composed() != null) {
      checkComposed(side, rule.composed(), written);
    }
    if (rule.joined() && !rule.form().writtenAt().isEmpty()) {
      refuse(at, "`paths` cannot be combined with `written-at`; use one `path`");
    }
    if (rule.joined()
        && (rule.reference() != null || rule.fallback() != null || rule.unlisted() != null)) {
      refuse(at, "`paths` cannot be combined with `reference`, `or` or `unlisted`; use one `path`");
    }
    if (rule.unlisted() != null && field.valueMapping().knownValues(side).isEmpty()) {
      refuse(with(at, "unlisted"), "every value is listed here; add tables, or remove `unlisted`");
    }
    if (field.valueMapping() instanceof ValueMapping.Table) {
      refuseOfTable(written, at, "max", "cut");
      refuseOfTable(written, at, "lines", "joined");
    }
  }

  private void checkComposed(Side side, TextTemplate text, JsonNode written) {
    List<String> at = with(place, side.label(), "text");
    if (!text.isWellFormed()) {
      refuse(at, "write fields as {{name|otherwise}} or {{name.value}}");
    }
    written.fieldNames().forEachRemaining(key -> refuseBesideText(side, key));
    if (!field.valueMapping().knownValues(side).isEmpty()) {
      refuse(at, "a composed text has no table; let the fields it is composed of have one");
    }
  }

  private void refuseBesideText(Side side, String key) {
    if (!key.equals("text") && !key.equals("ignore-empty")) {
      refuse(
          with(place, side.label(), key),
          "`%s` cannot be combined with `text`; remove it".formatted(key));
    }
  }

  private void refuseOfTable(JsonNode written, List<String> at, String key, String what) {
    if (written.has(key)) {
      refuse(with(at, key), "table values are never %s; remove `%s`".formatted(what, key));
    }
  }

  private void checkPaths(Side side) {
    FieldSide rule = field.rule(side);
    List<String> at = with(place, side.label());
    rule.paths().forEach(path -> checkPath(path.expression(), with(at, "path")));
    if (rule.fallback() != null) {
      checkPath(rule.fallback().expression(), with(at, "or"));
    }
    if (rule.unlisted() != null) {
      checkPath(rule.unlisted().expression(), with(at, "unlisted"));
    }
  }

  private void checkPath(String path, List<String> at) {
    if (!JsonPath.isValid(path)) {
      refuse(
          at,
          "'%s' is not a path; write keys joined by dots and list indexes as [0], for example assignments[0].assignee"
              .formatted(path));
    }
  }

  private void checkValues(Side side) {
    FieldSide rule = field.rule(side);
    List<String> at = with(place, side.label());
    rule.terminalValues()
        .keySet()
        .forEach(value -> checkValue(side, value, with(at, "final", value)));
    rule.steps().forEach((from, ways) -> checkSteps(side, from, ways, with(at, "steps", from)));
    rule.fill().keySet().forEach(value -> checkValue(side, value, with(at, "fill", value)));
    rule.after().keySet().forEach(value -> checkValue(side, value, with(at, "after", value)));
    rule.form()
        .alsoSetsFor()
        .keySet()
        .forEach(value -> checkValue(side, value, with(at, "also-sets-for", value)));
    if (!rule.defaultValue().isEmpty()) {
      checkValue(side, rule.defaultValue(), with(at, "default"));
    }
  }

  private void checkSteps(Side side, String from, Map<String, String> ways, List<String> at) {
    checkValue(side, from, at);
    ways.forEach(
        (to, between) -> {
          checkValue(side, to, with(at, to));
          checkValue(side, between, with(at, to));
          if (!field.rule(side).nextStep(between, to).equals(to)) {
            refuse(with(at, to), "'%s' does not lead to '%s'".formatted(between, to));
          }
        });
  }

  private void checkValue(Side side, String value, List<String> at) {
    Set<String> known = field.valueMapping().knownValues(side);
    if (!field.valueMapping().isKnown(side, value)) {
      refuse(
          at,
          "'%s' is not one of its %s values%s"
              .formatted(value, side.label(), Suggestion.of(value, known)));
    }
  }

  private void checkNoteTemplate(Side side) {
    NoteTemplate template = field.rule(side).noteTemplate();
    if (template == null) {
      return;
    }
    List<String> at = with(place, side.label(), "tell");
    Matcher placeholders = PLACEHOLDER.matcher(template.text());
    while (placeholders.find()) {
      if (!placeholders.group(1).equals("value")) {
        refuse(
            with(at, "text"),
            "'%s' is not a placeholder; only %s is supported"
                .formatted(placeholders.group(), NoteTemplate.PLACEHOLDER));
      }
    }
    if (template.onlyWords() && template.words().isEmpty()) {
      refuse(at, "`only-words` without `words` never writes a note; add `words` or remove it");
    }
  }

  private void checkTableKeys() {
    boolean tables = node.has("to-right") || node.has("to-left");
    if (node.has("pairs") && tables) {
      refuse(
          with(place, "pairs"),
          "`pairs` cannot be combined with `to-right` and `to-left`; use one or the other");
    }
    if (node.has("others") && !tables && !node.has("pairs")) {
      refuse(with(place, "others"), "`others` requires `pairs` or tables; add them or remove it");
    }
    checkPairs();
  }

  private void checkPairs() {
    Map<String, Integer> lefts = new HashMap<>();
    Map<String, Integer> rights = new HashMap<>();
    List<JsonNode> rows = new ArrayList<>();
    node.path("pairs").forEach(rows::add);
    for (int i = 0; i < rows.size(); i++) {
      String left = rows.get(i).path("left").asText();
      String right = rows.get(i).path("right").asText();
      if (lefts.putIfAbsent(left, i) != null || rights.putIfAbsent(right, i) != null) {
        refuse(
            with(place, "pairs", String.valueOf(i)),
            "the pair '%s' and '%s' repeats a value; pairs are one to one, use `to-right` and `to-left` where several values map to one"
                .formatted(left, right));
      }
    }
  }
}
