package dev.lockstep.api;

import dev.lockstep.audit.AuditEvent;
import dev.lockstep.problem.Problems;
import dev.lockstep.problem.Problems.Outcome;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Problems of recurring incidents: list, show and decide; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/problems")
class ProblemsController {
  private static final Set<String> STATES = Set.of("PROPOSED", "ACCEPTED", "REJECTED");
  private static final int MAX_LIMIT = 1000;

  private final Problems problems;

  ProblemsController(Problems problems) {
    this.problems = problems;
  }

  @GetMapping
  ProblemList list(
      @RequestParam(name = "state", defaultValue = "") List<String> states,
      @RequestParam(name = "limit", defaultValue = "100") int limit) {
    Set<String> wanted =
        states.stream()
            .map(state -> state.strip().toUpperCase(Locale.ROOT))
            .filter(state -> !state.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    wanted.stream()
        .filter(state -> !STATES.contains(state))
        .findFirst()
        .ifPresent(
            state -> {
              throw DecisionParameters.badRequest(
                  "state: %s is not a state; allowed: %s"
                      .formatted(state, String.join(", ", new TreeSet<>(STATES))));
            });
    return new ProblemList(
        problems.list(
            wanted.isEmpty() ? STATES : wanted, DecisionParameters.limit(limit, MAX_LIMIT)));
  }

  @GetMapping("/{id}")
  ProblemShown show(@PathVariable("id") String id) {
    long number = number(id);
    return problems
        .find(number)
        .map(
            view ->
                new ProblemShown(view, problems.history(number).stream().map(Event::of).toList()))
        .orElseThrow(() -> notFound(id));
  }

  @PostMapping("/{id}/accept")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Decision accept(@PathVariable("id") String id, Principal user) {
    return answer(id, problems.accept(number(id), user.getName()));
  }

  @PostMapping("/{id}/reject")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Decision reject(@PathVariable("id") String id, Principal user) {
    return answer(id, problems.reject(number(id), user.getName()));
  }

  record ProblemList(List<Problems.View> problems) {}

  record ProblemShown(Problems.View problem, List<Event> history) {}

  record Decision(Problems.View problem, String text) {}

  record Event(Instant at, String what, String text, String by) {
    static Event of(AuditEvent event) {
      return new Event(
          event.at(), event.entry().what(), event.entry().text(), event.entry().actor());
    }
  }

  private static Decision answer(String id, Outcome outcome) {
    if (outcome instanceof Outcome.Decided decided) {
      return new Decision(decided.problem(), decided.text());
    }
    if (outcome instanceof Outcome.Refused refused) {
      throw new ResponseStatusException(HttpStatus.CONFLICT, refused.reason());
    }
    throw notFound(id);
  }

  private static long number(String id) {
    if (!id.matches("\\d{1,18}")) {
      throw notFound(id);
    }
    return Long.parseLong(id);
  }

  private static ResponseStatusException notFound(String id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no problem " + id);
  }
}
