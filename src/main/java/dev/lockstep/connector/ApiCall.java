package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.RequestTemplate;
import dev.lockstep.record.RecordRef;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call to a system.
 *
 * @param name in {@code calls}, for example {@code fetch-incident}
 * @param operation label in metrics and error classes, for example {@code fetch}
 * @param ref the record the call is about; null for calls about no single record
 * @param arguments values of the placeholders in the call's declaration
 * @param body of a call that sends a record, a note or a link
 */
record ApiCall(
    ConnectorDefinition connector,
    String name,
    String operation,
    boolean write,
    @Nullable RecordRef ref,
    Map<String, String> arguments,
    @Nullable JsonNode body) {

  static ApiCall read(ConnectorDefinition connector, String name) {
    return new ApiCall(connector, name, operation(name), false, null, Map.of(), null);
  }

  static ApiCall write(ConnectorDefinition connector, String name, JsonNode body) {
    return new ApiCall(connector, name, operation(name), true, null, Map.of(), body);
  }

  /** A write without a body. */
  static ApiCall write(ConnectorDefinition connector, String name) {
    return new ApiCall(connector, name, operation(name), true, null, Map.of(), null);
  }

  /**
   * @throws RequestRejectedException when the id is not valid: it could address another resource
   */
  ApiCall on(RecordRef record) {
    if (!connector.kind(record.kind()).isId(record.id())) {
      throw new RequestRejectedException(
          0,
          name + " " + record,
          "not sent: this is no id of a " + record.kind() + " in " + connector.title(),
          "Correct the id; kinds." + record.kind() + ".id-pattern says what ids look like.");
    }
    return new ApiCall(connector, name, operation, write, record, arguments, body)
        .with("id", record.id());
  }

  /**
   * What the system's Kamelet receives.
   *
   * @throws RequestRejectedException when the query language cannot express an argument as a value
   */
  RequestTemplate.Request request() {
    RequestTemplate.Request request = connector.call(name).fill(arguments, escaped());
    return body == null ? request : new RequestTemplate.Request(request.variables(), body);
  }

  /** The arguments, escaped for the system's query language. */
  private Map<String, String> escaped() {
    Map<String, String> escaped = new LinkedHashMap<>();
    arguments.forEach(
        (argument, value) ->
            escaped.put(
                argument,
                (argument.equals(RequestTemplate.FILTER)
                        ? Optional.of(value)
                        : connector.queryLanguage().escapeValue(value))
                    .orElseThrow(
                        () ->
                            new RequestRejectedException(
                                0,
                                describe(),
                                "not sent: "
                                    + connector.title()
                                    + " would interpret the "
                                    + argument
                                    + " instead of comparing with it",
                                "Rename what the value names; a query cannot hold it."))));
    return escaped;
  }

  ApiCall with(String argument, String value) {
    Map<String, String> more = new LinkedHashMap<>(arguments);
    more.put(argument, value);
    return new ApiCall(connector, name, operation, write, ref, more, body);
  }

  /** For messages and logs. Contains no secrets, because those are never arguments. */
  String describe() {
    Map<String, String> shown = new LinkedHashMap<>(arguments);
    shown.remove("id");
    shown.remove("fields");
    return name
        + (ref == null ? " in " + connector.system() : " " + ref)
        + (shown.isEmpty() ? "" : " " + shown)
        + (body == null ? "" : " " + truncate(body.toString()));
  }

  static String truncate(String text) {
    return text.length() <= 2000 ? text : text.substring(0, 2000);
  }

  private static String operation(String name) {
    int dash = name.indexOf('-');
    return (dash < 0 ? name : name.substring(0, dash)).toLowerCase(Locale.ROOT);
  }
}
