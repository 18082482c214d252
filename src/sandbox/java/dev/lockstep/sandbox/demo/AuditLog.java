package dev.lockstep.sandbox.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
   * Reads it all once, so that a wrong row is told before anything is started.
   *
   * @throws AuditLogException naming file, line and reason
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
      throw new AuditLogException(
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
   * @throws AuditLogException naming file, line and reason
   */
  void read(Consumer<LogLine> reader) {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      CsvReader rows = new CsvReader(in);
      Map<String, Integer> columns = columns(rows.next());
      for (List<String> row = rows.next(); row != null; row = rows.next()) {
        reader.accept(line(rows.line(), row, columns));
      }
    } catch (AuditLogException bad) {
      String said = String.valueOf(bad.getMessage());
      throw said.startsWith(file.toString()) ? bad : new AuditLogException(file + ":" + said);
    } catch (NoSuchFileException e) {
      throw new AuditLogException(file + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new AuditLogException(file + ": is not UTF-8; convert it");
    } catch (IOException e) {
      throw new AuditLogException(file + ": can't be read: " + e.getMessage());
    }
  }

  private static Map<String, Integer> columns(@Nullable List<String> header) {
    if (header == null) {
      throw new AuditLogException("1: the file is empty; its first line must name the columns");
    }
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      // Spreadsheets write a byte order mark before the first name.
      columns.put(header.get(i).replace("\uFEFF", "").strip(), i);
    }
    for (String column : COLUMNS) {
      if (!columns.containsKey(column)) {
        throw new AuditLogException(
            "1: there is no column %s; these are needed: %s"
                .formatted(column, String.join(", ", COLUMNS)));
      }
    }
    columns.put("", header.size());
    return columns;
  }

  private static LogLine line(int at, List<String> row, Map<String, Integer> columns) {
    int width = columns.getOrDefault("", 0);
    if (row.size() != width) {
      throw new AuditLogException(
          "%d: has %d values where the first line names %d columns"
              .formatted(at, row.size(), width));
    }
    String state = value(row, columns, "incident_state");
    if (!LogLine.knowsState(state)) {
      throw new AuditLogException("%d: incident_state «%s» is not known".formatted(at, state));
    }
    String number = value(row, columns, "number");
    if (number.isEmpty()) {
      throw new AuditLogException(at + ": number is empty");
    }
    return new LogLine(
        at,
        number,
        state,
        level(at, "impact", value(row, columns, "impact")),
        level(at, "urgency", value(row, columns, "urgency")),
        value(row, columns, "assignment_group"),
        value(row, columns, "assigned_to"),
        value(row, columns, "cmdb_ci"),
        value(row, columns, "category"),
        value(row, columns, "u_symptom"),
        value(row, columns, "closed_code"),
        value(row, columns, "sys_updated_by"),
        value(row, columns, "sys_mod_count"));
  }

  private static String level(int at, String column, String value) {
    if (!value.matches("|[123]( - .*)?")) {
      throw new AuditLogException("%d: %s «%s» is none of 1, 2 and 3".formatted(at, column, value));
    }
    return value;
  }

  private static String value(List<String> row, Map<String, Integer> columns, String column) {
    String value = row.get(columns.getOrDefault(column, 0)).strip();
    return value.equals(UNKNOWN) ? "" : value;
  }
}
