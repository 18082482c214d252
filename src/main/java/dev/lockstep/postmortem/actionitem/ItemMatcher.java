package dev.lockstep.postmortem.actionitem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which item of an edited postmortem is which of the items known: by the id it states, else by the
 * ticket it names, else by its words. For the failure that an edit doubles items, or that one takes
 * over the change request of another.
 */
public final class ItemMatcher {
  /** Two titles of which less than half of the words are shared are about different things. */
  private static final double ALIKE = 0.5;

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private ItemMatcher() {}

  private record ScoredMatch(SourceItem sourceItem, ActionItem item, double score) {}

  /** What of {@code said} is which of {@code known}; what is new is not in the answer. */
  public static Map<SourceItem, ActionItem> match(
      List<SourceItem> sourceItems, List<ActionItem> known) {
    Map<SourceItem, ActionItem> matched = new LinkedHashMap<>();
    List<ActionItem> left = new ArrayList<>(known);
    List<ScoredMatch> likely = new ArrayList<>();
    for (SourceItem one : sourceItems) {
      for (ActionItem item : known) {
        double score = score(one, item.sourceItem());
        if (score >= ALIKE) {
          likely.add(new ScoredMatch(one, item, score));
        }
      }
    }
    likely.sort(Comparator.comparing(match -> -match.score()));
    for (ScoredMatch match : likely) {
      if (!matched.containsKey(match.sourceItem()) && left.remove(match.item())) {
        matched.put(match.sourceItem(), match.item());
      }
    }
    return matched;
  }

  /**
   * An issue is one item. Of several in a postmortem that name the same, the others are items
   * without it: else all but the last would be lost.
   */
  public static List<SourceItem> withTicketsOnce(List<SourceItem> sourceItems) {
    Map<String, String> titles = new HashMap<>();
    return sourceItems.stream()
        .map(
            one -> {
              String ticket = one.ticket();
              String other = ticket == null ? null : titles.putIfAbsent(ticket, one.title());
              return other == null ? one : one.withoutTicket(duplicateTicket(ticket, other));
            })
        .toList();
  }

  private static String duplicateTicket(@Nullable String ticket, String other) {
    return "the ticket «%s» is that of «%s» too, with which it is followed; give each its own"
        .formatted(ticket, other);
  }

  private static double score(SourceItem one, SourceItem other) {
    if (one.id() != null && other.id() != null) {
      return one.id().equals(other.id()) ? 4 : 0;
    }
    if (one.ticket() != null && one.ticket().equals(other.ticket())) {
      return 3;
    }
    Set<String> words = words(one.title());
    Set<String> others = words(other.title());
    if (words.equals(others)) {
      return 2 + (one.line() == other.line() ? 0.1 : 0);
    }
    Set<String> both = new HashSet<>(words);
    both.retainAll(others);
    Set<String> any = new HashSet<>(words);
    any.addAll(others);
    return any.isEmpty() ? 0 : (double) both.size() / any.size();
  }

  private static Set<String> words(String title) {
    Set<String> words = new HashSet<>();
    for (String word : NO_WORD.split(title.toLowerCase(Locale.ROOT))) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
