package dev.lockstep.similarity;

import java.util.Arrays;

/**
 * Whether two texts are made from one template and differ in what they are about. People who tell
 * of one event in their own words share few of them; texts that are mostly the same, and not quite,
 * have slots, and what differs fills them: a person, a host, a path, a place, a number.
 */
final class TemplateDetector {
  /** From this share of equal tokens on two texts are made from one template. */
  private static final double MOST_SHARED = 0.5;

  /** From this on they are if both name something of their own. */
  private static final double SOME_SHARED = 0.33;

  private TemplateDetector() {}

  static boolean isLikely(SubjectTokens one, SubjectTokens other) {
    return (differ(one.title(), other.title(), one, other)
            || differ(one.all(), other.all(), one, other))
        && one.hasSameOrderAs(other);
  }

  /** The same without any doubt: most is equal, and each has something of its own. */
  static boolean isCertain(SubjectTokens one, SubjectTokens other) {
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
