package dev.lockstep.postmortem.reading;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headings say that action items follow. */
final class Headings {
  /** Say so wherever they stand in a heading. */
  private static final Pattern SURE =
      Pattern.compile(
          "\\b(action items?|action points?|action plan|actionables?|follow ?ups?|next steps?|to ?dos?"
              + "|(corrective|preventive|preventative|remedial|review|remediation) (actions?|measures?|steps?|items?))\\b");

  /** Say so if all the other words of the heading are of {@link #BESIDE} too. */
  private static final Set<String> WORK =
      Set.of(
          "action",
          "actions",
          "improvement",
          "improvements",
          "remediation",
          "remediations",
          "recommendation",
          "recommendations",
          "measures",
          "tasks");

  private static final Set<String> BESIDE =
      Set.of(
          ("and or the our of to for list further future immediate short medium mid long term near"
                  + " proposal proposed proposals suggested possible potential planned open agreed"
                  + " required remaining outstanding recommended resulting post incident outage"
                  + " postmortem process technical documentation tooling monitoring alerting testing"
                  + " infrastructure organizational organisational prevention preventive corrective"
                  + " mitigation items plan steps key owners owner tracking status")
              .split(" "));

  /** Such a section tells or asks something, whatever it is a follow-up to. */
  private static final Pattern NEVER =
      Pattern.compile(
          "\\b(timeline|chronology|log|history|taken|performed|questions?|attendees|participants"
              + "|meetings?|minutes|notes|communications?|previous|past)\\b");

  /** End an action section even as headings below it. */
  private static final Pattern OTHER =
      Pattern.compile(
          "\\b(lessons?|what went|went well|went wrong|lucky|root cause|impact|detection|glossary"
              + "|references?|appendix|supporting|background|summary|contributors?|sign ?off)\\b");

  private static final Pattern PARENTHESES = Pattern.compile("\\([^()]*\\)");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("^[\\d.)\\s]+(?=\\p{L})");
  private static final Pattern END = Pattern.compile("[\\s:.]+$");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Headings() {}

  static boolean announcesActions(String heading, boolean title) {
    String words = words(heading);
    if (words.isEmpty() || NEVER.matcher(words).find()) {
      return false;
    }
    List<String> each = Arrays.asList(words.split(" "));
    boolean onlySuch =
        each.stream().anyMatch(WORK::contains)
            && each.stream().allMatch(word -> WORK.contains(word) || BESIDE.contains(word));
    if (title) {
      return SURE.matcher(words).matches();
    }
    return onlySuch
        || (SURE.matcher(words).find() && each.size() <= 10)
        || (each.size() <= 4 && words.endsWith(" improvements"));
  }

  /** Whether nobody would write it over anything else, so that an empty one is a mistake. */
  static boolean isSure(String heading) {
    return SURE.matcher(words(heading)).find();
  }

  static boolean endsActions(String heading) {
    String words = words(heading);
    return NEVER.matcher(words).find() || OTHER.matcher(words).find();
  }

  /** Without what stands in parentheses, a number before it and a colon behind it. */
  static String label(String heading) {
    String outside = PARENTHESES.matcher(heading).replaceAll(" ");
    String line = BLANKS.matcher(outside).replaceAll(" ");
    return END.matcher(NUMBER.matcher(line).replaceFirst("")).replaceFirst("").strip();
  }

  private static String words(String heading) {
    return BETWEEN_WORDS.matcher(label(heading).toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
  }
}
