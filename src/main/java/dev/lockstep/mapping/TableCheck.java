package dev.lockstep.mapping;

import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a field's tables lead back. What is carried must have a way home to the same meaning, or
 * two sides in step would seem to differ and be written to for ever.
 */
final class TableCheck {

  private final YamlFile file;
  private final MappedField field;
  private final ValueMapping.Table table;

  TableCheck(YamlFile file, MappedField field, ValueMapping.Table table) {
    this.file = file;
    this.field = field;
    this.table = table;
  }

  void check() {
    if (isMissing(Side.RIGHT, table.toRight()) || isMissing(Side.LEFT, table.toLeft())) {
      return;
    }
    if (table.toRight().isEmpty() || table.toLeft().isEmpty()) {
      return;
    }
    Set<String> written = new TreeSet<>(table.toRight().values());
    for (String right : written) {
      checkReturn(right, "to-right", leftOf(right));
    }
    for (String right : table.toLeft().keySet()) {
      if (!written.contains(right)) {
        checkAlias(right);
      }
    }
  }

  private boolean isMissing(Side to, Map<String, String> entries) {
    boolean needed = field.flowsTo(to) || field.flowsAtCreationTo(to);
    if (!needed || !entries.isEmpty() || field.rule(to).noteOnly()) {
      return false;
    }
    refuse(
        List.of(),
        "`to-%1$s` is missing; add it, or `carried: never` on the %1$s".formatted(to.label()));
    return true;
  }

  private String leftOf(String right) {
    return table.toRight().entrySet().stream()
        .filter(entry -> entry.getValue().equals(right))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private void checkReturn(String right, String where, String left) {
    String back = table.translate(Side.RIGHT, right);
    if (back == null) {
      refuse(
          List.of(where, left),
          "right value '%1$s' is mapped back to no left value; add it to `to-left`, for example %1$s: \"%2$s\""
              .formatted(right, left));
      return;
    }
    String again = table.translate(Side.LEFT, back);
    if (again == null) {
      refuseUnlisted(right, back);
    } else if (!again.equals(right)) {
      refuse(
          List.of("to-left", right),
          "right value '%s' goes back to left '%s', which means '%s'; let it go back to a left value that means '%s'"
              .formatted(right, back, again, right));
    }
  }

  /** Read on the right but never written there: it must lead to some left value that is listed. */
  private void checkAlias(String right) {
    String back = table.translate(Side.RIGHT, right);
    if (back != null && table.translate(Side.LEFT, back) == null) {
      refuseUnlisted(right, back);
    }
  }

  private void refuseUnlisted(String right, String back) {
    refuse(
        List.of("to-left", right),
        "right value '%s' goes back to left '%s', which `to-right` does not list; add it there%s"
            .formatted(right, back, Suggestion.of(back, table.toRight().keySet())));
  }

  private void refuse(List<String> at, String text) {
    List<String> place = YamlFile.with(List.of("fields", field.name()), at.toArray(String[]::new));
    file.refuse(place, "field '%s': %s".formatted(field.name(), text));
  }
}
