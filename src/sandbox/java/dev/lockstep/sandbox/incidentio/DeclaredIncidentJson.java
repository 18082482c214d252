package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.incidentio.Organisation.CatalogEntry;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.incidentio.Organisation.FieldOption;
import dev.lockstep.sandbox.incidentio.Organisation.IncidentRole;
import dev.lockstep.sandbox.incidentio.Organisation.Member;
import java.util.List;

/** Shows incidents and their updates, as the API and webhooks do. */
final class DeclaredIncidentJson {

  private final Organisation organisation;
  private final OrganisationJson parts;

  DeclaredIncidentJson(Organisation organisation) {
    this.organisation = organisation;
    this.parts = new OrganisationJson(organisation);
  }

  /** {@code IncidentV2}: what is empty is left out, as far as the document does not require it. */
  ObjectNode incident(DeclaredIncident incident) {
    ObjectNode json =
        Json.object()
            .put("id", incident.id())
            .put("reference", incident.reference())
            .put("name", incident.name())
            .put("visibility", incident.isPrivate() ? "private" : "public")
            .put("mode", incident.mode())
            .put("slack_team_id", "T1")
            .put("slack_channel_id", "C" + incident.number())
            .put("permalink", "https://app.incident.io/example/incidents/" + incident.number())
            .put("created_at", incident.createdAt().toString())
            .put("updated_at", incident.updatedAt().toString());
    if (!incident.summary().isEmpty()) {
      json.put("summary", incident.summary());
    }
    json.set("incident_status", parts.status(incident.status()));
    if (incident.severity() != null) {
      json.set("severity", parts.severity(incident.severity()));
    }
    json.set("creator", actor(incident.creator()));
    json.set("incident_role_assignments", assignments(incident));
    json.set("custom_field_entries", entries(incident));
    return json;
  }

  /** {@code WebhookIncidentV2}. */
  ObjectNode inWebhook(DeclaredIncident incident) {
    ObjectNode json = incident(incident);
    if (!incident.lastMessage().isEmpty()) {
      json.put("most_recent_update_message", incident.lastMessage());
    }
    return json;
  }

  ObjectNode statusChange(DeclaredIncident before, DeclaredIncident after) {
    ObjectNode json = Json.object();
    json.set("incident", inWebhook(after));
    boolean explained = !after.lastMessage().equals(before.lastMessage());
    json.put("message", explained ? after.lastMessage() : "");
    json.set("previous_status", parts.status(before.status()));
    json.set("new_status", parts.status(after.status()));
    return json;
  }

  ObjectNode update(SharedUpdate update) {
    ObjectNode json =
        Json.object()
            .put("id", update.id())
            .put("incident_id", update.incident())
            .put("created_at", update.at().toString());
    if (!update.message().isEmpty()) {
      json.put("message", update.message());
    }
    if (update.mergedInto() != null) {
      json.put("merged_into_incident_id", update.mergedInto());
    }
    json.set("new_incident_status", parts.status(update.status()));
    if (update.severity() != null) {
      json.set("new_severity", parts.severity(update.severity()));
    }
    json.set("updater", actor(update.updater()));
    return json;
  }

  private static ObjectNode actor(IncidentActor actor) {
    ObjectNode json = Json.object();
    Member member = actor.member();
    if (member == null) {
      json.putObject("api_key").put("id", "01APIKEY").put("name", "Lockstep");
    } else {
      json.set("user", OrganisationJson.member(member));
    }
    return json;
  }

  private ArrayNode assignments(DeclaredIncident incident) {
    ArrayNode json = Json.array();
    for (IncidentRole role : organisation.roles()) {
      ObjectNode assignment = json.addObject();
      assignment.set("role", parts.role(role));
      Organisation.first(
              organisation.members(), one -> one.id().equals(incident.assignees().get(role.id())))
          .ifPresent(one -> assignment.set("assignee", OrganisationJson.member(one)));
    }
    return json;
  }

  private ArrayNode entries(DeclaredIncident incident) {
    ArrayNode json = Json.array();
    for (CustomField field : organisation.fields()) {
      ObjectNode entry = json.addObject();
      entry.set("custom_field", parts.fieldOfIncident(field));
      ArrayNode values = entry.putArray("values");
      incident.values().getOrDefault(field.id(), List.of()).forEach(one -> values.add(shown(one)));
    }
    return json;
  }

  private ObjectNode shown(JsonNode value) {
    ObjectNode json = Json.object();
    for (String plain : List.of("value_text", "value_link", "value_numeric")) {
      if (value.has(plain)) {
        json.set(plain, value.path(plain));
      }
    }
    String option = value.path("value_option_id").asText();
    for (FieldOption one : organisation.options()) {
      if (one.id().equals(option)) {
        json.set("value_option", OrganisationJson.option(one));
      }
    }
    String entry = value.path("value_catalog_entry_id").asText();
    for (CatalogEntry one : organisation.entries()) {
      if (one.id().equals(entry)) {
        json.set("value_catalog_entry", OrganisationJson.entryOfIncident(one));
      }
    }
    return json;
  }
}
