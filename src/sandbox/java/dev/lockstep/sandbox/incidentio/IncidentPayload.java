package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.incidentio.Organisation.IncidentRole;
import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import dev.lockstep.sandbox.incidentio.Organisation.Member;
import dev.lockstep.sandbox.incidentio.Organisation.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@code IncidentsCreatePayloadV2} and {@code IncidentEditPayloadV2} have in common. Refuses
 * what an organisation does not have.
 */
final class IncidentPayload {

  private static final Map<String, String> VALUE_OF_TYPE =
      Map.of("text", "value_text", "link", "value_link", "numeric", "value_numeric");
  private static final Set<String> WHILE_NOT_ACTIVE =
      Set.of("triage", "declined", "merged", "canceled");

  private final Organisation organisation;

  IncidentPayload(Organisation organisation) {
    this.organisation = organisation;
  }

  DeclaredIncident.Edit read(JsonNode body, boolean creating) {
    return new DeclaredIncident.Edit(
        text(body, "name"),
        text(body, "summary"),
        status(body),
        severity(body),
        assignees(body, creating),
        values(body),
        null,
        null);
  }

  /** "A severity is required to open an incident" ("Errors" in the API reference). */
  static void requireSeverity(LifecycleStatus status, @Nullable Severity severity) {
    if (severity == null && !WHILE_NOT_ACTIVE.contains(status.category())) {
      throw IncidentIoException.invalid(
          "severity_id", "A severity is required to open an incident");
    }
  }

  static @Nullable String text(JsonNode body, String field) {
    JsonNode given = body.path(field);
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    if (!given.isTextual()) {
      throw IncidentIoException.invalid(field, field + " must be a string");
    }
    return given.asText();
  }

  private @Nullable LifecycleStatus status(JsonNode body) {
    String id = text(body, "incident_status_id");
    return id == null
        ? null
        : known(organisation.statuses(), LifecycleStatus::id, id, "incident_status_id");
  }

  private @Nullable Severity severity(JsonNode body) {
    String id = text(body, "severity_id");
    return id == null ? null : known(organisation.severities(), Severity::id, id, "severity_id");
  }

  private Map<String, Optional<String>> assignees(JsonNode body, boolean creating) {
    Map<String, Optional<String>> assignees = new LinkedHashMap<>();
    for (JsonNode given : list(body, "incident_role_assignments")) {
      String field = "incident_role_assignments.incident_role_id";
      IncidentRole role =
          known(
              organisation.roles(), IncidentRole::id, id(given, "incident_role_id", field), field);
      if (role.type().equals("reporter") && !creating) {
        throw IncidentIoException.invalid(
            field, "the reporter can only be assigned when creating an incident");
      }
      JsonNode assignee = given.path("assignee");
      assignees.put(
          role.id(), assignee.isObject() ? Optional.of(member(assignee).id()) : Optional.empty());
    }
    return assignees;
  }

  private Member member(JsonNode reference) {
    return Organisation.first(
            organisation.members(),
            one ->
                one.id().equals(reference.path("id").asText())
                    || one.email().equalsIgnoreCase(reference.path("email").asText())
                    || one.slackId().equals(reference.path("slack_user_id").asText()))
        .orElseThrow(
            () ->
                IncidentIoException.invalid(
                    "incident_role_assignments.assignee", "could not find the user"));
  }

  private Map<String, List<JsonNode>> values(JsonNode body) {
    Map<String, List<JsonNode>> values = new LinkedHashMap<>();
    for (JsonNode given : list(body, "custom_field_entries")) {
      String at = "custom_field_entries.custom_field_id";
      CustomField field =
          known(organisation.fields(), CustomField::id, id(given, "custom_field_id", at), at);
      if (!given.path("values").isArray()) {
        throw IncidentIoException.missing("custom_field_entries.values");
      }
      List<JsonNode> kept = new ArrayList<>();
      given.path("values").forEach(value -> kept.add(checked(field, value)));
      if (kept.size() > 1 && !field.type().equals("multi_select")) {
        throw IncidentIoException.invalid(
            "custom_field_entries.values", field.name() + " takes one value");
      }
      values.put(field.id(), kept);
    }
    return values;
  }

  private JsonNode checked(CustomField field, JsonNode value) {
    String name =
        field.catalogType().isEmpty()
            ? VALUE_OF_TYPE.getOrDefault(field.type(), "value_option_id")
            : "value_catalog_entry_id";
    String at = "custom_field_entries.values." + name;
    String given = id(value, name, at);
    boolean valid =
        switch (name) {
          case "value_option_id" ->
              organisation.options().stream()
                  .anyMatch(one -> one.id().equals(given) && one.field().equals(field.id()));
          case "value_catalog_entry_id" ->
              organisation.entries().stream()
                  .anyMatch(
                      one -> one.id().equals(given) && one.type().equals(field.catalogType()));
          case "value_numeric" -> given.matches("-?\\d+(\\.\\d+)?");
          case "value_link" -> given.matches("https?://.+");
          default -> true;
        };
    if (!valid) {
      throw IncidentIoException.invalid(at, given + " is not a value of " + field.name());
    }
    return value;
  }

  private static String id(JsonNode body, String field, String path) {
    String given = text(body, field);
    if (given == null) {
      throw IncidentIoException.missing(path);
    }
    return given;
  }

  private static JsonNode list(JsonNode body, String field) {
    JsonNode given = body.path(field);
    if (!given.isArray() && !given.isMissingNode() && !given.isNull()) {
      throw IncidentIoException.invalid(field, field + " must be an array");
    }
    return given;
  }

  private static <T> T known(List<T> all, Function<T, String> id, String wanted, String field) {
    return Organisation.first(all, one -> id.apply(one).equals(wanted))
        .orElseThrow(() -> IncidentIoException.invalid(field, "no such " + field + ": " + wanted));
  }
}
