package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** The filters and the order of {@code GET /incidents}. */
final class IncidentQuery {

  private static final Set<String> URGENCIES = Set.of("high", "low");
  private static final Set<String> INCLUDES =
      Set.of(
          ("acknowledgers agents assignees body conference_bridge escalation_policies "
                  + "first_trigger_log_entries priorities services teams users")
              .split(" ", -1));

  private IncidentQuery() {}

  static List<PagerDutyIncident> run(AccountState account, Request call) {
    RequestBody.values(call, INCLUDES, "include[]");
    String key = call.parameter("incident_key").orElse("");
    List<PagerDutyIncident> candidates = key.isEmpty() ? account.incidents() : account.withKey(key);
    Predicate<PagerDutyIncident> wanted = filter(call, account.clock().instant());
    return candidates.stream().filter(wanted).sorted(order(call)).toList();
  }

  private static Predicate<PagerDutyIncident> filter(Request call, Instant now) {
    List<String> statuses = call.values("statuses[]");
    if (statuses.stream().anyMatch(status -> IncidentStatus.of(status).isEmpty())) {
      throw PagerDutyException.invalid(
          "Status must be a list of triggered, acknowledged, or resolved.");
    }
    List<String> urgencies = RequestBody.values(call, URGENCIES, "urgencies[]");
    List<String> services = call.values("service_ids[]");
    List<String> users = call.values("user_ids[]");
    boolean ofTeams = call.query().containsKey("team_ids[]");
    TimeRange range = TimeRange.ofIncidents(call, now);
    return incident ->
        range.contains(incident.createdAt())
            && (statuses.isEmpty() || statuses.contains(incident.status().wire()))
            && (urgencies.isEmpty() || urgencies.contains(incident.urgency().wire()))
            && (services.isEmpty() || services.contains(incident.service().id()))
            && (users.isEmpty() || isWith(users, incident))
            && !ofTeams;
  }

  private static boolean isWith(List<String> users, PagerDutyIncident incident) {
    return incident.assignments().stream()
        .anyMatch(assignment -> users.contains(assignment.assignee().id()));
  }

  private static Comparator<PagerDutyIncident> order(Request call) {
    List<String> asked =
        call.values("sort_by").stream()
            .flatMap(value -> Arrays.stream(value.split(",")))
            .filter(value -> !value.isEmpty())
            .toList();
    if (asked.size() > 2) {
      throw PagerDutyException.invalid("sort_by allows two fields at most");
    }
    List<Comparator<PagerDutyIncident>> orders = new ArrayList<>();
    asked.forEach(each -> orders.add(order(each)));
    orders.add(Comparator.comparingInt(PagerDutyIncident::number));
    return orders.stream().reduce(Comparator::thenComparing).orElseThrow();
  }

  private static Comparator<PagerDutyIncident> order(String asked) {
    String[] parts = asked.toLowerCase(Locale.ROOT).split(":", 2);
    Comparator<PagerDutyIncident> order =
        switch (parts[0]) {
          case "incident_number" -> Comparator.comparingInt(PagerDutyIncident::number);
          case "created_at" -> Comparator.comparing(PagerDutyIncident::createdAt);
          case "resolved_at" ->
              Comparator.comparing(
                  PagerDutyIncident::resolvedAt, Comparator.nullsLast(Comparator.naturalOrder()));
          case "urgency" -> Comparator.comparing(PagerDutyIncident::urgency);
          default -> throw PagerDutyException.invalid("sort_by does not allow " + asked);
        };
    String direction = parts.length == 1 ? "asc" : parts[1];
    return switch (direction) {
      case "asc" -> order;
      case "desc" -> order.reversed();
      default -> throw PagerDutyException.invalid("sort_by does not allow " + asked);
    };
  }
}
