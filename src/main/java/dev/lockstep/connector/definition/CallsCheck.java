package dev.lockstep.connector.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.RequiredCalls.RequiredCall;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the {@code calls} of a {@code connector.yaml}: each call that its other keys require is
 * declared, with variables that the system's Kamelet reads and arguments that the call has.
 */
final class CallsCheck {
  /** Not one of a setting that has no value, which stays as {@code ${NAME}}. */
  private static final Pattern PLACEHOLDER = Pattern.compile("(?<!\\$)\\{([^{}]+)}");

  private final YamlFile file;
  private final ConnectorDefinition connector;
  private final Set<String> variables;

  /**
   * @param variables what the system's Kamelet reads
   */
  CallsCheck(YamlFile file, ConnectorDefinition connector, Set<String> variables) {
    this.file = file;
    this.connector = connector;
    this.variables = variables;
  }

  /** Adds a problem to the file for each mistake. */
  void check() {
    Map<String, RequestTemplate> declared = new TreeMap<>(connector.calls());
    Map<String, RequiredCall> required = RequiredCalls.of(connector);
    required.forEach(
        (name, call) -> {
          if (!declared.containsKey(name)) {
            file.refuse(
                call.place(),
                "'calls' has no '%s'; declare it, or take out '%s' that needs it"
                    .formatted(name, String.join(".", call.place())));
          }
        });
    declared.forEach(
        (name, template) -> {
          RequiredCall call = required.get(name);
          if (call == null) {
            file.refuse(
                List.of("calls", name),
                "nothing makes the call '%s'%s"
                    .formatted(name, Suggestion.of(name, required.keySet())));
          } else {
            check(name, template, call);
          }
        });
  }

  private void check(String name, RequestTemplate template, RequiredCall call) {
    List<String> place = List.of("calls", name);
    template
        .variables()
        .forEach(
            (variable, text) -> {
              if (!variables.contains(variable)) {
                Set<String> known = new TreeSet<>(variables);
                known.add(RequestTemplate.BODY);
                file.refuse(
                    YamlFile.with(place, variable),
                    "unknown key '%s' in '%s'%s"
                        .formatted(variable, name, Suggestion.of(variable, known)));
              }
              checkText(text, YamlFile.with(place, variable), call.arguments());
            });
    JsonNode body = template.body();
    if (body != null && call.sendsBody()) {
      file.refuse(
          YamlFile.with(place, RequestTemplate.BODY),
          "'%s' sends what '%s' declares; take this body out"
              .formatted(name, String.join(".", call.place())));
    } else if (body != null) {
      checkBody(body, YamlFile.with(place, RequestTemplate.BODY), call.arguments());
    }
  }

  private void checkBody(JsonNode node, List<String> place, Set<String> arguments) {
    if (node.isTextual()) {
      Matcher whole = RequestTemplate.WHOLE.matcher(node.asText());
      checkText(whole.matches() ? "{" + whole.group(2) + "}" : node.asText(), place, arguments);
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        checkBody(node.get(i), YamlFile.with(place, String.valueOf(i)), arguments);
      }
    } else {
      node.properties()
          .forEach(
              field ->
                  checkBody(field.getValue(), YamlFile.with(place, field.getKey()), arguments));
    }
  }

  private void checkText(String text, List<String> place, Set<String> arguments) {
    PLACEHOLDER
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !arguments.contains(name))
        .forEach(
            name ->
                file.refuse(
                    place,
                    "'%s' has no argument '{%s}'%s"
                        .formatted(place.get(1), name, Suggestion.of(name, arguments))));
  }
}
