package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.mapping.InvalidMappings.Problem;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping file that remembers where each key stands. Words mean what they look like: {@code 01},
 * {@code no} and {@code on} are text, not what YAML 1.1 makes of them; only {@code true}, {@code
 * false} and the numbers after {@code max}, {@code characters} and {@code bytes} are more than
 * text.
 */
final class MappingFile {

  private static final int MAX_DEPTH = 20;
  private static final Set<String> SIZES = Set.of("max", "characters", "bytes");

  private final String name;
  private final Map<List<String>, Integer> lines = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final JsonNode root;

  private MappingFile(String name, String yaml) {
    this.name = name;
    this.root = parse(yaml);
  }

  static MappingFile of(String name, String yaml) {
    return new MappingFile(name, yaml);
  }

  String name() {
    return name;
  }

  /** Missing when the file is no YAML at all. */
  JsonNode root() {
    return root;
  }

  List<Problem> problems() {
    return problems;
  }

  /** Notes what is wrong at a place, or at the nearest place around it the file has. */
  void refuse(List<String> place, String text) {
    List<String> at = place;
    while (!lines.containsKey(at) && !at.isEmpty()) {
      at = at.subList(0, at.size() - 1);
    }
    problems.add(new Problem(name, lines.getOrDefault(at, 1), text));
  }

  private JsonNode parse(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    try {
      Node node = new Yaml(options).compose(new StringReader(yaml));
      return node == null ? JsonNodeFactory.instance.objectNode() : json(node, List.of());
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      problems.add(new Problem(name, mark == null ? 0 : mark.getLine() + 1, e.getProblem()));
      return MissingNode.getInstance();
    }
  }

  private JsonNode json(Node node, List<String> place) {
    lines.putIfAbsent(place, node.getStartMark().getLine() + 1);
    if (place.size() > MAX_DEPTH) {
      refuse(place, "this is nested too deeply");
      return NullNode.instance;
    }
    if (node instanceof MappingNode mapping) {
      return object(mapping, place);
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (Node item : sequence.getValue()) {
        array.add(json(item, with(place, String.valueOf(array.size()))));
      }
      return array;
    }
    return scalar((ScalarNode) node, place);
  }

  private ObjectNode object(MappingNode mapping, List<String> place) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple entry : mapping.getValue()) {
      int line = entry.getKeyNode().getStartMark().getLine() + 1;
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add(new Problem(name, line, "a key must be a single word"));
        continue;
      }
      List<String> inner = with(place, key.getValue());
      if (object.has(key.getValue())) {
        String text = "'%s' stands here twice; first in line %d; keep one of them";
        problems.add(new Problem(name, line, text.formatted(key.getValue(), lines.get(inner))));
        continue;
      }
      lines.put(inner, line);
      object.set(key.getValue(), json(entry.getValueNode(), inner));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode node, List<String> place) {
    String text = node.getValue();
    if (node.getScalarStyle() != ScalarStyle.PLAIN) {
      return TextNode.valueOf(text);
    }
    if (text.equals("true") || text.equals("false")) {
      return BooleanNode.valueOf(text.equals("true"));
    }
    if (text.isEmpty() || text.equals("~") || text.equals("null")) {
      return NullNode.instance;
    }
    boolean number = !place.isEmpty() && SIZES.contains(place.get(place.size() - 1));
    return number && text.matches("\\d{1,9}")
        ? IntNode.valueOf(Integer.parseInt(text))
        : TextNode.valueOf(text);
  }

  static List<String> with(List<String> place, String... more) {
    List<String> longer = new ArrayList<>(place);
    longer.addAll(List.of(more));
    return List.copyOf(longer);
  }
}
