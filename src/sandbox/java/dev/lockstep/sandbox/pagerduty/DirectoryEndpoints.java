package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/** Users, services, escalation policies, priorities and abilities, to read only. */
final class DirectoryEndpoints {

  private final Directory directory;
  private final Instant startedAt;

  DirectoryEndpoints(AccountState account) {
    this.directory = account.directory();
    this.startedAt = account.clock().instant();
  }

  Response users(Request call, Requester requester) {
    String query = query(call);
    List<PagerDutyUser> users =
        directory.users().stream()
            .filter(user -> contains(user.name(), query) || contains(user.email(), query))
            .sorted(Comparator.comparing(PagerDutyUser::name))
            .toList();
    return Response.ok(Page.of(call).body("users", users, DirectoryJson::user));
  }

  Response user(Request call, Requester requester) {
    String id = call.id();
    PagerDutyUser user = directory.user(id).orElseThrow(PagerDutyException::notFound);
    return Response.ok(ReferenceJson.wrapped("user", DirectoryJson.user(user)));
  }

  Response services(Request call, Requester requester) {
    Predicate<Service> named =
        service -> call.parameter("name").map(service.name()::equals).orElse(true);
    List<Service> services =
        named(call, directory.services(), Service::name).stream().filter(named).toList();
    return Response.ok(Page.of(call).body("services", services, this::json));
  }

  Response service(Request call, Requester requester) {
    String id = call.id();
    Service service =
        directory
            .service(id)
            .filter(each -> each.id().equals(id))
            .orElseThrow(PagerDutyException::notFound);
    return Response.ok(ReferenceJson.wrapped("service", json(service)));
  }

  Response policies(Request call, Requester requester) {
    List<EscalationPolicy> policies = named(call, directory.policies(), EscalationPolicy::name);
    return Response.ok(
        Page.of(call)
            .body(
                "escalation_policies",
                policies,
                policy -> DirectoryJson.policy(policy, directory.services())));
  }

  Response policy(Request call, Requester requester) {
    String id = call.id();
    EscalationPolicy policy =
        directory
            .policy(id)
            .filter(each -> each.id().equals(id))
            .orElseThrow(PagerDutyException::notFound);
    return Response.ok(
        ReferenceJson.wrapped(
            "escalation_policy", DirectoryJson.policy(policy, directory.services())));
  }

  Response priorities(Request call, Requester requester) {
    return Response.ok(
        Page.of(call).body("priorities", directory.priorities(), DirectoryJson::priority));
  }

  Response abilities(Request call, Requester requester) {
    return Response.ok(
        ReferenceJson.wrapped("abilities", Json.array().add("urgencies").add("teams")));
  }

  private ObjectNode json(Service service) {
    return DirectoryJson.service(service, startedAt);
  }

  private static <T> List<T> named(Request call, List<T> all, Function<T, String> name) {
    String query = query(call);
    return all.stream()
        .filter(each -> contains(name.apply(each), query))
        .sorted(Comparator.comparing(name))
        .toList();
  }

  private static String query(Request call) {
    return call.parameter("query").orElse("").toLowerCase(Locale.ROOT);
  }

  private static boolean contains(String text, String query) {
    return text.toLowerCase(Locale.ROOT).contains(query);
  }
}
