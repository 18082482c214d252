package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.vocabulary.DatePatterns;
import dev.lockstep.postmortem.parse.vocabulary.OwnerPatterns;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the owners that are mentioned at the start or at the end of an item. */
final class OwnerFinder {
  static final Pattern AT_END =
      Pattern.compile(
          "((?:"
              + OwnerPatterns.MENTION
              + "(?:\\s{0,3}[,/&+]\\s{0,3}|\\s{1,3}and\\s{1,3}|\\s{1,3})?){1,20})[\\s.)\\]]*+$");

  private static final Pattern AT_START =
      Pattern.compile(
          "^\\s*("
              + OwnerPatterns.MENTION
              + "(?:[\\s,/&+]{1,3}(?:and )?"
              + OwnerPatterns.MENTION
              + "){0,9})(?:\\s*:|(?=\\s+(?:to|will|should)\\s))");

  /** A full name after an @, up to the next part. */
  private static final Pattern FULL_MENTION =
      Pattern.compile(
          "@\\p{Lu}[\\p{L}'’-]*+(?: \\p{Lu}\\p{Ll}[\\p{L}'’-]*+){1,2}"
              + "(?=\\s*+(?:$|[-–—,;|:)\\]→(@⏳📅.]|due\\b|by\\b))");

  private static final Pattern LAST_WORD = Pattern.compile("([\\p{L}]+)\\s*$");

  /** In "ask @dana" and "thanks to @dana" the person is not the owner. */
  private static final Set<String> NO_OWNER_AFTER =
      Set.of(
          ("from with to cc via of for ask tell ping and thanks see like as in on than or"
                  + " mention mentions mentioned")
              .split(" "));

  /** More letters than the owners of real items take; bounds the cost of the expression. */
  private static final int LONGEST = 400;

  private final ItemText item;
  private final ItemBuilder facts;

  OwnerFinder(ItemText item, ItemBuilder facts) {
    this.item = item;
    this.facts = facts;
  }

  /** Converts links to people, and full names after an @, to mentions. */
  static InlineText withMentions(InlineText text, DatePatterns dates) {
    InlineText mentions = text;
    for (int i = text.links().size() - 1; i >= 0; i--) {
      InlineText.Reference link = text.links().get(i);
      if (OwnerPatterns.isPerson(link.address()) && isOutsideSentence(text.text(), link, dates)) {
        String words = text.text().substring(link.from(), link.to());
        String person =
            link.address().toLowerCase(Locale.ROOT).startsWith("mailto:")
                ? OwnerPatterns.mailbox(link.address())
                : words.replaceFirst("^@", "").replace(' ', OwnerPatterns.GLUE);
        mentions = mentions.replaced(link.from(), link.to(), "@" + person);
      }
    }
    String glued =
        FULL_MENTION
            .matcher(mentions.text())
            .replaceAll(
                name -> Matcher.quoteReplacement(name.group().replace(' ', OwnerPatterns.GLUE)));
    return new InlineText(glued, mentions.links(), mentions.codes());
  }

  private static boolean isOutsideSentence(
      String text, InlineText.Reference link, DatePatterns dates) {
    String before = text.substring(0, link.from()).stripTrailing();
    String behind = text.substring(link.to()).strip();
    return before.isEmpty()
        || "-–—(,;:|→>)".indexOf(before.charAt(before.length() - 1)) >= 0
        || behind.length() <= 1
        || (",;-–—→".indexOf(behind.charAt(0)) >= 0
            && dates.find(behind.substring(1).strip()).lookingAt())
        || dates.find(behind).lookingAt();
  }

  /**
   * @param nested in a nested bullet a name before a colon is a speaker
   */
  void find(boolean nested) {
    Matcher start = AT_START.matcher(item.rest());
    if (!nested && start.find()) {
      take(start);
    }
    int from = Math.max(0, item.rest().length() - LONGEST);
    String text = " ".repeat(from) + withoutPunctuation(item.rest(from));
    Matcher end = AT_END.matcher(text);
    if (end.find() && !item.isCode(end.start()) && isOwner(text.substring(0, end.start()))) {
      take(end);
    }
  }

  private void take(Matcher mentions) {
    facts.owners(
        facts
            .lexicon()
            .owners()
            .findOwners(mentions.group(1).strip().replaceAll("\\s+(?=@)", ",")));
    item.blank(mentions.start(), mentions.end());
  }

  /** Whether a mention after this text is separate from the sentence. */
  private static boolean isOwner(String before) {
    Matcher word = LAST_WORD.matcher(before);
    boolean inSentence =
        word.find() && NO_OWNER_AFTER.contains(word.group(1).toLowerCase(Locale.ROOT));
    String visible = before.stripTrailing();
    boolean bracket = visible.endsWith("(") || visible.endsWith("[");
    boolean glued =
        !before.isEmpty() && " \n\t([:,;–—-→>".indexOf(before.charAt(before.length() - 1)) < 0;
    return !inSentence && !bracket && !glued;
  }

  private static String withoutPunctuation(String text) {
    int end = text.length();
    while (end > 0 && " \n\t.,;:!?*~'\"|&/=+<>{}#$%^`\\-".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }
}
