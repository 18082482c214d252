package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.definition.ConnectorDefinition.SecretField;
import dev.lockstep.connector.definition.Settings;
import dev.lockstep.json.JsonPath;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts secrets into the body of a call just before it is sent, so that nothing else shows them. */
final class SecretFields {
  private SecretFields() {}

  /**
   * @throws RequestRejectedException if the table has no value for what the body names
   */
  static @Nullable JsonNode fill(ApiCall call, @Nullable JsonNode body) {
    if (!(body instanceof ObjectNode plain)) {
      return body;
    }
    ObjectNode filled = plain.deepCopy();
    for (SecretField field : call.connector().secrets()) {
      if (field.call().equals(call.name())) {
        String name = JsonPath.text(plain, field.by());
        JsonPath.put(filled, field.path(), TextNode.valueOf(value(call, field, name)));
      }
    }
    return filled;
  }

  private static String value(ApiCall call, SecretField field, String name) {
    Map<String, String> table = Settings.table(Settings.value(call.connector(), field.setting()));
    String value = table.getOrDefault(name.strip(), "");
    if (value.isEmpty()) {
      String variable =
          Objects.requireNonNull(call.connector().settings().get(field.setting())).env();
      throw new RequestRejectedException(
          0,
          call.describe(),
          "not sent: %s has no entry for '%s'".formatted(variable, name),
          "Add it to %s, restart and retry; or let the mapping begin no such records (`starts`)."
              .formatted(variable));
    }
    return value;
  }
}
