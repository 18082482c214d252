package dev.lockstep.similarity.text;

import java.util.Arrays;

/**
 * Detects texts that are made from one template and have different subjects. Independent reports of
 * one event share few words; texts that are mostly but not entirely equal have slots, which are
 * filled by the subject: a person, a host, a path, a place, a number.
 */
public final class TemplateDetector {
  /** From this share of equal tokens, two texts are made from one template. */
  private static final double MOST_SHARED = 0.5;

  /** From this share, they are if both have marked tokens of their own. */
  private static final double SOME_SHARED = 0.33;

  private TemplateDetector() {}

  public static boolean isLikely(SubjectTokens one, SubjectTokens other) {
    return (differ(one.title(), other.title(), one, other)
            || differ(one.all(), other.all(), one, other))
        && one.hasSameOrderAs(other);
  }

  /** With certainty: most tokens are equal, and each text has some of its own. */
  public static boolean isCertain(SubjectTokens one, SubjectTokens other) {
    return SubjectTokens.diceCoefficient(one.all(), other.all()) > MOST_SHARED
        && Arrays.stream(one.all()).anyMatch(token -> !other.has(token))
        && Arrays.stream(other.all()).anyMatch(token -> !one.has(token))
        && one.hasSameOrderAs(other);
  }

  private static boolean differ(
      long[] tokens, long[] otherTokens, SubjectTokens one, SubjectTokens other) {
    double share = SubjectTokens.diceCoefficient(tokens, otherTokens);
    if (share < SOME_SHARED) {
      return false;
    }
    long own = Arrays.stream(tokens).filter(token -> !other.has(token)).count();
    long its = Arrays.stream(otherTokens).filter(token -> !one.has(token)).count();
    long marked = marked(tokens, one, other);
    long itsMarked = marked(otherTokens, other, one);
    return own > 0 && its > 0
        ? share > MOST_SHARED || marked > 0 && itsMarked > 0
        : share > MOST_SHARED && marked + itsMarked > 0;
  }

  private static long marked(long[] tokens, SubjectTokens own, SubjectTokens other) {
    return Arrays.stream(tokens)
        .filter(token -> !other.has(token) && SubjectTokens.has(own.marked(), token))
        .count();
  }
}
