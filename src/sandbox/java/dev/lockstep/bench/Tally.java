package dev.lockstep.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Counts what a method answered. A report is asked when an earlier one is labelled, directly or
 * through others, as its duplicate. A prediction is each report's single best match; it is right
 * when the two are labelled so.
 */
final class Tally {
  private final Issues issues;
  private final List<Answer> answers = new ArrayList<>();
  private final List<Double> millis = new ArrayList<>();
  private final int[] hits = new int[Method.MOST + 1];
  private int asked;

  /** A report's best match. */
  record Answer(String id, String match, double score, boolean right) {}

  /** Precision, recall and their harmonic mean when scores from a threshold on are believed. */
  record Point(double threshold, int believed, double precision, double recall) {
    double f1() {
      return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
  }

  Tally(Issues issues) {
    this.issues = issues;
  }

  /**
   * @param answerable whether an earlier report is labelled as a duplicate of this one
   */
  void count(String id, boolean answerable, List<Method.Found> found, double took) {
    millis.add(took);
    if (!found.isEmpty()) {
      Method.Found best = found.get(0);
      answers.add(new Answer(id, best.id(), best.score(), issues.same(id, best.id())));
    }
    if (answerable) {
      asked++;
      for (int at = 0; at < found.size(); at++) {
        if (issues.same(id, found.get(at).id())) {
          hits[at + 1]++;
          break;
        }
      }
    }
  }

  int asked() {
    return asked;
  }

  double recallAt(int most) {
    int found = 0;
    for (int at = 1; at <= most; at++) {
      found += hits[at];
    }
    return asked == 0 ? 0 : (double) found / asked;
  }

  /** The highest threshold first; equal scores are believed together. */
  List<Point> curve() {
    List<Answer> sorted = new ArrayList<>(answers);
    sorted.sort(Comparator.comparingDouble(answer -> -answer.score()));
    List<Point> points = new ArrayList<>();
    int right = 0;
    for (int at = 0; at < sorted.size(); at++) {
      right += sorted.get(at).right() ? 1 : 0;
      boolean last = at + 1 == sorted.size() || sorted.get(at + 1).score() < sorted.get(at).score();
      if (last) {
        points.add(point(sorted.get(at).score(), at + 1, right));
      }
    }
    return points;
  }

  Point at(double threshold) {
    List<Answer> believed = believed(threshold);
    return point(threshold, believed.size(), (int) believed.stream().filter(Answer::right).count());
  }

  List<Answer> believed(double threshold) {
    return answers.stream().filter(answer -> answer.score() >= threshold).toList();
  }

  Point best() {
    return curve().stream()
        .max(Comparator.comparingDouble(Point::f1))
        .orElseGet(() -> point(1, 0, 0));
  }

  /** As at the threshold that believes as many; those of equal score come along. */
  Point believing(int count) {
    List<Point> curve = curve();
    return curve.stream()
        .filter(point -> point.believed() >= count)
        .findFirst()
        .orElseGet(() -> curve.isEmpty() ? point(1, 0, 0) : curve.get(curve.size() - 1));
  }

  double millis(double share) {
    return percentile(millis, share);
  }

  static double percentile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  private Point point(double threshold, int believed, int right) {
    return new Point(
        threshold,
        believed,
        believed == 0 ? 0 : (double) right / believed,
        asked == 0 ? 0 : (double) right / asked);
  }
}
