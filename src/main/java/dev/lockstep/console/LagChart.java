package dev.lockstep.console;

import dev.lockstep.inbox.BacklogQueries.Sample;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The coordinates of the plot of the last day's lag; the template draws it. */
final class LagChart {
  static final int WIDTH = 720;
  static final int HEIGHT = 160;

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SLOT = Duration.ofMinutes(10);

  /** A gap in the samples: Lockstep did not run. */
  private static final Duration PAUSE = Duration.ofMinutes(25);

  private static final long[] SCALES = {
    10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600
  };
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private LagChart() {}

  /**
   * @param lines SVG paths, one for each time in which Lockstep ran
   * @param top the lag at the upper edge, in seconds
   * @param worst the longest lag, in seconds
   * @param hours labels below
   */
  record Chart(List<String> lines, long top, long worst, List<Tick> hours) {}

  record Tick(double x, String text) {}

  static Chart draw(List<Sample> samples, Instant now) {
    Instant from = now.minus(DAY);
    List<Sample> shown = worstOfEachSlot(samples);
    long worst = samples.stream().mapToLong(Sample::oldestSeconds).max().orElse(0);
    long top = SCALES[SCALES.length - 1];
    for (int i = SCALES.length - 1; i >= 0 && SCALES[i] >= worst; i--) {
      top = SCALES[i];
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    Instant last = Instant.MIN;
    for (Sample sample : shown) {
      boolean starts = line.isEmpty() || last.plus(PAUSE).isBefore(sample.at());
      if (starts && !line.isEmpty()) {
        lines.add(line.toString());
        line.setLength(0);
      }
      double x = x(sample.at(), from);
      double y = HEIGHT * (1 - Math.min(1.0, (double) sample.oldestSeconds() / top));
      line.append(String.format(Locale.ROOT, "%s%.1f %.1f", starts ? "M" : " L", x, y));
      last = sample.at();
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    List<Tick> hours = new ArrayList<>();
    for (int hour = 24; hour >= 0; hour -= 6) {
      Instant at = now.minus(Duration.ofHours(hour));
      hours.add(new Tick(x(at, from), hour == 0 ? "now" : HOUR.format(at)));
    }
    return new Chart(lines, top, worst, hours);
  }

  private static double x(Instant at, Instant from) {
    return WIDTH * (double) Duration.between(from, at).toSeconds() / DAY.toSeconds();
  }

  private static List<Sample> worstOfEachSlot(List<Sample> samples) {
    List<Sample> worst = new ArrayList<>();
    for (Sample sample : samples) {
      Sample last = worst.isEmpty() ? null : worst.get(worst.size() - 1);
      if (last == null || Duration.between(last.at(), sample.at()).compareTo(SLOT) >= 0) {
        worst.add(sample);
      } else if (sample.oldestSeconds() > last.oldestSeconds()) {
        worst.set(
            worst.size() - 1, new Sample(last.at(), sample.waiting(), sample.oldestSeconds()));
      }
    }
    return worst;
  }
}
