package dev.lockstep.similarity;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
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
          "^\\s*at (?:[\\w.$/@]{0,300}\\.)?([\\w$]{1,120}\\.[\\w$<>]{1,120})\\([^)\\n"
              + "]{0,200}\\).*$",
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

  private static final Pattern SCHEME =
      Pattern.compile("\\b[a-z]{2,10}://|[?#&][\\w%.=&;+-]{1,500}", CASELESS);

  /** A time of day, or a date with one. A date alone may be what a ticket is about. */
  private static final Pattern MOMENT =
      Pattern.compile(
          "(?:\\b\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}(?:T| |,"
              + " ))?\\b\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d{1,9})?"
              + " ?(?:Z\\b|[+-]\\d{2}:?\\d{2}\\b|[ap]\\.?m\\b|uhr\\b|utc\\b|h\\b)?|\\b\\d{1,2}"
              + " ?(?:[ap]m|uhr|o'clock)\\b",
          CASELESS);

  private static final Pattern RANDOM =
      Pattern.compile(
          "\\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\\b"
              + "|\\b0x(?!8[0-9a-f]{7}\\b)[0-9a-f]{4,16}\\b"
              + "|\\b(?=[a-f]{0,40}\\d)(?=\\d{0,40}[a-f])[0-9a-f]{8,64}\\b",
          CASELESS);

  /** A number with a unit, of something that is counted, or the value of a key. */
  private static final Pattern MEASURED =
      Pattern.compile(
          "(?<![\\w./-])[-+<>~]?\\d[\\d.,]{0,20}"
              + " ?(?:%|percent\\b|prozent\\b|[kmgt]i?b(?:/s|ps)?\\b|bytes?\\b"
              + "|[mµn]?s\\b|secs?\\b|seconds?\\b|m\\b|mins?\\b|minutes?\\b|minuten\\b"
              + "|h\\b|hrs?\\b|hours?\\b"
              + "|stunden\\b|days?\\b|tage[n]?\\b|weeks?\\b|times\\b"
              + "|attempts?\\b|retries\\b|requests?\\b"
              + "|errors?\\b|messages?\\b|°)|(?<==)-?\\d[\\d.,]{0,20}(?![\\w-])",
          CASELESS);

  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\p{Cntrl}]+");

  private CleanText() {}

  /** The writer's own words, identifiers and all: no markup, no quotations, no signature. */
  static String toPlainText(String raw) {
    String text = truncate(raw, READ);
    if (HTML.matcher(text).find()) {
      text = lines(Jsoup.parse(text));
    } else if (ENTITY.matcher(text).find()) {
      text = Parser.unescapeEntities(text, false);
    }
    text = Quotations.remove(text);
    text = WIKI.matcher(text).replaceAll(" ");
    return WIKI_LINK.matcher(text).replaceAll("$1 ");
  }

  private static String lines(Document html) {
    html.select("blockquote, .gmail_quote, .moz-cite-prefix, .moz-signature").remove();
    html.select("p, div, tr, li, hr, h1, h2, h3, h4").prepend("<br>");
    return html.wholeText();
  }

  /**
   * What is compared.
   *
   * @param plain as {@link #toPlainText} gives it
   */
  static String toComparedText(String plain, int limit) {
    String text = ADDRESS.matcher(plain).replaceAll(" ");
    text = shortenTraces(text);
    text = TIME.matcher(text).replaceAll(" ");
    text = ID.matcher(text).replaceAll(" ");
    return truncate(SPACE.matcher(text).replaceAll(" ").strip(), limit);
  }

  /**
   * What names the subject of a ticket: identifiers and names stay, and only what differs each time
   * the same is reported goes: times, random ids, measured values.
   *
   * @param plain as {@link #toPlainText} gives it
   */
  static String toSubjectText(String plain, int limit) {
    String text = SCHEME.matcher(truncate(plain, limit)).replaceAll(" ");
    text = shortenTraces(text);
    text = MOMENT.matcher(text).replaceAll(" ");
    text = RANDOM.matcher(text).replaceAll(" ");
    return MEASURED.matcher(text).replaceAll(" ");
  }

  /** The innermost calls say what failed; the rest says how the program is built. */
  private static String shortenTraces(String text) {
    int[] seen = {0};
    return FRAME
        .matcher(text)
        .replaceAll(frame -> seen[0]++ < FRAMES ? frame.group(1).replace("$", "\\$") : "");
  }

  /** Never through the middle of a letter. */
  static String truncate(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
  }
}
