package dev.lockstep.sandbox.servicenow;

import static dev.lockstep.sandbox.servicenow.Column.Type.BOOLEAN;
import static dev.lockstep.sandbox.servicenow.Column.Type.DATE_TIME;
import static dev.lockstep.sandbox.servicenow.Column.Type.INTEGER;
import static dev.lockstep.sandbox.servicenow.Column.Type.JOURNAL;
import static dev.lockstep.sandbox.servicenow.Column.Type.STRING;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the instance: those of the base system that an incident leads to, and whatever
 * columns an operator adds. A table that extends another has its columns too, and is found when the
 * other is asked.
 */
final class Schema {
  static final String INCIDENT = "incident";
  static final String JOURNAL_FIELD = "sys_journal_field";
  static final String BUSINESS_RULE = "sys_script";

  record Table(String name, @Nullable String parent, String display, Map<String, Column> columns) {}

  private final Map<String, Table> tables = new ConcurrentHashMap<>();

  Schema() {
    table("sys_user", null, "name", people());
    table("sys_user_group", null, "name", groups());
    table("cmdb_ci", null, "name", items());
    table("cmdb_ci_service", "cmdb_ci", "name", List.of());
    table("cmdb_ci_server", "cmdb_ci", "name", List.of());
    table("cmn_location", null, "name", List.of(Column.text("name", 100)));
    table("core_company", null, "name", List.of(Column.text("name", 80)));
    table("task", null, "number", tasks());
    table(INCIDENT, "task", "number", IncidentTable.columns());
    table(ProblemTable.TABLE, "task", "number", ProblemTable.columns());
    table(ChangeRequestTable.TABLE, "task", "number", ChangeRequestTable.columns());
    table(JOURNAL_FIELD, null, "element", journal());
    table(BUSINESS_RULE, null, "name", rules());
  }

  private void table(String name, @Nullable String parent, String display, List<Column> own) {
    Map<String, Column> columns = new LinkedHashMap<>();
    if (parent == null) {
      bookkeeping().forEach(column -> columns.put(column.name(), column));
    } else {
      columns.putAll(known(parent).columns());
    }
    own.forEach(column -> columns.put(column.name(), column));
    tables.put(name, new Table(name, parent, display, columns));
  }

  /** Adds a text column, as an administrator does; {@code u_...} by ServiceNow's convention. */
  void addColumn(String table, String column) {
    Table old = known(table);
    Map<String, Column> columns = new LinkedHashMap<>(old.columns());
    columns.put(column, Column.text(column, 255));
    tables.put(table, new Table(table, old.parent(), old.display(), columns));
  }

  Table known(String name) {
    Table table = tables.get(name);
    if (table == null) {
      throw ServiceNowException.invalidTable(name);
    }
    return table;
  }

  @Nullable Column column(String table, String name) {
    return known(table).columns().get(name);
  }

  /** Whether records of {@code table} are records of {@code other}: itself or what it extends. */
  boolean isA(String table, String other) {
    for (String at = table; at != null; at = known(at).parent()) {
      if (at.equals(other)) {
        return true;
      }
    }
    return false;
  }

  /** The table and those that extend it. */
  List<String> family(String name) {
    List<String> parents = new ArrayList<>(List.of(name));
    for (Table table : tables.values()) {
      if (name.equals(table.parent())) {
        parents.addAll(family(table.name()));
      }
    }
    return parents;
  }

  Collection<Column> columns(String table) {
    return known(table).columns().values();
  }

  private static List<Column> bookkeeping() {
    return List.of(
        Column.text("sys_id", 32),
        Column.of("sys_created_on", DATE_TIME),
        Column.text("sys_created_by", 40),
        Column.of("sys_updated_on", DATE_TIME),
        Column.text("sys_updated_by", 40),
        Column.of("sys_mod_count", INTEGER),
        Column.text("sys_class_name", 80));
  }

  private static List<Column> rules() {
    return columns(
        List.of(
            Column.text("name", 80),
            Column.text("collection", 80),
            Column.text("when", 40),
            Column.text("script", 100_000)),
        typed(BOOLEAN, "active", "action_insert", "action_update", "action_delete"));
  }

  private static List<Column> people() {
    return columns(
        List.of(
            Column.text("user_name", 40),
            Column.text("name", 151),
            Column.text("first_name", 50),
            Column.text("last_name", 50),
            Column.text("email", 100),
            Column.of("active", BOOLEAN),
            Column.to("sys_user", "manager")));
  }

  private static List<Column> groups() {
    return List.of(
        Column.text("name", 80),
        Column.text("description", 1000),
        Column.text("email", 100),
        Column.of("active", BOOLEAN),
        Column.to("sys_user", "manager"));
  }

  private static List<Column> items() {
    return List.of(
        Column.text("name", 255),
        Column.text("short_description", 1000),
        Column.of("operational_status", INTEGER),
        Column.text("correlation_id", 512),
        Column.to("sys_user_group", "support_group"),
        Column.to("sys_user_group", "assignment_group"),
        Column.to("sys_user", "assigned_to"));
  }

  private static List<Column> journal() {
    return List.of(
        Column.text("name", 80),
        Column.text("element_id", 32),
        Column.text("element", 80),
        Column.text("value", 1 << 20));
  }

  private static List<Column> tasks() {
    return columns(
        List.of(
            Column.text("number", 40),
            Column.text("short_description", 160),
            Column.text("description", 4000),
            Column.choice("state", IncidentTable.STATES),
            Column.choice("impact", IncidentTable.LEVELS),
            Column.choice("urgency", IncidentTable.LEVELS),
            Column.choice("priority", IncidentTable.PRIORITIES),
            Column.of("active", BOOLEAN),
            Column.to("sys_user", "assigned_to"),
            Column.to("sys_user_group", "assignment_group"),
            Column.to("cmdb_ci", "cmdb_ci"),
            Column.to("cmdb_ci_service", "business_service"),
            Column.to("sys_user", "opened_by"),
            Column.to("sys_user", "closed_by"),
            Column.to("cmn_location", "location"),
            Column.to("core_company", "company"),
            Column.to("task", "parent"),
            Column.text("close_notes", 4000),
            Column.text("correlation_id", 100),
            Column.text("correlation_display", 100)),
        typed(DATE_TIME, "opened_at", "closed_at", "due_date", "follow_up", "activity_due"),
        typed(STRING, "contact_type", "approval", "watch_list"),
        typed(INTEGER, "reassignment_count", "escalation", "order"),
        typed(BOOLEAN, "knowledge", "made_sla"),
        typed(JOURNAL, "work_notes", "comments"));
  }

  static List<Column> typed(Column.Type type, String... names) {
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(Column.of(name, type));
    }
    return columns;
  }

  @SafeVarargs
  static List<Column> columns(List<Column>... parts) {
    List<Column> all = new ArrayList<>();
    for (List<Column> part : parts) {
      all.addAll(part);
    }
    return all;
  }
}
