package dev.lockstep.sandbox.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Rows of comma-separated values (RFC 4180), one at a time. Not thread-safe. */
final class CsvReader {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).get();

  private final CSVParser parser;
  private final Iterator<CSVRecord> rows;
  private long line;

  CsvReader(BufferedReader in) throws IOException {
    parser = FORMAT.parse(in);
    rows = parser.iterator();
  }

  /** The line of the file on which the last row began, counted from 1. */
  int line() {
    return (int) line;
  }

  /**
   * The next row; null at the end. Blank lines are skipped.
   *
   * @throws AuditLogException when a quoted value never ends, or text follows its quote; the
   *     message lacks the file
   */
  @Nullable List<String> next() throws IOException {
    List<String> row;
    do {
      line = parser.getCurrentLineNumber() + 1;
      try {
        if (!rows.hasNext()) {
          return null;
        }
        row = rows.next().toList();
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof CSVException) {
          throw new AuditLogException(
              line + ": a quoted value never ends, or text follows it; close the quote");
        }
        throw e.getCause();
      }
    } while (row.size() == 1 && row.get(0).isBlank());
    return row;
  }
}
