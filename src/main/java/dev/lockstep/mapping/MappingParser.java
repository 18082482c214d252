package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.mapping.NotePolicy.Approval;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.mapping.field.ConditionParser;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.MappedFieldParser;
import dev.lockstep.mapping.field.NodeTexts;
import dev.lockstep.mapping.field.TextTemplate;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parses a file that passed the schema; {@link MappingCheck} validates the result. */
final class MappingParser {
  /** The key of what Lockstep itself writes, beside the visibilities of what people write. */
  private static final String OWN = "own";

  private final YamlFile file;
  private final ConditionParser conditions;

  MappingParser(YamlFile file) {
    this.file = file;
    this.conditions = new ConditionParser(file);
  }

  FileMapping parse(String name) {
    JsonNode root = file.root();
    MappedFieldParser field = new MappedFieldParser(file);
    List<MappedField> fields = new ArrayList<>();
    root.path("fields")
        .properties()
        .forEach(e -> fields.add(field.parse(e.getKey(), e.getValue())));
    return new FileMapping(
        name,
        sides(side -> records(root.path(side.label()))),
        List.copyOf(fields),
        sides(side -> conditions.parse(root.at("/starts/" + side.label()), "starts", side.label())),
        sides(
            side ->
                condition(
                    root.path("closed").path(side.label()),
                    new Condition.Never(),
                    "closed",
                    side.label())),
        sides(side -> creationValues(root, side)),
        new NoteTable(
            notes(root.at("/notes/to-right")),
            notes(root.at("/notes/to-left")),
            waiting(root.at("/notes/to-right"), "to-right"),
            waiting(root.at("/notes/to-left"), "to-left"),
            Map.of(
                Side.LEFT, approval(root.at("/notes/to-right")),
                Side.RIGHT, approval(root.at("/notes/to-left"))),
            Stream.of(Side.values())
                .filter(side -> isWithoutOwn(root, side))
                .collect(Collectors.toUnmodifiableSet())),
        root.has("duplicates") ? duplicates(root.path("duplicates"), fields) : null,
        root.has("closure")
            ? new ClosureRule(sides(side -> closure(root.path("closure"), side)))
            : null,
        root.has("incident") ? incident(root.path("incident")) : null,
        new PriorityOrder(
            root.at("/priority/field").asText(""),
            sides(side -> List.copyOf(NodeTexts.list(root.path("priority").path(side.label()))))));
  }

  private List<CreationValue> creationValues(JsonNode root, Side side) {
    List<CreationValue> values = new ArrayList<>();
    for (String section : List.of("constants", "backfill")) {
      for (var entry : root.path(section).path(side.label()).properties()) {
        JsonNode value = entry.getValue();
        Condition unless =
            value.isObject() && value.size() > 1
                ? conditions.parseUnless(value, section, side.label(), entry.getKey())
                : new Condition.Never();
        String text = value.isObject() ? value.path("value").asText() : value.asText();
        values.add(
            new CreationValue(
                entry.getKey(), new TextTemplate(text), unless, section.equals("backfill")));
      }
    }
    return List.copyOf(values);
  }

  private IncidentRule incident(JsonNode node) {
    Side side = node.has(Side.LEFT.label()) ? Side.LEFT : Side.RIGHT;
    JsonNode rule = node.path(side.label());
    Map<String, List<String>> levels = new LinkedHashMap<>();
    rule.at("/priority/levels")
        .properties()
        .forEach(
            level -> levels.put(level.getKey(), List.copyOf(NodeTexts.list(level.getValue()))));
    return new IncidentRule(
        side,
        rule.at("/priority/field").asText(),
        Collections.unmodifiableMap(levels),
        condition(rule, side, "major"),
        condition(rule, side, "acknowledged"),
        condition(rule, side, "mitigated"),
        condition(rule, side, "resolved"),
        rule.path("service").asText(""),
        rule.path("team").asText(""),
        rule.path("manager").asText(""),
        rule.path("major-level").asText(""));
  }

  private Condition condition(JsonNode rule, Side side, String key) {
    return condition(rule.path(key), new Condition.Never(), "incident", side.label(), key);
  }

  private ClosureRule.Rule closure(JsonNode node, Side side) {
    JsonNode rule = node.path(side.label());
    return rule.isMissingNode()
        ? ClosureRule.Rule.NONE
        : new ClosureRule.Rule(
            conditions.parse(rule.path("when"), "closure", side.label(), "when"),
            NodeTexts.texts(rule.path("reopen")),
            rule.path("priority").asText(""));
  }

  private DuplicateRule duplicates(JsonNode node, List<MappedField> fields) {
    Map<String, MappedField> compared = new LinkedHashMap<>();
    NodeTexts.texts(node.path("compare"))
        .forEach(
            (what, name) ->
                fields.stream()
                    .filter(field -> field.name().equals(name))
                    .forEach(field -> compared.put(what, field)));
    return new DuplicateRule(
        Map.copyOf(compared),
        conditions(node, "scope", new Condition.Always()),
        conditions(node, "never", new Condition.Never()),
        conditions(node, "over", new Condition.Never()),
        sides(side -> follow(node.path("follow").path(side.label()), side)),
        fields.stream()
            .filter(field -> !field.valueMapping().knownValues(Side.LEFT).isEmpty())
            .map(MappedField::name)
            .collect(Collectors.toUnmodifiableSet()),
        List.copyOf(NodeTexts.list(node.path("share-texts-if-same"))));
  }

  private Map<Side, Condition> conditions(JsonNode node, String key, Condition otherwise) {
    return sides(
        side ->
            condition(
                node.path(key).path(side.label()), otherwise, "duplicates", key, side.label()));
  }

  private DuplicateRule.Follow follow(JsonNode node, Side side) {
    return node.isMissingNode()
        ? DuplicateRule.Follow.NOTHING
        : new DuplicateRule.Follow(
            conditions.parse(node.path("when"), "duplicates", "follow", side.label(), "when"),
            List.copyOf(NodeTexts.list(node.path("fields"))),
            NodeTexts.tables(node.path("instead")),
            NodeTexts.texts(node.path("neutral")));
  }

  private Condition condition(JsonNode written, Condition otherwise, String... place) {
    return written.isMissingNode() ? otherwise : conditions.parse(written, place);
  }

  private static <T> Map<Side, T> sides(Function<Side, T> of) {
    Map<Side, T> sides = new EnumMap<>(Side.class);
    for (Side side : Side.values()) {
      sides.put(side, of.apply(side));
    }
    return Map.copyOf(sides);
  }

  private static FileMapping.Records records(JsonNode node) {
    return new FileMapping.Records(node.path("system").asText(), node.path("kind").asText());
  }

  private static boolean isWithoutOwn(JsonNode root, Side side) {
    return root.path("notes").path("to-" + side.label()).path(OWN).asText().equals("none");
  }

  /** What people write, by its visibility. */
  private static Set<Map.Entry<String, JsonNode>> written(JsonNode node) {
    return node.properties().stream()
        .filter(entry -> !entry.getKey().equals(OWN))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** When notes are held back; the conditions apply to the receiving side. */
  private Map<Visibility, Condition> waiting(JsonNode node, String key) {
    Map<Visibility, Condition> waiting = new EnumMap<>(Visibility.class);
    for (var entry : written(node)) {
      if (entry.getValue().has("unless") || entry.getValue().has("while")) {
        Condition until = conditions.parseUnless(entry.getValue(), "notes", key, entry.getKey());
        waiting.put(visibility(entry.getKey()), until);
      }
    }
    return waiting;
  }

  private static Map<Visibility, Visibility> notes(JsonNode node) {
    Map<Visibility, Visibility> carried = new EnumMap<>(Visibility.class);
    NodeTexts.texts(node, "as")
        .forEach(
            (from, to) -> {
              if (!to.equals("none") && !from.equals(OWN)) {
                carried.put(visibility(from), visibility(to));
              }
            });
    return carried;
  }

  private static Map<Visibility, Approval> approval(JsonNode node) {
    Map<Visibility, Approval> approval = new EnumMap<>(Visibility.class);
    for (var entry : written(node)) {
      String word = entry.getValue().path("approve").asText("never");
      approval.put(visibility(entry.getKey()), Approval.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return approval;
  }

  private static Visibility visibility(String word) {
    return Visibility.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
