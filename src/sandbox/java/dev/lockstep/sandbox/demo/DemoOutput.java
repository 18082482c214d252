package dev.lockstep.sandbox.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Tells what happens as it happens: with colours on a terminal, plain in a pipe. */
final class DemoOutput {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String INDENT = " ".repeat(16);
  private static final String QUOTE = "  ";

  /** Where nobody knows how wide the screen is, as in a log. */
  private static final int USUAL_COLUMNS = 120;

  /** Select Graphic Rendition codes of ECMA-48. */
  private enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    CYAN("36");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  private final Screen screen;

  DemoOutput(Screen screen) {
    this.screen = screen;
  }

  void chapter(String title) {
    line("");
    line(in(Style.BOLD, title));
  }

  /** Prints an action. */
  void act(Instant at, String who, String what) {
    line("  " + in(Style.DIM, TIME.format(at)) + "  " + in(Style.CYAN, who) + " " + what);
  }

  /** What the other side shows now, and how long that took. */
  void followed(String what, Duration lag) {
    String seconds = String.format(Locale.ROOT, "%.2f s", lag.toMillis() / 1000.0);
    line(INDENT + in(Style.GREEN, "→") + " " + what + "  " + in(Style.GREEN, seconds));
  }

  void remark(String text) {
    line(INDENT + in(Style.DIM, text));
  }

  /** What was typed, and what it printed. */
  void quote(String command, List<String> printed) {
    line(QUOTE + in(Style.DIM, "$ ") + in(Style.CYAN, command));
    printed.forEach(text -> line(text.isEmpty() ? "" : QUOTE + text));
  }

  /** How many columns what is quoted may have. */
  int columnsOfQuote() {
    int columns = screen.columns() > 0 ? screen.columns() : USUAL_COLUMNS;
    return columns - QUOTE.length();
  }

  void good(String text) {
    line(in(Style.GREEN, text));
  }

  void bad(String text) {
    line(in(Style.RED, text));
  }

  void plain(String text) {
    line(text);
  }

  /** Two columns. */
  void fact(String name, String value) {
    line("  " + in(Style.DIM, String.format(Locale.ROOT, "%-28s", name)) + value);
  }

  private void line(String text) {
    screen.out().println(text);
    screen.out().flush();
  }

  private String in(Style style, String text) {
    return screen.colours() ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }
}
