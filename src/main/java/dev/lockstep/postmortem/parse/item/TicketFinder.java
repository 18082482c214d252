package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.vocabulary.TicketPatterns;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds tickets in the text of an item. A ticket at an end is removed from the title; within a
 * sentence it stays.
 */
final class TicketFinder {
  /** A link text that only names the ticket is not part of the title. */
  private static final Pattern GENERIC =
      Pattern.compile(
          "(?i)\\W*(?:the |this )?(?:github |gitlab |jira )?(?:issue|pr|pull request|mr|merge"
              + " request|ticket|bug|jira|link|pull)?\\W*#?\\d*\\W*");

  private final ItemText item;
  private final InlineText text;
  private final ItemBuilder facts;

  TicketFinder(ItemText item, ItemBuilder facts) {
    this.item = item;
    this.text = item.written();
    this.facts = facts;
  }

  void find() {
    findLinks();
    findKeys();
  }

  private void findLinks() {
    for (InlineText.Reference link : text.links()) {
      String words = text.text().substring(link.from(), link.to());
      String key = TicketPatterns.findKeyInUrl(link.address());
      String found = key == null ? TicketPatterns.findIssueUrl(link.address()) : key;
      if (found == null) {
        continue;
      }
      facts.ticket(found);
      boolean generic = words.startsWith("http") || GENERIC.matcher(words).matches();
      if (generic && item.isAtAnEnd(link.from(), link.to())) {
        item.blank(link.from(), link.to());
      }
    }
  }

  private void findKeys() {
    Matcher key = TicketPatterns.findKeys(text.text());
    while (key.find()) {
      if (!text.isCode(key.start()) && !text.isInUrl(key.start())) {
        facts.ticket(key.group(1));
        if (key.group(1).equals(facts.ticket()) && item.isAtAnEnd(key.start(), key.end())) {
          item.blank(key.start(), key.end());
        }
      }
    }
  }
}
