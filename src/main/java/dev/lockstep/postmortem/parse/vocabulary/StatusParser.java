package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.parse.Vocabulary;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses statuses. Only text that is understood completely counts: "almost done" is open, and
 * "done, see below" is reported, not guessed.
 */
public final class StatusParser {
  /** Longer texts are descriptions, not statuses. */
  private static final int LONGEST = 200;

  private static final Pattern STRUCK = Pattern.compile("~~[^~]++~~");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})\\s?%");

  /** A reference, a version, a number or a mark does not state a status. */
  private static final Pattern DETAIL =
      Pattern.compile(
          "https?://\\S++|[\\p{L}_]++-\\d++|[#!]\\d++|v?\\d++(?:\\.\\d++)*+|[\\p{P}\\p{S}\\uFE0F&&[^#]]++",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern END = Pattern.compile("[\\s.!]++$");

  private final Map<String, Status> exactly = new HashMap<>();
  private final Set<String> joins = new HashSet<>();
  private final Pattern known;
  private final Pattern partly;
  private final DatePatterns dates;

  StatusParser(Vocabulary words, DatePatterns dates) {
    this.dates = dates;
    Set<String> searched = new LinkedHashSet<>();
    for (Map.Entry<String, Status> kind :
        List.of(
            Map.entry("cancelled", Status.CANCELLED),
            Map.entry("open", Status.OPEN),
            Map.entry("done", Status.DONE))) {
      for (String phrase : words.statuses(kind.getKey())) {
        exactly.putIfAbsent(Phrases.folded(phrase), kind.getValue());
        // Words of one or two letters, such as "x" and "y", count only on their own.
        if (phrase.length() > 2 || !Character.isLetter(phrase.charAt(0)) || isUnspaced(phrase)) {
          searched.add(phrase);
        }
      }
    }
    List<String> all = words.statuses("partly");
    searched.addAll(all);
    this.known = Phrases.pattern(searched);
    this.partly = Phrases.pattern(all);
    words.statuses("joins").forEach(join -> joins.add(Phrases.folded(join)));
  }

  private static boolean isUnspaced(String phrase) {
    return Character.isIdeographic(phrase.codePointAt(0));
  }

  /** The status if the text consists only of it; null otherwise. */
  public @Nullable Status parseExact(String text) {
    return exactly.get(END.matcher(Phrases.folded(text)).replaceFirst(""));
  }

  /** Parses the text in the place of a status. */
  public Status read(String written) {
    if (written.length() > LONGEST) {
      return Status.UNCLEAR;
    }
    String text = Phrases.folded(written);
    String current = STRUCK.matcher(text).replaceAll(" ").strip();
    current = current.isEmpty() ? text : current;
    Status exact = parseExact(current);
    if (exact != null) {
      return exact;
    }
    Set<Status> found = EnumSet.noneOf(Status.class);
    Matcher percent = PERCENT.matcher(current);
    String rest = current;
    if (percent.find()) {
      int done = Integer.parseInt(percent.group(1));
      if (done < 100) {
        return Status.OPEN;
      }
      found.add(done == 100 ? Status.DONE : Status.UNCLEAR);
      rest = percent.replaceFirst(" ");
    }
    boolean part = false;
    StringBuilder left = new StringBuilder();
    Matcher each = known.matcher(rest);
    int from = 0;
    while (each.find()) {
      left.append(rest, from, each.start()).append(' ');
      from = each.end();
      Status status = exactly.get(Phrases.folded(each.group()));
      if (status == null || partly.matcher(each.group()).matches()) {
        part = true;
      } else {
        found.add(status);
      }
    }
    left.append(rest, from, rest.length());
    return decide(found, part, left.toString());
  }

  private Status decide(Set<Status> found, boolean part, String rest) {
    if (found.size() == 2 && found.containsAll(Set.of(Status.DONE, Status.CANCELLED)) && !part) {
      return isDetail(rest) ? Status.CANCELLED : Status.UNCLEAR;
    }
    if (found.size() != 1) {
      return Status.UNCLEAR;
    }
    Status status = found.iterator().next();
    if (part) {
      return status == Status.DONE ? Status.OPEN : Status.UNCLEAR;
    }
    return status == Status.OPEN || isDetail(rest) ? status : Status.UNCLEAR;
  }

  /** Dates, numbers and references, or text after a joining word: "in #12", "by Dana". */
  private boolean isDetail(String rest) {
    String words = DETAIL.matcher(dates.find(rest).replaceAll(" ")).replaceAll(" ").strip();
    return words.isEmpty() || joins.contains(BLANKS.split(words, 2)[0]);
  }
}
