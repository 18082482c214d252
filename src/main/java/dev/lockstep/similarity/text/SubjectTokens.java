package dev.lockstep.similarity.text;

import dev.lockstep.similarity.PreparedTicket;
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
 * The tokens that identify the subject of a ticket, by hash. Unlike {@link TermVector}, identifiers
 * are kept whole: {@code web-07.example.com} is one token.
 *
 * @param title the tokens of the title
 * @param all the tokens of title and description
 * @param ordered the same, in order of first occurrence
 * @param marked those that are identifiers (a digit, a path, an address) or capitalized like names
 * @param numbered numbered things, such as {@code floor 2} or {@code app-srv-14}: the thing in the
 *     upper half of the value, its number in the lower half
 * @param informative the number of tokens that are not generic words for a problem
 * @param reply whether the title is that of a reply or forwarded message
 * @param fingerprint of all tokens in text order
 */
public record SubjectTokens(
    long[] title,
    long[] all,
    long[] ordered,
    long[] marked,
    long[] numbered,
    int informative,
    boolean reply,
    long fingerprint) {

  /** Tolerates a slot's word that occurs elsewhere in the other text. */
  private static final double IN_ORDER = 0.9;

  /** The order of two or three words may be coincidental. */
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

  /** A number such as 3.14 that identifies something unnamed. */
  private static final Pattern NUMBER_IN_PARTS = Pattern.compile("\\p{N}{1,3}[.]\\p{N}{1,4}");

  private static final Pattern SENTENCE_END = Pattern.compile(".*[.!?:\\n].*", Pattern.DOTALL);

  /** Generic words that do not identify the subject. */
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

  public static SubjectTokens of(PreparedTicket.Subject subject, String service) {
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

  /** The share of common tokens, from 0 to 1 (Dice coefficient). */
  static double diceCoefficient(long[] one, long[] other) {
    if (one.length + other.length == 0) {
      return 0;
    }
    long common = Arrays.stream(one).filter(hash -> has(other, hash)).count();
    return 2.0 * common / (one.length + other.length);
  }

  /**
   * Whether the common tokens are in the same order. Independent reports of one event share some
   * words, each in its own order; texts of one template share the order.
   */
  boolean hasSameOrderAs(SubjectTokens other) {
    Map<Long, Integer> places = new HashMap<>();
    for (long token : other.ordered) {
      places.put(token, places.size());
    }
    // The length of the longest increasing subsequence is the number of tokens in order.
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

  /**
   * Whether all they have in common is a title of one or two words, and one of them contains more.
   */
  public boolean sharesOnlyShortTitle(SubjectTokens other) {
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

  /**
   * Whether both number the same thing differently, for example two floors, and have no equal
   * number for it.
   */
  public boolean hasDifferentNumbers(SubjectTokens other) {
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
