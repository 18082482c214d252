package dev.lockstep.connector;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.CheckDefinition.Condition;
import dev.lockstep.connector.definition.CheckDefinition.Names;
import dev.lockstep.connector.definition.CheckDefinition.Severity;
import dev.lockstep.json.JsonPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Judges an answer by one entry of {@code checks}. Makes no calls.
 *
 * @param headers of the answer, by name in lower case
 */
record CheckJudge(
    CheckDefinition check, Map<Names, Set<String>> names, Map<String, String> headers) {
  private static final int SHOWN = 200;

  CheckJudge(CheckDefinition check, Map<Names, Set<String>> names) {
    this(check, names, Map.of());
  }

  /** The result without its system. */
  record Verdict(Status status, String found, String advice) {}

  /** A condition that does not hold, and how. */
  private record Unmet(Status status, String text, String advice) {}

  Verdict judge(JsonNode answer) {
    JsonNode list = JsonPath.find(answer, check.among());
    if (!list.isArray()) {
      return check.among().isEmpty() && check.where().isEmpty()
          ? judge(List.of(answer))
          : new Verdict(
              status(check.otherwise()),
              ("the answer has no list " + check.among()).strip(),
              check.advice());
    }
    List<JsonNode> meant = findMeant(answer);
    return meant.isEmpty()
        ? new Verdict(
            status(check.otherwise()),
            list.isEmpty() ? "none is listed" : "none of the %d listed".formatted(list.size()),
            check.advice())
        : judge(meant);
  }

  /** The elements meant; none if the answer has no list. */
  List<JsonNode> findMeant(JsonNode answer) {
    return findMeant(answer, check.among(), check.where());
  }

  List<JsonNode> findMeant(JsonNode answer, String among, List<Condition> where) {
    JsonNode list = JsonPath.find(answer, among);
    return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
        .map(i -> list.get(i))
        .filter(item -> meets(item, where))
        .toList();
  }

  /** Whether all of these hold. */
  boolean meets(JsonNode item, List<Condition> conditions) {
    return unmet(item, conditions).isEmpty();
  }

  /** Those of the elements meant that are to be repaired, by id. */
  List<String> findBroken(JsonNode answer, CheckDefinition.Repair repair) {
    return findMeant(answer).stream()
        .filter(item -> meets(item, repair.when()))
        .map(item -> JsonPath.find(item, repair.id()).asText(""))
        .toList();
  }

  /** The best one decides; that others lack something is a warning. */
  private Verdict judge(List<JsonNode> items) {
    List<List<Unmet>> unmet = items.stream().map(item -> unmet(item, check.shows())).toList();
    List<Unmet> least =
        unmet.stream().min(Comparator.comparingInt(CheckJudge::gravity)).orElse(List.of());
    if (!least.isEmpty()) {
      return verdict(least);
    }
    List<Unmet> others = unmet.stream().flatMap(List::stream).toList();
    long lacking = unmet.stream().filter(list -> !list.isEmpty()).count();
    return others.isEmpty()
        ? new Verdict(Status.PASS, items.size() == 1 ? "as required" : items.size() + " found", "")
        : new Verdict(
            Status.WARNING,
            "%d of %d: %s".formatted(lacking, items.size(), texts(others)),
            advice(others));
  }

  private static int gravity(List<Unmet> unmet) {
    return unmet.stream().mapToInt(each -> each.status() == Status.FAIL ? 100 : 1).sum();
  }

  private static Verdict verdict(List<Unmet> unmet) {
    Status worst = unmet.stream().map(Unmet::status).max(Comparator.naturalOrder()).orElseThrow();
    return new Verdict(worst, texts(unmet), advice(unmet));
  }

  private static String texts(List<Unmet> unmet) {
    return unmet.stream().map(Unmet::text).distinct().collect(joining("; "));
  }

  private static String advice(List<Unmet> unmet) {
    return unmet.stream().map(Unmet::advice).distinct().collect(joining(" "));
  }

  private List<Unmet> unmet(JsonNode item, List<Condition> conditions) {
    List<Unmet> unmet = new ArrayList<>();
    for (Condition condition : conditions) {
      String text = unmet(condition, value(item, condition));
      if (!text.isEmpty()) {
        unmet.add(
            new Unmet(
                status(condition.otherwise() == null ? check.otherwise() : condition.otherwise()),
                condition.path() + condition.header() + " " + text,
                condition.advice().isEmpty() ? check.advice() : condition.advice()));
      }
    }
    return unmet;
  }

  private JsonNode value(JsonNode item, Condition condition) {
    return condition.header().isEmpty()
        ? JsonPath.find(item, condition.path())
        : Optional.ofNullable(headers.get(condition.header().toLowerCase(Locale.ROOT)))
            .<JsonNode>map(TextNode::valueOf)
            .orElseGet(MissingNode::getInstance);
  }

  /** Empty if the condition holds. */
  private String unmet(Condition condition, JsonNode value) {
    String text = value.asText("");
    if (condition.contains() != null) {
      Set<String> missing = missing(value, wanted(condition.contains()));
      return value.isMissingNode() || value.isNull()
          ? "is not shown"
          : missing.isEmpty() ? "" : "lacks " + String.join(", ", missing);
    }
    if (condition.accepts(text)) {
      return "";
    }
    if (value.isMissingNode()) {
      return "is not shown";
    }
    String shown = value.isValueNode() ? text : value.toString();
    return shown.isEmpty() ? "is empty" : "is " + truncate(shown);
  }

  private Set<String> wanted(CheckDefinition.Wanted wanted) {
    return wanted.known() == null ? wanted.listed() : names.getOrDefault(wanted.known(), Set.of());
  }

  private static Set<String> missing(JsonNode value, Set<String> wanted) {
    Set<String> missing = new TreeSet<>(wanted);
    if (value.isArray()) {
      Set<String> elements = new HashSet<>();
      value.forEach(element -> elements.add(element.asText("")));
      missing.removeAll(elements);
    } else {
      missing.removeIf(name -> mentions(value.asText(""), name));
    }
    return missing;
  }

  /** As a whole name, not as a part of a longer one. */
  private static boolean mentions(String text, String name) {
    return Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?![\\w.])").matcher(text).find();
  }

  static Status status(Severity severity) {
    return severity == Severity.FAIL ? Status.FAIL : Status.WARNING;
  }

  static String truncate(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
