package dev.lockstep.ops.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A YAML file as a tree that remembers the line of each key. Values are literal: {@code 01}, {@code
 * no} and {@code on} are text, unlike in YAML 1.1. Errors are collected in {@link #problems()}, not
 * thrown.
 */
public final class YamlFile {

  private static final int MAX_DEPTH = 20;
  private static final Set<String> SIZES = Set.of("max", "characters", "bytes");

  /** Which plain scalars are parsed as something other than text. */
  public enum Scalars {
    /** {@code true}, {@code false}, and numbers of the keys in {@code SIZES}. */
    TEXT,
    /** {@code true}, {@code false} and decimal numbers without a leading zero. */
    NUMBERS
  }

  private final String name;
  private final Scalars scalars;
  private final Map<List<String>, Integer> lines = new HashMap<>();
  private final List<YamlProblem> problems = new ArrayList<>();
  private final JsonNode root;

  private YamlFile(String name, Scalars scalars, JsonNode root) {
    this.name = name;
    this.scalars = scalars;
    this.root = root;
  }

  private YamlFile(String name, Scalars scalars, String yaml) {
    this.name = name;
    this.scalars = scalars;
    this.root = parse(yaml);
  }

  /** Parses text that was read already. */
  public static YamlFile of(String name, Scalars scalars, String yaml) {
    return new YamlFile(name, scalars, yaml);
  }

  /** Reads a file, which must be UTF-8. */
  public static YamlFile read(Path file, Scalars scalars) {
    return read(file.toString(), file, scalars);
  }

  /**
   * @param name the file's name in problems
   */
  public static YamlFile read(String name, Path file, Scalars scalars) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      CharsetDecoder decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      ByteBuffer in = ByteBuffer.wrap(bytes);
      CharBuffer text = CharBuffer.allocate(bytes.length + 1);
      CoderResult result = decoder.decode(in, text, true);
      text.flip();
      if (result.isError()) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return refused(name, scalars, line, "this line is not UTF-8; save the file as UTF-8");
      }
      return of(name, scalars, text.toString());
    } catch (NoSuchFileException e) {
      return refused(name, scalars, 0, "there is no such file");
    } catch (IOException e) {
      return refused(name, scalars, 0, "this file cannot be read: " + e.getMessage());
    }
  }

  private static YamlFile refused(String name, Scalars scalars, int line, String text) {
    YamlFile file = new YamlFile(name, scalars, MissingNode.getInstance());
    file.problems.add(new YamlProblem(name, line, text));
    return file;
  }

  public String name() {
    return name;
  }

  /** Missing when the file is unreadable or not YAML; an empty object when it is empty. */
  public JsonNode root() {
    return root;
  }

  /** In the order they were found. */
  public List<YamlProblem> problems() {
    return problems;
  }

  /** Records a problem at a key, or at the nearest enclosing key in the file. */
  public void refuse(List<String> place, String text) {
    problems.add(new YamlProblem(name, line(place), text));
  }

  /** The line of a key, or of the nearest enclosing one. */
  public int line(List<String> place) {
    List<String> at = place;
    while (!lines.containsKey(at) && !at.isEmpty()) {
      at = at.subList(0, at.size() - 1);
    }
    return lines.getOrDefault(at, 1);
  }

  private JsonNode parse(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    try {
      Node node = new Yaml(options).compose(new StringReader(yaml));
      return node == null || isNull(node)
          ? JsonNodeFactory.instance.objectNode()
          : json(node, List.of());
    } catch (MarkedYAMLException e) {
      problems.add(YamlSyntax.problem(name, yaml, e));
    } catch (YAMLException e) {
      problems.add(YamlSyntax.problem(name, yaml, e));
    }
    return MissingNode.getInstance();
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && scalar.getValue().isEmpty();
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
        problems.add(new YamlProblem(name, line, "a key must be a single word"));
        continue;
      }
      List<String> inner = with(place, key.getValue());
      if (object.has(key.getValue())) {
        String text = "the key '%s' is duplicate, first used in line %d; keep one of them";
        problems.add(new YamlProblem(name, line, text.formatted(key.getValue(), lines.get(inner))));
        continue;
      }
      lines.put(inner, line);
      object.set(key.getValue(), json(entry.getValueNode(), inner));
    }
    return object;
  }

  private JsonNode scalar(ScalarNode node, List<String> place) {
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
    return isNumber(text, place) ? number(text) : TextNode.valueOf(text);
  }

  private boolean isNumber(String text, List<String> place) {
    return switch (scalars) {
      case TEXT ->
          !place.isEmpty()
              && SIZES.contains(place.get(place.size() - 1))
              && text.matches("\\d{1,9}");
      case NUMBERS -> text.matches("-?(0|[1-9]\\d{0,17})(\\.\\d{1,9})?");
    };
  }

  private static JsonNode number(String text) {
    return text.contains(".")
        ? DecimalNode.valueOf(new BigDecimal(text))
        : LongNode.valueOf(Long.parseLong(text));
  }

  /** A path extended by these keys. */
  public static List<String> with(List<String> place, String... more) {
    List<String> longer = new ArrayList<>(place);
    longer.addAll(List.of(more));
    return List.copyOf(longer);
  }
}
