package dev.lockstep.similarity;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;

/**
 * The tokens of a ticket that say what it is about, by hash and in order. Other than {@link
 * TermVector} they keep identifiers whole: {@code web-07.example.com} is one token.
 *
 * @param title those of the title
 * @param all those of title and description
 * @param ordered the same, in the order in which they first come
 * @param marked those of them that are identifiers (a digit, a path, an address) or are written
 *     like names
 * @param numbered for what is numbered, such as {@code floor 2} or {@code app-srv-14}: what (the
 *     upper half of the number) and which of it (the lower half)
 * @param informative how many say more than that something is wrong
 * @param answer whether the title is that of a message it answers
 * @param fingerprint of all tokens in the order of the text
 */
record SubjectTokens(
    long[] title,
    long[] all,
    long[] ordered,
    long[] marked,
    long[] numbered,
    int informative,
    boolean reply,
    long fingerprint) {

  /** A word that a slot happens to have in common may be out of order. */
  private static final double IN_ORDER = 0.9;

  /** Two or three words are in one order by chance, or out of it. */
  private static final int ENOUGH_FOR_ORDER = 4;

  private static final int SHORT_TITLE = 2;

  private static final Pattern TOKEN =
      Pattern.compile(
          "[\\p{L}\\p{N}\\p{M}]{1,80}(?:[-._/:@\\\\+]{1,3}[\\p{L}\\p{N}\\p{M}]{1,80}){0,12}");

  private static final Pattern IDENTIFIER =
      Pattern.compile(".*(?:\\p{N}|[@/\\\\_]|\\w\\.\\w|\\w:\\w).*");

  /** {@code app-srv-14}: a name and a number. */
  private static final Pattern NUMBERED_NAME =
      Pattern.compile("(\\p{L}[^\\p{N}]{0,40}?)(\\p{N}{1,8})");

  private static final Pattern BARE_NUMBER = Pattern.compile("\\p{N}[\\p{N}.,/-]{0,20}");

  /** Like 3.14: which of something, though nothing says of what. */
  private static final Pattern NUMBER_IN_PARTS = Pattern.compile("\\p{N}{1,3}[.]\\p{N}{1,4}");

  private static final Pattern SENTENCE_END = Pattern.compile(".*[.!?:\\n].*", Pattern.DOTALL);

  /** Words that say that there is something, and not what. */
  private static final CharArraySet GENERIC =
      new CharArraySet(
          List.of(
              ("alert alarm alarme alerta alerte attached attachment above below bitte bonjour call"
                   + " case contact critical day dear detail email erreur error erro everyone event"
                   + " failure fault fehler fw fwd guten hallo hello help hi hilfe hola important"
                   + " incident incidente info information issue mail message new news notification"
                   + " ola panne please problem problema probleme problème question re report"
                   + " request requete requête salut screenshot see service some someone something"
                   + " störung subject support system test ticket title today trouble unknown"
                   + " urgent urgently urgente warning need needed help assist assistance aide"
                   + " ayuda ajuda aiuto errore avviso segnalazione frage problemi dringend"
                   + " critical major minor firing resolved ok thanks thank merci danke gracias"
                   + " obrigado no not none there 障害 問題 エラー 至急 help")
                  .split(" ")),
          true);

  static SubjectTokens of(PreparedTicket.Subject subject, String service) {
    Builder builder = new Builder(service);
    builder.read(subject.title());
    long[] title = sorted(builder.all);
    builder.read("\n" + subject.description());
    return new SubjectTokens(
        title,
        sorted(builder.all),
        builder.all.stream().mapToLong(Long::longValue).toArray(),
        sorted(builder.marked),
        sorted(builder.numbered),
        builder.informative.size(),
        subject.reply(),
        builder.fingerprint);
  }

  private static long[] sorted(Set<Long> hashes) {
    return hashes.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /** How much of two texts is the same, from 0 to 1 (Dice's measure). */
  static double diceCoefficient(long[] one, long[] other) {
    if (one.length + other.length == 0) {
      return 0;
    }
    long common = Arrays.stream(one).filter(hash -> has(other, hash)).count();
    return 2.0 * common / (one.length + other.length);
  }

  /**
   * Whether what is equal comes in one order. What people write about one event is equal in some
   * words, and each has an order of its own; a template has one.
   */
  boolean hasSameOrderAs(SubjectTokens other) {
    Map<Long, Integer> places = new HashMap<>();
    for (long token : other.ordered) {
      places.put(token, places.size());
    }
    // The length of the longest rising sequence of places is how many are in order.
    TreeSet<Integer> rising = new TreeSet<>();
    int common = 0;
    for (long token : ordered) {
      Integer place = places.get(token);
      if (place != null) {
        common++;
        Integer replaced = rising.higher(place);
        if (replaced != null) {
          rising.remove(replaced);
        }
        rising.add(place);
      }
    }
    return common < ENOUGH_FOR_ORDER || rising.size() >= IN_ORDER * common;
  }

  /** Whether a title of a word or two is all that they have in common, and one says more. */
  boolean sharesOnlyShortTitle(SubjectTokens other) {
    return title.length <= SHORT_TITLE
        && Arrays.equals(title, other.title)
        && Math.max(all.length, other.all.length) > title.length
        && Arrays.stream(all).filter(other::has).count() == title.length;
  }

  static boolean has(long[] sorted, long hash) {
    return Arrays.binarySearch(sorted, hash) >= 0;
  }

  boolean has(long token) {
    return has(all, token);
  }

  /** Whether one numbers something that the other has another number for, and none the same. */
  boolean hasDifferentNumbers(SubjectTokens other) {
    Map<Long, Boolean> same = new HashMap<>();
    for (long mine : numbered) {
      for (long its : other.numbered) {
        if (mine >>> 32 == its >>> 32) {
          same.merge(mine >>> 32, mine == its, Boolean::logicalOr);
        }
      }
    }
    return same.containsValue(false);
  }

  private static final class Builder {
    private final Set<Long> service = new HashSet<>();
    private final Set<Long> all = new LinkedHashSet<>();
    private final Set<Long> marked = new HashSet<>();
    private final Set<Long> numbered = new HashSet<>();
    private final Set<Long> informative = new HashSet<>();
    private long fingerprint;

    Builder(String service) {
      Matcher token = TOKEN.matcher(service);
      while (token.find()) {
        this.service.add(hash(stem(token.group())));
      }
    }

    void read(String text) {
      boolean capitals = mostlyCapitals(text);
      Matcher token = TOKEN.matcher(text);
      int end = 0;
      String before = "";
      while (token.find()) {
        String between = text.substring(end, token.start());
        boolean begins = end == 0 || SENTENCE_END.matcher(between).matches();
        end = token.end();
        String word = token.group();
        String stem = stem(word);
        if (begins) {
          before = "";
        }
        if (!WordAnalyzer.isStopWord(stem) || stem.length() == 1 && !stem.matches("[ai]")) {
          add(word, stem, before, begins || capitals);
          before = stem;
        }
      }
    }

    private void add(String word, String stem, String before, boolean mayBeCapital) {
      long hash = hash(stem);
      fingerprint = fingerprint * 31 + hash;
      boolean identifier = IDENTIFIER.matcher(word).matches();
      if (service.contains(hash)) {
        return;
      }
      all.add(hash);
      if (identifier || !mayBeCapital && Character.isUpperCase(word.codePointAt(0))) {
        marked.add(hash);
      }
      if (!GENERIC.contains(stem)) {
        informative.add(hash);
      }
      number(word, stem, before);
    }

    private void number(String word, String stem, String before) {
      Matcher name = NUMBERED_NAME.matcher(stem);
      if (name.matches()) {
        numbered.add(pair(name.group(1), name.group(2)));
      } else if (NUMBER_IN_PARTS.matcher(word).matches()) {
        numbered.add(pair("9.9", stem));
      } else if (!before.isEmpty() && BARE_NUMBER.matcher(word).matches()) {
        numbered.add(pair(before, stem));
      }
    }

    private static long pair(String what, String which) {
      return hash(what) << 32 | hash(which) & 0xffffffffL;
    }

    private static boolean mostlyCapitals(String text) {
      long words = 0;
      long capitals = 0;
      Matcher token = TOKEN.matcher(text);
      while (token.find()) {
        words++;
        capitals += Character.isUpperCase(token.group().codePointAt(0)) ? 1 : 0;
      }
      return capitals * 4 > words * 3;
    }

    private static String stem(String word) {
      String plain = Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
      return plain.length() > 3 && plain.endsWith("s") && !plain.endsWith("ss")
          ? plain.substring(0, plain.length() - 1)
          : plain;
    }

    private static long hash(String word) {
      return TermVector.hash(word);
    }
  }
}
