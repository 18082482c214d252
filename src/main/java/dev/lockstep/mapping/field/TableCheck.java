package dev.lockstep.mapping.field;

import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks that a field's tables are consistent: every written value must map back to an equivalent
 * value. Otherwise two sides in sync would appear to differ and be written endlessly.
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
    checkRanges("to-right", table.toRight());
    checkRanges("to-left", table.toLeft());
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

  private void checkRanges(String where, Map<String, String> entries) {
    Map<String, NumberRange> ranges = new LinkedHashMap<>();
    entries.forEach(
        (from, to) -> {
          if (NumberRange.parse(to).isPresent()) {
            refuse(List.of(where, from), "'%s' is a range; write one value of it".formatted(to));
          }
          NumberRange.parse(from)
              .ifPresent(
                  range -> {
                    ranges.forEach(
                        (other, earlier) -> {
                          if (range.overlaps(earlier)) {
                            refuse(
                                List.of(where, from),
                                "'%s' overlaps '%s'; let each number be in one of them"
                                    .formatted(from, other));
                          }
                        });
                    ranges.put(from, range);
                  });
        });
  }

  private boolean isMissing(Side to, Map<String, String> entries) {
    boolean needed = field.flowsTo(to) || field.flowsAtCreationTo(to);
    if (!needed || !entries.isEmpty() || field.rule(to).noteOnly()) {
      return false;
    }
    refuse(
        List.of(),
        "`to-%1$s` is missing; add it, or set `carried: never` on the %1$s".formatted(to.label()));
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
          "right value '%1$s' is not mapped back to a left value; add it to `to-left`, for example %1$s: \"%2$s\""
              .formatted(right, left));
      return;
    }
    String again = table.translate(Side.LEFT, back);
    if (again == null) {
      refuseUnlisted(right, back);
    } else if (!again.equals(right)) {
      refuse(
          List.of("to-left", right),
          "right value '%s' maps back to left '%s', which maps to '%s'; map it to a left value that maps to '%s'"
              .formatted(right, back, again, right));
    }
  }

  /** A right value that is read but never written must map to a left value that is listed. */
  private void checkAlias(String right) {
    String back = table.translate(Side.RIGHT, right);
    if (back != null && table.translate(Side.LEFT, back) == null) {
      refuseUnlisted(right, back);
    }
  }

  private void refuseUnlisted(String right, String back) {
    refuse(
        List.of("to-left", right),
        "right value '%s' maps back to left '%s', which `to-right` does not list; add it there%s"
            .formatted(right, back, Suggestion.of(back, table.toRight().keySet())));
  }

  private void refuse(List<String> at, String text) {
    List<String> place = YamlFile.with(List.of("fields", field.name()), at.toArray(String[]::new));
    file.refuse(place, "field '%s': %s".formatted(field.name(), text));
  }
}
