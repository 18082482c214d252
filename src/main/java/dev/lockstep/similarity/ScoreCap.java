package dev.lockstep.similarity;

import dev.lockstep.similarity.text.InverseDocumentFrequency;
import dev.lockstep.similarity.text.TemplateDetector;
import dev.lockstep.similarity.text.TermVector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Caps the score of tickets that an operator must judge, however similar they are. If one of the
 * conditions holds, points above {@link #CAP} count a twentieth: the order is preserved, and no sum
 * of other signals reaches the automatic threshold.
 */
final class ScoreCap {
  private static final double CAP = 7;
  private static final double WEIGHT_ABOVE_CAP = 0.05;

  /** The same report of one service on another day is another event, however similar its words. */
  private static final Duration SAME_EVENT = Duration.ofHours(12);

  /**
   * For tickets without a common service, which are tasks as often as events: a weekend and a day.
   */
  private static final Duration SAME_TASK = Duration.ofDays(3);

  /** A report on another day at nearly the same time is a recurring job. */
  private static final Duration SAME_TIME_OF_DAY = Duration.ofMinutes(90);

  /** With fewer words than this, only a burst of tickets indicates one event. */
  private static final int ENOUGH_TO_GO_BY = 3;

  private static final int BURST = 2;

  /** Below this value of {@link ReportKind#fault}, a text is a request. */
  private static final double REQUEST = -0.05;

  /** From this value of {@link ReportKind#outage}, an alert reports a failure and not a risk. */
  private static final double FAILS = 0.12;

  /** Titles that each lack this much of the other's rarity have different subjects. */
  private static final double NAME_OF_ITS_OWN = 0.5;

  private final InverseDocumentFrequency idf;

  ScoreCap(InverseDocumentFrequency idf) {
    this.idf = idf;
  }

  /**
   * @param burst the number of tickets about the same service opened within an hour
   * @param points the points without the cap
   */
  Optional<Reason> findFor(TicketFeatures query, TicketFeatures other, int burst, double points) {
    if (points <= CAP) {
      return Optional.empty();
    }
    double less = (CAP - points) * (1 - WEIGHT_ABOVE_CAP);
    Duration apart = query.timeBetween(other);
    if (isLater(apart, query.isSameService(other))) {
      return Optional.of(
          new Reason(
              Signal.TIME,
              less,
              Scorer.formatDuration(apart) + " apart is too long to be surely the same"));
    }
    return ofSubject(query, other, burst)
        .or(() -> ofReport(query, other))
        .map(text -> new Reason(Signal.WORDS, less, text));
  }

  private static boolean isLater(Duration apart, boolean sameService) {
    if (apart.compareTo(SAME_EVENT) <= 0) {
      return false;
    }
    long off = apart.toMinutes() % Duration.ofDays(1).toMinutes();
    boolean recurs =
        Math.min(off, Duration.ofDays(1).toMinutes() - off) <= SAME_TIME_OF_DAY.toMinutes();
    return sameService || recurs || apart.compareTo(SAME_TASK) > 0;
  }

  private Optional<String> ofSubject(TicketFeatures query, TicketFeatures other, int burst) {
    if (TemplateDetector.isLikely(query.subject(), other.subject())) {
      return Optional.of("each names something that the other does not, in otherwise equal words");
    }
    if (query.subject().hasDifferentNumbers(other.subject())) {
      return Optional.of("the two number something differently");
    }
    if (query.subject().reply() || other.subject().reply()) {
      return Optional.of("a title is that of a message which was answered or forwarded");
    }
    int informative = Math.min(query.subject().informative(), other.subject().informative());
    if (informative == 0 || informative < ENOUGH_TO_GO_BY && burst < BURST) {
      return Optional.of("too few words to be sure");
    }
    if (query.subject().sharesOnlyShortTitle(other.subject())) {
      return Optional.of("only a short title is the same");
    }
    return !query.isSameService(other) && ownNames(query.words(), other.words())
        ? Optional.of("each title names something that the other does not")
        : Optional.empty();
  }

  private static Optional<String> ofReport(TicketFeatures query, TicketFeatures other) {
    if (!query.isSameService(other)) {
      return Optional.empty();
    }
    ReportKind one = query.report();
    ReportKind its = other.report();
    if (Math.min(one.fault(), its.fault()) < REQUEST) {
      return Optional.of("a request is that of one person");
    }
    return one.alert()
            && its.alert()
            && Math.min(one.outage(), its.outage()) < FAILS
            && query.subject().fingerprint() != other.subject().fingerprint()
        ? Optional.of("two alerts that say different things")
        : Optional.empty();
  }

  private boolean ownNames(TermVector query, TermVector other) {
    return Math.min(own(query, other), own(other, query)) >= NAME_OF_ITS_OWN;
  }

  private double own(TermVector one, TermVector other) {
    return Arrays.stream(one.title())
        .filter(hash -> Arrays.binarySearch(other.title(), hash) < 0)
        .mapToDouble(idf::weight)
        .sum();
  }
}
