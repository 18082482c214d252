package dev.lockstep.similarity.text;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/**
 * Removes from a text what its author did not write as words: markup, addresses, and what differs
 * each time a machine reports the same event (times, ids, ticket numbers). The cost is bounded for
 * any length.
 */
public final class CleanText {
  /** Maximum input; markup can be many times longer than its text. */
  private static final int READ = 40_000;

  private static final int FRAMES = 8;

  private static final int CASELESS = Pattern.CASE_INSENSITIVE;

  /** Only elements that occur in tickets: {@code List<String>} is not markup. */
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
   * UUIDs, memory addresses, hashes, ticket numbers, IP addresses, long numbers. Windows error
   * codes such as {@code 0x8...} are kept; so are CVEs and names such as SHA-256.
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

  /**
   * A time of day, or a date with one. A date alone is kept, since it may be the ticket's subject.
   */
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

  /** A number with a unit or a counted noun, or the value of a key. */
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

  /** The author's own words with identifiers, without markup, quotations and signature. */
  public static String toPlainText(String raw) {
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
   * The text to compare.
   *
   * @param plain the result of {@link #toPlainText}
   */
  public static String toComparedText(String plain, int limit) {
    String text = ADDRESS.matcher(plain).replaceAll(" ");
    text = shortenTraces(text);
    text = TIME.matcher(text).replaceAll(" ");
    text = ID.matcher(text).replaceAll(" ");
    return truncate(SPACE.matcher(text).replaceAll(" ").strip(), limit);
  }

  /**
   * The text that names the ticket's subject: identifiers and names are kept; times, random ids and
   * measured values, which differ each time the same event is reported, are removed.
   *
   * @param plain the result of {@link #toPlainText}
   */
  public static String toSubjectText(String plain, int limit) {
    String text = SCHEME.matcher(truncate(plain, limit)).replaceAll(" ");
    text = shortenTraces(text);
    text = MOMENT.matcher(text).replaceAll(" ");
    text = RANDOM.matcher(text).replaceAll(" ");
    return MEASURED.matcher(text).replaceAll(" ");
  }

  /** The innermost frames identify the failure; the others only the program's structure. */
  private static String shortenTraces(String text) {
    int[] seen = {0};
    return FRAME
        .matcher(text)
        .replaceAll(frame -> seen[0]++ < FRAMES ? frame.group(1).replace("$", "\\$") : "");
  }

  /** Never splits a surrogate pair. */
  public static String truncate(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
  }
}
