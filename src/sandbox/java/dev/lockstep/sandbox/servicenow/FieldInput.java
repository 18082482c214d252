package dev.lockstep.sandbox.servicenow;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Converts the values a caller sent to values the columns can hold. */
final class FieldInput {
  private final Store store;

  FieldInput(Store store) {
    this.store = store;
  }

  /**
   * The fields that may be written, as they will be stored; unknown and system columns fall away.
   */
  Map<String, String> writable(String table, Map<String, String> fields, boolean inserting) {
    Map<String, String> writable = new HashMap<>();
    fields.forEach(
        (name, value) -> {
          Column column = store.schema().column(table, name);
          boolean fixed = name.startsWith("sys_") || (name.equals("number") && !inserting);
          if (column != null && !fixed) {
            stored(column, value).ifPresent(text -> writable.put(name, text));
          }
        });
    return writable;
  }

  private Optional<String> stored(Column column, String value) {
    return switch (column.type()) {
      case STRING -> Optional.of(cut(value, column.maxLength()));
      case JOURNAL, CHOICE -> Optional.of(value);
      case BOOLEAN -> Optional.of(value.toLowerCase(Locale.ROOT));
      case INTEGER -> value.matches("-?\\d*") ? Optional.of(value) : Optional.empty();
      case DATE_TIME ->
          value.isEmpty()
              ? Optional.of(value)
              : Times.parse(value, ZoneOffset.UTC).map(Times::format);
      case REFERENCE -> Optional.of(reference(column, value));
    };
  }

  /**
   * A sys_id is stored whether or not its record exists, as a dangling reference; any other text is
   * taken for the display value and leaves the field empty if nothing is called so.
   */
  private String reference(Column column, String value) {
    String table = column.reference();
    if (table == null || value.isEmpty() || value.matches("[0-9a-f]{32}")) {
      return value;
    }
    if (store.find(table, value) != null) {
      return value;
    }
    String display = store.schema().known(table).display();
    List<Row> named = store.lookUp(table, display, List.of(value));
    return named.isEmpty() ? "" : named.get(0).sysId();
  }

  /** As {@code sysparm_input_display_value=true} asks: labels and local times become values. */
  Map<String, String> fromDisplay(String table, Map<String, String> fields, ZoneId zone) {
    Map<String, String> values = new HashMap<>(fields);
    values.replaceAll(
        (name, shown) -> {
          Column column = store.schema().column(table, name);
          return column == null ? shown : fromDisplay(column, shown, zone);
        });
    return values;
  }

  private static String fromDisplay(Column column, String shown, ZoneId zone) {
    return switch (column.type()) {
      case CHOICE ->
          column.choices().entrySet().stream()
              .filter(choice -> choice.getValue().equals(shown))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(shown);
      case DATE_TIME -> Times.parse(shown, zone).map(Times::format).orElse(shown);
      case STRING, INTEGER, BOOLEAN, REFERENCE, JOURNAL -> shown;
    };
  }

  private static String cut(String value, int maxLength) {
    return value.length() <= maxLength ? value : value.substring(0, maxLength);
  }
}
