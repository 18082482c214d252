package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Vocabulary;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognizes owners. */
public final class OwnerPatterns {
  static final String MAIL = "[\\w.+-]++@[\\w-]+\\.[\\w.-]*\\w";

  /**
   * A handle or e-mail address. A full name is joined by {@link #GLUE}, a character that normalized
   * text never contains.
   */
  public static final String MENTION = "@(?:" + MAIL + "|[\\p{L}\\p{N}][\\p{L}\\p{N}._\u00A0-]*)";

  public static final char GLUE = '\u00A0';

  private static final Pattern ADDRESSED = Pattern.compile(MENTION + "|" + MAIL);

  /** A wiki mention: {@code [~dana]}. */
  private static final Pattern CHIP = Pattern.compile("\\[?~([\\w.:-]++)\\]?");

  private static final String WORD = "\\p{Lu}[\\p{L}'’.-]*+";
  public static final String FULL_NAME =
      WORD + "(?: (?:van|von|de|der|la)){0,2}(?: " + WORD + "){1,3}";
  private static final Pattern NAME =
      Pattern.compile("(?:" + FULL_NAME + "|" + WORD + ")(?: team)?");
  private static final Pattern SEVERAL_WORDS = Pattern.compile(FULL_NAME);
  private static final Pattern OPEN = Pattern.compile("^[(\\[<]++(?=[^)\\]>]*+[)\\]>]?$)");
  private static final Pattern END = Pattern.compile("(?<![.:])[.:]++$");
  private static final Pattern AT = Pattern.compile("@[^@\\s].*+");

  private final Pattern between;
  private final Pattern team;
  private final Lexicon lexicon;

  OwnerPatterns(Vocabulary words, Lexicon lexicon) {
    this.lexicon = lexicon;
    this.between =
        Phrases.compiled(
            "\\s*+(?:[,;、&+/\\n]|"
                + Phrases.alternation(words.all(Vocabulary.Language::and))
                + ")\\s*+");
    this.team =
        Phrases.compiled(
            "[\\p{L}\\p{N} _-]{0,40}?"
                + Phrases.alternation(words.all(Vocabulary.Language::teams)));
  }

  /** All owners named in a cell or label, the responsible one first. */
  public List<String> findOwners(String text) {
    List<String> names = new ArrayList<>();
    if (lexicon.isEmptyValue(text)) {
      return names;
    }
    for (String part : text.contains("://") ? new String[] {text} : between.split(text)) {
      String name = name(part);
      if (!name.isEmpty() && !lexicon.isEmptyValue(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** The same for a cell whose links may lead to people. */
  public List<String> findOwners(InlineText value) {
    StringBuilder text = new StringBuilder(value.text());
    for (int i = value.links().size() - 1; i >= 0; i--) {
      InlineText.Reference link = value.links().get(i);
      if (link.address().toLowerCase(Locale.ROOT).startsWith("mailto:")
          && link.to() <= text.length()) {
        text.replace(link.from(), link.to(), mailbox(link.address()));
      }
    }
    return findOwners(text.toString());
  }

  /** The address in {@code mailto:}. */
  public static String mailbox(String address) {
    String mail = address.substring("mailto:".length());
    int parameters = mail.indexOf('?');
    return (parameters < 0 ? mail : mail.substring(0, parameters)).strip();
  }

  /** Whether a link leads to a person's page instead of a document. */
  public static boolean isPerson(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    return lower.startsWith("mailto:")
        || lower.contains("/people/")
        || lower.contains("/display/~")
        || lower.contains("accountid");
  }

  /** {@code @dana} or an e-mail address: a person by its form. */
  public static boolean isAddressed(String text) {
    String word = text.strip();
    return ADDRESSED.matcher(word).matches() || CHIP.matcher(word).matches();
  }

  /** Could be a name, if the context says that one is expected. */
  public static boolean isName(String text) {
    return isAddressed(text) || NAME.matcher(text.strip()).matches();
  }

  /** A first name and a surname, or a team; few other texts have this form. */
  public boolean looksLikePerson(String text) {
    String word = text.strip();
    return isAddressed(word)
        || SEVERAL_WORDS.matcher(word).matches()
        || (word.length() <= 40 && team.matcher(word).matches());
  }

  public static String name(String text) {
    String name = InlineText.tidy(text);
    Matcher chip = CHIP.matcher(name);
    if (chip.matches()) {
      return chip.group(1);
    }
    name = END.matcher(OPEN.matcher(name).replaceFirst("")).replaceFirst("");
    int end = name.length();
    while (end > 0
        && ")]>".indexOf(name.charAt(end - 1)) >= 0
        && name.substring(0, end).chars().noneMatch(c -> c == '(' || c == '[' || c == '<')) {
      end--;
    }
    name = name.substring(0, end);
    return AT.matcher(name).matches() ? name.substring(1).strip() : name.strip();
  }
}
