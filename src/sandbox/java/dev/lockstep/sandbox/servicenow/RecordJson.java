package dev.lockstep.sandbox.servicenow;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as the Table API answers them: every value a string, references as objects with a
 * link unless excluded, actual or display values.
 */
final class RecordJson {

  /** {@code sysparm_display_value}. */
  enum Display {
    FALSE,
    TRUE,
    ALL;

    static Display of(@Nullable String parameter) {
      return switch (parameter == null ? "" : parameter.toLowerCase(Locale.ROOT)) {
        case "true" -> TRUE;
        case "all" -> ALL;
        default -> FALSE;
      };
    }
  }

  private final Store store;
  private final String instance;
  private final ZoneId zone;
  private final Display display;
  private final boolean links;
  private final List<String> fields;

  /**
   * @param fields empty for all columns; dot-walked paths may be among them
   * @param links false for {@code sysparm_exclude_reference_link=true}
   */
  RecordJson(
      Store store,
      String instance,
      ZoneId zone,
      Display display,
      boolean links,
      List<String> fields) {
    this.store = store;
    this.instance = instance;
    this.zone = zone;
    this.display = display;
    this.links = links;
    this.fields = fields;
  }

  Map<String, Object> render(Row row) {
    Map<String, Object> rendered = new LinkedHashMap<>();
    for (String path : fields.isEmpty() ? columns(row) : fields) {
      Column column = store.columnAt(row.table(), path);
      String value = store.value(row, path);
      if (column != null && value != null) {
        rendered.put(path, render(row, column, value));
      }
    }
    return rendered;
  }

  private List<String> columns(Row row) {
    List<String> names = new ArrayList<>();
    store.schema().columns(row.table()).forEach(column -> names.add(column.name()));
    return names;
  }

  private Object render(Row row, Column column, String value) {
    String shown = display == Display.FALSE ? "" : shown(row, column, value);
    boolean link = links && column.type() == Column.Type.REFERENCE && !value.isEmpty();
    return switch (display) {
      case FALSE -> link ? linked(column, value, "value", value) : value;
      case TRUE -> link ? linked(column, value, "display_value", shown) : shown;
      case ALL -> {
        Map<String, String> both = new LinkedHashMap<>();
        both.put("display_value", shown);
        both.put("value", value);
        if (link) {
          both.put("link", link(column, value));
        }
        yield both;
      }
    };
  }

  private Map<String, String> linked(Column column, String sysId, String key, String value) {
    Map<String, String> object = new LinkedHashMap<>();
    object.put("link", link(column, sysId));
    object.put(key, value);
    return object;
  }

  private String link(Column column, String sysId) {
    return instance + "/api/now/table/" + column.reference() + '/' + sysId;
  }

  private String shown(Row row, Column column, String value) {
    return switch (column.type()) {
      case CHOICE -> column.choices().getOrDefault(value, value);
      case REFERENCE -> store.displayOf(column.reference(), value);
      case DATE_TIME -> Times.shown(value, zone);
      case JOURNAL -> journal(row, column);
      case STRING, INTEGER, BOOLEAN -> value;
    };
  }

  /** A journal field has no value of its own; shown, it is all its entries, newest first. */
  private String journal(Row row, Column column) {
    StringBuilder text = new StringBuilder();
    String label = column.name().equals("comments") ? "Additional comments" : "Work notes";
    List<JournalEntry> entries = store.journal(row.sysId());
    for (int i = entries.size() - 1; i >= 0; i--) {
      JournalEntry entry = entries.get(i);
      if (entry.element().equals(column.name())) {
        text.append(Times.shown(entry.createdOn(), zone)).append(" - ");
        text.append(nameOf(entry.createdBy())).append(" (").append(label).append(")\n");
        text.append(entry.value()).append("\n\n");
      }
    }
    return text.toString();
  }

  private String nameOf(String userName) {
    return store.lookUp("sys_user", "user_name", List.of(userName)).stream()
        .map(user -> user.get("name"))
        .findFirst()
        .orElse(userName);
  }
}
