package dev.lockstep.sandbox.servicenow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of every table, found by sys_id and by the columns that ServiceNow indexes. Not
 * thread-safe: its users hold its monitor.
 */
final class Store {
  private static final Set<String> INDEXED =
      Set.of("correlation_id", "number", "email", "user_name", "name", "parent_incident");

  private final Schema schema;
  private final Map<String, Row> rows = new HashMap<>();
  private final Map<String, Map<String, Row>> tables = new HashMap<>();
  private final Map<String, Map<String, Set<String>>> indexes = new HashMap<>();

  Store(Schema schema) {
    this.schema = schema;
  }

  Schema schema() {
    return schema;
  }

  @Nullable Row find(String sysId) {
    return rows.get(sysId);
  }

  /** The row, if it is in that table or one that extends it. */
  @Nullable Row find(String table, String sysId) {
    Row row = rows.get(sysId);
    return row != null && schema.isA(row.table(), table) ? row : null;
  }

  List<Row> all(String table) {
    List<Row> all = new ArrayList<>();
    for (String member : schema.family(table)) {
      all.addAll(tables.getOrDefault(member, Map.of()).values());
    }
    return all;
  }

  boolean indexed(String table, String column) {
    return column.equals("sys_id") || indexedIn(table).contains(column);
  }

  private static Set<String> indexedIn(String table) {
    return table.equals(Schema.JOURNAL_FIELD) ? Set.of("element_id") : INDEXED;
  }

  /** The rows whose indexed column has one of these values, oldest first within a value. */
  List<Row> lookUp(String table, String column, Collection<String> values) {
    List<Row> found = new ArrayList<>();
    for (String value : new LinkedHashSet<>(values)) {
      if (column.equals("sys_id")) {
        Row row = find(table, value);
        if (row != null) {
          found.add(row);
        }
        continue;
      }
      for (String member : schema.family(table)) {
        for (String sysId : index(member, column).getOrDefault(value, Set.of())) {
          Row row = rows.get(sysId);
          if (row != null) {
            found.add(row);
          }
        }
      }
    }
    return found;
  }

  void put(Row row) {
    remove(row.sysId(), false);
    rows.put(row.sysId(), row);
    tables.computeIfAbsent(row.table(), t -> new LinkedHashMap<>()).put(row.sysId(), row);
    for (String column : indexedIn(row.table())) {
      String value = row.get(column);
      if (!value.isEmpty()) {
        index(row.table(), column)
            .computeIfAbsent(value, v -> new LinkedHashSet<>())
            .add(row.sysId());
      }
    }
  }

  void remove(String sysId) {
    remove(sysId, true);
  }

  private void remove(String sysId, boolean fromTable) {
    Row old = rows.remove(sysId);
    if (old == null) {
      return;
    }
    if (fromTable) {
      tables.getOrDefault(old.table(), Map.of()).remove(sysId);
    }
    for (String column : indexedIn(old.table())) {
      Map<String, Set<String>> index = index(old.table(), column);
      Set<String> holders = index.get(old.get(column));
      if (holders != null && holders.remove(sysId) && holders.isEmpty()) {
        index.remove(old.get(column));
      }
    }
  }

  private Map<String, Set<String>> index(String table, String column) {
    return indexes.computeIfAbsent(table + '.' + column, key -> new HashMap<>());
  }

  /**
   * The value at a path such as {@code assigned_to.email}, followed over references; null for a
   * path that is no column, empty where a reference leads nowhere.
   */
  @Nullable String value(Row row, String path) {
    int dot = path.indexOf('.');
    Column column = schema.column(row.table(), dot < 0 ? path : path.substring(0, dot));
    if (column == null) {
      return null;
    }
    if (dot < 0) {
      return row.get(path);
    }
    String target = column.reference();
    String rest = path.substring(dot + 1);
    if (target == null || columnAt(target, rest) == null) {
      return null;
    }
    Row next = find(target, row.get(column.name()));
    return next == null ? "" : value(next, rest);
  }

  /** The column a path ends in, or null if there is none. */
  @Nullable Column columnAt(String table, String path) {
    int dot = path.indexOf('.');
    Column column = schema.column(table, dot < 0 ? path : path.substring(0, dot));
    if (dot < 0 || column == null) {
      return column;
    }
    String target = column.reference();
    return target == null ? null : columnAt(target, path.substring(dot + 1));
  }

  /** The display value of a record; empty if there is none. */
  String displayOf(@Nullable String table, String sysId) {
    Row row = table == null ? null : find(table, sysId);
    return row == null ? "" : row.get(schema.known(row.table()).display());
  }

  List<JournalEntry> journal(String sysId) {
    return lookUp(Schema.JOURNAL_FIELD, "element_id", List.of(sysId)).stream()
        .map(JournalEntry::of)
        .toList();
  }
}
