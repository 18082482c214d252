package dev.lockstep.api;

import dev.lockstep.pause.PausableNames;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.pause.PauseScope;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Pauses: list, start, end; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/pauses")
class PausesController {
  private final PauseOperations pauses;
  private final PausableNames names;
  private final Clock clock;

  PausesController(PauseOperations pauses, PausableNames names, Clock clock) {
    this.pauses = pauses;
    this.names = names;
    this.clock = clock;
  }

  @GetMapping
  PauseList list() {
    Map<String, Long> waiting = pauses.waiting();
    return new PauseList(pauses.active().stream().map(pause -> view(pause, waiting)).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  PauseView pause(
      @RequestParam(name = "scope", defaultValue = "") String scope,
      @RequestParam(name = "reason", required = false) @Nullable String reason,
      @RequestParam(name = "for", defaultValue = "") String duration,
      Principal user) {
    String why = new DecisionParameters(Map.of(), List.of()).text("reason", reason);
    Pause started = pauses.pause(scope(scope), why, user.getName(), until(duration));
    return view(started, pauses.waiting());
  }

  @DeleteMapping
  Resumed resume(@RequestParam(name = "scope", defaultValue = "") String scope, Principal user) {
    PauseScope what = scope(scope);
    int scheduled =
        pauses
            .resume(what, user.getName())
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, notPaused(what)));
    return new Resumed(
        what.toString(),
        scheduled,
        pauses.active().stream().map(pause -> view(pause, Map.of())).toList());
  }

  private PauseScope scope(String text) {
    try {
      return names.scope(text.strip());
    } catch (IllegalArgumentException e) {
      throw DecisionParameters.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Instant until(String duration) {
    try {
      return duration.isBlank()
          ? null
          : clock.instant().plus(PausableNames.duration(duration.strip()));
    } catch (IllegalArgumentException e) {
      throw DecisionParameters.badRequest("for: " + e.getMessage());
    }
  }

  /** What an operator has paused under another name, or cannot end. */
  private String notPaused(PauseScope scope) {
    List<Pause> active = pauses.active();
    Optional<Pause> freeze =
        active.stream().filter(pause -> pause.freeze() && pause.scope().equals(scope)).findFirst();
    if (freeze.isPresent()) {
      return freeze.get().describe()
          + "; it ends then, or when it is removed from lockstep.freeze-windows";
    }
    String others = active.stream().map(Pause::describe).collect(Collectors.joining("; "));
    String title =
        scope.kind() == PauseScope.Kind.ALL ? "not everything is" : scope.title() + " is not";
    return "%s paused on its own%s"
        .formatted(title, others.isEmpty() ? "; nothing is" : "; " + others);
  }

  private static PauseView view(Pause pause, Map<String, Long> waiting) {
    return new PauseView(
        pause.scope().toString(),
        pause.reason(),
        pause.by(),
        pause.since(),
        pause.until(),
        pause.freeze(),
        waiting.getOrDefault(pause.scope().toString(), 0L));
  }

  record PauseList(List<PauseView> pauses) {}

  /**
   * @param scope {@code all}, {@code system:<name>} or {@code mapping:<name>}
   * @param by empty for a freeze window
   * @param until null if it has no end
   * @param waiting entries that wait for it
   */
  record PauseView(
      String scope,
      String reason,
      String by,
      Instant since,
      @Nullable Instant until,
      boolean freeze,
      long waiting) {}

  /**
   * @param scheduled entries that waited and are processed now
   * @param stillPaused what is paused otherwise
   */
  record Resumed(String resumed, int scheduled, List<PauseView> stillPaused) {}
}
