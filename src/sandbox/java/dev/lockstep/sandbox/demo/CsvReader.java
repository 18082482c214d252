package dev.lockstep.sandbox.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of comma-separated values as RFC 4180 describes them, one at a time. Not thread-safe. */
final class CsvReader {
  private final BufferedReader in;
  private int line;
  private int rowLine;

  CsvReader(BufferedReader in) {
    this.in = in;
  }

  /** The line of the file on which the last row began, counted from 1. */
  int line() {
    return rowLine;
  }

  /**
   * The next row; null at the end. Empty lines are passed over.
   *
   * @throws BadLog when a quoted value never ends; the message lacks the file
   */
  @Nullable List<String> next() throws IOException {
    String text = readLine();
    while (text != null && text.isBlank()) {
      text = readLine();
    }
    if (text == null) {
      return null;
    }
    rowLine = line;
    List<String> row = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int at = 0; ; at++) {
      if (at >= text.length()) {
        if (!quoted) {
          break;
        }
        String more = readLine();
        if (more == null) {
          throw new BadLog(rowLine + ": a quoted value never ends; close the quote");
        }
        value.append('\n');
        text = more;
        at = -1;
        continue;
      }
      char letter = text.charAt(at);
      if (quoted) {
        if (letter != '"') {
          value.append(letter);
        } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
          value.append('"');
          at++;
        } else {
          quoted = false;
        }
      } else if (letter == '"' && value.isEmpty()) {
        quoted = true;
      } else if (letter == ',') {
        row.add(value.toString());
        value.setLength(0);
      } else {
        value.append(letter);
      }
    }
    row.add(value.toString());
    return row;
  }

  private @Nullable String readLine() throws IOException {
    line++;
    return in.readLine();
  }
}
