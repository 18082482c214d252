package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of one item. What is recognized is blanked out; the rest becomes the title. */
final class ItemText {
  private final InlineText written;
  private final StringBuilder rest;

  ItemText(InlineText written) {
    this.written = written;
    this.rest = new StringBuilder(written.text());
  }

  /** The complete text, of the same length as the rest. */
  InlineText written() {
    return written;
  }

  /** A live view of what is not recognized yet. */
  CharSequence rest() {
    return rest;
  }

  String rest(int from) {
    return rest.substring(from);
  }

  String rest(int from, int to) {
    return rest.substring(from, to);
  }

  boolean isCode(int at) {
    return written.isCode(at);
  }

  /** Whether only spaces, brackets and punctuation lie between a part and an end of the text. */
  boolean isAtAnEnd(int from, int to) {
    int before = from;
    while (before > 0 && " \n\t[(:".indexOf(rest.charAt(before - 1)) >= 0) {
      before--;
    }
    int behind = to;
    while (behind < rest.length() && " \n\t.)]".indexOf(rest.charAt(behind)) >= 0) {
      behind++;
    }
    String enclosed = rest.substring(before, from);
    String closed = rest.substring(to, behind).strip();
    return before == 0
        || behind == rest.length()
        || (!closed.isEmpty()
            && ")]".indexOf(closed.charAt(0)) >= 0
            && (enclosed.contains("(") || enclosed.contains("[")));
  }

  /**
   * Blanks out the first match.
   *
   * @return whether there is one
   */
  boolean cut(Pattern pattern) {
    Matcher found = pattern.matcher(rest);
    if (!found.find()) {
      return false;
    }
    blank(found.start(), found.end());
    return true;
  }

  void blank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (rest.charAt(i) != '\n') {
        rest.setCharAt(i, ' ');
      }
    }
  }

  /** Marks that a date follows. */
  void markDate(int at) {
    rest.setCharAt(at, DueDateFinder.DATE_MARK);
  }
}
