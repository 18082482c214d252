package dev.lockstep.likeness;

import java.time.Duration;
import java.time.Instant;
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

  /** Sentences about one service share words and part by meaning. */
  private static final double MEANING = 5;

  private static final double MEANING_OF_NEIGHBOURS = 0.4;

  /** Among tickets of no common service the rare words say more; at a cosine of 0.9 it is equal. */
  private static final double MEANING_AFAR = 3;

  private static final double MEANING_OF_STRANGERS = 0.05;

  private static final double WORDS = 5;
  private static final double WORDS_ALONE = 8;
  private static final double FEW_WORDS_ALONE = -2.2;

  /** So much shared rarity counts half: two words in common are less than ten. */
  private static final double HALF_ENOUGH = 1;

  /** What the title alone adds to the words of the whole. */
  private static final double TITLE_SHARE = 0.4;

  private static final double OTHER_NAMES = -6;
  private static final double MENTIONED = 0.1;
  private static final double FAULT = 12;
  private static final double FAULT_FROM = 0.06;
  private static final double FAULT_AT_MOST = 0.2;
  private static final double FAULT_AT_LEAST = -0.03;

  /** Below this on {@link Report#fault} a text hardly reports a fault. */
  private static final double HARDLY_A_FAULT = 0.065;

  /** Points of embedding and words of a single fault that the outage around it may have caused. */
  private static final double SAYS_ALIKE = 1;

  /** Below this on {@link Report#outage} a text reports that one thing is wrong. */
  private static final double ONE_THING = 0.03;

  /** From this on an alert says that something fails, and not that it may. */
  private static final double FAILS = 0.12;

  /** So many points of embedding and words say that the two say the same. */
  private static final double SAYS_THE_SAME = 2;

  /** So many tickets about one service within an hour are an outage, whatever each says. */
  private static final int OUTAGE = 8;

  private static final double SAME_SERVICE = 4;
  private static final double NAMED_SERVICE = 3.7;
  private static final double OTHER_SERVICE = -2.5;
  private static final double SAME_CATEGORY = 0.5;
  private static final double OTHER_CATEGORY = -1.3;
  private static final double SAME_HOUR = 2.4;
  private static final double SAME_MONTH = 1;
  private static final double WAVE = 0.75;
  private static final int FULL_WAVE = 4;
  private static final int NAMED_AT_MOST = 8;

  /** What one service reports again on another day is another event, however alike its words. */
  private static final Duration SAME_EVENT = Duration.ofHours(12);

  /**
   * Among tickets of no common service, which are tasks as often as events: a weekend and a day.
   */
  private static final Duration SAME_TASK = Duration.ofDays(3);

  /** What comes again on another day at nearly the same time is a job that recurs. */
  private static final Duration SAME_TIME_OF_DAY = Duration.ofMinutes(90);

  /** Within this time a service has one outage rather than two. */
  private static final Duration OF_ONE_OUTAGE = Duration.ofHours(1);

  private static final Duration AT_ONCE = Duration.ofMinutes(15);

  /** From this share of equal tokens on two texts are made from one template. */
  private static final double MOST_SHARED = 0.5;

  /** From this on they are if both name something of their own. */
  private static final double SOME_SHARED = 0.33;

  /** With fewer words than this only a wave of tickets tells that it is one event. */
  private static final int ENOUGH_TO_GO_BY = 3;

  private static final int SEVERAL = 2;

  /** Below this on {@link Report#fault} a text asks for something. */
  private static final double REQUEST = -0.05;

  /** Titles that each lack so much of the other's rarity name something of their own. */
  private static final double NAME_OF_ITS_OWN = 0.5;

  /**
   * Where doubt is left, points beyond this count a twentieth: the order stays, and no sum of other
   * signals reaches the automatic threshold.
   */
  private static final double DOUBTFUL = 7;

  private static final double BEYOND_DOUBT = 0.05;

  /** By the count of a word; working them out anew was a third of the time. */
  private static final double[] LOGS = new double[Byte.MAX_VALUE + 1];

  static {
    Arrays.setAll(LOGS, Math::log);
  }

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
   * @param wave how many tickets about the same service were opened within an hour of the one that
   *     asks
   */
  Likeness likeness(Trace asked, Trace other, int wave) {
    List<Reason> reasons = new ArrayList<>();
    double cosine = cosine(asked.meaning(), other.meaning());
    boolean meant = !Double.isNaN(cosine);
    if (meant) {
      reasons.add(
          new Reason(
              Signal.MEANING,
              sameService(asked, other)
                  ? MEANING * (cosine - MEANING_OF_NEIGHBOURS)
                  : MEANING_AFAR * (cosine - MEANING_OF_STRANGERS),
              "meaning %d%% alike".formatted(Math.round(100 * cosine))));
    }
    reasons.add(words(asked.words(), other.words(), meant));
    fault(asked, other).ifPresent(reasons::add);
    service(asked, other).ifPresent(reasons::add);
    category(asked, other).ifPresent(reasons::add);
    reasons.add(time(asked, other, wave));
    doubt(asked, other, wave, reasons).ifPresent(reasons::add);
    reasons.removeIf(reason -> reason.points() == 0);
    return Likeness.of(
        reasons, oneTemplate(asked.subject(), other.subject()), outage(asked, other, wave));
  }

  /** {@link Likeness#outage} of the two. */
  private int outage(Trace asked, Trace other, int wave) {
    Duration apart = apart(asked.openedAt(), other.openedAt());
    boolean during =
        asked.report().isAlertOfOutage()
            && other.report().fault() > REQUEST
            && !other.report().alert()
            && sameService(asked, other)
            && apart.compareTo(OF_ONE_OUTAGE) <= 0
            && textDoubt(asked, other, wave).isEmpty();
    if (!during) {
      return 0;
    }
    return other.report().isOutage() && apart.compareTo(AT_ONCE) <= 0 ? SEVERAL : 1;
  }

  private static double sum(List<Reason> reasons) {
    return reasons.stream().mapToDouble(Reason::points).sum();
  }

  /** What an operator has to judge, however alike the two are. */
  private Optional<Reason> doubt(Trace asked, Trace other, int wave, List<Reason> reasons) {
    double points = sum(reasons);
    if (points <= DOUBTFUL) {
      return Optional.empty();
    }
    double less = (DOUBTFUL - points) * (1 - BEYOND_DOUBT);
    Duration apart = apart(asked.openedAt(), other.openedAt());
    if (isLater(apart, sameService(asked, other))) {
      return Optional.of(
          new Reason(Signal.TIME, less, words(apart) + " apart is too long to be surely the same"));
    }
    return textDoubt(asked, other, wave)
        .or(() -> faultDoubt(asked, other, wave, Likeness.textPoints(reasons)))
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

  private Optional<String> textDoubt(Trace asked, Trace other, int wave) {
    if (otherSubjects(asked.subject(), other.subject())) {
      return Optional.of("each names something that the other does not, in otherwise equal words");
    }
    if (asked.subject().numbersApart(other.subject())) {
      return Optional.of("the two number something differently");
    }
    if (asked.subject().answer() || other.subject().answer()) {
      return Optional.of("a title is that of a message which was answered or forwarded");
    }
    int informative = Math.min(asked.subject().informative(), other.subject().informative());
    if (informative == 0 || informative < ENOUGH_TO_GO_BY && wave < SEVERAL) {
      return Optional.of("too few words to be sure");
    }
    if (asked.subject().onlyShortTitleShared(other.subject())) {
      return Optional.of("only a short title is the same");
    }
    return !sameService(asked, other) && ownNames(asked.words(), other.words())
        ? Optional.of("each title names something that the other does not")
        : Optional.empty();
  }

  private Optional<String> faultDoubt(Trace asked, Trace other, int wave, double textPoints) {
    if (asked.meaning() == null || other.meaning() == null || !sameService(asked, other)) {
      return Optional.empty();
    }
    double least = Math.min(asked.report().fault(), other.report().fault());
    if (least < REQUEST) {
      return Optional.of("a request is that of one person");
    }
    double outage = Math.min(asked.report().outage(), other.report().outage());
    if (asked.report().alert()
        && other.report().alert()
        && outage < FAILS
        && asked.subject().fingerprint() != other.subject().fingerprint()) {
      return Optional.of("two alerts that say different things");
    }
    if (textPoints >= SAYS_THE_SAME) {
      return Optional.empty();
    }
    if (otherCategory(asked, other)) {
      return Optional.of("another category, and other words");
    }
    if (wave >= OUTAGE) {
      return Optional.empty();
    }
    if (textPoints < SAYS_ALIKE && asked.report().outage() < ONE_THING) {
      return Optional.of("reports one thing, in other words");
    }
    return least < HARDLY_A_FAULT ? Optional.of("one hardly reports a fault") : Optional.empty();
  }

  private static boolean otherCategory(Trace asked, Trace other) {
    return !asked.category().isEmpty()
        && !other.category().isEmpty()
        && !asked.category().equalsIgnoreCase(other.category());
  }

  /**
   * Whether both are made from one template and differ in what they are about. People who tell of
   * one event in their own words share few of them; texts that are mostly the same, and not quite,
   * have slots, and what differs fills them: a person, a host, a path, a place, a number.
   */
  private static boolean otherSubjects(SubjectTokens asked, SubjectTokens other) {
    return (differ(asked.title(), other.title(), asked, other)
            || differ(asked.all(), other.all(), asked, other))
        && asked.inOrderOf(other);
  }

  /** The same without any doubt: most is equal, and each has something of its own. */
  private static boolean oneTemplate(SubjectTokens asked, SubjectTokens other) {
    return SubjectTokens.share(asked.all(), other.all()) > MOST_SHARED
        && Arrays.stream(asked.all()).anyMatch(token -> !other.has(token))
        && Arrays.stream(other.all()).anyMatch(token -> !asked.has(token))
        && asked.inOrderOf(other);
  }

  private static boolean differ(
      long[] asked, long[] other, SubjectTokens askeds, SubjectTokens others) {
    double share = SubjectTokens.share(asked, other);
    if (share < SOME_SHARED) {
      return false;
    }
    long own = Arrays.stream(asked).filter(token -> !others.has(token)).count();
    long its = Arrays.stream(other).filter(token -> !askeds.has(token)).count();
    long marked = marked(asked, askeds, others);
    long itsMarked = marked(other, others, askeds);
    return own > 0 && its > 0
        ? share > MOST_SHARED || marked > 0 && itsMarked > 0
        : share > MOST_SHARED && marked + itsMarked > 0;
  }

  private static long marked(long[] tokens, SubjectTokens own, SubjectTokens other) {
    return Arrays.stream(tokens)
        .filter(token -> !other.has(token) && SubjectTokens.has(own.marked(), token))
        .count();
  }

  private boolean ownNames(Words asked, Words other) {
    return Math.min(own(asked, other), own(other, asked)) >= NAME_OF_ITS_OWN;
  }

  private double own(Words one, Words other) {
    return Arrays.stream(one.title())
        .filter(hash -> Arrays.binarySearch(other.title(), hash) < 0)
        .mapToDouble(rarity::of)
        .sum();
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
    double titleWords = sharedTitle(asked, other);
    double title = titleWords == 0 ? 0 : titleWords / (titleWords + apart(asked, other));
    double names = OTHER_NAMES * title * title * title * otherNames(asked, other);
    double sum = alike + TITLE_SHARE * title * titleWords / (titleWords + HALF_ENOUGH);
    double points = (meant ? WORDS * sum : FEW_WORDS_ALONE + WORDS_ALONE * sum) + names;
    String text =
        common.isEmpty() ? "no words in common" : "words in common: " + names(asked, common);
    return new Reason(
        Signal.WORDS,
        points,
        names < -MENTIONED ? text + "; but the titles name different things" : text);
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
    return (1 + LOGS[count]) * rare;
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

  private double sharedTitle(Words asked, Words other) {
    return Arrays.stream(asked.title())
        .filter(hash -> Arrays.binarySearch(other.title(), hash) >= 0)
        .mapToDouble(rarity::of)
        .sum();
  }

  /** A word that only one title has, but the other's description too, does not part them. */
  private double apart(Words asked, Words other) {
    return Math.max(lacking(asked, other), lacking(other, asked));
  }

  private double lacking(Words one, Words other) {
    return Arrays.stream(one.title())
        .filter(hash -> !other.has(hash))
        .mapToDouble(rarity::of)
        .sum();
  }

  /**
   * "Update X to 9.4.39" and "Update X to 9.4.44", "Move A to Z" and "Move B to Z" say nearly the
   * same and mean different things: each has a name or number of its own.
   */
  private double otherNames(Words asked, Words other) {
    boolean numbers =
        Arrays.stream(asked.numbers()).anyMatch(hash -> !other.has(hash))
            && Arrays.stream(other.numbers()).anyMatch(hash -> !asked.has(hash));
    return numbers ? 1 : Math.min(1, Math.min(lacking(asked, other), lacking(other, asked)));
  }

  private static Optional<Reason> service(Trace asked, Trace other) {
    boolean both = !asked.service().isEmpty() && !other.service().isEmpty();
    if (sameService(asked, other)) {
      return Optional.of(
          both
              ? new Reason(Signal.SERVICE, SAME_SERVICE, "same service: " + asked.service())
              : new Reason(Signal.SERVICE, NAMED_SERVICE, "one names the service of the other"));
    }
    return both
        ? Optional.of(new Reason(Signal.SERVICE, OTHER_SERVICE, "another service"))
        : Optional.empty();
  }

  /**
   * Whether a ticket that has no service speaks of that of the other; a single word, such as
   * "mail", is often said of something else, so it must be in the title.
   */
  private static boolean namesService(Trace one, Trace other) {
    long[] name = other.serviceWords();
    return one.service().isEmpty()
        && one.words().hasAll(name)
        && (name.length > 1 || Arrays.binarySearch(one.words().title(), name[0]) >= 0);
  }

  /**
   * Tickets about one service at one time are one event the likelier, the more both tell of faults.
   */
  private Optional<Reason> fault(Trace asked, Trace other) {
    if (!sameService(asked, other) || asked.meaning() == null || other.meaning() == null) {
      return Optional.empty();
    }
    double least = Math.min(asked.report().fault(), other.report().fault());
    double points = FAULT * Math.max(FAULT_AT_LEAST, Math.min(FAULT_AT_MOST, least - FAULT_FROM));
    return Optional.of(
        new Reason(
            Signal.FAULT,
            points,
            points > 0 ? "both report a fault" : "one hardly reports a fault"));
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

  /** Minutes say much during an outage of one service, and nothing among strangers. */
  private static Reason time(Trace asked, Trace other, int wave) {
    Duration apart = apart(asked.openedAt(), other.openedAt());
    double hours = apart.toSeconds() / 3600.0;
    double points = SAME_MONTH / (1 + hours / 720);
    String text = "opened " + words(apart) + " apart";
    if (!sameService(asked, other)) {
      return new Reason(Signal.TIME, points, text);
    }
    points += SAME_HOUR / (1 + hours);
    if (wave < 2 || hours > 2) {
      return new Reason(Signal.TIME, points, text);
    }
    int seen = Math.min(wave, FULL_WAVE);
    return new Reason(
        Signal.TIME,
        points + WAVE * seen / FULL_WAVE,
        "%s, with %s%d about this service within an hour"
            .formatted(text, wave > seen ? "more than " : "", seen));
  }

  private static boolean sameService(Trace one, Trace other) {
    return one.service().isEmpty() || other.service().isEmpty()
        ? namesService(one, other) || namesService(other, one)
        : one.service().equalsIgnoreCase(other.service());
  }

  private static Duration apart(Instant one, Instant other) {
    return Duration.between(one, other).abs();
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
