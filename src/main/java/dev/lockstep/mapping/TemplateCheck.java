package dev.lockstep.mapping;

import static dev.lockstep.ops.yaml.YamlFile.with;

import dev.lockstep.json.JsonPath;
import dev.lockstep.mapping.field.FieldUseCheck;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.TextTemplate;
import dev.lockstep.mapping.field.WriteForm;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;

/** Validates the placeholders in the texts and paths that are written along with fields. */
final class TemplateCheck {
  private final YamlFile file;
  private final FieldUseCheck uses;

  TemplateCheck(YamlFile file, FieldUseCheck uses) {
    this.file = file;
    this.uses = uses;
  }

  void check(Side side, MappedField field) {
    List<String> place = List.of("fields", field.name(), side.label());
    WriteForm form = field.rule(side).form();
    TextTemplate composed = field.rule(side).composed();
    if (composed != null) {
      checkText(side, composed, with(place, "text"), true);
    }
    checkPath(side, form.writtenAt(), with(place, "written-at"));
    checkSets(side, form.alsoSets(), with(place, "also-sets"));
    checkSets(side, form.leaves(), with(place, "leaves"));
    form.alsoSetsFor()
        .forEach((value, sets) -> checkSets(side, sets, with(place, "also-sets-for", value)));
    if (!form.leaves().isEmpty() && field.rule(side).reference() == null) {
      file.refuse(with(place, "leaves"), "`leaves` needs a `reference`; add it or remove `leaves`");
    }
    form.together().forEach(other -> uses.find(other, with(place, "with")));
  }

  void check(Side side, CreationValue value) {
    List<String> place =
        List.of(value.ofBackfill() ? "backfill" : "constants", side.label(), value.path());
    checkText(side.other(), value.text(), place, false);
    uses.checkCondition(side, value.unless(), place);
  }

  private void checkSets(Side side, Map<String, String> sets, List<String> place) {
    sets.forEach(
        (path, text) -> {
          checkPath(side, path, with(place, path));
          checkText(side.other(), new TextTemplate(text), with(place, path), false);
        });
  }

  /**
   * @param from the side whose values the tables translate into the words of the text
   * @param takesValues whether values may become part of it that are in no table
   */
  private void checkText(Side from, TextTemplate text, List<String> place, boolean takesValues) {
    for (String name : text.names()) {
      if (TextTemplate.isValue(name) && takesValues) {
        checkValue(from, TextTemplate.field(name), place);
        continue;
      }
      MappedField field = uses.find(name, place);
      if (field != null && field.valueMapping().words(from).isEmpty()) {
        file.refuse(
            place,
            "'{{%s}}' needs a field with a table of its values: other values never become part of such a text"
                .formatted(name));
      }
    }
    for (String incomplete : text.withoutOtherwise()) {
      String inner = incomplete.substring(2, incomplete.length() - 2).replace("|", "");
      file.refuse(
          place,
          "'%s' has no text for values that its table does not list; write {{%s|...}}"
              .formatted(incomplete, inner));
    }
  }

  /** A text in a text could be composed of itself. */
  private void checkValue(Side from, String name, List<String> place) {
    MappedField part = uses.findReadable(from, name, place);
    if (part != null && part.rule(from).composed() != null) {
      file.refuse(place, "'%s' is composed itself; name its fields".formatted(name));
    }
  }

  private void checkPath(Side side, String path, List<String> place) {
    for (String name : new TextTemplate(path).names()) {
      boolean isId = name.endsWith(TextTemplate.ID);
      MappedField field = isId ? uses.find(TextTemplate.field(name), place) : null;
      if (!isId || field != null && field.rule(side).reference() == null) {
        file.refuse(
            place,
            "'{{%s}}' is not the id of a reference; write {{field.id}} with a field that has a `reference` on the %s"
                .formatted(name, side.label()));
      }
    }
    if (!path.isEmpty() && !JsonPath.isValid(path.replaceAll("\\{\\{[^}]*}}", "id"))) {
      file.refuse(
          place,
          "'%s' is not a path; write keys joined by dots and list indexes as [0]".formatted(path));
    }
  }
}
