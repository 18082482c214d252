package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.ColumnRole;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.OwnerPatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds labeled values in the text of an item: "Owner: dana, Due: 2026-12-01". */
final class LabelFinder {
  private static final Pattern VALUE_ENDS =
      Pattern.compile("[|;。()\\[\\]\\n]|\\s[-–—]{1,3}\\s|\\.(?=\\s|$)|\\s(?=\\*|·|📅|⏳)");

  private final ItemText item;
  private final ItemBuilder facts;
  private final Lexicon lexicon;

  LabelFinder(ItemText item, ItemBuilder facts) {
    this.item = item;
    this.facts = facts;
    this.lexicon = facts.lexicon();
  }

  void find() {
    Matcher label = lexicon.labels(item.rest().toString());
    int from = 0;
    while (label.find(from)) {
      from = label.end();
      ColumnRole field = lexicon.columns().label(label.group(1));
      if (item.isCode(label.start()) || !startsPart(label, field)) {
        continue;
      }
      if (take(field, label.end(), valueEnd(label.end(), field))) {
        item.blank(label.start(), label.end());
        from = Math.max(from, label.end());
        label.reset(item.rest().toString());
      }
    }
  }

  /** A label starts a part; in "the code owner: a file" it does not. */
  private boolean startsPart(Matcher label, ColumnRole field) {
    String before = item.rest(0, label.start()).stripTrailing();
    boolean colon = label.group().contains(":") || label.group().contains("=");
    char last = before.isEmpty() ? '.' : before.charAt(before.length() - 1);
    boolean opens =
        "(,;|.–—-[]!?)*·/、。→".indexOf(last) >= 0
            || label.start() == 0
            || item.rest(0, label.start()).endsWith("\n");
    boolean capital = !Character.isLowerCase(label.group(1).charAt(0));
    boolean mention = item.rest(label.end()).startsWith("@");
    if (field == ColumnRole.TICKET || field == ColumnRole.STATUS) {
      return colon && opens;
    }
    String value = VALUE_ENDS.split(item.rest(label.end()), 2)[0];
    return mention
        || (colon ? opens || capital : capital && (opens || OwnerPatterns.isName(value)));
  }

  private int valueEnd(int from, ColumnRole field) {
    int end = item.rest().length();
    Matcher stop = VALUE_ENDS.matcher(item.rest());
    if (stop.find(from)) {
      end = stop.start();
    }
    end = nextLabel(from, end);
    if (field != ColumnRole.DUE) {
      return end;
    }
    Matcher date = lexicon.dates().find(item.rest()).region(from, item.rest().length());
    if (date.lookingAt()) {
      return date.end();
    }
    for (int at = from; at < end; at++) {
      if (item.rest().charAt(at) == ',' || item.rest().charAt(at) == '、') {
        return at;
      }
    }
    return end;
  }

  private int nextLabel(int from, int end) {
    Matcher next = lexicon.labels(item.rest());
    int search = from;
    while (next.find(search) && next.start() < end) {
      if (startsPart(next, lexicon.columns().label(next.group(1)))) {
        return next.start();
      }
      search = next.end();
    }
    return end;
  }

  private boolean take(ColumnRole field, int from, int valueEnd) {
    String value = item.rest(from, valueEnd);
    int end = valueEnd;
    if (field == ColumnRole.OWNER) {
      takeOwners(from, end);
      return true;
    }
    if (field == ColumnRole.TICKET) {
      // Found and blanked before; a sentence that continues after "issue:" is not a ticket.
      return value.isBlank() && facts.ticket() != null;
    }
    if (field == ColumnRole.DUE && value.isBlank()) {
      return true;
    }
    if (field == ColumnRole.PRIORITY && value.indexOf(',') > 0) {
      end = from + value.indexOf(',');
    }
    new FieldParser(facts).set(field, InlineText.plain(item.rest(from, end)));
    item.blank(from, end);
    return true;
  }

  private void takeOwners(int from, int end) {
    List<String> names = new ArrayList<>();
    int at = from;
    for (String part : item.rest(from, end).split("(?<=[,、])|(?<=\\sand\\s)", -1)) {
      String bare = part.replaceFirst("[\\s,、]{1,9}$", "").strip();
      if (!names.isEmpty() && !OwnerPatterns.isName(bare.replaceFirst("\\sand$", ""))) {
        break;
      }
      if (names.isEmpty() && lexicon.dates().find(bare).find()) {
        break;
      }
      if (TemplatePlaceholders.PLACEHOLDER.matcher(bare).find()) {
        new FieldParser(facts).set(ColumnRole.OWNER, InlineText.plain(bare));
      } else {
        names.addAll(lexicon.owners().findOwners(part));
      }
      at += part.length();
    }
    item.blank(from, at);
    facts.owners(names);
  }
}
