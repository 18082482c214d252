package dev.lockstep.postmortem.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.mapping.Suggestion;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A settings file that knows the line of each key, and collects one line for each problem. All
 * scalars are text: {@code no} is a word and not false.
 */
final class SettingsYaml {
  private final Path file;
  private final Map<String, Integer> lines = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final JsonNode root;

  SettingsYaml(Path file) {
    this.file = file;
    this.root = parsed();
  }

  /** An empty object if the file is empty or no YAML. */
  JsonNode root() {
    return root;
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Reports a problem at a JSON pointer, or at the nearest parent the file has. */
  void problem(String pointer, String text) {
    String at = pointer;
    while (!at.isEmpty() && !lines.containsKey(at)) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    problems.add("%s:%d: %s".formatted(file, lines.getOrDefault(at, 1), text));
  }

  /** Whether a value is a mapping, or left out; reports what it is else. */
  boolean isMap(String pointer) {
    JsonNode node = root.at(pointer);
    boolean fits = node.isObject() || node.isMissingNode() || node.isNull();
    if (!fits) {
      problem(pointer, "%s must hold keys and values".formatted(key(pointer)));
    }
    return fits;
  }

  /** Reports the keys of a mapping that are not known. */
  void keys(String pointer, Collection<String> known) {
    root.at(pointer)
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                problem(
                    pointer + "/" + name,
                    "%s%s: no such key%s"
                        .formatted(
                            pointer.isEmpty() ? "" : key(pointer) + ".",
                            name,
                            Suggestion.of(name, known)));
              }
            });
  }

  /** Reports a value that is no list of words. */
  void words(String pointer) {
    JsonNode node = root.at(pointer);
    if (node.isMissingNode() || node.isNull()) {
      return;
    }
    boolean fits = node.isArray();
    for (JsonNode word : node) {
      fits &= word.isTextual() && !word.asText().isBlank();
    }
    if (!fits) {
      problem(pointer, "%s must be a list of words such as [one, two]".formatted(key(pointer)));
    }
  }

  /** Reports a value that is no single text. */
  void text(String pointer) {
    JsonNode node = root.at(pointer);
    if (!node.isMissingNode() && !node.isTextual()) {
      problem(pointer, "%s must be one text".formatted(key(pointer)));
    }
  }

  static String key(String pointer) {
    return pointer.isEmpty()
        ? "the file"
        : pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
  }

  static String pointer(String parent, String key) {
    return parent + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private JsonNode parsed() {
    ObjectNode nothing = JsonNodeFactory.instance.objectNode();
    try {
      String text = Files.readString(file);
      LoaderOptions options = new LoaderOptions();
      options.setMaxAliasesForCollections(0);
      Node node = new Yaml(options).compose(new StringReader(text));
      JsonNode read = node == null ? nothing : json(node, "");
      if (read.isObject()) {
        return read;
      }
      problem("", "the file must hold keys and values, such as `guard:`");
    } catch (CharacterCodingException e) {
      problems.add("%s: not UTF-8; save the file as UTF-8".formatted(file));
    } catch (IOException e) {
      problems.add(
          "%s: can't be read (%s); check that the file exists and may be read"
              .formatted(file, e.getClass().getSimpleName()));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      problems.add(
          "%s:%d: not YAML: %s; check the indentation (spaces, no tabs), brackets and quotes near this line"
              .formatted(file, mark == null ? 1 : mark.getLine() + 1, first(e.getProblem())));
    } catch (YAMLException e) {
      problems.add("%s: not YAML: %s".formatted(file, first(e.getMessage())));
    }
    return nothing;
  }

  private static String first(String text) {
    return String.valueOf(text).lines().findFirst().orElse("");
  }

  private JsonNode json(Node node, String pointer) {
    lines.putIfAbsent(pointer, node.getStartMark().getLine() + 1);
    if (node instanceof MappingNode mapping) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (NodeTuple entry : mapping.getValue()) {
        String key = entry.getKeyNode() instanceof ScalarNode name ? name.getValue() : "?";
        String child = pointer(pointer, key);
        Integer before = lines.put(child, entry.getKeyNode().getStartMark().getLine() + 1);
        if (before != null) {
          problem(child, "%s stands twice, first in line %d".formatted(key(child), before));
        }
        object.set(key, json(entry.getValueNode(), child));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (Node item : sequence.getValue()) {
        array.add(json(item, pointer + "/" + array.size()));
      }
      return array;
    }
    ScalarNode scalar = (ScalarNode) node;
    boolean nothing = scalar.isPlain() && scalar.getValue().matches("|~|null");
    return nothing ? NullNode.instance : TextNode.valueOf(scalar.getValue());
  }
}
