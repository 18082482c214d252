package dev.lockstep.sandbox.pagerduty;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The account's people, policies, services and priorities. Thread-safe. */
final class Directory {

  private final Ids ids;
  private final Map<String, PagerDutyUser> users = new LinkedHashMap<>();
  private final Map<String, EscalationPolicy> policies = new LinkedHashMap<>();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, Schedule> schedules = new LinkedHashMap<>();
  private final Map<String, Priority> priorities = new LinkedHashMap<>();

  Directory(Ids ids) {
    this.ids = ids;
  }

  synchronized PagerDutyUser addUser(String name, String email) {
    PagerDutyUser user = new PagerDutyUser(ids.small(), name, email);
    users.put(user.id(), user);
    return user;
  }

  synchronized EscalationPolicy addPolicy(String name, List<PagerDutyUser> levels) {
    EscalationPolicy policy = new EscalationPolicy(ids.small(), name, levels);
    policies.put(policy.id(), policy);
    return policy;
  }

  /** From now on these are on call. */
  synchronized void changePolicy(String idOrName, List<PagerDutyUser> levels) {
    EscalationPolicy policy = policy(idOrName).orElseThrow(PagerDutyException::notFound);
    policies.put(policy.id(), new EscalationPolicy(policy.id(), policy.name(), levels));
  }

  synchronized Schedule addSchedule(String name, EscalationPolicy policy, int level) {
    Schedule schedule = new Schedule(ids.small(), name, policy, level);
    schedules.put(schedule.id(), schedule);
    return schedule;
  }

  /** The schedule that a level of a policy calls; empty if it calls a user. */
  synchronized Optional<Schedule> schedule(String policy, int level) {
    return schedules.values().stream()
        .filter(schedule -> schedule.policy().id().equals(policy) && schedule.level() == level)
        .findFirst();
  }

  synchronized Service addService(String name, EscalationPolicy policy) {
    Service service = new Service(ids.small(), name, policy);
    services.put(service.id(), service);
    return service;
  }

  synchronized Priority addPriority(String name, String description) {
    Priority priority = new Priority(ids.small(), name, description);
    priorities.put(priority.id(), priority);
    return priority;
  }

  synchronized void removePriorities() {
    priorities.clear();
  }

  synchronized List<PagerDutyUser> users() {
    return List.copyOf(users.values());
  }

  synchronized List<EscalationPolicy> policies() {
    return List.copyOf(policies.values());
  }

  synchronized List<Service> services() {
    return List.copyOf(services.values());
  }

  synchronized List<Priority> priorities() {
    return new ArrayList<>(priorities.values());
  }

  synchronized Optional<PagerDutyUser> user(String id) {
    return Optional.ofNullable(users.get(id));
  }

  synchronized Optional<PagerDutyUser> userByEmail(String email) {
    String wanted = email.toLowerCase(Locale.ROOT);
    return users.values().stream()
        .filter(user -> user.email().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst();
  }

  synchronized Optional<EscalationPolicy> policy(String idOrName) {
    return either(policies, idOrName, EscalationPolicy::name);
  }

  synchronized Optional<Service> service(String idOrName) {
    return either(services, idOrName, Service::name);
  }

  /** By name: the highest one of that name, as {@code PUT /incidents/{id}} says. */
  synchronized Optional<Priority> priority(String idOrName) {
    return either(priorities, idOrName, Priority::name);
  }

  private static <T> Optional<T> either(
      Map<String, T> byId, String idOrName, Function<T, String> name) {
    return Stream.concat(
            Stream.ofNullable(byId.get(idOrName)),
            byId.values().stream().filter(each -> name.apply(each).equals(idOrName)))
        .findFirst();
  }
}
