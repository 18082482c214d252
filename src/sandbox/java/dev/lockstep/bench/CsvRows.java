package dev.lockstep.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Reads files of comma-separated values by the names of their columns, in whatever order. */
final class CsvRows {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** Jira's exports repeat the names of columns that hold lists. */
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreHeaderCase(true)
          .setIgnoreEmptyLines(true)
          .setAllowMissingColumnNames(true)
          .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_ALL)
          .get();

  /** One row and where it is. */
  record Row(Path file, long line, CSVRecord values) {

    /** Never empty. */
    String need(String column) {
      String value = get(column);
      if (value.isEmpty()) {
        throw bad(column, "is empty");
      }
      return value;
    }

    /** Empty when the file has no such column, or the row is too short for it. */
    String get(String column) {
      return values.isMapped(column) && values.isSet(column) ? values.get(column).strip() : "";
    }

    BadFile bad(String column, String what) {
      return new BadFile("%s:%d: column \"%s\" %s".formatted(file, line, column, what));
    }
  }

  private CsvRows() {}

  /**
   * @throws BadFile when it can't be read, is no CSV, or lacks a column
   */
  static void read(Path file, List<String> needed, Consumer<Row> each) {
    long line = 1;
    try (Reader in = open(file);
        CSVParser rows = FORMAT.parse(in)) {
      for (String column : needed) {
        if (rows.getHeaderNames().stream().noneMatch(column::equalsIgnoreCase)) {
          throw new BadFile(
              "%s:1: there is no column \"%s\"; found: %s"
                  .formatted(file, column, String.join(", ", rows.getHeaderNames())));
        }
      }
      Iterator<CSVRecord> records = rows.iterator();
      while (true) {
        line = rows.getCurrentLineNumber() + 1;
        if (!records.hasNext()) {
          return;
        }
        each.accept(new Row(file, line, records.next()));
      }
    } catch (CSVException e) {
      throw new BadFile("%s:%d: is no CSV: %s".formatted(file, line, e.getMessage()));
    } catch (UncheckedIOException e) {
      throw new BadFile("%s:%d: is no CSV: %s".formatted(file, line, e.getMessage()));
    } catch (IOException e) {
      throw new BadFile("%s: can't be read (%s)".formatted(file, e.getClass().getSimpleName()));
    }
  }

  private static Reader open(Path file) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
    in.mark(1);
    if (in.read() != BYTE_ORDER_MARK) {
      in.reset();
    }
    return in;
  }
}
