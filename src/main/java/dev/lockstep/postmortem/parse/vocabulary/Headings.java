package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes headings of action items. */
public final class Headings {
  private static final Pattern PARENTHESES = Pattern.compile("\\([^()]*+\\)");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("^[\\d.)\\s]++(?=\\p{L})");
  private static final Pattern END = Pattern.compile("(?<![\\s:.])[\\s:.]++$");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

  /** Phrases that mark a heading in any position. */
  private final Pattern sure;

  /** Phrases that mark a heading if all its other words are fillers. */
  private final Set<String> work;

  private final Set<String> fillers;

  /** Sections that explain or ask something, even if they mention follow-ups. */
  private final Pattern never;

  /** Phrases that end an action section even if the heading is below it. */
  private final Pattern other;

  Headings(Vocabulary words) {
    this.sure = pattern(words.all(Vocabulary.Language::sections));
    this.work = set(words.all(Vocabulary.Language::sectionWords));
    this.fillers = set(words.all(Vocabulary.Language::sectionFillers));
    this.never = pattern(words.all(Vocabulary.Language::notSections));
    this.other = pattern(words.all(Vocabulary.Language::otherSections));
  }

  private static Pattern pattern(Collection<String> phrases) {
    return Phrases.pattern(phrases.stream().map(Headings::spaced).toList());
  }

  private static Set<String> set(Collection<String> phrases) {
    Set<String> all = new HashSet<>();
    phrases.forEach(phrase -> all.add(spaced(phrase)));
    return all;
  }

  private static String spaced(String text) {
    return BETWEEN_WORDS.matcher(Phrases.folded(text)).replaceAll(" ").strip();
  }

  public boolean announcesActions(String heading, boolean title) {
    String words = words(heading);
    if (words.isEmpty() || never.matcher(words).find()) {
      return false;
    }
    List<String> each = Arrays.asList(words.split(" "));
    if (title) {
      return sure.matcher(words).matches();
    }
    boolean onlySuch =
        each.stream().anyMatch(work::contains)
            && each.stream().allMatch(word -> work.contains(word) || fillers.contains(word));
    return onlySuch
        || (sure.matcher(words).find() && each.size() <= 10)
        || (each.size() <= 4 && words.endsWith(" improvements"));
  }

  /** Whether the heading can only be one of action items, so that an empty section is a mistake. */
  public boolean isCertain(String heading) {
    return sure.matcher(words(heading)).find();
  }

  public boolean endsActions(String heading) {
    String words = words(heading);
    return never.matcher(words).find() || other.matcher(words).find();
  }

  /** Removes parentheses, a leading number and a trailing colon. */
  public static String label(String heading) {
    String outside = PARENTHESES.matcher(MarkdownSource.withoutAnchor(heading)).replaceAll(" ");
    String line = BLANKS.matcher(outside).replaceAll(" ").strip();
    return END.matcher(NUMBER.matcher(line).replaceFirst("")).replaceFirst("").strip();
  }

  private static String words(String heading) {
    String label = label(heading);
    return spaced(label.length() <= 300 ? label : label.substring(0, 300));
  }
}
