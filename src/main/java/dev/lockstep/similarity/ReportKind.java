package dev.lockstep.similarity;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kind of report, by its embedding; all zero without one.
 *
 * @param fault above zero: reports a fault, which may affect many; below: a request, which concerns
 *     one person
 * @param outage above zero: a service fails for many; below: one value, device or document is
 *     wrong, or a monitor warns before anything fails
 * @param alert whether a monitor wrote it: its embedding is that of an alert, and it contains a
 *     figure
 */
record ReportKind(double fault, double outage, boolean alert) {
  private static final EmbeddingAxis FAULT = EmbeddingAxis.load("fault");
  private static final EmbeddingAxis OUTAGE = EmbeddingAxis.load("outage");
  private static final EmbeddingAxis ALERT = EmbeddingAxis.load("alert");

  private static final double ALERT_FROM = 0;

  static ReportKind of(PreparedTicket prepared, float @Nullable [] embedding) {
    boolean figures =
        Stream.of(
                prepared.ticket().title(),
                prepared.ticket().description(),
                prepared.subject().title(),
                prepared.subject().description())
            .flatMapToInt(String::chars)
            .anyMatch(Character::isDigit);
    return new ReportKind(
        FAULT.project(embedding),
        OUTAGE.project(embedding),
        figures && ALERT.project(embedding) > ALERT_FROM);
  }

  /** How strongly both report an outage; zero if one of them does not. */
  double outageOfBoth(ReportKind other) {
    return Math.max(0, Math.min(outage, other.outage));
  }
}
