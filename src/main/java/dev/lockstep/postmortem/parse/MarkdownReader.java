package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.parse.markdown.Characters;
import dev.lockstep.postmortem.parse.markdown.FrontMatter;
import dev.lockstep.postmortem.parse.markdown.HtmlCostGuard;
import dev.lockstep.postmortem.parse.markdown.MarkdownSource;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads Markdown postmortems (CommonMark, GitHub tables and checkboxes, front matter). Anything
 * that looks like an action item becomes an item, becomes part of one, or is reported with its
 * line; it is never dropped. Deterministic and thread-safe.
 */
public final class MarkdownReader {
  /** In bytes of UTF-8. About ten times the size of published postmortems. */
  public static final int LARGEST = 256 * 1024;

  /** More than is ever followed up; bounds the cost of one document. */
  public static final int MOST_ITEMS = 2000;

  private static final String TOO_LARGE =
      "the document is larger than 256 kB ("
          + LARGEST
          + " bytes); leave out logs and pictures, or split it";

  private final Lexicon lexicon;

  public MarkdownReader(Vocabulary vocabulary) {
    this.lexicon = new Lexicon(vocabulary);
  }

  public Postmortem read(byte[] utf8) {
    if (utf8.length > LARGEST) {
      throw new PostmortemParseException(TOO_LARGE);
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CharBuffer letters = CharBuffer.allocate(utf8.length);
    CoderResult result = decoder.decode(bytes, letters, true);
    if (result.isError()) {
      throw new PostmortemParseException(
          "not UTF-8: the byte at offset %d (line %d) begins no letter; save the file as UTF-8"
              .formatted(bytes.position(), line(letters.flip())));
    }
    return parse(letters.flip().toString());
  }

  public Postmortem read(String markdown) {
    // A character has at most three bytes, so most texts need no counting.
    if (markdown.length() > LARGEST / 3) {
      int size = markdown.length() > LARGEST ? markdown.length() : utf8(markdown);
      if (size > LARGEST) {
        throw new PostmortemParseException(TOO_LARGE);
      }
    }
    return parse(markdown);
  }

  private static int utf8(String markdown) {
    return markdown.getBytes(StandardCharsets.UTF_8).length;
  }

  private Postmortem parse(String markdown) {
    int nul = markdown.indexOf('\0');
    if (nul >= 0) {
      throw new PostmortemParseException(
          "not a text: there is a NUL at letter %d (line %d); save the file as UTF-8 text"
              .formatted(nul, line(markdown.substring(0, nul))));
    }
    HtmlCostGuard.refuseIfCostly(markdown);
    String text = Characters.normalised(markdown.replace("\r\n", "\n").replace('\r', '\n'));
    FrontMatter front = FrontMatter.parse(text);
    return new DocumentParser(
            new MarkdownSource(front.document()), lexicon.forDocument(text), front.problems())
        .read();
  }

  private static int line(CharSequence before) {
    return 1 + (int) before.chars().filter(letter -> letter == '\n').count();
  }
}
