package dev.lockstep.sandbox.statuspage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code Incident}, {@code IncidentUpdate}, {@code Component} and {@code Page} as JSON. */
final class PageJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final PageState state;
  private final String page;

  PageJson(PageState state, String page) {
    this.state = state;
    this.page = page;
  }

  ObjectNode incident(PageIncident incident) {
    ObjectNode json =
        Json.object()
            .put("id", incident.id())
            .put("created_at", time(incident.createdAt()))
            .put("impact", impact(incident))
            .put("impact_override", incident.impactOverride())
            .put("monitoring_at", time(incident.monitoringAt()))
            .put("name", incident.name())
            .put("page_id", page)
            .put("postmortem_ignored", false)
            .put("resolved_at", time(incident.resolvedAt()))
            .put("shortlink", "http://stspg.io/" + incident.id())
            .put("status", incident.status().word())
            .put("updated_at", time(incident.updatedAt()));
    json.putNull("scheduled_for");
    json.putNull("scheduled_until");
    json.putNull("postmortem_body");
    json.set("metadata", incident.metadata());
    ArrayNode components = json.putArray("components");
    incident.componentIds().stream()
        .flatMap(id -> state.component(id).stream())
        .map(this::component)
        .forEach(components::add);
    ArrayNode updates = json.putArray("incident_updates");
    incident.updates().forEach(update -> updates.add(update(incident, update)));
    return json;
  }

  private ObjectNode update(PageIncident incident, PageUpdate update) {
    ObjectNode json =
        Json.object()
            .put("id", update.id())
            .put("incident_id", incident.id())
            .put("body", update.body())
            .put("created_at", time(update.createdAt()))
            .put("updated_at", time(update.updatedAt()))
            .put("display_at", time(update.createdAt()))
            .put("deliver_notifications", update.notified())
            .put("status", update.status().word())
            .put("wants_twitter_update", false);
    ArrayNode affected = json.putArray("affected_components");
    update
        .affected()
        .forEach(
            each ->
                affected
                    .addObject()
                    .put("code", each.code())
                    .put("name", each.name())
                    .put("old_status", each.oldStatus())
                    .put("new_status", each.newStatus()));
    return json;
  }

  ObjectNode component(PageComponent component) {
    return Json.object()
        .put("id", component.id())
        .put("page_id", page)
        .put("name", component.name())
        .put("status", component.status())
        .put("position", component.position())
        .put("showcase", true)
        .put("group", false)
        .put("created_at", time(component.createdAt()))
        .put("updated_at", time(component.updatedAt()));
  }

  ObjectNode page() {
    return Json.object().put("id", page).put("name", "Status").put("time_zone", "UTC");
  }

  /** Without an override it follows from the worst component. */
  private String impact(PageIncident incident) {
    String override = incident.impactOverride();
    if (override != null) {
      return override;
    }
    int worst =
        incident.componentIds().stream()
            .flatMap(id -> state.component(id).stream())
            .mapToInt(component -> PageComponent.STATUSES.indexOf(component.status()))
            .max()
            .orElse(0);
    return worst < 2 ? "none" : worst == 2 ? "minor" : worst == 3 ? "major" : "critical";
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : TIME.format(instant);
  }
}
