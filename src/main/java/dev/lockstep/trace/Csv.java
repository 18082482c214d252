package dev.lockstep.trace;

import dev.lockstep.record.PlainText;
import dev.lockstep.trace.timeline.Timeline;
import dev.lockstep.trace.timeline.TimelineEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values for spreadsheets. A cell that a spreadsheet would interpret as a formula
 * is prefixed with an apostrophe, since postmortems are untrusted input.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a>
 */
public final class Csv {
  /** Matches after any leading blanks and invisible characters of normalized text. */
  private static final Pattern FORMULA =
      Pattern.compile("^[\\s\\p{Z}\\p{C}\u2800\u3164]*+[=+\\-@\u2212]");

  private Csv() {}

  /** The event history, one line per event. */
  public static String toCsv(Traces.Trace trace) {
    Rows rows = new Rows("time", "of", "what", "text", "by");
    for (Traces.Event event : trace.events()) {
      rows.add(event.at(), event.of(), event.what(), event.text(), event.by());
    }
    return rows.text();
  }

  /** One line per event. */
  static String toCsv(Timeline timeline) {
    Rows rows =
        new Rows(
            "time",
            "dated",
            "clock",
            "system",
            "record",
            "what",
            "by",
            "text",
            "visibility",
            "weight");
    for (TimelineEvent event : timeline.events()) {
      rows.add(
          event.at(),
          event.dated(),
          event.clock(),
          event.system(),
          PlainText.clean(event.record()),
          event.what(),
          PlainText.clean(event.by()),
          PlainText.clean(event.text()),
          event.internal() ? "internal" : "public",
          event.weight().name().toLowerCase(Locale.ROOT));
    }
    return rows.text();
  }

  /** Every item with findings, one line each. */
  public static String toCsv(ActionReports.Report report) {
    Rows rows =
        new Rows(
            "item",
            "title",
            "service",
            "owner",
            "due",
            "days late",
            "stage",
            "standing",
            "wrong",
            "incident",
            "change",
            "earlier changes");
    for (ActionReports.Line line : report.lines()) {
      rows.add(
          line.key(),
          line.title(),
          line.service(),
          line.owner(),
          line.due(),
          line.daysLate(),
          line.stage(),
          line.standing(),
          String.join(" ", line.wrong().stream().map(Enum::name).toList()),
          line.incident(),
          line.change(),
          String.join(" ", line.earlierChanges()));
    }
    return rows.text();
  }

  /** Any table. */
  public static String toCsv(List<String> headings, List<List<Object>> lines) {
    Rows rows = new Rows(headings.toArray(String[]::new));
    lines.forEach(line -> rows.add(line.toArray()));
    return rows.text();
  }

  static String cell(@Nullable Object value) {
    String text = Objects.toString(value, "");
    boolean formula = FORMULA.matcher(Normalizer.normalize(text, Form.NFKC)).find();
    return formula || text.startsWith("\t") || text.startsWith("\r") ? "'" + text : text;
  }

  private static final class Rows {
    private final StringBuilder text = new StringBuilder();
    private final CSVPrinter printer;

    Rows(String... headings) {
      try {
        printer = new CSVPrinter(text, CSVFormat.RFC4180);
        printer.printRecord(List.of(headings));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void add(@Nullable Object... cells) {
      List<String> guarded = new ArrayList<>();
      for (Object cell : cells) {
        guarded.add(cell(cell));
      }
      try {
        printer.printRecord(guarded);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String text() {
      return text.toString();
    }
  }
}
