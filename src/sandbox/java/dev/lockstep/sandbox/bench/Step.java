package dev.lockstep.sandbox.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured at one rate.
 *
 * @param offered edits a second that the schedule asked for
 * @param reached edits a second that arrived, over the step or until the last arrival if that was
 *     later
 * @param late how late the generator began them
 * @param missingByField edits not seen on the other side a minute after the step
 * @param javaMillis processor time per edit
 * @param postgresMillis likewise
 * @param rested whether Lockstep stopped writing within three minutes after that; if not, a later
 *     step would measure this one's backlog
 */
record Step(
    int offered,
    double reached,
    Percentiles lags,
    Percentiles late,
    Map<String, Integer> missingByField,
    double javaMillis,
    double postgresMillis,
    double writes,
    double reads,
    long apart,
    boolean rested,
    ProcessorTime processors) {
  static final double MOST_LAG_MILLIS = 1000;

  /** A tenth of the lag that ends the search. */
  static final double MOST_LATENESS_MILLIS = MOST_LAG_MILLIS / 10;

  int missing() {
    return missingByField.values().stream().mapToInt(Integer::intValue).sum();
  }

  boolean held() {
    return missing() == 0 && apart == 0 && rested && lags.at(99) <= MOST_LAG_MILLIS;
  }

  /** What ended the search at this step, in words; a limit that is not Lockstep's is named. */
  String limit() {
    if (late.at(99) > MOST_LATENESS_MILLIS) {
      return "the load generator: it made edits late";
    }
    if (processors.busyShare() < 90) {
      return "Lockstep: the processors were not all busy";
    }
    if (processors.othersShare() > 20) {
      return "the machine: other processes took part of its processors";
    }
    if (processors.benchmarkShare() > processors.lockstepShare()) {
      return "the simulators: they took more of the processors than Lockstep";
    }
    return "Lockstep: it took most of the processors";
  }

  /** By name, for the table and the JSON. */
  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("offered edits/s", offered);
    figures.put("reached edits/s", FigureReport.rounded(reached));
    figures.put("held", held());
    figures.put("lag p50 ms", FigureReport.rounded(lags.at(50)));
    figures.put("lag p95 ms", FigureReport.rounded(lags.at(95)));
    figures.put("lag p99 ms", FigureReport.rounded(lags.at(99)));
    figures.put("edits never seen", missing());
    figures.put("edits never seen, by field", missingByField);
    figures.put("pairs apart", apart);
    figures.put("CPU per edit, Java, ms", FigureReport.rounded(javaMillis));
    figures.put("CPU per edit, PostgreSQL, ms", FigureReport.rounded(postgresMillis));
    figures.put("writes per edit", FigureReport.rounded(writes));
    figures.put("reads per edit", FigureReport.rounded(reads));
    figures.put("generator late p99 ms", FigureReport.rounded(late.at(99)));
    figures.put("processors, Lockstep %", FigureReport.rounded(processors.lockstepShare()));
    figures.put("processors, benchmark %", FigureReport.rounded(processors.benchmarkShare()));
    figures.put("processors, others %", FigureReport.rounded(processors.othersShare()));
    return figures;
  }

  static String heading() {
    return "  %7s %7s  %6s %6s %6s  %6s %6s  %6s %6s  %6s %5s  %6s  %s"
        .formatted(
            "offered",
            "reached",
            "p50",
            "p95",
            "p99",
            "Java",
            "PgSQL",
            "writes",
            "reads",
            "unseen",
            "apart",
            "late",
            "Lockstep+benchmark+others %");
  }

  String row() {
    return "  %7d %7.1f  %6.0f %6.0f %6.0f  %6.1f %6.1f  %6.2f %6.2f  %6d %5d  %6.1f  %.0f+%.0f+%.0f%s"
        .formatted(
            offered,
            reached,
            lags.at(50),
            lags.at(95),
            lags.at(99),
            javaMillis,
            postgresMillis,
            writes,
            reads,
            missing(),
            apart,
            late.at(99),
            processors.lockstepShare(),
            processors.benchmarkShare(),
            processors.othersShare(),
            held()
                ? ""
                : "   did not hold" + (missing() == 0 ? "" : ", unseen: " + missingByField));
  }
}
