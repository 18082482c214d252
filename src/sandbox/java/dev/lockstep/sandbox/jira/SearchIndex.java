package dev.lockstep.sandbox.jira;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What searching finds: issues as they were a while ago. "Recent updates might not be immediately
 * visible in the returned search results" ({@code /rest/api/3/search/jql}). Thread-safe.
 */
final class SearchIndex {

  private record Entry(Instant visible, Issue issue) {}

  private final Duration lag;
  private final Map<String, Deque<Entry>> entries = new LinkedHashMap<>();

  SearchIndex(Duration lag) {
    this.lag = lag;
  }

  synchronized void put(Issue issue, Instant now) {
    Deque<Entry> versions = entries.computeIfAbsent(issue.id, any -> new ArrayDeque<>(2));
    versions.add(new Entry(now.plus(lag), issue.copy()));
    // All but the newest of those that can be seen are of no use any more.
    Entry first = versions.remove();
    while (!versions.isEmpty() && !versions.element().visible().isAfter(now)) {
      first = versions.remove();
    }
    versions.addFirst(first);
  }

  /**
   * All issues that are there.
   *
   * @param reconciled ids of those that are to be found as they are now
   */
  synchronized List<Issue> visible(Instant now, Set<String> reconciled) {
    List<Issue> found = new ArrayList<>();
    entries.forEach(
        (id, versions) -> {
          Issue issue =
              reconciled.contains(id) ? versions.getLast().issue() : lastVisible(versions, now);
          if (issue != null && !issue.deleted) {
            found.add(issue);
          }
        });
    return found;
  }

  private static @Nullable Issue lastVisible(Deque<Entry> versions, Instant now) {
    Issue last = null;
    for (Entry version : versions) {
      if (!version.visible().isAfter(now)) {
        last = version.issue();
      }
    }
    return last;
  }
}
