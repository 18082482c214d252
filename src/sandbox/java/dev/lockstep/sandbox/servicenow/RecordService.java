package dev.lockstep.sandbox.servicenow;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Where records are changed, by people and by the API alike: rights, business rules, journal,
 * bookkeeping, then the listeners. One change at a time; listeners receive changes in the order
 * they were made.
 */
final class RecordService {
  private static final Set<String> JOURNALS = Set.of("work_notes", "comments");
  private static final Map<String, String> PREFIXES =
      Map.of("incident", "INC001", "problem", "PRB004", ChangeRequestTable.TABLE, "CHG003");

  /** The result of a write. */
  record Outcome(Row row, boolean changed) {}

  private final Store store;
  private final Clock clock;
  private final ParentChildRules parents;
  private final boolean parentsLeadChildren;
  private final String roleForClosed;
  private final BiConsumer<RecordChange, Row> listener;
  private final Map<String, AtomicInteger> numbers = new HashMap<>();

  RecordService(
      Store store,
      Clock clock,
      boolean parentsLeadChildren,
      String roleForClosed,
      BiConsumer<RecordChange, Row> listener) {
    this.store = store;
    this.clock = clock;
    this.parents = new ParentChildRules(store);
    this.parentsLeadChildren = parentsLeadChildren;
    this.roleForClosed = roleForClosed;
    this.listener = listener;
  }

  String tableOf(String sysId) {
    synchronized (store) {
      Row row = store.find(sysId);
      if (row == null) {
        throw ServiceNowException.noRecord();
      }
      return row.table();
    }
  }

  Row read(String table, String sysId) {
    synchronized (store) {
      return existing(table, sysId);
    }
  }

  Row insert(UserSession actor, String table, Map<String, String> fields) {
    synchronized (store) {
      store.schema().known(table);
      requireRight(actor, table, "Insert");
      Instant at = clock.instant();
      Map<String, String> given = new FieldInput(store).writable(table, fields, true);
      given.keySet().removeAll(actor.readOnly());
      Map<String, String> values = new HashMap<>(given);
      JOURNALS.forEach(values::remove);
      if (isTask(table)) {
        values.putIfAbsent("number", nextNumber(table));
      }
      if (table.equals(Schema.INCIDENT)) {
        new IncidentRules(actor, Times.format(at), roleForClosed).onInsert(values);
      } else if (table.equals(ChangeRequestTable.TABLE)) {
        new ChangeRequestRules(actor, Times.format(at)).onInsert(values);
      } else if (table.equals(ProblemTable.TABLE)) {
        ProblemTable.onInsert(values, actor, Times.format(at));
      }
      Row row = stamped(actor, table, newSysId(), values, at, 0);
      store.put(row);
      List<JournalEntry> journal = journal(actor, row, given, at);
      report(RecordChange.Kind.CREATED, row, actor, row.values(), journal, at);
      countChildren(actor, "", row.get(ParentChildRules.PARENT));
      return row;
    }
  }

  Outcome update(UserSession actor, String table, String sysId, Map<String, String> fields) {
    synchronized (store) {
      Row before = existing(table, sysId);
      requireRight(actor, before.table(), "Update");
      Instant at = clock.instant();
      Map<String, String> given = new FieldInput(store).writable(before.table(), fields, false);
      given.keySet().removeAll(actor.readOnly());
      Map<String, String> values = new HashMap<>(before.values());
      given.forEach((column, value) -> set(values, column, value));
      JOURNALS.forEach(values::remove);
      if (before.table().equals(Schema.INCIDENT)) {
        new IncidentRules(actor, Times.format(at), roleForClosed).onUpdate(before, values);
        parents.requireNoCircle(before, values.getOrDefault(ParentChildRules.PARENT, ""));
      } else if (before.table().equals(ChangeRequestTable.TABLE)) {
        new ChangeRequestRules(actor, Times.format(at)).onUpdate(before, values);
      } else if (before.table().equals(ProblemTable.TABLE)) {
        ProblemTable.onUpdate(before, values, actor);
      }
      Map<String, String> changed = difference(before.values(), values);
      boolean noted = JOURNALS.stream().anyMatch(j -> !given.getOrDefault(j, "").isEmpty());
      if (changed.isEmpty() && !noted) {
        return new Outcome(before, false);
      }
      Row row = write(actor, before, values, given, at);
      countChildren(actor, before.get(ParentChildRules.PARENT), row.get(ParentChildRules.PARENT));
      if (parentsLeadChildren && row.table().equals(Schema.INCIDENT)) {
        parents
            .follow(before, row, given)
            .forEach((child, news) -> update(actor, Schema.INCIDENT, child, news));
      }
      return new Outcome(row, true);
    }
  }

  private Row write(
      UserSession actor,
      Row before,
      Map<String, String> values,
      Map<String, String> given,
      Instant at) {
    Map<String, String> changed = difference(before.values(), values);
    int modCount = Integer.parseInt(before.get("sys_mod_count")) + 1;
    Row row = stamped(actor, before.table(), before.sysId(), values, at, modCount);
    store.put(row);
    report(RecordChange.Kind.UPDATED, row, actor, changed, journal(actor, row, given, at), at);
    return row;
  }

  /** A rule of the instance does it, so no right is asked for: a closed parent counts, too. */
  private void countChildren(UserSession actor, String formerParent, String parent) {
    if (formerParent.equals(parent)) {
      return;
    }
    for (String sysId : List.of(formerParent, parent)) {
      Row row = store.find(Schema.INCIDENT, sysId);
      String count = Integer.toString(parents.children(sysId).size());
      if (row != null && !row.get("child_incidents").equals(count)) {
        Map<String, String> values = new HashMap<>(row.values());
        values.put("child_incidents", count);
        write(actor, row, values, Map.of(), clock.instant());
      }
    }
  }

  void delete(UserSession actor, String table, String sysId) {
    synchronized (store) {
      Row row = existing(table, sysId);
      requireRight(actor, row.table(), "Delete");
      // "DELETE: change_manager or admin", Change Management API.
      if (row.table().equals(ChangeRequestTable.TABLE) && !actor.has(UserSession.CHANGE_MANAGER)) {
        throw ServiceNowException.byAcl("Delete");
      }
      store.remove(sysId);
      report(RecordChange.Kind.DELETED, row, actor, Map.of(), List.of(), clock.instant());
      store.journal(sysId).forEach(entry -> store.remove(entry.sysId()));
      countChildren(actor, row.get(ParentChildRules.PARENT), "");
    }
  }

  /** Puts a record in without rules and without telling anybody; fields may hold a sys_id. */
  String seed(String table, Map<String, String> fields) {
    synchronized (store) {
      store.schema().known(table);
      String sysId = fields.getOrDefault("sys_id", newSysId());
      UserSession system = new UserSession("system", "", UserSession.Access.ADMIN, false);
      store.put(stamped(system, table, sysId, new HashMap<>(fields), clock.instant(), 0));
      return sysId;
    }
  }

  private Row existing(String table, String sysId) {
    store.schema().known(table);
    Row row = store.find(table, sysId);
    if (row == null) {
      throw ServiceNowException.noRecord();
    }
    return row;
  }

  private static void requireRight(UserSession actor, String table, String operation) {
    boolean may =
        switch (actor.access()) {
          case NONE, READ -> false;
          // The journal is append-only: entries come from work_notes and comments alone.
          case WORK, ADMIN -> !table.equals(Schema.JOURNAL_FIELD);
        };
    if (!may) {
      throw ServiceNowException.byAcl(operation);
    }
  }

  private Row stamped(
      UserSession actor,
      String table,
      String sysId,
      Map<String, String> values,
      Instant at,
      int modCount) {
    String now = Times.format(at);
    values.put("sys_id", sysId);
    values.putIfAbsent("sys_class_name", table);
    values.putIfAbsent("sys_created_on", now);
    values.putIfAbsent("sys_created_by", actor.userName());
    values.put("sys_updated_on", now);
    values.put("sys_updated_by", actor.userName());
    values.put("sys_mod_count", Integer.toString(modCount));
    values.values().removeIf(String::isEmpty);
    return new Row(table, sysId, values);
  }

  private List<JournalEntry> journal(
      UserSession actor, Row row, Map<String, String> given, Instant at) {
    List<JournalEntry> entries = new ArrayList<>();
    for (String element : List.of("work_notes", "comments")) {
      String text = given.getOrDefault(element, "");
      if (!text.isEmpty()) {
        JournalEntry entry =
            new JournalEntry(
                newSysId(),
                row.table(),
                row.sysId(),
                element,
                text,
                Times.format(at),
                actor.userName());
        store.put(new Row(Schema.JOURNAL_FIELD, entry.sysId(), entry.columns()));
        entries.add(entry);
      }
    }
    return entries;
  }

  private void report(
      RecordChange.Kind kind,
      Row row,
      UserSession actor,
      Map<String, String> fields,
      List<JournalEntry> journal,
      Instant at) {
    Map<String, String> meant = new HashMap<>(fields);
    meant.keySet().removeIf(column -> column.startsWith("sys_"));
    listener.accept(
        new RecordChange(
            kind,
            row.table(),
            row.sysId(),
            row.get("number"),
            actor.userName(),
            Map.copyOf(meant),
            List.copyOf(journal),
            Integer.parseInt(row.get("sys_mod_count")),
            at,
            actor.overHttp()),
        row);
  }

  private static Map<String, String> difference(
      Map<String, String> before, Map<String, String> after) {
    Map<String, String> changed = new HashMap<>();
    after.forEach(
        (column, value) -> {
          if (!value.equals(before.getOrDefault(column, ""))) {
            changed.put(column, value);
          }
        });
    before.keySet().stream().filter(c -> !after.containsKey(c)).forEach(c -> changed.put(c, ""));
    return changed;
  }

  private static void set(Map<String, String> values, String column, String value) {
    if (value.isEmpty()) {
      values.remove(column);
    } else {
      values.put(column, value);
    }
  }

  private boolean isTask(String table) {
    return store.schema().isA(table, "task");
  }

  private String nextNumber(String table) {
    int next = numbers.computeIfAbsent(table, t -> new AtomicInteger()).incrementAndGet();
    return PREFIXES.getOrDefault(table, "TASK002") + String.format("%04d", next);
  }

  private static String newSysId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
