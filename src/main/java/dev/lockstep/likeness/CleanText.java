package dev.lockstep.likeness;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;

/**
 * Takes out of a text what is no word of its writer: markup, addresses, and what differs each time
 * a machine reports the same (times, ids, ticket numbers). Its cost is bounded whatever the length.
 */
final class CleanText {
  /** Read at all; markup can be many times longer than what it says. */
  private static final int READ = 40_000;

  private static final int FRAMES = 8;

  private static final int CASELESS = Pattern.CASE_INSENSITIVE;

  /** Only elements that are used in tickets: {@code List<String>} is no markup. */
  private static final Pattern HTML =
      Pattern.compile(
          "</?(?:p|br|div|span|b|i|u|a|ul|ol|li|table|tr|td|html|body|img|font|strong|em|pre|code"
              + "|blockquote|h[1-6])(?:\\s[^<>]{0,500})?/?>",
          CASELESS);

  private static final Pattern ENTITY = Pattern.compile("&(?:#\\d{1,6}|[a-z]{2,8});", CASELESS);

  /** {@code {code:java}}, {@code {color:red}}, {@code [code]}, {@code h1.}, {@code !a.png!}. */
  private static final Pattern WIKI =
      Pattern.compile(
          "\\{/?(?:code|noformat|quote|color|panel|anchor|section|column)(?::[^}\\n]{0,200})?\\}"
              + "|\\{\\{|\\}\\}|\\[/?code\\]|^h[1-6]\\. |^bq\\. |\\[~[^\\]\\n]{1,80}\\]"
              + "|![^!\\s]{1,120}\\.(?:png|jpe?g|gif)(?:\\|[^!\\n]{0,80})?!"
              + "|\\[(?:image|cid:)[^\\]\\n]{0,80}\\]",
          CASELESS | Pattern.MULTILINE);

  private static final Pattern WIKI_LINK =
      Pattern.compile("\\[([^\\]|\\n]{1,200})\\|[^\\]\\n]{1,500}\\]");
  private static final Pattern ADDRESS =
      Pattern.compile("\\b(?:https?|ftp|file|hdfs|jdbc:\\w{1,20})://[^\\s<>\"'|\\])]+", CASELESS);

  private static final Pattern FRAME =
      Pattern.compile(
          "^\\s*at (?:[\\w.$/@]{0,300}\\.)?([\\w$]{1,120}\\.[\\w$<>]{1,120})\\([^)\\n]{0,200}\\).*$",
          Pattern.MULTILINE);

  private static final Pattern TIME =
      Pattern.compile(
          "\\b\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}(?:[T ]\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d{1,9})?"
              + "(?:Z|[+-]\\d{2}:?\\d{2})?)?"
              + "|\\b\\d{1,2}[-/](?:\\d{1,2}|[a-z]{3})[-/]\\d{2,4}\\b"
              + "|\\b\\d{1,2}\\.\\d{1,2}\\.(?:19|20)\\d{2}\\b"
              + "|\\b\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d{1,9})?Z?\\b",
          CASELESS);

  /**
   * UUIDs, addresses in memory, hashes, ticket numbers, internet addresses, long numbers. Windows'
   * {@code 0x8...} codes name an error and stay; so do CVEs and names such as SHA-256.
   */
  private static final Pattern ID =
      Pattern.compile(
          "\\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\\b"
              + "|\\b0x(?!8[0-9a-f]{7}\\b)[0-9a-f]{4,16}\\b"
              + "|\\b(?=[a-f]{0,40}\\d)(?=\\d{0,40}[a-f])[0-9a-f]{8,64}\\b"
              + "|\\b(?:INC|CHG|PRB|RITM|REQ|TASK|SCTASK|CS)\\d{4,12}\\b"
              + "|\\b(?!CVE|SHA|UTF|ISO|RFC|AES|HTTP|TLS)[A-Z][A-Z0-9]{1,15}-\\d{1,9}\\b(?!-)"
              + "|\\b\\d{2,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?\\b|(?<!\\d-)\\b\\d{5,}\\b",
          CASELESS);

  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\p{Cntrl}]+");

  private CleanText() {}

  static String of(String raw, int limit) {
    String text = cut(raw, READ);
    if (HTML.matcher(text).find()) {
      text = Jsoup.parse(text).wholeText();
    } else if (ENTITY.matcher(text).find()) {
      text = Parser.unescapeEntities(text, false);
    }
    text = WIKI.matcher(text).replaceAll(" ");
    text = WIKI_LINK.matcher(text).replaceAll("$1 ");
    text = ADDRESS.matcher(text).replaceAll(" ");
    text = shortenTraces(text);
    text = TIME.matcher(text).replaceAll(" ");
    text = ID.matcher(text).replaceAll(" ");
    return cut(SPACE.matcher(text).replaceAll(" ").strip(), limit);
  }

  /** The innermost calls say what failed; the rest says how the program is built. */
  private static String shortenTraces(String text) {
    int[] seen = {0};
    return FRAME
        .matcher(text)
        .replaceAll(frame -> seen[0]++ < FRAMES ? frame.group(1).replace("$", "\\$") : "");
  }

  /** Never through the middle of a letter. */
  static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
  }
}
