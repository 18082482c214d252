package dev.lockstep.plan;

import dev.lockstep.record.NoteMark;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.WorkNote;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a synced note: author, record and time, the text, and a last paragraph with a mark.
 * Also decides whether a note found on a record is one that was sent there.
 */
public final class NoteFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String CUT = "… (cut)";
  private static final int MOST_ESCAPES = 3;

  /** A shorter text may be a user's own that begins like the note. */
  private static final int SHORTEST_CUT = 150;

  private static final Pattern ENTITY =
      Pattern.compile("&(#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,5});");
  private static final Map<String, String> ENTITIES =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ");
  private static final Pattern TAG =
      Pattern.compile(
          "</?(?:p|br|hr|div|span|b|i|u|em|strong|a|ul|ol|li|code|pre|table|thead|tbody|tr|t[dh]"
              + "|blockquote|h[1-6]|font)(?:\\s[^<>]{0,500})?/?>|\\[/?code]",
          Pattern.CASE_INSENSITIVE);

  /** Blanks and markup: escapes, emphasis, lists, tables, quotations, fences, links. */
  private static final Pattern MARKUP =
      Pattern.compile("[\\s\\p{Cf}\\p{Cc}\\\\`*_~#>|<+=\\[\\]().-]+|!(?=\\[)");

  private NoteFormat() {}

  /**
   * Whether {@code shown} is a system's rendering of the note {@code sent}. Systems change line
   * ends, blanks, entities and markup, and truncate long texts, but add no words. A reply that
   * quotes the note does, so the entire text is compared, whatever marks it contains.
   */
  public static boolean isSame(String sent, String shown) {
    String ours = normalize(sent);
    String theirs = normalize(shown);
    return ours.equals(theirs) || theirs.length() >= SHORTEST_CUT && ours.startsWith(theirs);
  }

  /** The words of a text without markup, whether Markdown, HTML or plain. */
  private static String normalize(String text) {
    String plain = text;
    // An entity may have been escaped twice.
    for (int pass = 0; pass < MOST_ESCAPES && plain.indexOf('&') >= 0; pass++) {
      plain = ENTITY.matcher(plain).replaceAll(entity -> Matcher.quoteReplacement(decode(entity)));
    }
    plain = TAG.matcher(plain).replaceAll("");
    return MARKUP.matcher(Normalizer.normalize(plain, Normalizer.Form.NFKC)).replaceAll("");
  }

  private static String decode(MatchResult entity) {
    String name = entity.group(1);
    if (name.charAt(0) != '#') {
      return ENTITIES.getOrDefault(name, entity.group());
    }
    boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
    int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
    return Character.isValidCodePoint(code) ? Character.toString(code) : entity.group();
  }

  /**
   * @param sourceKey display key of the record it was written on
   * @param most the other system's limit, in characters
   */
  public static String formatSynced(WorkNote note, String sourceKey, String mark, int most) {
    String head =
        (note.author().isBlank() ? "" : note.author() + " ")
            + "on "
            + sourceKey
            + ", "
            + time(note.createdAt())
            + ":\n";
    return truncate(head, NoteMark.removeFrom(note.text()), mark, most);
  }

  /**
   * The text alone, for readers outside of the company: without author, origin and mark.
   *
   * @param most as for {@link #formatSynced}
   */
  public static String formatTextOnly(String text, int most) {
    return truncate(NoteMark.removeFrom(text), most);
  }

  /**
   * Whether a note found on a record is a copy of another record's note, with whatever mark. Its
   * author may have been shown by another name when it was synced.
   *
   * @param source the note that may have been copied
   * @param sourceKey display key of the record it was written on
   * @param most the limit of the system that shows the copy, in characters
   * @param rendering how that system shows a text
   */
  public static boolean isCopy(
      WorkNote source, String sourceKey, String shown, int most, UnaryOperator<String> rendering) {
    String written = "on " + sourceKey + ", " + time(source.createdAt()) + ":";
    int author = shown.indexOf(written);
    String mark = NoteMark.ofWriter(shown).orElse(null);
    if (author < 0 || mark == null) {
      return false;
    }
    WorkNote named =
        new WorkNote(
            source.id(),
            shown.substring(0, author).strip(),
            source.createdAt(),
            source.text(),
            source.visibility());
    String sent = formatSynced(named, sourceKey, mark, most);
    return isSame(sent, shown) || isSame(rendering.apply(sent), shown);
  }

  /** A note written by Lockstep. */
  public static String formatOwn(String text, String mark, int most) {
    return truncate("", text, mark, most);
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** The mark is never truncated. */
  private static String truncate(String head, String text, String mark, int most) {
    String tail = NoteMark.paragraph(mark);
    return head + truncate(text, most - head.length() - tail.length()) + tail;
  }

  private static String truncate(String text, int room) {
    String body = PlainText.normalize(text);
    return body.length() > room
        ? PlainText.truncate(body, room - CUT.length(), Integer.MAX_VALUE) + CUT
        : body;
  }
}
