package dev.lockstep.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * The coordinates of a bar for each name; the template draws them.
 *
 * @param bars from left to right
 */
record BarChart(List<Bar> bars) {
  static final int WIDTH = 720;
  static final int HEIGHT = 160;

  /** Of a bar's share of the width. */
  private static final double BREADTH = 0.6;

  /**
   * @param middle where its name stands
   * @param text its value
   */
  record Bar(
      String name, double x, double y, double width, double height, double middle, String text) {}

  /**
   * @param value 0 or more; the largest one has the full height
   * @param text how a value is written
   */
  static BarChart draw(
      List<String> names, ToDoubleFunction<String> value, DoubleFunction<String> text) {
    double top = names.stream().mapToDouble(value).max().orElse(0);
    double share = (double) WIDTH / Math.max(1, names.size());
    List<Bar> bars = new ArrayList<>();
    for (String name : names) {
      double shown = value.applyAsDouble(name);
      double height = top == 0 ? 0 : HEIGHT * shown / top;
      double middle = share * (bars.size() + 0.5);
      bars.add(
          new Bar(
              name,
              round(middle - share * BREADTH / 2),
              round(HEIGHT - height),
              round(share * BREADTH),
              round(height),
              round(middle),
              text.apply(shown)));
    }
    return new BarChart(List.copyOf(bars));
  }

  private static double round(double number) {
    return Math.round(number * 10) / 10.0;
  }
}
