package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.vocabulary.ColumnRole;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.TicketPatterns;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses bullets that only state a field of the item above them: "Owner: dana", "OPS-12". */
public final class AttributeParser {
  private static final Pattern LABELED =
      Pattern.compile("(?s)^\\s*+([\\p{L}' ]{1,24}?)\\s{0,3}(?:[:=]|\\s[-–—]\\s)\\s*+(.*+)$");
  private static final Pattern DONE =
      Pattern.compile("(?is)^\\s*(?:already )?done\\b(?!\\s+(?:when|if|once)).*");

  private final ItemBuilder facts;
  private final Lexicon lexicon;

  public AttributeParser(ItemBuilder facts) {
    this.facts = facts;
    this.lexicon = facts.lexicon();
  }

  /** The text after the label; the whole text if it has none. */
  public static String value(String line) {
    Matcher labeled = LABELED.matcher(line);
    return labeled.matches() ? labeled.group(2) : line;
  }

  /**
   * Sets the field that a bullet states.
   *
   * @return whether the bullet is an attribute; if not, it may still mark the item as done
   */
  public boolean parse(InlineText text) {
    String line = text.text();
    if (StatusFinder.hasCheckbox(line)) {
      return false;
    }
    Matcher labeled = LABELED.matcher(line);
    ColumnRole field =
        labeled.matches() ? lexicon.columns().label(labeled.group(1)) : ColumnRole.OTHER;
    if (field != ColumnRole.OTHER) {
      return parseValue(field, text, labeled.start(2));
    }
    if (parseTicket(text)) {
      return true;
    }
    if (DONE.matcher(line).matches()) {
      facts.tick();
    }
    return false;
  }

  private boolean parseValue(ColumnRole field, InlineText text, int from) {
    InlineText value = text.after(from);
    if (field == ColumnRole.TICKET
        && TicketPatterns.findTicket(value) == null
        && !lexicon.isEmptyValue(value.line())) {
      return false;
    }
    new FieldParser(facts).set(field, value);
    return true;
  }

  private boolean parseTicket(InlineText text) {
    String bare =
        text.text()
            .strip()
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^(see|tracked in|ticket|issue|jira|pr)\\b[\\s:]*", "");
    String ticket = TicketPatterns.findTicket(text);
    if (ticket == null
        || (text.links().size() != 1 && !TicketPatterns.isKey(ticket))
        || !bare.matches("[(\\[<]?(https?://\\S+|[a-z][a-z0-9_]+-\\d+)[)\\]>]?\\.?")) {
      return false;
    }
    facts.ticket(ticket);
    return true;
  }
}
