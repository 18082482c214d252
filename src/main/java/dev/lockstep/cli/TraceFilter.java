package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a trace is shown. Of an outage that many reported a few duplicates stand for all, and
 * what happened to them is left out: else the chain is lost among them. The duplicate that was
 * asked for is always there.
 */
final class TraceFilter {
  private static final int MAX_SHOWN_WHOLE = 5;
  private static final int SHOWN_OF_MANY = 3;

  private final JsonNode trace;
  private final List<JsonNode> duplicates = new ArrayList<>();
  private final boolean isWhole;

  /**
   * @param all leave nothing out
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

  /** How many duplicates are left out. */
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
