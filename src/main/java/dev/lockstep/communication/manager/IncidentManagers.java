package dev.lockstep.communication.manager;

import dev.lockstep.communication.Communications.Incident;
import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.UpdateViews;
import dev.lockstep.communication.manager.ActiveIncidents.Found;
import dev.lockstep.communication.manager.ManagerChange.Kind;
import dev.lockstep.communication.manager.ManagerChanges.Made;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.incident.Assignment;
import dev.lockstep.incident.AssignmentStore;
import dev.lockstep.pair.Correlation;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What operators see of who leads incidents, and do about it. */
@Component
public class IncidentManagers {
  private final CommunicationSettings settings;
  private final IncidentSearch search;
  private final ActiveIncidents active;
  private final AssignmentStore assignments;
  private final ManagerChangeStore store;
  private final ManagerChanges changes;
  private final OnCallStore onCall;
  private final OpenPoints points;
  private final Clock clock;

  IncidentManagers(
      CommunicationSettings settings,
      IncidentSearch search,
      ActiveIncidents active,
      AssignmentStore assignments,
      ManagerChangeStore store,
      ManagerChanges changes,
      OnCallStore onCall,
      OpenPoints points,
      Clock clock) {
    this.settings = settings;
    this.search = search;
    this.active = active;
    this.assignments = assignments;
    this.store = store;
    this.changes = changes;
    this.onCall = onCall;
    this.points = points;
    this.clock = clock;
  }

  /** Whether an incident has a manager of its own. */
  public enum State {
    LED,
    /** It has none, and the time it has is not over. */
    MISSING,
    /** It has none for longer than is allowed. */
    OVERDUE,
    /** It needs none: it is over, of another level, or worked on as part of another ticket. */
    NONE
  }

  /**
   * Who leads an incident.
   *
   * @param manager empty for nobody
   * @param source {@code record} or {@code lockstep}; empty for nobody
   * @param assignedAt when somebody was assigned in Lockstep; null if the record names them
   * @param assignedBy empty for Lockstep itself
   * @param withoutSince null unless it lacks a manager of its own
   * @param problem what is wrong, such as that its manager leads another incident, too; empty if
   *     nothing is
   * @param proposed who could lead it; empty for nobody
   * @param why how they were found, or why there is nobody
   * @param onCall who is on call for its service, as last written on its record; empty if unknown
   */
  public record Led(
      Incident incident,
      State state,
      String manager,
      String source,
      @Nullable Instant assignedAt,
      String assignedBy,
      @Nullable Instant withoutSince,
      String problem,
      String proposed,
      String why,
      String onCall) {}

  /**
   * A change that was made in Lockstep.
   *
   * @param kind {@code assigned}, {@code handed over} or {@code released}
   * @param by empty for Lockstep itself
   */
  public record Change(
      String kind,
      Instant at,
      String by,
      String from,
      String to,
      String reason,
      String openPoints) {}

  /**
   * @param changes newest first
   */
  public record Detail(Led led, List<Change> changes) {}

  /**
   * @param openPoints what Lockstep knows to be open
   */
  public record Handover(Led led, String openPoints) {}

  /**
   * @param repeated whether the request was carried out before; nothing was changed again
   */
  public record Outcome(Change change, boolean repeated) {}

  /** Whether incidents need managers by the settings. */
  public boolean isOn() {
    return settings.managers().isOn();
  }

  /** The active incidents, in the order of precedence. */
  public List<Led> list() {
    if (!isOn()) {
      return List.of();
    }
    Found found = active.load();
    Map<RecordRef, KnownIncident> known =
        search.findAll(found.active().stream().map(ActiveIncident::ref).toList());
    return ManagerPlan.of(settings.managers(), found.active(), source -> OnCallBook.UNASKED)
        .incidents()
        .stream()
        .flatMap(
            incident ->
                Optional.ofNullable(known.get(incident.ref())).stream()
                    .map(one -> led(one, found.assignment(incident.ref()), true)))
        .toList();
  }

  /**
   * @param name the key or id of one of the incident's records
   * @throws dev.lockstep.communication.RefusedUpdateException if there is no such incident
   */
  public Detail show(String name) {
    return show(search.find(name));
  }

  /** Empty if the records are no incident, or nobody needs to lead it and nobody did. */
  public Optional<Detail> find(Correlation correlation) {
    return search
        .find(correlation)
        .map(this::show)
        .filter(
            detail -> isOn() && detail.led().state() != State.NONE || !detail.changes().isEmpty());
  }

  private Detail show(KnownIncident incident) {
    return new Detail(
        led(incident), store.findAll(incident.ref()).stream().map(this::change).toList());
  }

  private Led led(KnownIncident incident) {
    return led(incident, assignments.find(incident.ref()), active.isActive(incident.facts()));
  }

  private Led led(KnownIncident incident, Assignment assignment, boolean isActive) {
    boolean isAssigned = assignment.isInForce(incident.facts());
    Instant since = isActive ? assignment.withoutSince() : null;
    return new Led(
        UpdateViews.incident(incident),
        state(incident, since, isActive),
        incident.manager(),
        incident.manager().isEmpty() ? "" : isAssigned ? "lockstep" : "record",
        isAssigned ? assignment.assignedAt() : null,
        isAssigned ? assignment.assignedBy() : "",
        since,
        isActive ? problem(incident, assignment) : "",
        isActive ? assignment.proposed() : "",
        isActive ? assignment.why() : "",
        onCall.find(incident.ref()).map(OnCallStore.Shown::people).orElse(""));
  }

  private State state(KnownIncident incident, @Nullable Instant since, boolean isActive) {
    if (!isActive) {
      return State.NONE;
    }
    if (since == null) {
      return incident.manager().isEmpty() ? State.MISSING : State.LED;
    }
    return since.plus(settings.managers().within()).isBefore(clock.instant())
        ? State.OVERDUE
        : State.MISSING;
  }

  /** A clash, or that the record names somebody else than it should. */
  private static String problem(KnownIncident incident, Assignment assignment) {
    String named = incident.facts().manager();
    if (!assignment.clash().isEmpty()) {
      return assignment.clash();
    }
    return assignment.isInForce(incident.facts())
            && !named.isEmpty()
            && !named.equalsIgnoreCase(assignment.manager())
        ? "its record still names %s; change it there".formatted(named)
        : "";
  }

  private Change change(ManagerChange change) {
    return new Change(
        change.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        change.at(),
        change.by(),
        change.from(),
        change.to(),
        change.reason(),
        change.openPoints());
  }

  /** A draft of a handover. */
  public Handover draft(String name) {
    KnownIncident incident = search.find(name);
    return new Handover(led(incident), points.draft(incident));
  }

  /**
   * Assigns somebody to an incident that nobody leads.
   *
   * @throws dev.lockstep.communication.RefusedUpdateException if it is not possible; nothing was
   *     changed
   */
  public Outcome assign(String name, ManagerRequest request) {
    return make(name, Kind.ASSIGNED, request);
  }

  /** Hands an incident over; without open points, those that Lockstep knows. */
  public Outcome handOver(String name, ManagerRequest request) {
    return make(
        name,
        Kind.HANDED_OVER,
        request.openPoints().isEmpty()
            ? request.withOpenPoints(points.draft(search.find(name)))
            : request);
  }

  /** Nobody leads it any more, until somebody is assigned. */
  public Outcome release(String name, ManagerRequest request) {
    return make(name, Kind.RELEASED, request);
  }

  private Outcome make(String name, Kind kind, ManagerRequest request) {
    Made made = changes.make(search.find(name), kind, request);
    return new Outcome(change(made.change()), made.repeated());
  }
}
