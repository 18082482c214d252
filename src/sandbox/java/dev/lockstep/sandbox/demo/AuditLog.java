package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.BadFileException;
import dev.lockstep.sandbox.CsvRows;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A ServiceNow audit log as CSV: a row for each event of an incident, columns found by their names.
 * Read row by row, however long it is.
 */
final class AuditLog {
  private static final List<String> COLUMNS =
      List.of(
          ("number incident_state impact urgency assignment_group assigned_to cmdb_ci "
                  + "category u_symptom closed_code sys_updated_by sys_mod_count")
              .split(" ", -1));
  private static final String UNKNOWN = "?";

  private final Path file;
  private int events;
  private int tickets;

  AuditLog(Path file) {
    this.file = file;
  }

  /**
   * Reads it all once, so that a wrong row is reported before anything is started.
   *
   * @throws BadFileException naming file, line and reason
   */
  void check() {
    Set<String> numbers = new HashSet<>();
    events = 0;
    read(
        line -> {
          events++;
          numbers.add(line.number());
        });
    tickets = numbers.size();
    if (events == 0) {
      throw new BadFileException(
          file + ": has no event; the first line names the columns, others follow");
    }
  }

  /** Known once checked. */
  int events() {
    return events;
  }

  /** Known once checked. */
  int tickets() {
    return tickets;
  }

  /**
   * Hands over each event in the file's order.
   *
   * @throws BadFileException naming file, line and reason
   */
  void read(Consumer<LogLine> reader) {
    CsvRows.read(file, COLUMNS, row -> reader.accept(line(row)));
  }

  private static LogLine line(CsvRows.Row row) {
    if (row.size() != row.columns()) {
      throw row.bad(
          "has %d values where the first line names %d columns"
              .formatted(row.size(), row.columns()));
    }
    String state = value(row, "incident_state");
    if (!LogLine.knowsState(state)) {
      throw row.bad("incident_state «%s» is not known".formatted(state));
    }
    String number = value(row, "number");
    if (number.isEmpty()) {
      throw row.bad("number is empty");
    }
    return new LogLine(
        (int) row.line(),
        number,
        state,
        level(row, "impact"),
        level(row, "urgency"),
        value(row, "assignment_group"),
        value(row, "assigned_to"),
        value(row, "cmdb_ci"),
        value(row, "category"),
        value(row, "u_symptom"),
        value(row, "closed_code"),
        value(row, "sys_updated_by"),
        value(row, "sys_mod_count"));
  }

  private static String level(CsvRows.Row row, String column) {
    String value = value(row, column);
    if (!value.matches("|[123]( - .*)?")) {
      throw row.bad("%s «%s» is none of 1, 2 and 3".formatted(column, value));
    }
    return value;
  }

  private static String value(CsvRows.Row row, String column) {
    String value = row.get(column);
    return value.equals(UNKNOWN) ? "" : value;
  }
}
