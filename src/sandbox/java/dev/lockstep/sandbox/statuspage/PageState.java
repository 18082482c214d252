package dev.lockstep.sandbox.statuspage;

import dev.lockstep.sandbox.http.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the page holds. Thread-safe. */
final class PageState {
  private static final String LETTERS = "0123456789bcdfghjklmnpqrstvwxyz";
  private static final int ID_LENGTH = 12;

  private final Clock clock;
  private final Random random = new Random(7);
  private final Map<String, PageIncident> incidents = new LinkedHashMap<>();
  private final Map<String, PageComponent> components = new LinkedHashMap<>();
  private final List<Notification> notifications = new ArrayList<>();
  private boolean deleted;

  /** What every subscriber was sent. */
  record Notification(String incident, String update, String text) {}

  PageState(Clock clock) {
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private String newId() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  synchronized void delete(boolean gone) {
    deleted = gone;
  }

  synchronized boolean isDeleted() {
    return deleted;
  }

  synchronized PageComponent addComponent(String name) {
    PageComponent component =
        new PageComponent(newId(), name, "operational", components.size() + 1, now(), now());
    components.put(component.id(), component);
    return component;
  }

  synchronized List<PageComponent> components() {
    return List.copyOf(components.values());
  }

  synchronized Optional<PageComponent> component(String id) {
    return Optional.ofNullable(components.get(id));
  }

  synchronized void setComponent(String id, String status) {
    components.computeIfPresent(id, (key, component) -> component.with(status, now()));
  }

  synchronized void deleteComponent(String id) {
    components.remove(id);
  }

  /** Newest first. */
  synchronized List<PageIncident> incidents() {
    List<PageIncident> all = new ArrayList<>(incidents.values());
    all.sort(Comparator.comparing(PageIncident::createdAt).reversed());
    return all;
  }

  synchronized Optional<PageIncident> incident(String id) {
    return Optional.ofNullable(incidents.get(id));
  }

  synchronized List<Notification> notifications() {
    return List.copyOf(notifications);
  }

  synchronized PageIncident create(IncidentInput input) {
    if (input.name() == null) {
      throw StatuspageException.invalid("name can't be blank");
    }
    Instant now = now();
    PageIncident blank =
        new PageIncident(
            newId(),
            input.name(),
            PageIncidentStatus.INVESTIGATING,
            null,
            List.of(),
            Json.object(),
            input.backfilled(),
            now,
            now,
            null,
            null,
            List.of());
    PageIncidentStatus status =
        Objects.requireNonNullElse(input.status(), PageIncidentStatus.INVESTIGATING);
    return apply(blank, input, status);
  }

  synchronized PageIncident update(String id, IncidentInput input) {
    PageIncident before = incidents.get(id);
    if (before == null) {
      throw StatuspageException.notFound();
    }
    return apply(before, input, input.status());
  }

  /**
   * A status or a text makes an update. Components follow, whether or not there is one.
   *
   * @param status null if it stays
   */
  private PageIncident apply(
      PageIncident before, IncidentInput input, @Nullable PageIncidentStatus status) {
    requireComponents(input);
    Instant now = now();
    List<PageUpdate.Affected> affected = setComponents(input.components(), now);
    PageIncidentStatus after = status == null ? before.status() : status;
    List<PageUpdate> updates = new ArrayList<>(before.updates());
    if (status != null || input.body() != null) {
      boolean notified = input.deliverNotifications() && !before.backfilled();
      String text = input.body() == null ? after.statement() : input.body();
      PageUpdate update = new PageUpdate(newId(), after, text, now, now, affected, notified);
      updates.add(0, update);
      if (notified) {
        notifications.add(
            new Notification(
                before.id(),
                update.id(),
                (input.name() == null ? before.name() : input.name()) + "\n" + text));
      }
    }
    PageIncident changed =
        new PageIncident(
            before.id(),
            input.name() == null ? before.name() : input.name(),
            after,
            input.impactOverride() == null ? before.impactOverride() : input.impactOverride(),
            input.componentIds() == null ? before.componentIds() : input.componentIds(),
            input.metadata() == null ? before.metadata() : input.metadata(),
            before.backfilled(),
            before.createdAt(),
            now,
            after == PageIncidentStatus.MONITORING ? now : before.monitoringAt(),
            after == PageIncidentStatus.RESOLVED ? now : null,
            updates);
    incidents.put(changed.id(), changed);
    return changed;
  }

  private void requireComponents(IncidentInput input) {
    List<String> named = new ArrayList<>(input.components().keySet());
    if (input.componentIds() != null) {
      named.addAll(input.componentIds());
    }
    for (String id : named) {
      if (!components.containsKey(id)) {
        throw StatuspageException.invalid(
            "%s: there is no component %s"
                .formatted(
                    input.components().containsKey(id) ? "components" : "component_ids", id));
      }
    }
  }

  private List<PageUpdate.Affected> setComponents(Map<String, String> statuses, Instant now) {
    List<PageUpdate.Affected> affected = new ArrayList<>();
    statuses.forEach(
        (id, status) -> {
          PageComponent before = Objects.requireNonNull(components.get(id));
          components.put(id, before.with(status, now));
          affected.add(new PageUpdate.Affected(id, before.name(), before.status(), status));
        });
    return affected;
  }

  /** Changes the text of an update that is published already. */
  synchronized void edit(String incident, String update, String text) {
    PageIncident before = incident(incident).orElseThrow(StatuspageException::notFound);
    Instant now = now();
    incidents.put(
        incident,
        new PageIncident(
            before.id(),
            before.name(),
            before.status(),
            before.impactOverride(),
            before.componentIds(),
            before.metadata(),
            before.backfilled(),
            before.createdAt(),
            now,
            before.monitoringAt(),
            before.resolvedAt(),
            before.updates().stream()
                .map(each -> each.id().equals(update) ? each.edited(text, now) : each)
                .toList()));
  }

  synchronized Optional<PageIncident> deleteIncident(String id) {
    return Optional.ofNullable(incidents.remove(id));
  }

  synchronized void restore(PageIncident incident) {
    incidents.put(incident.id(), incident);
  }
}
