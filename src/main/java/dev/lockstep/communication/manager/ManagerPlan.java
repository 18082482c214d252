package dev.lockstep.communication.manager;

import dev.lockstep.communication.manager.OnCallBook.Answer;
import dev.lockstep.communication.settings.ManagerCandidate;
import dev.lockstep.communication.settings.ManagerRules;
import dev.lockstep.communication.settings.OnCallSource;
import dev.lockstep.communication.settings.Precedence;
import dev.lockstep.connector.OnCall;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which of the active incidents lack a manager of their own, and who could lead each: the first
 * candidate who leads none, in the order of precedence. Decides, and does nothing.
 */
final class ManagerPlan {
  private final ManagerRules rules;
  private final List<ActiveIncident> ordered;
  private final Map<RecordRef, Lack> lacks = new HashMap<>();

  /** By person, the incident that has precedence of those they lead, or could lead. */
  private final Map<String, ActiveIncident> taken = new HashMap<>();

  /**
   * @param clash what its manager leads, too; empty if it has no manager
   * @param candidate who could lead it; empty for nobody
   * @param why how the candidate was found, or why there is none
   */
  record Lack(String clash, String candidate, String why) {}

  private ManagerPlan(ManagerRules rules, Collection<ActiveIncident> active) {
    this.rules = rules;
    this.ordered = active.stream().sorted(order(rules)).toList();
  }

  /**
   * @param onCall who is on call; asked only if a candidate is needed
   */
  static ManagerPlan of(
      ManagerRules rules,
      Collection<ActiveIncident> active,
      Function<OnCallSource, Answer> onCall) {
    ManagerPlan plan = new ManagerPlan(rules, active);
    List<ActiveIncident> lacking = new ArrayList<>();
    for (ActiveIncident incident : plan.ordered) {
      boolean isLed = !incident.manager().isEmpty();
      if (!isLed || plan.taken.putIfAbsent(person(incident.manager()), incident) != null) {
        lacking.add(incident);
      }
    }
    // Those whom nobody leads come before those who share somebody.
    lacking.sort(Comparator.comparing(incident -> !incident.manager().isEmpty()));
    lacking.forEach(incident -> plan.lacks.put(incident.ref(), plan.find(incident, onCall)));
    return plan;
  }

  /** As people are compared: the systems write addresses in different cases. */
  private static String person(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  private static Comparator<ActiveIncident> order(ManagerRules rules) {
    Comparator<ActiveIncident> order = Comparator.comparingInt(incident -> 0);
    for (Precedence precedence : rules.precedence()) {
      order = order.thenComparing(comparator(precedence, rules));
    }
    return order
        .thenComparing(incident -> incident.facts().seenAt())
        .thenComparing(incident -> incident.ref().toString());
  }

  private static Comparator<ActiveIncident> comparator(Precedence precedence, ManagerRules rules) {
    return switch (precedence) {
      case LEVEL ->
          Comparator.comparingInt(incident -> rules.levels().indexOf(incident.facts().level()));
      case MAJOR -> Comparator.comparing(incident -> !incident.facts().major());
      case LONGEST_OPEN -> Comparator.comparing(incident -> opened(incident.facts()));
      case NEWEST ->
          Comparator.comparing(
              (ActiveIncident incident) -> opened(incident.facts()), Comparator.reverseOrder());
    };
  }

  private static Instant opened(IncidentFacts facts) {
    return facts.openedAt() == null ? facts.seenAt() : facts.openedAt();
  }

  private Lack find(ActiveIncident incident, Function<OnCallSource, Answer> onCall) {
    ActiveIncident other =
        incident.manager().isEmpty() ? null : taken.get(person(incident.manager()));
    String clash =
        other == null
            ? ""
            : "%s also leads %s, which comes first".formatted(incident.manager(), other);
    List<String> why = new ArrayList<>();
    for (ManagerCandidate candidate : rules.candidates()) {
      if (candidate instanceof ManagerCandidate.Person named) {
        if (take(named.address(), incident, why)) {
          return new Lack(clash, named.address(), "first free candidate");
        }
      } else if (candidate instanceof ManagerCandidate.OnCall group) {
        Answer answer = onCall.apply(group.source());
        if (!answer.isKnown()) {
          // Not the next candidate: it is not known that nobody is on call.
          why.add("who is on call is unknown, %s: %s".formatted(group, answer.problem()));
          return new Lack(clash, "", String.join("; ", why));
        }
        Optional<OnCall> free =
            answer.people().stream().filter(one -> take(one.person(), incident, why)).findFirst();
        if (free.isPresent()) {
          return new Lack(clash, free.get().person(), "on call, " + group);
        }
        if (answer.people().isEmpty()) {
          why.add("nobody is on call, " + group);
        }
      }
    }
    return new Lack(clash, "", String.join("; ", why));
  }

  /** Whether the person is free; from now on they are not. */
  private boolean take(String name, ActiveIncident incident, List<String> why) {
    ActiveIncident other = taken.putIfAbsent(person(name), incident);
    if (other == null) {
      return true;
    }
    boolean isLed = person(other.manager()).equals(person(name));
    boolean comesLater = ordered.indexOf(other) > ordered.indexOf(incident);
    why.add(
        "%s %s %s%s"
            .formatted(
                name,
                isLed ? "leads" : "is needed for",
                other,
                isLed && comesLater ? ", which comes later: hand that over to free them" : ""));
    return false;
  }

  /** In the order of precedence. */
  List<ActiveIncident> incidents() {
    return ordered;
  }

  Optional<ActiveIncident> incident(RecordRef ref) {
    return ordered.stream().filter(incident -> incident.ref().equals(ref)).findFirst();
  }

  /** Null if the incident has a manager of its own, or needs none. */
  @Nullable Lack lack(RecordRef ref) {
    return lacks.get(ref);
  }

  /** Another incident that a person leads; the first of them. */
  Optional<ActiveIncident> otherOf(String name, RecordRef except) {
    return ordered.stream()
        .filter(incident -> !incident.ref().equals(except))
        .filter(incident -> person(incident.manager()).equals(person(name)))
        .findFirst();
  }
}
