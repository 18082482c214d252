package dev.lockstep.sandbox.incidentio;

import dev.lockstep.sandbox.incidentio.DeclaredIncident.Edit;
import dev.lockstep.sandbox.incidentio.Organisation.LifecycleStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps and changes incidents, for people and the API alike. One change at a time; listeners
 * receive changes in the order in which they were made.
 */
final class IncidentRegister {

  /** Receives each change. */
  interface Listener {
    /**
     * @param before empty for a new incident
     */
    void changed(Optional<DeclaredIncident> before, DeclaredIncident after);
  }

  private final Organisation organisation;
  private final Clock clock;
  private final Ulids ids;
  private final List<Listener> listeners = new ArrayList<>();
  private final Map<String, DeclaredIncident> byId = new LinkedHashMap<>();
  private final Map<String, String> byIdempotencyKey = new HashMap<>();
  private final List<SharedUpdate> updates = new ArrayList<>();

  IncidentRegister(Organisation organisation, Clock clock, Ulids ids) {
    this.organisation = organisation;
    this.clock = clock;
    this.ids = ids;
  }

  synchronized void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Oldest first. */
  synchronized List<DeclaredIncident> all() {
    return List.copyOf(byId.values());
  }

  /**
   * @param idOrReference such as {@code INC-7}
   */
  synchronized Optional<DeclaredIncident> find(String idOrReference) {
    return byId.values().stream()
        .filter(one -> one.id().equals(idOrReference) || one.reference().equals(idOrReference))
        .findFirst();
  }

  /** Newest first. */
  synchronized List<SharedUpdate> updates(String incident) {
    return updates.stream()
        .filter(one -> incident.isEmpty() || one.incident().equals(incident))
        .sorted(Comparator.comparing(SharedUpdate::id).reversed())
        .toList();
  }

  synchronized Optional<DeclaredIncident> created(String idempotencyKey) {
    return Optional.ofNullable(byIdempotencyKey.get(idempotencyKey)).map(byId::get);
  }

  /**
   * Declares an incident, active unless its status says otherwise.
   *
   * @param idempotencyKey empty for none
   */
  synchronized DeclaredIncident create(
      IncidentActor by, Edit first, boolean isPrivate, String mode, String idempotencyKey) {
    LifecycleStatus status =
        first.status() == null ? organisation.statusNamed(firstActive()) : first.status();
    IncidentPayload.requireSeverity(status, first.severity());
    Instant now = now();
    int number = byId.size() + 1;
    DeclaredIncident declared =
        new DeclaredIncident(
                ids.next(now),
                number,
                "INC-" + number,
                "",
                status,
                first.severity(),
                isPrivate,
                mode,
                by,
                Map.of(),
                Map.of(),
                "",
                now,
                now)
            .after(first, now);
    byId.put(declared.id(), declared);
    if (!idempotencyKey.isEmpty()) {
      byIdempotencyKey.put(idempotencyKey, declared.id());
    }
    updates.add(update(declared, by, first));
    listeners.forEach(listener -> listener.changed(Optional.empty(), declared));
    return declared;
  }

  /** Changes an incident; an edit that changes nothing leaves no trace. */
  synchronized DeclaredIncident edit(IncidentActor by, String id, Edit edit) {
    DeclaredIncident before = find(id).orElseThrow(IncidentIoException::notFound);
    boolean shares = edit.message() != null;
    if (!shares && before.after(edit, before.updatedAt()).equals(before)) {
      return before;
    }
    DeclaredIncident after = before.after(edit, now());
    IncidentPayload.requireSeverity(after.status(), after.severity());
    byId.put(after.id(), after);
    boolean moved = !after.status().equals(before.status());
    if (shares || moved || !Objects.equals(after.severity(), before.severity())) {
      updates.add(update(after, by, edit));
    }
    listeners.forEach(listener -> listener.changed(Optional.of(before), after));
    return after;
  }

  private SharedUpdate update(DeclaredIncident incident, IncidentActor by, Edit edit) {
    return new SharedUpdate(
        ids.next(incident.updatedAt()),
        incident.id(),
        incident.status(),
        incident.severity(),
        edit.message() == null ? "" : edit.message(),
        by,
        incident.updatedAt(),
        edit.mergedInto());
  }

  private String firstActive() {
    return Organisation.first(organisation.statuses(), one -> one.category().equals("live"))
        .orElseThrow()
        .name();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
