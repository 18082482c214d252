package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.Status;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the status in the text of an item: its checkbox, strike-through, ticks and words. */
final class StatusFinder {
  private static final Pattern CHECKBOX = Pattern.compile("^\\s*\\[([ xX✓✔])?\\](?=\\s|$)");

  /** A checkbox with a special sign: {@code [-]}, {@code [~]}, {@code [>]}. */
  private static final Pattern SIGNED_BOX = Pattern.compile("^\\s*+(\\[[-~>/!?*]\\])(?=\\s)");

  /** An item that was struck out, and the reason. */
  private static final Pattern STRUCK_FOR =
      Pattern.compile("^\\s*+~~[^~]++~~[\\s(\\[:–—-]++([^~]{3,40}?)[\\s.)\\]]*+$");

  private static final Pattern STRUCK = Pattern.compile("^\\s*~~(.*)~~[\\s.]*$", Pattern.DOTALL);
  private static final Pattern TICK = Pattern.compile("^\\s*(?:✅|☑|✔|✓)\\uFE0F?\\s*|\\s*✅\\s*$");
  private static final Pattern DONE =
      Pattern.compile(
          "(?i)\\((?:already"
              + " )?done\\b[^()]*\\)|^\\s*\\[?done\\]?\\s*:|^\\s*\\[done\\]|\\[done\\]\\s*$");

  private static final Pattern LAST_SEPARATOR =
      Pattern.compile("(?:\\s[-–—]{1,3}|->|[→|:])\\s++([^-–—→|:]{3,60}?)[\\s.]*+$");
  private static final Pattern FIRST_SEPARATOR = Pattern.compile("^\\s*+([^:]{3,40}):\\s");
  private static final Pattern CAPITALS_AT_END =
      Pattern.compile("(?:^|\\s)(\\p{Lu}{4,12})[\\s.]*+$");

  private final ItemText item;
  private final ItemBuilder facts;

  StatusFinder(ItemText item, ItemBuilder facts) {
    this.item = item;
    this.facts = facts;
  }

  static boolean hasCheckbox(String text) {
    return CHECKBOX.matcher(text).find();
  }

  void findCheckbox() {
    Matcher box = CHECKBOX.matcher(item.written().text());
    if (!box.find()) {
      return;
    }
    facts.checkbox();
    if (box.group(1) != null && !box.group(1).isBlank()) {
      facts.tick();
    }
    item.blank(box.start(), box.end());
  }

  void findMarks() {
    findSignedBox();
    findStrikeThrough();
    tickIf(TICK);
  }

  private void findSignedBox() {
    Matcher signed = SIGNED_BOX.matcher(item.rest());
    if (signed.find()) {
      facts.checkbox();
      facts.status(Status.UNCLEAR, signed.group(1));
      item.blank(signed.start(), signed.end());
    }
  }

  private void findStrikeThrough() {
    Matcher why = STRUCK_FOR.matcher(item.rest());
    if (why.find() && facts.lexicon().statuses().parseExact(why.group(1)) != null) {
      take(why.group(1), why.start(1), why.end(1));
      return;
    }
    Matcher struck = STRUCK.matcher(item.rest());
    if (struck.find() && struck.group(1).indexOf("~~") < 0) {
      facts.tick();
      item.blank(struck.end(1), struck.end(1) + 2);
      item.blank(struck.start(1) - 2, struck.start(1));
    }
  }

  /** "Done: …" and "(already done in March)". */
  void findDone() {
    tickIf(DONE);
  }

  private void tickIf(Pattern mark) {
    if (item.cut(mark)) {
      facts.tick();
    }
  }

  /** A status in brackets at an end, before a colon at the start, or after a dash at the end. */
  void findWords() {
    Matcher group = BracketFinder.GROUP.matcher(item.rest().toString());
    while (group.find()) {
      if (item.isAtAnEnd(group.start(), group.end())) {
        String inside = group.group().substring(1, group.group().length() - 1);
        take(inside, group.start(), group.end());
      }
    }
    takeFirst(FIRST_SEPARATOR);
    takeFirst(LAST_SEPARATOR);
    takeFirst(CAPITALS_AT_END);
  }

  private void takeFirst(Pattern pattern) {
    Matcher found = pattern.matcher(item.rest().toString());
    if (found.find()) {
      take(found.group(1), found.start(), found.end());
    }
  }

  private void take(String words, int from, int to) {
    Status status =
        words.strip().length() < 3 ? null : facts.lexicon().statuses().parseExact(words);
    if (status != null && !item.isCode(from) && !item.rest(from, to).isBlank()) {
      facts.status(status, words.strip());
      item.blank(from, to);
    }
  }
}
