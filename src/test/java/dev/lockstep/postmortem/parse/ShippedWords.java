package dev.lockstep.postmortem.parse;

import dev.lockstep.postmortem.settings.PostmortemWordsFile;

/** A reader with the words that ship. */
public final class ShippedWords {
  private static final Vocabulary WORDS =
      new PostmortemWordsFile(PostmortemWordsFile.SHIPPED).read();

  private static final MarkdownReader READER = new MarkdownReader(WORDS);

  private ShippedWords() {}

  static Vocabulary words() {
    return WORDS;
  }

  public static MarkdownReader reader() {
    return READER;
  }
}
