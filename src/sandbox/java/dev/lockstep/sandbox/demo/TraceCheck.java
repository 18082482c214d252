package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the trace Lockstep gives of an incident is the chain that really was. Pure.
 *
 * @param items of the trace that are as the sandboxes have them
 */
record TraceCheck(int items, List<String> problems) {

  TraceCheck {
    problems = List.copyOf(problems);
  }

  /**
   * What the trace has to show.
   *
   * @param incident what people call it, as {@code alert}
   * @param duplicates keys of tickets that are linked to it
   * @param requests made of its action items
   */
  record Chain(
      String incident,
      String alert,
      List<String> duplicates,
      List<ActionItemCheck.Request> requests) {
    Chain {
      duplicates = List.copyOf(duplicates);
      requests = List.copyOf(requests);
    }
  }

  /**
   * @param trace as {@code GET /api/trace/{id}} answers
   */
  static TraceCheck of(JsonNode trace, Chain chain) {
    List<String> problems = new ArrayList<>();
    same("incident", trace.at("/incident/key"), chain.incident(), problems);
    same("alert", trace.at("/alert/key"), chain.alert(), problems);
    same("number of postmortems", trace.path("postmortems").size(), 1, problems);
    Set<String> missing = new HashSet<>(chain.duplicates());
    trace.path("duplicates").forEach(twin -> missing.remove(twin.path("key").asText()));
    if (!missing.isEmpty()) {
      problems.add("the trace lacks the duplicates " + missing);
    }
    int right = items(trace.path("items"), chain, problems);
    return new TraceCheck(right, problems);
  }

  private static int items(JsonNode items, Chain chain, List<String> problems) {
    List<ActionItemCheck.Request> left = new ArrayList<>(chain.requests());
    Set<String> lacking = new HashSet<>(Set.of("needs-owner", "needs-due-date"));
    int right = 0;
    for (JsonNode item : items) {
      String stage = item.path("stage").asText();
      Optional<ActionItemCheck.Request> request = ofChange(item, left);
      request.ifPresent(left::remove);
      if (request.map(TraceCheck::stage).filter(stage::equals).isPresent()
          || lacking.remove(stage)) {
        right++;
      } else {
        problems.add(
            "the trace has %s «%s» as %s, with the change «%s»"
                .formatted(
                    item.path("key").asText(),
                    item.path("title").asText(),
                    stage,
                    item.at("/change/key").asText()));
      }
    }
    left.forEach(request -> problems.add("the trace lacks the change " + request.number()));
    lacking.forEach(stage -> problems.add("the trace has no item that " + stage));
    return right;
  }

  /** A change stands for one item only, and has its title. */
  private static Optional<ActionItemCheck.Request> ofChange(
      JsonNode item, List<ActionItemCheck.Request> left) {
    return left.stream()
        .filter(request -> request.number().equals(item.at("/change/key").asText()))
        .filter(request -> request.title().equals(item.path("title").asText()))
        .findFirst();
  }

  private static String stage(ActionItemCheck.Request request) {
    return request.deployed() ? "deployed" : request.failed() ? "reopened" : "in-change";
  }

  private static void same(String what, JsonNode is, Object wanted, List<String> problems) {
    same(what, is.asText(), wanted, problems);
  }

  private static void same(String what, Object is, Object wanted, List<String> problems) {
    if (!is.equals(wanted)) {
      problems.add("the trace's %s is «%s» and not «%s»".formatted(what, is, wanted));
    }
  }
}
