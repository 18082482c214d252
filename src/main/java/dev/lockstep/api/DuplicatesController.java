package dev.lockstep.api;

import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.Duplicates.Event;
import dev.lockstep.duplicates.Duplicates.Outcome;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.Duplicates.Summary;
import dev.lockstep.similarity.Reason;
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

/** Duplicates, to be looked at and decided; the shapes are in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/duplicates")
class DuplicatesController {
  private static final List<String> STATES = Stream.of(State.values()).map(State::name).toList();

  private static final String EVERY_STATE = "ALL";
  private static final int MOST = 1000;

  private final Duplicates duplicates;

  DuplicatesController(Duplicates duplicates) {
    this.duplicates = duplicates;
  }

  @GetMapping
  Listing list(
      @RequestParam(name = "state", defaultValue = "") List<String> states,
      @RequestParam(name = "limit", defaultValue = "100") int limit) {
    return new Listing(duplicates.list(known(states), DecisionParameters.limit(limit, MOST)));
  }

  @GetMapping("/{id}")
  Whole show(@PathVariable("id") String id) {
    return duplicates
        .find(id)
        .map(detail -> new Whole(detail.summary(), detail.reasons(), detail.history()))
        .orElseThrow(() -> unknown(id));
  }

  @PostMapping("/{id}/accept")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Decision accept(
      @PathVariable("id") String id,
      @RequestParam(name = "primary", required = false) @Nullable String primary,
      @RequestParam(name = "by", required = false) @Nullable String by,
      @RequestBody(required = false) @Nullable Map<String, String> body) {
    DecisionParameters given = new DecisionParameters(body, List.of("primary", "by"));
    String chosen = given.text("primary", primary);
    return decided(id, duplicates.accept(id, chosen.isEmpty() ? null : chosen, given.by(by)));
  }

  @PostMapping("/{id}/reject")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Decision reject(
      @PathVariable("id") String id,
      @RequestParam(name = "by", required = false) @Nullable String by,
      @RequestBody(required = false) @Nullable Map<String, String> body) {
    String who = new DecisionParameters(body, List.of("by")).by(by);
    return decided(id, duplicates.reject(id, who));
  }

  @PostMapping("/{id}/split")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Decision split(
      @PathVariable("id") String id,
      @RequestParam(name = "by", required = false) @Nullable String by,
      @RequestBody(required = false) @Nullable Map<String, String> body) {
    String who = new DecisionParameters(body, List.of("by")).by(by);
    return decided(id, duplicates.split(id, who));
  }

  record Listing(List<Summary> duplicates) {}

  record Whole(Summary duplicate, List<Reason> reasons, List<Event> history) {}

  record Decision(Summary duplicate, String text) {}

  private static Decision decided(String id, Outcome outcome) {
    if (outcome instanceof Outcome.Decided decided) {
      return new Decision(decided.summary(), decided.text());
    }
    if (outcome instanceof Outcome.Refused refused) {
      throw new ResponseStatusException(HttpStatus.CONFLICT, refused.reason());
    }
    throw unknown(id);
  }

  private static List<State> known(List<String> states) {
    List<String> names =
        states.stream()
            .map(state -> state.strip().toUpperCase(Locale.ROOT))
            .filter(state -> !state.isEmpty())
            .toList();
    for (String name : names) {
      if (!STATES.contains(name) && !name.equals(EVERY_STATE)) {
        throw DecisionParameters.wrong(
            "state: "
                + name
                + " is no state; there are "
                + String.join(", ", STATES)
                + ", and ALL for any");
      }
    }
    return names.contains(EVERY_STATE)
        ? List.of(State.values())
        : names.stream().map(State::valueOf).toList();
  }

  private static ResponseStatusException unknown(String id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no duplicate " + id);
  }
}
