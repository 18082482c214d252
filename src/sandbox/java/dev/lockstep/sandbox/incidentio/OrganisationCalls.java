package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.incidentio.Organisation.CatalogEntry;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.incidentio.Organisation.FieldOption;
import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import dev.lockstep.sandbox.incidentio.Organisation.Member;
import dev.lockstep.sandbox.incidentio.Organisation.Severity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What an organisation has configured, its users, and the key that asks. */
final class OrganisationCalls {

  private static final int LARGEST_PAGE = 250;
  private static final int LARGEST_PAGE_OF_USERS = 10_000;

  private final Organisation organisation;
  private final OrganisationJson json;
  private final Set<String> roles;

  OrganisationCalls(Organisation organisation, Set<String> roles) {
    this.organisation = organisation;
    this.json = new OrganisationJson(organisation);
    this.roles = roles;
  }

  Response identity(Request call, IncidentActor caller) {
    ObjectNode identity =
        Json.object()
            .put("name", "Lockstep")
            .put("dashboard_url", "https://app.incident.io/example");
    new TreeSet<>(roles).forEach(identity.putArray("roles")::add);
    return one("identity", identity);
  }

  Response statuses(Request call, IncidentActor caller) {
    return all("incident_statuses", organisation.statuses(), json::status);
  }

  Response status(Request call, IncidentActor caller) {
    return one(
        "incident_status",
        json.status(found(organisation.statuses(), LifecycleStatus::id, call.id())));
  }

  Response severities(Request call, IncidentActor caller) {
    return all("severities", organisation.severities(), json::severity);
  }

  Response severity(Request call, IncidentActor caller) {
    return one(
        "severity", json.severity(found(organisation.severities(), Severity::id, call.id())));
  }

  Response incidentRoles(Request call, IncidentActor caller) {
    return all("incident_roles", organisation.roles(), json::role);
  }

  Response fields(Request call, IncidentActor caller) {
    return all("custom_fields", organisation.fields(), json::field);
  }

  Response options(Request call, IncidentActor caller) {
    String field =
        call.parameter("custom_field_id")
            .orElseThrow(() -> IncidentIoException.missing("custom_field_id"));
    found(organisation.fields(), CustomField::id, field);
    List<FieldOption> options =
        organisation.options().stream().filter(one -> one.field().equals(field)).toList();
    return Response.ok(
        IncidentIoPage.of(call, LARGEST_PAGE)
            .body("custom_field_options", options, FieldOption::id, OrganisationJson::option));
  }

  Response option(Request call, IncidentActor caller) {
    return one(
        "custom_field_option",
        OrganisationJson.option(found(organisation.options(), FieldOption::id, call.id())));
  }

  Response entries(Request call, IncidentActor caller) {
    String type =
        call.parameter("catalog_type_id")
            .orElseThrow(() -> IncidentIoException.missing("catalog_type_id"));
    List<CatalogEntry> entries =
        organisation.entries().stream().filter(one -> one.type().equals(type)).toList();
    ObjectNode page =
        IncidentIoPage.of(call, LARGEST_PAGE)
            .body("catalog_entries", entries, CatalogEntry::id, json::entry);
    page.set("catalog_type", catalogType(type));
    return Response.ok(page);
  }

  Response entry(Request call, IncidentActor caller) {
    CatalogEntry entry = found(organisation.entries(), CatalogEntry::id, call.id());
    ObjectNode shown = Json.object();
    shown.set("catalog_entry", json.entry(entry));
    shown.set("catalog_type", catalogType(entry.type()));
    return Response.ok(shown);
  }

  Response users(Request call, IncidentActor caller) {
    String email = call.parameter("email").orElse("");
    List<Member> members =
        organisation.members().stream()
            .filter(one -> email.isEmpty() || one.email().equalsIgnoreCase(email))
            .toList();
    return Response.ok(
        IncidentIoPage.of(call, LARGEST_PAGE_OF_USERS)
            .body("users", members, Member::id, OrganisationJson::memberWithRoles));
  }

  Response user(Request call, IncidentActor caller) {
    return one(
        "user",
        OrganisationJson.memberWithRoles(found(organisation.members(), Member::id, call.id())));
  }

  private static ObjectNode catalogType(String id) {
    String created = "2024-01-01T00:00:00Z";
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("name", "Service")
            .put("type_name", "Custom[\"Service\"]")
            .put("description", "")
            .put("icon", "server")
            .put("color", "blue")
            .put("ranked", false)
            .put("is_editable", true)
            .put("use_name_as_identifier", true)
            .put("created_at", created)
            .put("updated_at", created);
    json.putArray("categories");
    json.putObject("annotations");
    json.putObject("schema").put("version", 1).putArray("attributes");
    return json;
  }

  private static Response one(String name, ObjectNode shown) {
    ObjectNode body = Json.object();
    body.set(name, shown);
    return Response.ok(body);
  }

  private static <T> Response all(String name, List<T> all, Function<T, ObjectNode> json) {
    ObjectNode body = Json.object();
    body.set(name, Json.array(all.stream().map(json).toList()));
    return Response.ok(body);
  }

  private static <T> T found(List<T> all, Function<T, String> id, String wanted) {
    return Organisation.first(all, one -> id.apply(one).equals(wanted))
        .orElseThrow(IncidentIoException::notFound);
  }
}
