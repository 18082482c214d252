package dev.lockstep.mapping;

import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Validates which notes a mapping sends to one side. To a kind that takes some notes, a mapping
 * sends no others, so that a note is not shown to other readers than its mapping says. To a kind
 * that takes none it may: they are gaps of its pairs.
 *
 * @param taken the visibilities of the notes that can be added to that side's records
 */
record NotesCheck(YamlFile file, FileMapping mapping, Side side, Set<Visibility> taken) {

  void check() {
    if (!taken.isEmpty()) {
      for (Visibility visibility : Visibility.values()) {
        checkSent(visibility);
      }
    }
    if (!taken.contains(Visibility.INTERNAL)) {
      mapping.mappedFields().forEach(this::refuseTold);
    } else if (!mapping.noteTable().takesOwn(side)) {
      mapping.mappedFields().forEach(this::refuseWithheld);
    }
  }

  private void checkSent(Visibility visibility) {
    mapping
        .noteTable()
        .targetVisibility(side.other(), visibility)
        .filter(as -> !taken.contains(as))
        .ifPresent(
            as ->
                file.refuse(
                    List.of("notes", "to-" + side.label(), word(visibility)),
                    "%s takes no %s notes on %s; write none or %s"
                        .formatted(
                            system(),
                            word(as),
                            mapping.kind(side),
                            word(taken.iterator().next()))));
  }

  private void refuseTold(MappedField field) {
    if (field.rule(side).noteTemplate() != null) {
      file.refuse(
          List.of("fields", field.name(), side.label(), "tell"),
          "field '%s': %s takes no %snotes on %s, so nobody would read it; remove `tell`"
              .formatted(
                  field.name(), system(), taken.isEmpty() ? "" : "internal ", mapping.kind(side)));
    }
  }

  private void refuseWithheld(MappedField field) {
    if (field.rule(side).noteTemplate() != null) {
      file.refuse(
          List.of("fields", field.name(), side.label(), "tell"),
          "field '%s': `own: none` of notes.to-%s keeps this from %s; remove one of them"
              .formatted(field.name(), side.label(), system()));
    }
  }

  private String system() {
    return mapping.system(side);
  }

  static String word(Visibility visibility) {
    return visibility.name().toLowerCase(Locale.ROOT);
  }
}
