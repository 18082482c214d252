package dev.lockstep.similarity;

import dev.lockstep.similarity.text.InverseDocumentFrequency;
import dev.lockstep.similarity.text.TemplateDetector;
import dev.lockstep.similarity.text.TermVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores the similarity of two tickets. The score is the logistic function of {@link #START} and
 * all points: 1 / (1 + e^-(START + points)). A reason never quotes a word that only one of the
 * tickets contains, since its readers may not be allowed to see both.
 */
public final class Scorer {
  /** The prior: two arbitrary tickets are rarely about the same event. */
  public static final double START = -5.5;

  /** For one service, where the words are shared and the embedding separates the subjects. */
  private static final double EMBEDDING = 5;

  private static final double SAME_SERVICE_BASELINE = 0.4;

  /**
   * For tickets without a common service, where rare words are more significant; equal at a cosine
   * of 0.9.
   */
  private static final double EMBEDDING_OTHER_SERVICE = 3;

  private static final double OTHER_SERVICE_BASELINE = 0.05;

  private static final double WORDS = 5;
  private static final double WORDS_ALONE = 8;
  private static final double FEW_WORDS_ALONE = -2.2;

  /** The shared rarity that counts half: two words in common are weaker than ten. */
  private static final double HALF_ENOUGH = 1;

  /** The weight of the title in addition to its words in the whole text. */
  private static final double TITLE_SHARE = 0.4;

  private static final double OTHER_NAMES = -6;
  private static final double MENTIONED = 0.1;
  private static final double FAULT = 12;
  private static final double FAULT_FROM = 0.06;
  private static final double FAULT_AT_MOST = 0.2;
  private static final double FAULT_AT_LEAST = -0.03;

  /** The evidence that both report an outage, in addition to that of the texts. */
  private static final double BOTH_AN_OUTAGE = 5;

  private static final double SAME_SERVICE = 4;
  private static final double NAMED_SERVICE = 3.7;
  private static final double OTHER_SERVICE = -2.5;
  private static final double SAME_CATEGORY = 0.5;
  private static final double OTHER_CATEGORY = -1.3;
  private static final double SAME_HOUR = 2.4;
  private static final double SAME_MONTH = 1;
  private static final double BURST = 0.75;
  private static final int FULL_BURST = 4;
  private static final int NAMED_AT_MOST = 8;

  /** Logarithms by word count; computing them each time took a third of the time. */
  private static final double[] LOGS = new double[Byte.MAX_VALUE + 1];

  static {
    Arrays.setAll(LOGS, Math::log);
  }

  private final InverseDocumentFrequency idf;
  private final ScoreCap cap;

  Scorer(InverseDocumentFrequency idf) {
    this.idf = idf;
    this.cap = new ScoreCap(idf);
  }

  /** Converts a sum of points, without {@link #START}, to a score. */
  public static double score(double points) {
    return 1 / (1 + Math.exp(-(START + points)));
  }

  /**
   * @param query including the names of its words
   * @param burst the number of tickets about the same service opened within an hour of the query
   */
  Similarity compare(TicketFeatures query, TicketFeatures other, int burst) {
    List<Reason> reasons = new ArrayList<>();
    double cosine = cosine(query.embedding(), other.embedding());
    boolean embedded = !Double.isNaN(cosine);
    if (embedded) {
      reasons.add(embeddingReason(cosine, query.isSameService(other)));
    }
    reasons.add(wordsReason(query.words(), other.words(), embedded));
    double evidence = sum(reasons) + BOTH_AN_OUTAGE * query.report().outageOfBoth(other.report());
    faultReason(query, other).ifPresent(reasons::add);
    serviceReason(query, other).ifPresent(reasons::add);
    categoryReason(query, other).ifPresent(reasons::add);
    reasons.add(timeReason(query, other, burst));
    cap.findFor(query, other, burst, sum(reasons)).ifPresent(reasons::add);
    reasons.removeIf(reason -> reason.points() == 0);
    return Similarity.of(
        reasons, TemplateDetector.isCertain(query.subject(), other.subject()), evidence);
  }

  private static double sum(List<Reason> reasons) {
    return reasons.stream().mapToDouble(Reason::points).sum();
  }

  private static Reason embeddingReason(double cosine, boolean sameService) {
    return new Reason(
        Signal.EMBEDDING,
        sameService
            ? EMBEDDING * (cosine - SAME_SERVICE_BASELINE)
            : EMBEDDING_OTHER_SERVICE * (cosine - OTHER_SERVICE_BASELINE),
        "semantic similarity %d%%".formatted(Math.round(100 * cosine)));
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

  private Reason wordsReason(TermVector query, TermVector other, boolean embedded) {
    double shared = 0;
    double enough = 0;
    double own = 0;
    List<Integer> common = new ArrayList<>();
    int there = 0;
    for (int i = 0; i < query.size(); i++) {
      long hash = query.hashes()[i];
      double rare = idf.weight(hash);
      double weight = weight(query.counts()[i], rare);
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
    double wordSimilarity =
        shared == 0
            ? 0
            : Math.min(1, shared / Math.sqrt(own * square(other)))
                * enough
                / (enough + HALF_ENOUGH);
    double titleWords = sharedTitle(query, other);
    double title = titleWords == 0 ? 0 : titleWords / (titleWords + apart(query, other));
    double names = OTHER_NAMES * title * title * title * otherNames(query, other);
    double sum = wordSimilarity + TITLE_SHARE * title * titleWords / (titleWords + HALF_ENOUGH);
    double points = (embedded ? WORDS * sum : FEW_WORDS_ALONE + WORDS_ALONE * sum) + names;
    String text =
        common.isEmpty() ? "no words in common" : "words in common: " + names(query, common);
    return new Reason(
        Signal.WORDS,
        points,
        names < -MENTIONED ? text + "; but the titles name different things" : text);
  }

  private double square(TermVector words) {
    double sum = 0;
    for (int i = 0; i < words.size(); i++) {
      double weight = weight(words.counts()[i], idf.weight(words.hashes()[i]));
      sum += weight * weight;
    }
    return sum;
  }

  private static double weight(int count, double rare) {
    return (1 + LOGS[count]) * rare;
  }

  /** The rarest first. */
  private String names(TermVector query, List<Integer> common) {
    return String.join(
        ", ",
        common.stream()
            .sorted(Comparator.comparingDouble(i -> -idf.weight(query.hashes()[i])))
            .limit(NAMED_AT_MOST)
            .map(i -> query.names().get(i))
            .toList());
  }

  private double sharedTitle(TermVector query, TermVector other) {
    return Arrays.stream(query.title())
        .filter(hash -> Arrays.binarySearch(other.title(), hash) >= 0)
        .mapToDouble(idf::weight)
        .sum();
  }

  /**
   * The rarity of the words that separate the titles. A word of one title that is in the other's
   * description does not count.
   */
  private double apart(TermVector query, TermVector other) {
    return Math.max(lacking(query, other), lacking(other, query));
  }

  private double lacking(TermVector one, TermVector other) {
    return Arrays.stream(one.title())
        .filter(hash -> !other.has(hash))
        .mapToDouble(idf::weight)
        .sum();
  }

  /**
   * Whether the titles name different things, from 0 to 1. "Update X to 9.4.39" and "Update X to
   * 9.4.44", or "Move A to Z" and "Move B to Z", have nearly equal words and different subjects.
   */
  private double otherNames(TermVector query, TermVector other) {
    boolean numbers =
        Arrays.stream(query.numbers()).anyMatch(hash -> !other.has(hash))
            && Arrays.stream(other.numbers()).anyMatch(hash -> !query.has(hash));
    return numbers ? 1 : Math.min(1, Math.min(lacking(query, other), lacking(other, query)));
  }

  private static Optional<Reason> serviceReason(TicketFeatures query, TicketFeatures other) {
    boolean both = !query.service().isEmpty() && !other.service().isEmpty();
    if (query.isSameService(other)) {
      return Optional.of(
          both
              ? new Reason(Signal.SERVICE, SAME_SERVICE, "same service: " + query.service())
              : new Reason(Signal.SERVICE, NAMED_SERVICE, "one names the service of the other"));
    }
    return both
        ? Optional.of(new Reason(Signal.SERVICE, OTHER_SERVICE, "another service"))
        : Optional.empty();
  }

  /**
   * Tickets about one service at one time are the more likely one event, the more clearly both
   * report a fault.
   */
  private Optional<Reason> faultReason(TicketFeatures query, TicketFeatures other) {
    if (!query.isSameService(other) || query.embedding() == null || other.embedding() == null) {
      return Optional.empty();
    }
    double least = Math.min(query.report().fault(), other.report().fault());
    double points = FAULT * Math.max(FAULT_AT_LEAST, Math.min(FAULT_AT_MOST, least - FAULT_FROM));
    return Optional.of(
        new Reason(
            Signal.FAULT,
            points,
            points > 0 ? "both report a fault" : "one hardly reports a fault"));
  }

  private static Optional<Reason> categoryReason(TicketFeatures query, TicketFeatures other) {
    if (query.category().isEmpty() || other.category().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        query.category().equalsIgnoreCase(other.category())
            ? new Reason(Signal.CATEGORY, SAME_CATEGORY, "same category: " + query.category())
            : new Reason(Signal.CATEGORY, OTHER_CATEGORY, "another category"));
  }

  /** Minutes are significant during an outage of one service, and not between unrelated tickets. */
  private static Reason timeReason(TicketFeatures query, TicketFeatures other, int burst) {
    Duration apart = query.timeBetween(other);
    double hours = apart.toSeconds() / 3600.0;
    double points = SAME_MONTH / (1 + hours / 720);
    String text = "opened " + formatDuration(apart) + " apart";
    if (!query.isSameService(other)) {
      return new Reason(Signal.TIME, points, text);
    }
    points += SAME_HOUR / (1 + hours);
    if (burst < 2 || hours > 2) {
      return new Reason(Signal.TIME, points, text);
    }
    int seen = Math.min(burst, FULL_BURST);
    return new Reason(
        Signal.TIME,
        points + BURST * seen / FULL_BURST,
        "%s, with %s%d about this service within an hour"
            .formatted(text, burst > seen ? "more than " : "", seen));
  }

  static String formatDuration(Duration apart) {
    if (apart.toMinutes() < 120) {
      return apart.toMinutes() == 1 ? "1 minute" : apart.toMinutes() + " minutes";
    }
    return apart.toHours() < 48
        ? apart.toHours() + " hours"
        : String.format(Locale.ROOT, "%d days", apart.toDays());
  }
}
