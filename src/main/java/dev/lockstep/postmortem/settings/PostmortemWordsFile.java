package dev.lockstep.postmortem.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lockstep.postmortem.reading.Vocabulary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code config/postmortem-words.yaml}: the words of postmortems, by language. */
public final class PostmortemWordsFile {
  public static final Path SHIPPED = Path.of("config/postmortem-words.yaml");

  private static final Set<String> ORDERS = Set.of("day-first", "month-first", "unknown");

  /** Lists of words that stand below a key of their own. */
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
    return checked().problems();
  }

  /**
   * @throws IllegalArgumentException with one line for each problem
   */
  public Vocabulary read() {
    SettingsYaml yaml = checked();
    if (!yaml.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", yaml.problems()));
    }
    JsonMapper mapper = JsonMapper.builder().build();
    Map<String, Vocabulary.Language> languages = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> language : yaml.root().properties()) {
      languages.put(
          language.getKey(), mapper.convertValue(language.getValue(), Vocabulary.Language.class));
    }
    return new Vocabulary(languages);
  }

  private SettingsYaml checked() {
    SettingsYaml yaml = new SettingsYaml(file);
    if (yaml.problems().isEmpty() && yaml.root().isEmpty()) {
      yaml.problem("", "no language is given; restore the file that Lockstep ships");
    }
    for (Map.Entry<String, JsonNode> language : yaml.root().properties()) {
      String pointer = SettingsYaml.pointer("", language.getKey());
      if (yaml.isMap(pointer)) {
        language(yaml, pointer);
      }
    }
    return yaml;
  }

  private static void language(SettingsYaml yaml, String language) {
    yaml.keys(language, KEYS);
    for (Map.Entry<String, JsonNode> entry : yaml.root().at(language).properties()) {
      String pointer = SettingsYaml.pointer(language, entry.getKey());
      Set<String> group = GROUPS.get(entry.getKey());
      if (group != null) {
        group(yaml, pointer, group);
      } else if (entry.getKey().equals("months")) {
        months(yaml, pointer, entry.getValue());
      } else if (entry.getKey().equals("date-order")) {
        order(yaml, pointer, entry.getValue());
      } else {
        yaml.words(pointer);
      }
    }
  }

  private static void group(SettingsYaml yaml, String pointer, Set<String> known) {
    if (yaml.isMap(pointer)) {
      yaml.keys(pointer, known);
      for (String key : known) {
        yaml.words(SettingsYaml.pointer(pointer, key));
      }
    }
  }

  private static void months(SettingsYaml yaml, String pointer, JsonNode months) {
    if (!months.isArray() || (months.size() != 12 && !months.isEmpty())) {
      yaml.problem(
          pointer,
          "%s must list twelve months, each as a list of its names: [[january, jan], ...]"
              .formatted(SettingsYaml.key(pointer)));
      return;
    }
    for (int i = 0; i < months.size(); i++) {
      yaml.words(pointer + "/" + i);
    }
  }

  private static void order(SettingsYaml yaml, String pointer, JsonNode order) {
    if (!ORDERS.contains(order.asText())) {
      yaml.problem(
          pointer,
          "%s: '%s' is no order of dates; write day-first, month-first or unknown"
              .formatted(SettingsYaml.key(pointer), order.asText()));
    }
  }
}
