package dev.lockstep.sandbox.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures by name: printed as they come, and written as JSON at the end. */
final class FigureReport {
  private final PrintWriter out;
  private final boolean terminal;
  private final Map<String, Object> figures = new LinkedHashMap<>();

  FigureReport(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Where the measurement is; only a terminal shows it. */
  void progress(String text) {
    if (terminal) {
      out.print("\r\u001b[K" + text);
      out.flush();
    }
  }

  void title(String text) {
    progress("");
    out.println(text);
    out.flush();
  }

  void figure(String name, double value, String unit) {
    figure(name, value, unit, "");
  }

  /**
   * @param target what the project promises; may be empty
   */
  void figure(String name, double value, String unit, String target) {
    progress("");
    figures.put(name, rounded(value));
    String number = value == Math.rint(value) ? "%.0f" : value < 10 ? "%.3f" : "%.1f";
    String line =
        String.format(Locale.ROOT, "  %-44s " + number + " %s", name, value, unit).stripTrailing();
    out.println(target.isEmpty() ? line : line + "   (target: " + target + ")");
    out.flush();
  }

  void text(String name, String value) {
    progress("");
    figures.put(name, value);
    out.printf(Locale.ROOT, "  %-44s %s%n", name, value);
    out.flush();
  }

  /** For the JSON only. */
  void rows(String name, List<Map<String, Object>> rows) {
    figures.put(name, rows);
  }

  /** For JSON, which knows no NaN. */
  static Object rounded(double value) {
    return Double.isNaN(value) ? "none" : Math.round(value * 1000) / 1000.0;
  }

  void calls(CallCounts calls, long changes) {
    figures.put("calls", calls.byRoute());
    calls
        .byRoute()
        .forEach(
            (route, count) ->
                out.printf(
                    Locale.ROOT, "    %-62s %7d  %.3f%n", route, count, count / (double) changes));
    out.flush();
  }

  /** A row of moments to see growth by, and the most of all of them. */
  void memory(List<Footprint> all) {
    List<Footprint> over = Samples.tenths(all);
    List<Map<String, Long>> rows =
        over.stream()
            .map(
                f ->
                    Map.of(
                        "java",
                        megabytes(f.javaBytes()),
                        "postgresql",
                        megabytes(f.postgresBytes())))
            .toList();
    figures.put("resident MB over time", rows);
    out.println(
        "  resident MB over time, Java+PostgreSQL: "
            + String.join(
                " ",
                over.stream()
                    .map(f -> megabytes(f.javaBytes()) + "+" + megabytes(f.postgresBytes()))
                    .toList()));
    long most = all.stream().mapToLong(Footprint::bytes).max().orElse(0);
    figure("most resident memory", megabytes(most), "MB", "under 400");
  }

  void json(@Nullable Path file) throws IOException {
    if (file != null) {
      Files.writeString(
          file,
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(figures)
              + "\n");
    }
  }

  private static long megabytes(long bytes) {
    return Math.round(bytes / 1e6);
  }
}
