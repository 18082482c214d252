package dev.lockstep.mapping.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.json.JsonPath;
import dev.lockstep.mapping.References;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads and writes one field in a system's native JSON. */
public record FieldAccess(String system, FieldSide rule, References references) {

  /** Length of an ISO date such as {@code 2026-12-01}. */
  private static final int DAY = 10;

  /** The value at a path: empty if the record lacks it, an empty text if it is null. */
  private static Optional<String> text(JsonNode record, String path) {
    JsonNode node = JsonPath.find(record, path);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        node.isContainerNode() ? structured(node) : node.isNull() ? "" : node.asText());
  }

  /** Lists and objects, such as an incident's details, are read as JSON text. */
  private static String structured(JsonNode node) {
    return node.isEmpty() ? "" : node.toPrettyString();
  }

  /**
   * Empty: the record lacks the field. An empty text: the field is empty.
   *
   * @param isListed whether a table lists a value, or any value is possible
   */
  public Optional<String> read(JsonNode record, Predicate<String> isListed) {
    JsonPath unlisted = rule.unlisted();
    Optional<String> value = read(record);
    return unlisted == null || value.filter(v -> !v.isEmpty() && !isListed.test(v)).isEmpty()
        ? value
        : text(record, unlisted.expression()).filter(isListed).or(() -> value);
  }

  private Optional<String> read(JsonNode record) {
    if (rule.paths().isEmpty()) {
      return Optional.empty();
    }
    Optional<String> value = rule.joined() ? joined(record) : single(record);
    JsonPath fallback = rule.fallback();
    return value.isPresent() && value.get().isEmpty() && fallback != null
        ? text(record, fallback.expression()).or(() -> value)
        : value;
  }

  private Optional<String> joined(JsonNode record) {
    List<String> parts = new ArrayList<>();
    for (JsonPath path : rule.paths()) {
      Optional<String> part = text(record, path.expression());
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(
        parts.stream().allMatch(String::isEmpty) ? "" : String.join(FieldSide.SEPARATOR, parts));
  }

  private Optional<String> single(JsonNode record) {
    String path = rule.paths().get(0).expression();
    String reference = rule.reference();
    return reference == null
        ? text(record, path).map(this::day)
        : referenced(record, path, reference);
  }

  /** Reduces a timestamp to its day if the field has {@code at-time}. */
  private String day(String value) {
    return rule.atTime().isEmpty() || value.length() < DAY ? value : value.substring(0, DAY);
  }

  /**
   * The id decides whether the reference is empty: a user without an e-mail address has an empty
   * key and must not be taken for "no user".
   */
  private Optional<String> referenced(JsonNode record, String path, String reference) {
    Optional<String> id = text(record, references.idPath(system, reference, path));
    if (id.isPresent() && id.get().isEmpty()) {
      return id;
    }
    if (id.isPresent() && id.equals(references.nobody(system, reference))) {
      return Optional.of("");
    }
    Optional<String> shown =
        references
            .keyPath(system, reference, path)
            .flatMap(keyPath -> text(record, keyPath))
            .filter(key -> !key.isEmpty());
    if (shown.isPresent() || id.isEmpty()) {
      return shown;
    }
    try {
      return references
          .keyOf(system, reference, id.get())
          .filter(key -> !key.isEmpty())
          .or(() -> Optional.of(MappedField.UNKNOWN_ID + id.get()));
    } catch (References.ReferenceLookupException e) {
      return Optional.of(MappedField.LOOKUP_REFUSED + id.get());
    }
  }

  /**
   * Adds the value to the request body. The {@code also-sets-for} entries of this value are added
   * even if the value itself cannot be written.
   *
   * @return why it cannot be written; empty on success
   */
  public Optional<String> write(String value, ObjectNode body, TemplateValues values) {
    if (rule.paths().isEmpty()) {
      return Optional.of("it has no path there");
    }
    Optional<String> gap = rule.joined() ? putJoined(value, body) : putSingle(value, body, values);
    put(
        gap.isEmpty() ? rule.form().with(value, values) : rule.form().withOnly(value, values),
        body);
    return gap;
  }

  public static void put(Map<String, String> values, ObjectNode body) {
    values.forEach((path, value) -> JsonPath.put(body, path, TextNode.valueOf(value)));
  }

  private Optional<String> putJoined(String value, ObjectNode body) {
    List<JsonPath> paths = rule.paths();
    String[] parts = value.split(FieldSide.SEPARATOR, -1);
    if (!value.isEmpty() && parts.length != paths.size()) {
      return Optional.of("'%s' does not have %d parts".formatted(value, paths.size()));
    }
    for (int i = 0; i < paths.size(); i++) {
      paths.get(i).put(body, TextNode.valueOf(value.isEmpty() ? "" : parts[i]));
    }
    return Optional.empty();
  }

  private Optional<String> putSingle(String value, ObjectNode body, TemplateValues values) {
    String written = rule.writePaths().get(0);
    Optional<JsonPath> path = WriteForm.fillPath(written, values::id).map(JsonPath::new);
    if (path.isEmpty()) {
      return Optional.of("there is nothing to write it to: %s is not known".formatted(written));
    }
    if (value.isEmpty()) {
      clear(path.get(), body);
      return Optional.empty();
    }
    return putAt(path.get(), value, body);
  }

  private Optional<String> putAt(JsonPath path, String value, ObjectNode body) {
    String reference = rule.reference();
    if (reference == null) {
      String time = rule.atTime().isEmpty() ? "" : " " + rule.atTime();
      path.put(body, TextNode.valueOf(value + time));
      return Optional.empty();
    }
    try {
      Optional<String> id = findId(value);
      id.ifPresent(found -> path.put(body, references.form(system, reference, found)));
      return id.isPresent()
          ? Optional.empty()
          : Optional.of("%s has no %s '%s'".formatted(system, reference, value));
    } catch (References.ReferenceLookupException e) {
      return Optional.of("%s '%s' cannot be looked up: %s".formatted(reference, value, e.reason()));
    }
  }

  /**
   * The id of a reference; empty if the system has no such object, or the field is no reference.
   *
   * @throws References.ReferenceLookupException if the lookup is rejected
   */
  public Optional<String> findId(String value) {
    String reference = rule.reference();
    return reference == null || value.isBlank()
        ? Optional.empty()
        : MappedField.idWithoutKey(value).or(() -> references.idOf(system, reference, value));
  }

  private void clear(JsonPath path, ObjectNode body) {
    String reference = rule.reference();
    Optional<JsonNode> nobody = reference == null ? Optional.empty() : nobody(reference);
    nobody.ifPresentOrElse(form -> path.put(body, form), () -> path.clear(body));
  }

  private Optional<JsonNode> nobody(String reference) {
    return references.nobody(system, reference).map(id -> references.form(system, reference, id));
  }

  /** All paths this field is read from. */
  public Set<String> paths() {
    Set<String> read = new LinkedHashSet<>();
    for (JsonPath path : rule.paths()) {
      String reference = rule.reference();
      if (reference == null) {
        read.add(path.expression());
      } else {
        read.add(references.idPath(system, reference, path.expression()));
        references.keyPath(system, reference, path.expression()).ifPresent(read::add);
      }
    }
    Stream.of(rule.fallback(), rule.unlisted())
        .filter(Objects::nonNull)
        .forEach(path -> read.add(path.expression()));
    return read;
  }
}
