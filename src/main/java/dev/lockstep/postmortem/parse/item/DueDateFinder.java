package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.vocabulary.DatePatterns;
import dev.lockstep.postmortem.parse.vocabulary.OwnerPatterns;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the due date in the text of an item, and an owner next to it. */
final class DueDateFinder {
  /** Stands before a date that is marked as one. */
  static final char DATE_MARK = '⏳';

  private static final Pattern CALENDAR = Pattern.compile(":(?:calendar|date|spiral_calendar):");

  /** Only a person between the item and its date: "- Ana Ops - 12 Dec 2026". */
  private static final Pattern NAME_AT_END =
      Pattern.compile("\\s(?:[-–—]{1,3}|->|[→|])\\s+(" + OwnerPatterns.FULL_NAME + ")\\s*+$");

  private final ItemText item;
  private final ItemBuilder facts;
  private final DatePatterns dates;

  DueDateFinder(ItemText item, ItemBuilder facts) {
    this.item = item;
    this.facts = facts;
    this.dates = facts.lexicon().dates();
  }

  /** Some tools write a date as a mention: {@code @December 4, 2026}. */
  void markDates() {
    Matcher calendar = CALENDAR.matcher(item.written().text());
    while (calendar.find()) {
      item.blank(calendar.start(), calendar.end());
      item.markDate(calendar.start());
    }
    CharSequence rest = item.rest();
    for (int at = 0; at < rest.length(); at++) {
      if (rest.charAt(at) == '@'
          && !item.isCode(at)
          && dates.find(rest).region(at + 1, rest.length()).lookingAt()) {
        item.markDate(at);
      }
    }
  }

  /** "due 2026-12-01", "by next week", or a word for "due" after the date. */
  void findLabeled() {
    Matcher label = facts.lexicon().due(item.rest().toString());
    int from = 0;
    while (label.find(from)) {
      from = label.end();
      int at = label.start(1);
      Matcher date = dates.find(item.rest()).region(at, item.rest().length());
      Matcher vague = dates.findVague(item.rest()).region(at, item.rest().length());
      Matcher day = date.lookingAt() ? date : vague.lookingAt() ? vague : null;
      if (day != null && !item.isCode(at)) {
        facts.due(facts.lexicon().parseDueDate(day.group()));
        item.blank(label.start(), day.end());
      }
    }
    Matcher behind = dates.findBeforeLabel(item.rest().toString());
    while (behind.find()) {
      if (!item.isCode(behind.start())) {
        facts.due(facts.lexicon().parseDueDate(behind.group()));
        item.blank(behind.start(), behind.end());
      }
    }
  }

  /** A date at the end after a dash, and a person before it, also after a dash. */
  void findAtEnd() {
    Matcher date = dates.findAtEnd(item.rest());
    if (facts.isDueStated()
        || !(date.find() || followsPerson(date))
        || item.isCode(date.start(1))) {
      return;
    }
    facts.due(facts.lexicon().parseDueDate(date.group(1)));
    item.blank(date.start(), date.end());
    Matcher name = NAME_AT_END.matcher(item.rest());
    if (facts.owner() == null && name.find() && !item.isCode(name.start(1))) {
      facts.owners(List.of(OwnerPatterns.name(name.group(1))));
      item.blank(name.start(), name.end());
    }
  }

  /** "@ana, 12 Dec 2026": a comma or a space separates a date only from a person. */
  private boolean followsPerson(Matcher date) {
    if (!date.usePattern(dates.afterName()).find(0)) {
      return false;
    }
    CharSequence before = item.rest().subSequence(0, date.start());
    return OwnerFinder.AT_END.matcher(before).find() || NAME_AT_END.matcher(before).find();
  }
}
