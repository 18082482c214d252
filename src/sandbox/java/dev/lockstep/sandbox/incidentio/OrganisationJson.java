package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.incidentio.Organisation.CatalogEntry;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.incidentio.Organisation.FieldOption;
import dev.lockstep.sandbox.incidentio.Organisation.IncidentRole;
import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import dev.lockstep.sandbox.incidentio.Organisation.Member;
import dev.lockstep.sandbox.incidentio.Organisation.Severity;

/** Shows what an organisation has configured, as the API does. */
record OrganisationJson(Organisation organisation) {

  ObjectNode status(LifecycleStatus status) {
    return dated(
        Json.object()
            .put("id", status.id())
            .put("name", status.name())
            .put("description", "")
            .put("rank", status.rank())
            .put("category", status.category()));
  }

  ObjectNode severity(Severity severity) {
    return dated(
        Json.object()
            .put("id", severity.id())
            .put("name", severity.name())
            .put("description", "")
            .put("rank", severity.rank()));
  }

  ObjectNode role(IncidentRole role) {
    boolean reporter = role.type().equals("reporter");
    return dated(
        Json.object()
            .put("id", role.id())
            .put("name", role.name())
            .put("shortform", reporter ? "" : role.name())
            .put("description", role.name())
            .put("instructions", "")
            .put("role_type", role.type()));
  }

  /** As the endpoint of custom fields shows it. */
  ObjectNode field(CustomField field) {
    ObjectNode json =
        Json.object()
            .put("id", field.id())
            .put("name", field.name())
            .put("description", "")
            .put("field_type", field.type());
    if (!field.catalogType().isEmpty()) {
      json.put("catalog_type_id", field.catalogType());
    }
    return dated(json);
  }

  /** As an incident shows it. */
  ObjectNode fieldOfIncident(CustomField field) {
    ObjectNode json =
        Json.object()
            .put("id", field.id())
            .put("name", field.name())
            .put("description", "")
            .put("field_type", field.type());
    json.set(
        "options",
        Json.array(
            organisation.options().stream()
                .filter(option -> option.field().equals(field.id()))
                .map(OrganisationJson::option)
                .toList()));
    return json;
  }

  static ObjectNode option(FieldOption option) {
    return Json.object()
        .put("id", option.id())
        .put("custom_field_id", option.field())
        .put("value", option.value())
        .put("sort_key", 1000);
  }

  ObjectNode entry(CatalogEntry entry) {
    ObjectNode json = entryOfIncident(entry).put("rank", 0);
    json.putArray("aliases");
    json.putObject("attribute_values");
    return dated(json);
  }

  static ObjectNode entryOfIncident(CatalogEntry entry) {
    return Json.object()
        .put("id", entry.id())
        .put("name", entry.name())
        .put("catalog_type_id", entry.type());
  }

  /** As incidents and updates show it. */
  static ObjectNode member(Member member) {
    return Json.object()
        .put("id", member.id())
        .put("name", member.name())
        .put("email", member.email())
        .put("slack_user_id", member.slackId())
        .put("role", "responder");
  }

  /** As the endpoint of users shows it. */
  static ObjectNode memberWithRoles(Member member) {
    ObjectNode json = member(member);
    json.putObject("base_role")
        .put("id", "01BASEROLE")
        .put("name", "Responder")
        .put("slug", "responder")
        .put("description", "");
    json.putArray("custom_roles");
    return json;
  }

  private ObjectNode dated(ObjectNode json) {
    String founded = organisation.founded().toString();
    return json.put("created_at", founded).put("updated_at", founded);
  }
}
