package dev.lockstep.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
public final class CsvRows {
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
  public record Row(Path file, long line, CSVRecord values) {

    /** Never empty. */
    public String need(String column) {
      String value = get(column);
      if (value.isEmpty()) {
        throw bad(column, "is empty");
      }
      return value;
    }

    /** Empty when the file has no such column, or the row is too short for it. */
    public String get(String column) {
      return values.isMapped(column) && values.isSet(column) ? values.get(column).strip() : "";
    }

    /** How many values the row has. */
    public int size() {
      return values.size();
    }

    /** How many columns the file has. */
    public int columns() {
      return values.getParser().getHeaderNames().size();
    }

    public BadFileException bad(String what) {
      return new BadFileException("%s:%d: %s".formatted(file, line, what));
    }

    public BadFileException bad(String column, String what) {
      return bad("column \"%s\" %s".formatted(column, what));
    }
  }

  private CsvRows() {}

  /**
   * @throws BadFileException when it can't be read, is no CSV, or lacks a column
   */
  public static void read(Path file, List<String> needed, Consumer<Row> each) {
    try (Reader in = open(file)) {
      read(in, file, needed, each);
    } catch (NoSuchFileException e) {
      throw new BadFileException(file + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new BadFileException(file + ": is not UTF-8; convert it");
    } catch (IOException e) {
      throw new BadFileException(
          "%s: can't be read (%s)".formatted(file, e.getClass().getSimpleName()));
    }
  }

  /**
   * @param file named in errors
   * @throws BadFileException as {@link #read(Path, List, Consumer)}
   */
  public static void read(Reader in, Path file, List<String> needed, Consumer<Row> each)
      throws IOException {
    long line = 1;
    try (CSVParser rows = FORMAT.parse(in)) {
      if (rows.getHeaderNames().isEmpty()) {
        throw new BadFileException(
            file + ":1: the file is empty; its first line must name the columns");
      }
      for (String column : needed) {
        if (rows.getHeaderNames().stream().noneMatch(column::equalsIgnoreCase)) {
          throw new BadFileException(
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
      throw unquoted(file, line);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CSVException) {
        throw unquoted(file, line);
      }
      throw e.getCause();
    }
  }

  private static BadFileException unquoted(Path file, long line) {
    return new BadFileException(
        "%s:%d: is no CSV: a quoted value never ends, or text follows it; close the quote"
            .formatted(file, line));
  }

  private static Reader open(Path file) throws IOException {
    BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    in.mark(1);
    if (in.read() != BYTE_ORDER_MARK) {
      in.reset();
    }
    return in;
  }
}
