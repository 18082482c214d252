package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.CsvRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What somebody, or a monitor, reports while the patient records are down, in their own words.
 *
 * @param service what it is said to be about; may be empty
 */
record TicketReport(Kind kind, String title, String description, String service, String category) {
  private static final String FILE = "/demo/outage-tickets.csv";

  /** What it is really about, which Lockstep does not receive. */
  enum Kind {
    /** A monitor's, about the outage. */
    ALERT,
    /** A clinic's, about the outage. */
    CLINIC,
    /** About something else. */
    UNRELATED
  }

  /** In the order they come. */
  static List<TicketReport> all() {
    List<TicketReport> reports = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(TicketReport.class.getResourceAsStream(FILE), FILE),
                StandardCharsets.UTF_8))) {
      CsvRows.read(
          in,
          Path.of(FILE),
          List.of("kind", "title", "description", "service", "category"),
          row ->
              reports.add(
                  new TicketReport(
                      Kind.valueOf(row.need("kind").toUpperCase(Locale.ROOT)),
                      row.need("title"),
                      row.need("description"),
                      row.get("service"),
                      row.get("category"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(reports);
  }
}
