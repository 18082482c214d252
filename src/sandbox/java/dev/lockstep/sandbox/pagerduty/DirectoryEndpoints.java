package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

  Answer users(HttpCall call, String noId) {
    String query = query(call);
    List<PagerDutyUser> users =
        directory.users().stream()
            .filter(user -> contains(user.name(), query) || contains(user.email(), query))
            .sorted(Comparator.comparing(PagerDutyUser::name))
            .toList();
    return Answer.ok(Page.of(call).body("users", users, DirectoryJson::user));
  }

  Answer user(HttpCall call, String id) {
    PagerDutyUser user = directory.user(id).orElseThrow(PagerDutyException::notFound);
    return Answer.ok(Answer.wrapped("user", DirectoryJson.user(user)));
  }

  Answer services(HttpCall call, String noId) {
    Predicate<Service> named =
        service -> call.parameter("name").map(service.name()::equals).orElse(true);
    List<Service> services =
        named(call, directory.services(), Service::name).stream().filter(named).toList();
    return Answer.ok(Page.of(call).body("services", services, this::json));
  }

  Answer service(HttpCall call, String id) {
    Service service =
        directory
            .service(id)
            .filter(each -> each.id().equals(id))
            .orElseThrow(PagerDutyException::notFound);
    return Answer.ok(Answer.wrapped("service", json(service)));
  }

  Answer policies(HttpCall call, String noId) {
    List<EscalationPolicy> policies = named(call, directory.policies(), EscalationPolicy::name);
    return Answer.ok(
        Page.of(call)
            .body(
                "escalation_policies",
                policies,
                policy -> DirectoryJson.policy(policy, directory.services())));
  }

  Answer policy(HttpCall call, String id) {
    EscalationPolicy policy =
        directory
            .policy(id)
            .filter(each -> each.id().equals(id))
            .orElseThrow(PagerDutyException::notFound);
    return Answer.ok(
        Answer.wrapped("escalation_policy", DirectoryJson.policy(policy, directory.services())));
  }

  Answer priorities(HttpCall call, String noId) {
    return Answer.ok(
        Page.of(call).body("priorities", directory.priorities(), DirectoryJson::priority));
  }

  Answer abilities(HttpCall call, String noId) {
    return Answer.ok(
        Answer.wrapped("abilities", ReferenceJson.array().add("urgencies").add("teams")));
  }

  private ObjectNode json(Service service) {
    return DirectoryJson.service(service, startedAt);
  }

  private static <T> List<T> named(HttpCall call, List<T> all, Function<T, String> name) {
    String query = query(call);
    return all.stream()
        .filter(each -> contains(name.apply(each), query))
        .sorted(Comparator.comparing(name))
        .toList();
  }

  private static String query(HttpCall call) {
    return call.parameter("query").orElse("").toLowerCase(Locale.ROOT);
  }

  private static boolean contains(String text, String query) {
    return text.toLowerCase(Locale.ROOT).contains(query);
  }
}
