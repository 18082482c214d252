package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.incidentio.DeclaredIncident.Edit;
import dev.lockstep.sandbox.incidentio.IncidentIoOptions.RepeatedKeys;
import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v2/incidents} and {@code /v2/incident_updates}. */
final class IncidentCalls {

  /** "The maximum page size that can be requested is 250." */
  private static final int LARGEST_PAGE = 250;

  private static final Set<String> MODES = Set.of("standard", "retrospective", "test", "tutorial");
  private static final Set<String> FIRST = Set.of("triage", "live");
  private static final Set<String> FIRST_OF_PAST = Set.of("live", "learning", "closed");

  private final IncidentRegister register;
  private final IncidentPayload payload;
  private final IncidentFilter filter;
  private final DeclaredIncidentJson json;
  private final IncidentIoOptions options;

  IncidentCalls(
      Organisation organisation,
      IncidentRegister register,
      DeclaredIncidentJson json,
      IncidentIoOptions options) {
    this.register = register;
    this.payload = new IncidentPayload(organisation);
    this.filter = new IncidentFilter(organisation);
    this.json = json;
    this.options = options;
  }

  Response create(Request call, IncidentActor caller) {
    JsonNode body = body(call);
    String key = required(body, "idempotency_key");
    String visibility = required(body, "visibility");
    if (!visibility.equals("public") && !visibility.equals("private")) {
      throw IncidentIoException.invalid("visibility", "visibility must be public or private");
    }
    String mode = Optional.ofNullable(IncidentPayload.text(body, "mode")).orElse("standard");
    if (!MODES.contains(mode)) {
      throw IncidentIoException.invalid("mode", mode + " is no mode");
    }
    if (body.hasNonNull("incident_type_id")) {
      throw IncidentIoException.invalid("incident_type_id", "there are no incident types");
    }
    synchronized (register) {
      Optional<DeclaredIncident> before = register.created(key);
      if (before.isPresent() && options.repeatedKeys == RepeatedKeys.ANSWERED) {
        return shown(before.get());
      }
      if (before.isPresent() && options.repeatedKeys == RepeatedKeys.REFUSED) {
        throw IncidentIoException.invalid(
            "idempotency_key", "an incident with this idempotency key exists already");
      }
      Edit first = payload.read(body, true);
      Set<String> allowed = mode.equals("retrospective") ? FIRST_OF_PAST : FIRST;
      if (first.status() != null && !allowed.contains(first.status().category())) {
        throw IncidentIoException.invalid(
            "incident_status_id", "an incident cannot begin as " + first.status().name());
      }
      return shown(register.create(caller, first, visibility.equals("private"), mode, key));
    }
  }

  Response show(Request call, IncidentActor caller) {
    return shown(visible(call.id()));
  }

  Response list(Request call, IncidentActor caller) {
    IncidentIoPage page = IncidentIoPage.of(call, LARGEST_PAGE);
    List<DeclaredIncident> found =
        new ArrayList<>(
            register.all().stream().filter(this::isVisible).filter(filter.of(call)).toList());
    Collections.reverse(found);
    return Response.ok(page.body("incidents", found, DeclaredIncident::id, json::incident));
  }

  Response edit(Request call, IncidentActor caller) {
    JsonNode body = body(call);
    if (!body.path("incident").isObject()) {
      throw IncidentIoException.missing("incident");
    }
    if (!body.path("notify_incident_channel").isBoolean()) {
      throw IncidentIoException.missing("notify_incident_channel");
    }
    synchronized (register) {
      DeclaredIncident before = visible(call.id());
      Edit edit = payload.read(body.path("incident"), false);
      checkMove(before.status(), edit.status());
      return shown(register.edit(caller, before.id(), edit));
    }
  }

  Response updates(Request call, IncidentActor caller) {
    IncidentIoPage page = IncidentIoPage.of(call, LARGEST_PAGE);
    String incident = call.parameter("incident_id").orElse("");
    if (!incident.isEmpty()) {
      visible(incident);
    }
    List<SharedUpdate> updates =
        register.updates(incident).stream()
            .filter(one -> register.find(one.incident()).filter(this::isVisible).isPresent())
            .toList();
    return Response.ok(page.body("incident_updates", updates, SharedUpdate::id, json::update));
  }

  /**
   * "You can only change an incident from one active status to another, any other lifecycle changes
   * must be made" in the product.
   */
  private static void checkMove(LifecycleStatus from, @Nullable LifecycleStatus to) {
    if (to != null
        && !to.equals(from)
        && !(from.category().equals("live") && to.category().equals("live"))) {
      throw IncidentIoException.invalid(
          "incident_status_id",
          "the status can only be changed from one active status to another, not from %s to %s"
              .formatted(from.name(), to.name()));
    }
  }

  private DeclaredIncident visible(String id) {
    return register
        .find(id)
        .filter(one -> one.id().equals(id))
        .filter(this::isVisible)
        .orElseThrow(IncidentIoException::notFound);
  }

  private boolean isVisible(DeclaredIncident incident) {
    return !incident.isPrivate() || options.roles.contains("global_access");
  }

  private Response shown(DeclaredIncident incident) {
    ObjectNode shown = Json.object();
    shown.set("incident", json.incident(incident));
    return Response.ok(shown);
  }

  private static JsonNode body(Request call) {
    if (!call.isJson()) {
      throw IncidentIoException.invalid("", "the body must be application/json");
    }
    return Json.read(call.body())
        .filter(JsonNode::isObject)
        .orElseThrow(() -> IncidentIoException.invalid("", "the body must be a JSON object"));
  }

  private static String required(JsonNode body, String field) {
    String given = IncidentPayload.text(body, field);
    if (given == null || given.isEmpty()) {
      throw IncidentIoException.missing(field);
    }
    return given;
  }
}
