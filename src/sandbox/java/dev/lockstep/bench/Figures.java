package dev.lockstep.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.similarity.Thresholds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured, for people, for programs, and as a curve.
 *
 * @param methods by name; the engine is the first
 */
record Figures(Map<String, Tally> methods, Issues issues, Thresholds thresholds) {
  static final String ENGINE = "engine";

  private static final double MEDIAN = 0.5;
  private static final double SLOWEST = 0.99;

  void print(PrintWriter out) {
    Tally engine = engine();
    out.printf(
        "%d reports, %d of them with an earlier duplicate among the labelled%n%n",
        issues.tickets().size(), engine.asked());
    out.printf(
        Locale.ROOT,
        "%-12s %8s %8s %9s %8s %9s %10s %10s %8s %8s %8s%n",
        "method",
        "recall@1",
        "recall@5",
        "recall@10",
        "best F1",
        "(there p)",
        "predicted*",
        "precision*",
        "recall*",
        "p50 ms",
        "p99 ms");
    methods.forEach(
        (name, tally) -> {
          Tally.Point point = automatic(name, tally);
          out.printf(
              Locale.ROOT,
              "%-12s %8.3f %8.3f %9.3f %8.3f %9.3f %10d %10.3f %8.3f %8.2f %8.2f%n",
              name,
              tally.recallAt(1),
              tally.recallAt(5),
              tally.recallAt(10),
              tally.best().f1(),
              tally.best().precision(),
              point.believed(),
              point.precision(),
              point.recall(),
              tally.millis(MEDIAN),
              tally.millis(SLOWEST));
        });
    out.printf(
        "* the engine's at its automatic threshold; a baseline's where it predicts as many, ties"
            + " included%n%n");
    at(out, "automatic", thresholds.automatic());
    at(out, "propose", thresholds.propose());
    Tally.Point best = engine.best();
    out.printf(
        Locale.ROOT,
        "best F1 %.3f at %.2f: precision %.3f, recall %.3f%n",
        best.f1(),
        best.threshold(),
        best.precision(),
        best.recall());
  }

  private void at(PrintWriter out, String name, double threshold) {
    Tally.Point point = engine().at(threshold);
    out.printf(
        Locale.ROOT,
        "%-9s from %.2f: %d believed, precision %.3f, recall %.3f, F1 %.3f%n",
        name,
        threshold,
        point.believed(),
        point.precision(),
        point.recall(),
        point.f1());
    List<Tally.Answer> wrong =
        engine().believed(threshold).stream().filter(answer -> !answer.right()).toList();
    long closed =
        wrong.stream()
            .filter(
                answer ->
                    issues.closed().contains(answer.id())
                        || issues.closed().contains(answer.match()))
            .count();
    if (!issues.closed().isEmpty()) {
      out.printf(
          "  of the %d that are not labelled, %d have a side that was closed as a duplicate%n",
          wrong.size(), closed);
    }
  }

  void write(Path folder, Optional<Path> json) throws IOException {
    Files.createDirectories(folder);
    StringBuilder curve = new StringBuilder("method,threshold,believed,precision,recall\n");
    methods.forEach(
        (name, tally) ->
            tally
                .curve()
                .forEach(
                    point ->
                        curve.append(
                            String.format(
                                Locale.ROOT,
                                "%s,%.6f,%d,%.4f,%.4f%n",
                                name,
                                point.threshold(),
                                point.believed(),
                                point.precision(),
                                point.recall()))));
    Files.writeString(folder.resolve("precision-recall.csv"), curve);
    Files.writeString(folder.resolve("precision-recall.svg"), CurvePicture.draw(methods));
    if (json.isPresent()) {
      Map<String, Object> all = new LinkedHashMap<>();
      methods.forEach((name, tally) -> all.put(name, figures(name, tally)));
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.get().toFile(), all);
    }
  }

  private Map<String, Object> figures(String name, Tally tally) {
    Tally.Point automatic = automatic(name, tally);
    Map<String, Object> millis = new LinkedHashMap<>();
    millis.put("p50", tally.millis(MEDIAN));
    millis.put("p99", tally.millis(SLOWEST));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("recallAt1", tally.recallAt(1));
    figures.put("recallAt5", tally.recallAt(5));
    figures.put("recallAt10", tally.recallAt(10));
    figures.put("bestF1", tally.best().f1());
    figures.put("precisionAtBestF1", tally.best().precision());
    figures.put("predictedAtAuto", automatic.believed());
    figures.put("precisionAtAuto", automatic.precision());
    figures.put("recallAtAuto", automatic.recall());
    figures.put("millisPerTicket", millis);
    return figures;
  }

  private Tally engine() {
    return methods.getOrDefault(ENGINE, new Tally(issues));
  }

  /** A baseline has no threshold of its own: it may predict as often as the engine does. */
  private Tally.Point automatic(String name, Tally tally) {
    Tally.Point engine = engine().at(thresholds.automatic());
    return name.equals(ENGINE) ? engine : tally.believing(engine.believed());
  }
}
