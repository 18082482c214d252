package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Selects the parts of a trace to show. If there are many duplicates, only a few are shown, without
 * their history. The duplicate that was requested is always included.
 */
final class TraceFilter {
  private static final int MAX_SHOWN_WHOLE = 5;
  private static final int SHOWN_OF_MANY = 3;

  private final JsonNode trace;
  private final List<JsonNode> duplicates = new ArrayList<>();
  private final boolean isWhole;

  /**
   * @param all show everything
   */
  TraceFilter(JsonNode trace, boolean all) {
    this.trace = trace;
    trace.path("duplicates").forEach(duplicates::add);
    isWhole = all || duplicates.size() <= MAX_SHOWN_WHOLE;
    duplicates.sort(Comparator.comparing(duplicate -> !isAskedFor(duplicate)));
  }

  boolean isWhole() {
    return isWhole;
  }

  List<JsonNode> duplicates() {
    return isWhole ? duplicates : duplicates.subList(0, SHOWN_OF_MANY);
  }

  /** The number of duplicates that are not shown. */
  int omittedDuplicates() {
    return duplicates.size() - duplicates().size();
  }

  List<JsonNode> events() {
    Set<String> silent = new HashSet<>();
    if (!isWhole) {
      duplicates.stream()
          .filter(duplicate -> !isAskedFor(duplicate))
          .forEach(duplicate -> silent.add(duplicate.path("key").asText()));
    }
    List<JsonNode> events = new ArrayList<>();
    trace.path("events").forEach(events::add);
    events.removeIf(event -> silent.contains(event.path("of").asText()));
    return events;
  }

  private boolean isAskedFor(JsonNode duplicate) {
    return duplicate.path("key").equals(trace.at("/asked/key"));
  }
}
