package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is on call now, as {@code GET /oncalls} says. Without {@code since} and {@code until}, which
 * "default to current time" and are not simulated.
 */
final class OnCallEndpoints {
  private static final Set<String> INCLUDES = Set.of("escalation_policies", "users", "schedules");

  /** How long the shift of a schedule lasts, and how much of it has passed. */
  private static final Duration HALF_A_SHIFT = Duration.ofHours(12);

  private final Directory directory;
  private final Clock clock;

  OnCallEndpoints(AccountState account) {
    this.directory = account.directory();
    this.clock = account.clock();
  }

  /** "A contiguous unit of time for which a User will be on call" for a level of a policy. */
  private record OnCall(
      EscalationPolicy policy, int level, PagerDutyUser user, @Nullable Schedule schedule) {}

  Response list(Request call, Requester requester) {
    RequestBody.values(call, INCLUDES, "include[]");
    Set<String> include = Set.copyOf(call.values("include[]"));
    List<OnCall> found = all().stream().filter(onCall -> isAskedFor(call, onCall)).toList();
    return Response.ok(Page.of(call).body("oncalls", found, onCall -> json(onCall, include)));
  }

  private List<OnCall> all() {
    List<OnCall> all = new ArrayList<>();
    for (EscalationPolicy policy : directory.policies()) {
      for (int level = 1; level <= policy.levels().size(); level++) {
        Schedule schedule = directory.schedule(policy.id(), level).orElse(null);
        all.add(new OnCall(policy, level, policy.levels().get(level - 1), schedule));
      }
    }
    return all;
  }

  private static boolean isAskedFor(Request call, OnCall onCall) {
    List<String> policies = call.values("escalation_policy_ids[]");
    List<String> schedules = call.values("schedule_ids[]");
    List<String> users = call.values("user_ids[]");
    String schedule =
        Optional.ofNullable(onCall.schedule()).map(Schedule::id).orElse("null");
    return (policies.isEmpty() || policies.contains(onCall.policy().id()))
        && (schedules.isEmpty() || schedules.contains(schedule))
        && (users.isEmpty() || users.contains(onCall.user().id()));
  }

  private ObjectNode json(OnCall onCall, Set<String> include) {
    ObjectNode json = Json.object();
    json.set(
        "escalation_policy",
        include.contains("escalation_policies")
            ? DirectoryJson.policy(onCall.policy(), directory.services())
            : ReferenceJson.policy(onCall.policy()));
    json.put("escalation_level", onCall.level());
    Schedule schedule = onCall.schedule();
    json.set("schedule", schedule == null ? null : ReferenceJson.schedule(schedule));
    json.set(
        "user",
        include.contains("users")
            ? DirectoryJson.user(onCall.user())
            : ReferenceJson.user(onCall.user()));
    // "If null, the on-call is a permanent user on-call."
    boolean isPermanent = schedule == null;
    json.put("start", isPermanent ? null : time(HALF_A_SHIFT.negated()));
    json.put("end", isPermanent ? null : time(HALF_A_SHIFT));
    return json;
  }

  private @Nullable String time(Duration fromNow) {
    return ReferenceJson.seconds(clock.instant().plus(fromNow));
  }
}
