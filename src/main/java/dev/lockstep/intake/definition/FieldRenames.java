package dev.lockstep.intake.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Converts a webhook's record into the shape the system's REST API returns it in. */
public record FieldRenames(List<Rename> renames) {

  /** {@code inner} empty: a plain rename; otherwise each list element is wrapped in that field. */
  private record Rename(String from, String to, String inner) {}

  static FieldRenames of(Map<String, String> rename) {
    return new FieldRenames(
        rename.entrySet().stream().map(e -> parse(e.getKey(), e.getValue())).toList());
  }

  private static Rename parse(String from, String to) {
    int brackets = to.indexOf("[].");
    if (from.endsWith("[]") != brackets >= 0) {
      throw new IllegalArgumentException(
          "rename " + from + ": " + to + " must have [] on both sides or on neither");
    }
    return brackets < 0
        ? new Rename(from, to, "")
        : new Rename(
            from.substring(0, from.length() - 2),
            to.substring(0, brackets),
            to.substring(brackets + 3));
  }

  /** Returns a copy. Missing fields stay missing; a field that already has its API name is kept. */
  public ObjectNode apply(ObjectNode reported) {
    ObjectNode record = reported.deepCopy();
    for (Rename rename : renames) {
      JsonNode value = record.remove(rename.from);
      if (value == null || record.has(rename.to)) {
        continue;
      }
      if (rename.inner.isEmpty()) {
        record.set(rename.to, value);
      } else if (value.isArray()) {
        ArrayNode list = record.putArray(rename.to);
        value.forEach(element -> list.addObject().set(rename.inner, element));
      }
    }
    return record;
  }
}
