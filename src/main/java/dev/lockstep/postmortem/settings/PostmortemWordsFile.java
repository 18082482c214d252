package dev.lockstep.postmortem.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlProblem;
import dev.lockstep.postmortem.parse.Vocabulary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code config/postmortem-words.yaml}: the vocabulary of postmortems, by language. */
public final class PostmortemWordsFile implements StartupCheck {
  public static final Path SHIPPED = Path.of("config/postmortem-words.yaml");

  private static final Set<String> ORDERS = Set.of("day-first", "month-first", "unknown");

  /** Keys whose values are lists of words. */
  private static final Map<String, Set<String>> GROUPS =
      Map.of(
          "columns",
          Set.of(
              "action",
              "owner",
              "due",
              "ticket",
              "priority",
              "status",
              "id",
              "label",
              "time",
              "question",
              "date",
              "text"),
          "labels",
          Set.of("owner", "due", "ticket", "priority", "status", "label", "id"),
          "statuses",
          Set.of("open", "done", "cancelled", "partly", "joins"));

  private static final Set<String> KEYS =
      Set.of(
          "date-order",
          "sections",
          "section-words",
          "section-fillers",
          "not-sections",
          "other-sections",
          "columns",
          "labels",
          "nothing",
          "nothing-to-do",
          "statuses",
          "priorities",
          "months",
          "weekdays",
          "date-words",
          "due",
          "due-in-brackets",
          "due-after",
          "vague",
          "spans",
          "span-words",
          "and",
          "teams");

  private final Path file;

  public PostmortemWordsFile(Path file) {
    this.file = file;
  }

  /** One line for each problem; empty if there is none. */
  public List<String> problems() {
    return checked().problems().stream().map(YamlProblem::toString).toList();
  }

  /**
   * @throws IllegalArgumentException with one line for each problem
   */
  public Vocabulary read() {
    YamlFile yaml = checked();
    if (!yaml.problems().isEmpty()) {
      throw new IllegalArgumentException(
          yaml.problems().stream().map(YamlProblem::toString).collect(Collectors.joining("\n")));
    }
    JsonMapper mapper = JsonMapper.builder().build();
    Map<String, Vocabulary.Language> languages = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> language : yaml.root().properties()) {
      languages.put(
          language.getKey(), mapper.convertValue(language.getValue(), Vocabulary.Language.class));
    }
    return new Vocabulary(languages);
  }

  private YamlFile checked() {
    YamlFile yaml = YamlFile.read(file, YamlFile.Scalars.TEXT);
    if (!yaml.root().isMissingNode() && yaml.root().isEmpty()) {
      yaml.refuse(List.of(), "no language is given; restore the file that Lockstep ships");
    }
    for (Map.Entry<String, JsonNode> language : yaml.root().properties()) {
      keys(yaml, List.of(language.getKey()), language.getValue(), KEYS)
          .forEach((place, value) -> value(yaml, place, value));
    }
    return yaml;
  }

  private static void value(YamlFile yaml, List<String> place, JsonNode value) {
    String key = place.get(place.size() - 1);
    Set<String> group = GROUPS.get(key);
    if (group != null && place.size() == 2) {
      keys(yaml, place, value, group).forEach((at, words) -> words(yaml, at, words));
    } else if (key.equals("months")) {
      months(yaml, place, value);
    } else if (key.equals("date-order")) {
      if (!ORDERS.contains(value.asText())) {
        yaml.refuse(
            place,
            "%s: '%s' is not an order of dates; write day-first, month-first or unknown"
                .formatted(key, value.asText()));
      }
    } else {
      words(yaml, place, value);
    }
  }

  /** The values of known keys; unknown keys are reported. */
  private static Map<List<String>, JsonNode> keys(
      YamlFile yaml, List<String> place, JsonNode node, Set<String> known) {
    Map<List<String>, JsonNode> values = new LinkedHashMap<>();
    if (!node.isObject() && !node.isNull()) {
      yaml.refuse(place, "%s must hold keys and values".formatted(String.join(".", place)));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      List<String> at = YamlFile.with(place, entry.getKey());
      if (known.contains(entry.getKey())) {
        values.put(at, entry.getValue());
      } else {
        yaml.refuse(
            at,
            "%s: no such key%s"
                .formatted(String.join(".", at), Suggestion.of(entry.getKey(), known)));
      }
    }
    return values;
  }

  private static void words(YamlFile yaml, List<String> place, JsonNode words) {
    boolean fits = words.isArray() || words.isNull();
    for (JsonNode word : words) {
      fits &= word.isTextual() && !word.asText().isBlank();
    }
    if (!fits) {
      yaml.refuse(
          place,
          "%s must be a list of words such as [one, two]; put true, false and numbers in quotes"
              .formatted(String.join(".", place)));
    }
  }

  private static void months(YamlFile yaml, List<String> place, JsonNode months) {
    if (!months.isArray() || (months.size() != 12 && !months.isEmpty())) {
      yaml.refuse(
          place,
          "%s must list twelve months, each as a list of its names: [[january, jan], ...]"
              .formatted(String.join(".", place)));
      return;
    }
    for (int i = 0; i < months.size(); i++) {
      words(yaml, YamlFile.with(place, String.valueOf(i)), months.get(i));
    }
  }
}
