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
 * Matches the items of an edited postmortem with the stored ones: by stated id, else by ticket,
 * else by the words of the title. Prevents an edit from duplicating items, and one item from taking
 * over the change request of another.
 */
public final class ItemMatcher {
  /** Titles that share less than half of their words are about different things. */
  private static final double ALIKE = 0.5;

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private ItemMatcher() {}

  private record ScoredMatch(SourceItem sourceItem, ActionItem item, double score) {}

  /** Maps the reported items to the stored ones they match; new ones are absent. */
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
   * An issue is one item. If several items of a postmortem name the same issue, all but one are
   * kept without it, so that none is lost.
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
    return "the ticket \"%s\" is also that of \"%s\", which is followed in it; give each its own"
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
