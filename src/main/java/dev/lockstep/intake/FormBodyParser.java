package dev.lockstep.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.CleanJson;
import dev.lockstep.intake.definition.WebhookParseException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Parses a body that is a form ({@code application/x-www-form-urlencoded}) to a JSON object. */
final class FormBodyParser {
  private FormBodyParser() {}

  /** No JSON object begins like a form, and no form like a JSON object. */
  static boolean isForm(byte[] body) {
    for (byte one : body) {
      if (!Character.isWhitespace(one)) {
        return Character.isLetterOrDigit(one);
      }
    }
    return false;
  }

  /**
   * Parses a form; texts are {@linkplain CleanJson#clean cleaned}.
   *
   * @param json names of the fields whose values are JSON objects
   * @throws WebhookParseException when it is not one; the message does not quote the body
   */
  static ObjectNode read(byte[] body, Set<String> json) {
    ObjectNode form = JsonNodeFactory.instance.objectNode();
    for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      int equals = field.indexOf('=');
      String name = decode(equals < 0 ? field : field.substring(0, equals));
      String value = equals < 0 ? "" : decode(field.substring(equals + 1));
      if (form.has(name)) {
        throw new WebhookParseException("a field of the form occurs twice");
      }
      if (json.contains(name)) {
        form.set(name, WebhookBodyParser.read(value.getBytes(StandardCharsets.UTF_8)));
      } else {
        form.put(name, CleanJson.clean(value));
      }
    }
    return form;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new WebhookParseException("the form is not encoded as one");
    }
  }
}
