package dev.lockstep.console;

import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.pause.PausableNames;
import dev.lockstep.pause.Pause;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.pause.PauseScope;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Starts and ends pauses. */
@Controller
@RequestMapping(MaintenancePage.PATH)
class PauseActions {
  private static final String BACK = "redirect:" + MaintenancePage.PATH;

  private final PauseOperations pauses;
  private final PausableNames names;
  private final Display display;
  private final Clock clock;

  PauseActions(PauseOperations pauses, PausableNames names, Display display, Clock clock) {
    this.pauses = pauses;
    this.names = names;
    this.display = display;
    this.clock = clock;
  }

  /**
   * @param scope a system or a mapping; empty for everything
   * @param duration for example {@code 8h}; empty for no end
   */
  @GetMapping("/pause")
  String confirmPause(
      @RequestParam(name = "scope", defaultValue = "") String scope,
      @RequestParam(name = "for", defaultValue = "") String duration,
      Model model) {
    PauseScope what = scope(scope);
    Instant until = until(duration);
    List<String> effects = new ArrayList<>();
    effects.add(effect(what));
    effects.add(
        "Changes are still received and kept. What waits is due at once when the pause ends,"
            + " highest priority first.");
    effects.add(
        until == null
            ? "It lasts until somebody ends it."
            : "It ends by itself %s after you confirm, at about %s."
                .formatted(duration.strip(), display.utc(until)));
    find(what, false)
        .ifPresent(
            pause ->
                effects.add(
                    "It is paused already, since %s by %s: reason and end are replaced."
                        .formatted(display.utc(pause.since()), pause.by())));
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Pause %s?".formatted(what.title()),
            effects,
            "Pause",
            Reason.OPTIONAL,
            Map.of("scope", scope.strip(), "for", duration.strip()),
            MaintenancePage.PATH));
    return Confirmation.NAME;
  }

  private String effect(PauseScope scope) {
    return switch (scope.kind()) {
      case ALL -> "No call is made to any system: nothing is read, polled or written.";
      case SYSTEM ->
          "No call is made to %s: nothing is read from it, polled or written to it. Everything else goes on."
              .formatted(display.system(scope.name()));
      case MAPPING ->
          "Nothing of the mapping %s is started or written, and its notes wait. Everything else goes on."
              .formatted(scope.name());
    };
  }

  @PostMapping("/pause")
  String pause(
      @RequestParam(name = "scope", defaultValue = "") String scope,
      @RequestParam(name = "for", defaultValue = "") String duration,
      @RequestParam(name = "reason", defaultValue = "") String reason,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    Pause pause =
        pauses.pause(scope(scope), Actor.reason(reason), Actor.name(user), until(duration));
    redirect.addFlashAttribute(Confirmation.DONE, sentence(pause.scope().title()) + " is paused.");
    return BACK;
  }

  /**
   * @param scope as in {@link Pause#scope()}
   */
  @GetMapping("/resume")
  String confirmResume(@RequestParam(name = "scope", defaultValue = "") String scope, Model model) {
    PauseScope what = scope(scope);
    Pause pause = find(what, false).orElseThrow(() -> notPaused(what));
    long waiting = pauses.waiting().getOrDefault(what.toString(), 0L);
    List<String> effects = new ArrayList<>();
    effects.add("Ends the pause by %s since %s.".formatted(pause.by(), display.utc(pause.since())));
    effects.add(
        waiting == 0
            ? "Nothing waits for it."
            : "%d %s: due at once, highest priority first. Both sides' changes are merged."
                .formatted(waiting, waiting == 1 ? "change waits" : "changes wait"));
    pauses.active().stream()
        .filter(other -> !other.equals(pause))
        .forEach(other -> effects.add("Stays: " + other.describe() + "."));
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Resume %s?".formatted(what.title()),
            effects,
            "Resume",
            Reason.NONE,
            Map.of("scope", scope.strip()),
            MaintenancePage.PATH));
    return Confirmation.NAME;
  }

  @PostMapping("/resume")
  String resume(
      @RequestParam(name = "scope", defaultValue = "") String scope,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    PauseScope what = scope(scope);
    int scheduled = pauses.resume(what, Actor.name(user)).orElseThrow(() -> notPaused(what));
    redirect.addFlashAttribute(
        Confirmation.DONE,
        "%s is resumed; %d %s waited."
            .formatted(sentence(what.title()), scheduled, scheduled == 1 ? "change" : "changes"));
    return BACK;
  }

  private Optional<Pause> find(PauseScope scope, boolean freeze) {
    return pauses.active().stream()
        .filter(pause -> pause.scope().equals(scope) && pause.freeze() == freeze)
        .findFirst();
  }

  private ResponseStatusException notPaused(PauseScope scope) {
    String why =
        find(scope, true)
            .map(
                window ->
                    window.describe()
                        + "; it ends then, or when it is removed from lockstep.freeze-windows.")
            .orElse(
                "No operator has paused %s on its own; it may have been resumed by somebody else."
                    .formatted(scope.title()));
    return new ResponseStatusException(HttpStatus.CONFLICT, why);
  }

  private PauseScope scope(String text) {
    String name = text.strip();
    return valid("scope: ", () -> names.scope(name.equals(PauseScope.ALL.toString()) ? "" : name));
  }

  private @Nullable Instant until(String duration) {
    String given = duration.strip();
    return given.isEmpty()
        ? null
        : clock.instant().plus(valid("for: ", () -> PausableNames.duration(given)));
  }

  private static <T> T valid(String parameter, Supplier<T> parsed) {
    try {
      return parsed.get();
    } catch (IllegalArgumentException e) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, parameter + e.getMessage() + ".", e);
    }
  }

  private static String sentence(String title) {
    return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
  }
}
