package dev.lockstep.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Precision over recall, drawn as SVG. */
final class CurvePicture {
  private static final int SIDE = 400;
  private static final int EDGE = 50;
  private static final List<String> COLOURS = List.of("#1f77b4", "#888888", "#d98c00", "#2c9c4b");

  private CurvePicture() {}

  static String draw(Map<String, Tally> methods) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" \
        font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        """
            .formatted(SIDE + 2 * EDGE + 60, SIDE + 2 * EDGE));
    for (int tenth = 0; tenth <= 10; tenth += 2) {
      double share = tenth / 10.0;
      line(svg, 0, share, 1, share);
      line(svg, share, 0, share, 1);
      text(svg, x(share) - 8, y(0) + 16, "%.1f".formatted(share));
      text(svg, x(0) - 24, y(share) + 4, "%.1f".formatted(share));
    }
    text(svg, x(0.5) - 20, y(0) + 36, "recall");
    text(svg, x(0) - 30, y(1) - 14, "precision");
    int at = 0;
    for (Map.Entry<String, Tally> method : methods.entrySet()) {
      String colour = COLOURS.get(at % COLOURS.size());
      String points =
          method.getValue().curve().stream()
              .map(
                  point ->
                      String.format(
                          Locale.ROOT, "%.1f,%.1f", x(point.recall()), y(point.precision())))
              .collect(Collectors.joining(" "));
      svg.append(
          "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>\n"
              .formatted(colour, points));
      svg.append("<g fill=\"%s\">".formatted(colour));
      text(svg, x(1) - 60, y(1) + 16 * (at + 1), method.getKey());
      svg.append("</g>\n");
      at++;
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(double share) {
    return EDGE + SIDE * share;
  }

  private static double y(double share) {
    return EDGE + SIDE * (1 - share);
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
            x(x1),
            y(y1),
            x(x2),
            y(y2)));
  }

  private static void text(StringBuilder svg, double x, double y, String text) {
    svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, text));
  }
}
