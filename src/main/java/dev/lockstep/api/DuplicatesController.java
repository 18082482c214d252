package dev.lockstep.api;

import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.Duplicates.Event;
import dev.lockstep.duplicates.Duplicates.Outcome;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.Duplicates.Summary;
import dev.lockstep.similarity.Reason;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Duplicates: list, show and decide; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/duplicates")
class DuplicatesController {
  private static final List<String> STATES = Stream.of(State.values()).map(State::name).toList();

  private static final String ALL_STATES = "ALL";
  private static final int MAX_LIMIT = 1000;

  private final Duplicates duplicates;

  DuplicatesController(Duplicates duplicates) {
    this.duplicates = duplicates;
  }

  @GetMapping
  DuplicateList list(
      @RequestParam(name = "state", defaultValue = "") List<String> states,
      @RequestParam(name = "limit", defaultValue = "100") int limit) {
    return new DuplicateList(
        duplicates.list(parseStates(states), DecisionParameters.limit(limit, MAX_LIMIT)));
  }

  @GetMapping("/{id}")
  DuplicateDetail show(@PathVariable("id") String id) {
    return duplicates
        .find(id)
        .map(detail -> new DuplicateDetail(detail.summary(), detail.reasons(), detail.history()))
        .orElseThrow(() -> notFound(id));
  }

  @PostMapping("/{id}/accept")
  @ResponseStatus(HttpStatus.ACCEPTED)
  DuplicateDecision accept(
      @PathVariable("id") String id,
      @RequestParam(name = "primary", required = false) @Nullable String primary,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    String chosen = new DecisionParameters(body, List.of("primary")).text("primary", primary);
    return toResponse(id, duplicates.accept(id, chosen.isEmpty() ? null : chosen, user.getName()));
  }

  @PostMapping("/{id}/reject")
  @ResponseStatus(HttpStatus.ACCEPTED)
  DuplicateDecision reject(@PathVariable("id") String id, Principal user) {
    return toResponse(id, duplicates.reject(id, user.getName()));
  }

  @PostMapping("/{id}/split")
  @ResponseStatus(HttpStatus.ACCEPTED)
  DuplicateDecision split(@PathVariable("id") String id, Principal user) {
    return toResponse(id, duplicates.split(id, user.getName()));
  }

  record DuplicateList(List<Summary> duplicates) {}

  record DuplicateDetail(Summary duplicate, List<Reason> reasons, List<Event> history) {}

  record DuplicateDecision(Summary duplicate, String text) {}

  private static DuplicateDecision toResponse(String id, Outcome outcome) {
    if (outcome instanceof Outcome.Decided decided) {
      return new DuplicateDecision(decided.summary(), decided.text());
    }
    if (outcome instanceof Outcome.Refused refused) {
      throw new ResponseStatusException(HttpStatus.CONFLICT, refused.reason());
    }
    throw notFound(id);
  }

  private static List<State> parseStates(List<String> states) {
    List<String> names =
        states.stream()
            .map(state -> state.strip().toUpperCase(Locale.ROOT))
            .filter(state -> !state.isEmpty())
            .toList();
    for (String name : names) {
      if (!STATES.contains(name) && !name.equals(ALL_STATES)) {
        throw DecisionParameters.badRequest(
            "state: "
                + name
                + " is not a state; allowed: "
                + String.join(", ", STATES)
                + ", or ALL");
      }
    }
    return names.contains(ALL_STATES)
        ? List.of(State.values())
        : names.stream().map(State::valueOf).toList();
  }

  private static ResponseStatusException notFound(String id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no duplicate " + id);
  }
}
