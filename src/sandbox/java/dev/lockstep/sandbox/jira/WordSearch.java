package dev.lockstep.sandbox.jira;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ~} finds: words, whatever their case and whatever stands between them, not texts. In
 * quotes they must follow each other; a word may end in {@code *}. After "Search for issues using
 * the text field".
 */
final class WordSearch {

  private static final Pattern PIECE = Pattern.compile("\"([^\"]*)\"|([^\"\\s]+)");

  private final List<List<String>> phrases = new ArrayList<>();

  WordSearch(String query) {
    Matcher piece = PIECE.matcher(query);
    while (piece.find()) {
      String text = piece.group(1) == null ? piece.group(2) : piece.group(1);
      List<String> words = words(text, "[^\\p{L}\\p{N}*]+");
      // A hyphened word such as a key is several words, which must follow each other.
      if (!words.isEmpty()) {
        phrases.add(words);
      }
    }
  }

  boolean finds(String text) {
    List<String> words = words(text, "[^\\p{L}\\p{N}]+");
    return !phrases.isEmpty() && phrases.stream().allMatch(phrase -> contains(words, phrase));
  }

  private static boolean contains(List<String> words, List<String> phrase) {
    for (int start = 0; start + phrase.size() <= words.size(); start++) {
      boolean fits = true;
      for (int i = 0; i < phrase.size(); i++) {
        fits &= fits(words.get(start + i), phrase.get(i));
      }
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(String word, String wanted) {
    return wanted.endsWith("*")
        ? word.startsWith(wanted.substring(0, wanted.length() - 1))
        : word.equals(wanted);
  }

  private static List<String> words(String text, String between) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split(between, -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
