package dev.lockstep.likeness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weighs what speaks for and against two tickets being about the same. The score is the logistic
 * function of {@link #START} and all points: 1 / (1 + e^-(START + points)). A reason never says a
 * word of a ticket that the other lacks: who may see one of them may not be allowed to see both.
 */
public final class Scorer {
  /** Two tickets of which nothing is known are hardly ever about the same. */
  public static final double START = -5.5;

  private static final double MEANING = 5;

  /** Sentences of one trade are a little alike whatever they say. */
  private static final double MEANING_OF_STRANGERS = 0.4;

  private static final double WORDS = 4;
  private static final double WORDS_ALONE = 7.5;
  private static final double FEW_WORDS_ALONE = -2.2;

  /** So much shared rarity counts half: two words in common are less than ten. */
  private static final double HALF_ENOUGH = 2;

  private static final double OTHER_NUMBERS = -1.5;
  private static final double SAME_SERVICE = 3.5;
  private static final double NAMED_SERVICE = 2.6;
  private static final double OTHER_SERVICE = -2.5;
  private static final double SAME_CATEGORY = 0.5;
  private static final double OTHER_CATEGORY = -1;
  private static final double SAME_HOUR = 2.4;
  private static final double SAME_MONTH = 1;
  private static final double WAVE = 1.2;
  private static final int FULL_WAVE = 5;
  private static final int NAMED_AT_MOST = 8;

  private final Rarity rarity;

  Scorer(Rarity rarity) {
    this.rarity = rarity;
  }

  /** The score that a sum of points, without {@link #START}, makes. */
  public static double score(double points) {
    return 1 / (1 + Math.exp(-(START + points)));
  }

  /**
   * @param asked with the names of its words
   * @param wave how many tickets about the same service were opened within half an hour of the one
   *     that asks
   */
  Likeness likeness(Trace asked, Trace other, int wave) {
    List<Reason> reasons = new ArrayList<>();
    double cosine = cosine(asked.meaning(), other.meaning());
    boolean meant = !Double.isNaN(cosine);
    if (meant) {
      reasons.add(
          new Reason(
              Signal.MEANING,
              MEANING * (cosine - MEANING_OF_STRANGERS),
              "meaning %d%% alike".formatted(Math.round(100 * cosine))));
    }
    reasons.add(words(asked.words(), other.words(), meant));
    service(asked, other).ifPresent(reasons::add);
    category(asked, other).ifPresent(reasons::add);
    reasons.add(time(asked, other, wave));
    reasons.removeIf(reason -> reason.points() == 0);
    reasons.sort(Comparator.comparingDouble((Reason reason) -> -Math.abs(reason.points())));
    return new Likeness(score(reasons.stream().mapToDouble(Reason::points).sum()), reasons);
  }

  private static double cosine(float @Nullable [] a, float @Nullable [] b) {
    if (a == null || b == null || a.length != b.length) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return Math.max(0, Math.min(1, sum));
  }

  private Reason words(Words asked, Words other, boolean meant) {
    double shared = 0;
    double enough = 0;
    double own = 0;
    List<Integer> common = new ArrayList<>();
    int there = 0;
    for (int i = 0; i < asked.size(); i++) {
      long hash = asked.hashes()[i];
      double rare = rarity.of(hash);
      double weight = weight(asked.counts()[i], rare);
      own += weight * weight;
      while (there < other.size() && other.hashes()[there] < hash) {
        there++;
      }
      if (there < other.size() && other.hashes()[there] == hash) {
        shared += weight * weight(other.counts()[there], rare);
        enough += rare;
        common.add(i);
      }
    }
    double alike =
        shared == 0
            ? 0
            : Math.min(1, shared / Math.sqrt(own * square(other)))
                * enough
                / (enough + HALF_ENOUGH);
    double numbers = otherNumbers(asked, other);
    double points = (meant ? WORDS * alike : FEW_WORDS_ALONE + WORDS_ALONE * alike) + numbers;
    String text =
        common.isEmpty() ? "no words in common" : "words in common: " + names(asked, common);
    return new Reason(
        Signal.WORDS, points, numbers < 0 ? text + "; but the titles name other numbers" : text);
  }

  private double square(Words words) {
    double sum = 0;
    for (int i = 0; i < words.size(); i++) {
      double weight = weight(words.counts()[i], rarity.of(words.hashes()[i]));
      sum += weight * weight;
    }
    return sum;
  }

  private static double weight(int count, double rare) {
    return (1 + Math.log(count)) * rare;
  }

  /** The rarest first. */
  private String names(Words asked, List<Integer> common) {
    return String.join(
        ", ",
        common.stream()
            .sorted(Comparator.comparingDouble(i -> -rarity.of(asked.hashes()[i])))
            .limit(NAMED_AT_MOST)
            .map(i -> asked.names().get(i))
            .toList());
  }

  /** "Update X to 9.4.39" and "Update X to 9.4.44" say nearly the same and mean another thing. */
  private double otherNumbers(Words asked, Words other) {
    if (other.hasAll(asked.numbers())
        || asked.hasAll(other.numbers())
        || asked.numbers().length == 0
        || other.numbers().length == 0) {
      return 0;
    }
    double both = 0;
    double either = 0;
    for (long hash : asked.title()) {
      both += Arrays.binarySearch(other.title(), hash) < 0 ? 0 : rarity.of(hash);
      either += rarity.of(hash);
    }
    for (long hash : other.title()) {
      either += Arrays.binarySearch(asked.title(), hash) < 0 ? rarity.of(hash) : 0;
    }
    return OTHER_NUMBERS * both / either;
  }

  private static Optional<Reason> service(Trace asked, Trace other) {
    if (asked.service().isEmpty() || other.service().isEmpty()) {
      return namesService(asked, other) || namesService(other, asked)
          ? Optional.of(
              new Reason(Signal.SERVICE, NAMED_SERVICE, "one names the service of the other"))
          : Optional.empty();
    }
    return Optional.of(
        asked.service().equalsIgnoreCase(other.service())
            ? new Reason(Signal.SERVICE, SAME_SERVICE, "same service: " + asked.service())
            : new Reason(Signal.SERVICE, OTHER_SERVICE, "another service"));
  }

  /** Whether a ticket that has no service speaks of that of the other. */
  private static boolean namesService(Trace one, Trace other) {
    return one.service().isEmpty() && one.words().hasAll(other.serviceWords());
  }

  private static Optional<Reason> category(Trace asked, Trace other) {
    if (asked.category().isEmpty() || other.category().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        asked.category().equalsIgnoreCase(other.category())
            ? new Reason(Signal.CATEGORY, SAME_CATEGORY, "same category: " + asked.category())
            : new Reason(Signal.CATEGORY, OTHER_CATEGORY, "another category"));
  }

  private static Reason time(Trace asked, Trace other, int wave) {
    Duration apart = Duration.between(asked.openedAt(), other.openedAt()).abs();
    double minutes = apart.toSeconds() / 60.0;
    double points = SAME_HOUR / (1 + minutes / 60) + SAME_MONTH / (1 + minutes / 43_200);
    boolean waving =
        wave > 1
            && minutes < 120
            && !other.service().isEmpty()
            && (asked.service().equalsIgnoreCase(other.service()) || namesService(asked, other));
    if (!waving) {
      return new Reason(Signal.TIME, points, "opened " + words(apart) + " apart");
    }
    return new Reason(
        Signal.TIME,
        points + WAVE * Math.min(wave, FULL_WAVE) / FULL_WAVE,
        "opened %s apart, with %s%d about this service within half an hour"
            .formatted(words(apart), wave >= FULL_WAVE ? "at least " : "", Math.min(wave, 5)));
  }

  private static String words(Duration apart) {
    if (apart.toMinutes() < 120) {
      return apart.toMinutes() == 1 ? "1 minute" : apart.toMinutes() + " minutes";
    }
    return apart.toHours() < 48
        ? apart.toHours() + " hours"
        : String.format(Locale.ROOT, "%d days", apart.toDays());
  }
}
