package dev.lockstep.similarity.text;

import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * Tokenizes text in any script. Identifiers are also split into their parts; Chinese and Japanese
 * become character bigrams. Only English is stemmed.
 */
public final class WordAnalyzer extends Analyzer {
  private static final int SPLIT_OPTIONS =
      WordDelimiterGraphFilter.GENERATE_WORD_PARTS
          | WordDelimiterGraphFilter.PRESERVE_ORIGINAL
          | WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE;

  /** English stop words and courtesy phrases. */
  private static final CharArraySet STOP_WORDS =
      new CharArraySet(
          List.of(
              ("about after again all also am an and any are as at be because been before being but"
                      + " by can can't cannot could did do does doing don't doesn't for from get gets"
                      + " getting got had has have having he her here him his how if in into is isn't"
                      + " it its just may me might my no nor not now of off on once only or other our"
                      + " out over own same she should so some such than that the their them then"
                      + " there these they this those through to too under until up us very was we"
                      + " were what when where which while who why will with would won't you your a b"
                      + " c d e f g h j k l m n o p q r s t u v w x y z dear hello hi kind please"
                      + " regards thank thanks cheers")
                  .split(" ")),
          false);

  static boolean isStopWord(String word) {
    return STOP_WORDS.contains(word);
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer source = new StandardTokenizer();
    TokenStream words = new CJKBigramFilter(new CJKWidthFilter(source));
    words = new EnglishPossessiveFilter(words);
    words = new WordDelimiterGraphFilter(words, SPLIT_OPTIONS, null);
    words = new LowerCaseFilter(words);
    words = new LengthFilter(words, 1, 60);
    words = new StopFilter(words, STOP_WORDS);
    words = new EnglishMinimalStemFilter(words);
    return new TokenStreamComponents(source, new ASCIIFoldingFilter(words));
  }
}
