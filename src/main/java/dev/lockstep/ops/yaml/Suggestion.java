package dev.lockstep.ops.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** Suggests the intended word for a mistyped one. */
public final class Suggestion {

  private Suggestion() {}

  /** For example {@code ; did you mean 'status'?}, or the list of choices. */
  public static String of(String typed, Collection<String> known) {
    return near(typed, known)
        .map(word -> "; did you mean '%s'?".formatted(word))
        .orElseGet(
            () ->
                known.isEmpty()
                    ? ""
                    : known.stream()
                        .sorted()
                        .collect(Collectors.joining(", ", "; there is: ", "")));
  }

  /** The most likely intended word. */
  public static Optional<String> near(String typed, Collection<String> known) {
    return known.stream()
        .filter(word -> begun(typed, word) || distance(typed, word) <= slips(typed))
        .min(Comparator.comparingInt((String word) -> distance(typed, word)));
  }

  /** Maximum number of typos for a match; none in a code such as 6. */
  private static int slips(String typed) {
    int length = typed.length();
    return length <= 2 ? 0 : length == 3 ? 1 : Math.max(2, length / 3);
  }

  /** The word typed as an abbreviation, such as {@code auto}. */
  private static boolean begun(String typed, String word) {
    return typed.length() > 2 && word.startsWith(typed);
  }

  /** Levenshtein distance: letters to insert, delete or replace. */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
