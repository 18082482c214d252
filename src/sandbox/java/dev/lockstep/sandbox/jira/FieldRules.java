package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.lockstep.sandbox.http.Json;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Validates field values, with Jira's error messages. */
final class FieldRules {

  /** On every create and edit screen here; {@code status} is on none, in Jira either. */
  static final Set<String> SYSTEM =
      Set.of(
          ("summary issuetype project description environment priority labels components "
                  + "assignee reporter duedate")
              .split(" ", -1));

  static final Set<String> LISTS = Set.of("labels", "components");
  static final Set<String> DOCUMENTS = Set.of("description", "environment");

  private static final int LONGEST_LINE = 255;
  private static final int LONGEST_DOCUMENT = 32_767;
  private static final String NOT_A_DOCUMENT =
      "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

  private final Site site;

  FieldRules(Site site) {
    this.site = site;
  }

  static JiraException notOnScreen(String field) {
    return JiraException.field(
        field,
        "Field '" + field + "' cannot be set. It is not on the appropriate screen, or unknown.");
  }

  /** The value to store. */
  JsonNode value(Project project, String field, JsonNode given) {
    if (field.equals("summary")) {
      return summary(given);
    }
    if (given.isNull() && !Set.of("issuetype", "project").contains(field)) {
      return LISTS.contains(field) ? Json.array() : Json.NULL;
    }
    return switch (field) {
      case "description", "environment" -> document(field, given);
      case "issuetype" ->
          reference(field, given, project.issueTypes(), "Specify a valid issue type");
      case "priority" ->
          reference(field, given, Site.PRIORITIES, "The priority selected is invalid.");
      case "resolution" ->
          reference(field, given, Site.RESOLUTIONS, "The resolution selected is invalid.");
      case "labels" -> labels(given);
      case "components" -> components(project, given);
      case "assignee", "reporter" -> user(field, given);
      case "duedate" -> day(field, given);
      default -> custom(field, given);
    };
  }

  static JsonNode comment(JsonNode body) {
    if (!body.isObject() || AdfValidator.fault(body).isPresent()) {
      throw JiraException.field("comment", "Comment body is not valid!");
    }
    if (AdfText.wiki(body).isBlank()) {
      throw JiraException.field("comment", "Comment body can not be empty!");
    }
    if (AdfText.wiki(body).length() > LONGEST_DOCUMENT) {
      throw JiraException.field("comment", "CONTENT_LIMIT_EXCEEDED");
    }
    return body;
  }

  private static JsonNode summary(JsonNode given) {
    if (!given.isTextual() && !given.isNull()) {
      throw JiraException.field("summary", "Operation value must be a string");
    }
    String text = given.isNull() ? "" : given.textValue();
    if (text.isBlank()) {
      throw JiraException.field("summary", "You must specify a summary of the issue.");
    }
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw JiraException.field(
          "summary", "The summary is invalid because it contains newline characters.");
    }
    if (text.length() > LONGEST_LINE) {
      throw JiraException.field("summary", "Summary can't exceed 255 characters.");
    }
    return Json.text(text.strip());
  }

  private static JsonNode document(String field, JsonNode given) {
    if (!given.isObject()) {
      throw JiraException.field(field, NOT_A_DOCUMENT);
    }
    if (AdfValidator.fault(given).isPresent()) {
      throw JiraException.badRequest("INVALID_INPUT");
    }
    if (AdfText.wiki(given).length() > LONGEST_DOCUMENT) {
      throw JiraException.field(field, "CONTENT_LIMIT_EXCEEDED");
    }
    return given;
  }

  private static JsonNode labels(JsonNode given) {
    if (!given.isArray()) {
      throw JiraException.field("labels", "data was not an array");
    }
    Set<String> labels = new LinkedHashSet<>();
    for (JsonNode label : given) {
      if (!label.isTextual()) {
        throw JiraException.field("labels", "string expected at index " + labels.size());
      }
      String text = label.textValue();
      if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
        throw JiraException.field(
            "labels", "The label '" + text + "' contains spaces which is invalid.");
      }
      if (text.length() > LONGEST_LINE) {
        throw JiraException.field("labels", "The label '" + text + "' exceeds 255 characters.");
      }
      labels.add(text);
    }
    ArrayNode stored = Json.array();
    labels.forEach(stored::add);
    return stored;
  }

  /** Those of its own project, by id or by name. */
  private JsonNode components(Project project, JsonNode given) {
    if (!given.isArray()) {
      throw JiraException.field("components", "data was not an array");
    }
    ArrayNode stored = Json.array();
    for (JsonNode one : given) {
      String by = one.has("id") ? "id" : "name";
      String wanted = one.path(by).asText();
      stored.add(
          site.components(project).stream()
              .filter(each -> wanted.equals(by.equals("id") ? each.id() : each.name()))
              .findFirst()
              .orElseThrow(
                  () ->
                      JiraException.field(
                          "components", "Component %s '%s' is not valid".formatted(by, wanted)))
              .id());
    }
    return stored;
  }

  private static JsonNode reference(
      String field, JsonNode given, List<NamedValue> known, String refusal) {
    if (!given.isObject()) {
      throw JiraException.field(field, "data was not an object");
    }
    String by = given.has("id") ? "id" : "name";
    JsonNode wanted = given.path(by);
    Optional<NamedValue> found =
        !wanted.isTextual()
            ? Optional.empty()
            : known.stream()
                .filter(
                    each ->
                        by.equals("id")
                            ? each.id().equals(wanted.textValue())
                            : each.name().equals(wanted.textValue()))
                .findFirst();
    return Json.text(found.orElseThrow(() -> JiraException.field(field, refusal)).id());
  }

  /** By account id alone: names and e-mail addresses went with the privacy changes of 2019. */
  private JsonNode user(String field, JsonNode given) {
    if (!given.isObject()) {
      throw JiraException.field(field, "data was not an object");
    }
    // The OpenAPI document's example of POST /issue says id, its schema of a user accountId.
    JsonNode id = given.has("accountId") ? given.path("accountId") : given.path("id");
    if (id.isNull() || (id.isMissingNode() && given.isEmpty())) {
      return Json.NULL;
    }
    JiraUser user =
        site.user(id.asText())
            .orElseThrow(() -> JiraException.field(field, "Specify a valid value for " + field));
    if (field.equals("assignee") && (!user.active() || !user.assignable())) {
      throw JiraException.field(
          field, "User '" + user.accountId() + "' cannot be assigned issues.");
    }
    return Json.text(user.accountId());
  }

  private static JsonNode day(String field, JsonNode given) {
    try {
      if (given.isTextual()) {
        return Json.text(LocalDate.parse(given.textValue(), DAY).toString());
      }
    } catch (DateTimeParseException e) {
      throw JiraException.field(field, "Error parsing date string: " + given.textValue());
    }
    throw JiraException.field(field, "Operation value must be a string");
  }

  private JsonNode custom(String id, JsonNode given) {
    CustomField field = site.customField(id).orElseThrow(() -> notOnScreen(id));
    return switch (field.type()) {
      case TEXT, EXACT_TEXT -> {
        if (!given.isTextual()) {
          throw JiraException.field(id, "Operation value must be a string");
        }
        if (given.textValue().length() > LONGEST_LINE) {
          throw JiraException.field(
              id, "The entered text is too long. It exceeds the allowed limit of 255 characters.");
        }
        yield given.textValue().isEmpty() ? Json.NULL : given;
      }
      case TEXTAREA -> document(id, given);
      case DATE -> day(id, given);
      case NUMBER -> {
        if (!given.isNumber()) {
          throw JiraException.field(id, "Operation value must be a number");
        }
        yield given;
      }
      case SELECT -> option(field, given);
    };
  }

  private static JsonNode option(CustomField field, JsonNode given) {
    String by = given.has("id") ? "id" : "value";
    return field.options().stream()
        .filter(
            option ->
                (by.equals("id") ? option.id() : option.name()).equals(given.path(by).asText()))
        .findFirst()
        .map(option -> Json.text(option.id()))
        .orElseThrow(
            () ->
                JiraException.field(
                    field.id(), "Specify a valid 'id' or 'name' for " + field.name()));
  }
}
