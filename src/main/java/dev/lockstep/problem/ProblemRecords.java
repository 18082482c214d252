package dev.lockstep.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Exposes accepted problems as records of Lockstep's own: the Kamelet of {@code
 * connectors/lockstep} calls these methods, and a pair creates the record in another system, once,
 * and follows it. All responses are JSON; an empty one means that there is no such record.
 */
@Component("localProblems")
public class ProblemRecords {
  private static final int LONGEST_LIST = 20;

  private final ProblemStore store;
  private final Problems problems;
  private final ObjectMapper json;

  ProblemRecords(ProblemStore store, Problems problems, ObjectMapper json) {
    this.store = store;
    this.problems = problems;
    this.json = json;
  }

  public String fetch(String id) {
    return find(id).map(problem -> views(List.of(problem)).get(0).toString()).orElse("");
  }

  public String findByCounterpart(String correlation) {
    return views(store.findByCounterpart(correlation).stream().toList()).toString();
  }

  /** Sets what its record in another system shows. */
  public String update(String id, String body) {
    Problem problem = find(id).orElse(null);
    if (problem == null) {
      return "";
    }
    JsonNode fields = parse(body);
    store.saveCounterpart(
        problem.id(),
        fields.path("counterpart").asText(problem.counterpart()),
        fields.path("counterpartKey").asText(problem.counterpartKey()),
        fields.path("state").asText(problem.knownState()));
    return fetch(id);
  }

  public String changed(String since) {
    ObjectNode page = json.createObjectNode().put("more", false);
    page.set("records", views(store.findChangedSince(Instant.parse(since))));
    return page.toString();
  }

  private Optional<Problem> find(String id) {
    return id.matches("\\d{1,18}") ? store.find(Long.parseLong(id)) : Optional.empty();
  }

  private ArrayNode views(List<Problem> found) {
    ArrayNode views = json.createArrayNode();
    List<Problems.View> shown = problems.views(found);
    for (int i = 0; i < found.size(); i++) {
      views.add(view(found.get(i), shown.get(i)));
    }
    return views;
  }

  private ObjectNode view(Problem problem, Problems.View shown) {
    List<Problems.Member> members = shown.incidents();
    return json.createObjectNode()
        .put("id", Long.toString(problem.id()))
        .put("key", "Problem " + problem.id())
        .put("url", "")
        .put("revision", problem.revision())
        .put("changedAt", problem.changedAt().toString())
        .put("createdAt", problem.proposedAt().toString())
        .put("counterpart", problem.counterpart())
        .put("stage", problem.state().name().toLowerCase(Locale.ROOT))
        .put("state", problem.knownState())
        .put("service", problem.service())
        .put("title", problem.title())
        .put("description", description(shown))
        .put(
            "firstIncident",
            members.isEmpty() ? "" : members.get(0).incident().replaceFirst(".*/", ""));
  }

  /** What the record says when it is created: keys and titles only, no notes. */
  private static String description(Problems.View problem) {
    StringBuilder text = new StringBuilder("Recurring incidents of ");
    text.append(problem.service()).append(':');
    problem.incidents().stream()
        .limit(LONGEST_LIST)
        .forEach(one -> text.append("\n- ").append((one.key() + " " + one.title()).strip()));
    if (!problem.openActionItems().isEmpty()) {
      text.append("\n\nOpen action items:");
      problem.openActionItems().stream()
          .limit(LONGEST_LIST)
          .forEach(title -> text.append("\n- ").append(title));
    }
    return text.toString();
  }

  private JsonNode parse(String body) {
    try {
      return Objects.requireNonNull(json.readTree(body));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }
}
