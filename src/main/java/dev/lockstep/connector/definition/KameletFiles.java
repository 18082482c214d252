package dev.lockstep.connector.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlFile.Scalars;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Validates the Kamelets of the systems in use at start; Camel itself reads a Kamelet only at its
 * first call.
 */
public final class KameletFiles {
  private static final String EXTENSION = ".kamelet.yaml";
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^{}]*}");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.(\\w+)");

  private final List<Path> files;

  public KameletFiles(Collection<ConnectorDefinition> connectors) {
    this.files =
        connectors.stream()
            .flatMap(connector -> connector.kamelets().stream().map(one -> path(connector, one)))
            .distinct()
            .toList();
  }

  static Path path(ConnectorDefinition connector, KameletCall kamelet) {
    return connector.folder().resolve(kamelet.name() + EXTENSION);
  }

  /**
   * Loads all Kamelets into Camel.
   *
   * @throws ConnectorDefinitionException with one line for each file that Camel cannot load
   */
  public void load(CamelContext camel) {
    List<String> problems = new ArrayList<>();
    for (Path file : files) {
      try {
        PluginHelper.getRoutesLoader(camel)
            .loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "file:" + file));
      } catch (Exception e) {
        problems.add(file + ": Camel cannot read it: " + reason(e));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConnectorDefinitionException(problems);
    }
  }

  /** The exchange variables that a Kamelet reads, except the authorization. */
  static Set<String> variables(YamlFile kamelet) {
    Set<String> variables = new TreeSet<>();
    Matcher read = VARIABLE.matcher(kamelet.root().at("/spec/template").toString());
    while (read.find()) {
      variables.add(read.group(1));
    }
    variables.remove("authorization");
    return variables;
  }

  /** Its problems are the errors in its structure. */
  static YamlFile read(Path path) {
    YamlFile file = YamlFile.read(path, Scalars.TEXT);
    if (!file.problems().isEmpty()) {
      return file;
    }
    String name = path.getFileName().toString().replace(EXTENSION, "");
    JsonNode named = file.root().at("/metadata/name");
    if (!named.asText().equals(name)) {
      file.refuse(
          List.of("metadata", "name"),
          "metadata.name is '%s'; write '%s', as the file is called"
              .formatted(named.asText(), name));
    }
    JsonNode from = file.root().at("/spec/template/from");
    if (from.path("uri").asText().isEmpty()) {
      file.refuse(List.of("spec", "template"), "spec.template has no 'from' with a 'uri'; add it");
    } else if (!from.path("steps").isArray() || from.path("steps").isEmpty()) {
      file.refuse(List.of("spec", "template", "from"), "'from' has no list of 'steps'; add it");
    }
    checkExpressions(file, file.root().path("spec").path("template"), List.of("spec", "template"));
    return file;
  }

  private static void checkExpressions(YamlFile file, JsonNode node, List<String> place) {
    if (node.isTextual()) {
      if (!isBalanced(node.asText())) {
        file.refuse(place, "a brace of '%s' is not closed".formatted(node.asText()));
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        checkExpressions(file, node.get(i), YamlFile.with(place, String.valueOf(i)));
      }
    } else {
      node.properties()
          .forEach(e -> checkExpressions(file, e.getValue(), YamlFile.with(place, e.getKey())));
    }
  }

  /** Whether every <code>${</code> and <code>{{</code> is closed; they may be nested. */
  private static boolean isBalanced(String text) {
    String rest = text;
    String before;
    do {
      before = rest;
      rest = EXPRESSION.matcher(rest).replaceAll("").replaceAll("\\{\\{[^{}]*}}", "");
    } while (!rest.equals(before));
    return !rest.contains("${") && !rest.contains("{{");
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("").strip();
  }
}
