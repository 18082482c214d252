package dev.lockstep.connector;

import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** On which line of a YAML text a JSON pointer's value begins. */
final class YamlLines {
  private final Map<String, Integer> lines = new HashMap<>();

  YamlLines(String yaml) {
    walk("", new Yaml(new LoaderOptions()).compose(new StringReader(yaml)));
  }

  /** Counted from 1; that of the nearest parent when the value itself is missing. */
  int of(String pointer) {
    for (String at = pointer; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return 1;
  }

  private void walk(String pointer, @Nullable Node node) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          String child = pointer + "/" + key.getValue();
          lines.put(child, key.getStartMark().getLine() + 1);
          walk(child, entry.getValueNode());
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      List<Node> items = sequence.getValue();
      for (int i = 0; i < items.size(); i++) {
        String child = pointer + "/" + i;
        lines.put(child, items.get(i).getStartMark().getLine() + 1);
        walk(child, items.get(i));
      }
    }
  }
}
