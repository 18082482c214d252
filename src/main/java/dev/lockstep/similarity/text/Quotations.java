package dev.lockstep.similarity.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes quoted mail and signatures, which do not describe this ticket. A text that consists of a
 * quotation only becomes empty.
 */
public final class Quotations {
  private static final int FLAGS =
      Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.MULTILINE;

  /** {@code > text}, also nested, and wiki quotations. */
  private static final Pattern QUOTED_LINE =
      Pattern.compile("^[ \\t]{0,8}(?:>|&gt;|bq\\. ).*$", FLAGS);

  private static final Pattern WIKI_QUOTE =
      Pattern.compile("\\{quote\\}.{0,40000}?(?:\\{quote\\}|\\z)", FLAGS | Pattern.DOTALL);

  /**
   * The line that mail programs put above a quoted or forwarded message; everything below it is
   * quoted.
   */
  private static final Pattern BELOW_IS_QUOTED =
      Pattern.compile(
          "^[ \\t>]{0,8}(?:"
              // On Mon, 2 Mar 2026 at 09:14, Ann <a@example.com> wrote:
              + "(?:On|Am|Le|El|Em|Il|Op|Den)\\b[^\\n]{4,200}(?:\\n[^\\n]{0,100})?"
              + "\\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)\\b"
              + "[^\\n]{0,120}:"
              // -----Original Message-----
              + "|[-_=*]{2,40} ?(?:Begin )?(?:original|forwarded|reply|ursprüngliche"
              + "|weitergeleitete"
              + "|message|mensaje|mensagem|messaggio|oorspronkelijk)[^\\n]{0,40} ?[-_=*]{2,40}"
              + "|Begin forwarded message:"
              // From: ... above at least one more header of a mail
              + "|(?:From|Von|De|Da|Van|Fra|Från)[ \\u00a0]?:[^\\n]{1,200}\\n"
              + "(?:[^\\n]{0,200}\\n){0,2}?[ \\t>]{0,8}"
              + "(?:Sent|To|Date|Subject|Gesendet|An|Datum|Betreff|Envoyé|À|Objet|Enviado|Para"
              + "|Asunto|Assunto|Inviato|Oggetto|Verzonden|Onderwerp)[ \\u00a0]?:"
              + ")",
          FLAGS);

  /** The signature separator of RFC 3676, or a closing formula near the end. */
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "^(?:-- ?|(?:(?:best|kind|warm|many)[ \\t]+)?(?:regards|wishes|greetings)"
              + "|thanks|thank you|cheers|sincerely|mit freundlichen grüßen"
              + "|freundliche grüße|viele grüße|mfg"
              + "|cordialement|bien à vous|saludos|un saludo|atentamente|atenciosamente"
              + "|cordiali saluti|met vriendelijke groet)[,.! \\t]*$",
          FLAGS);

  /** More lines than this below a closing formula are not a signature. */
  private static final int LINES_OF_A_SIGNATURE = 12;

  private static final Pattern REPLY =
      Pattern.compile(
          "^\\s*(?:re|aw|fw|fwd|wg|tr|rv|sv|vs|vb|antw|doorst)\\s?(?:\\[\\d+])?:\\s", FLAGS);

  private Quotations() {}

  static String remove(String text) {
    String own = WIKI_QUOTE.matcher(text).replaceAll(" ");
    Matcher below = BELOW_IS_QUOTED.matcher(own);
    if (below.find()) {
      own = own.substring(0, below.start());
    }
    own = QUOTED_LINE.matcher(own).replaceAll(" ");
    Matcher signature = SIGNATURE.matcher(own);
    while (signature.find()) {
      if (own.substring(signature.end()).strip().lines().count() <= LINES_OF_A_SIGNATURE) {
        return own.substring(0, signature.start());
      }
    }
    return own;
  }

  /** Whether a title is that of a reply or forwarded message. */
  public static boolean isReply(String title) {
    return REPLY.matcher(title).find();
  }
}
