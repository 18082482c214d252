package dev.lockstep.console;

import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import dev.lockstep.inbox.DeadLetters.Decider;
import dev.lockstep.inbox.DeadLetters.Filter;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.record.Side;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Work that waits for an operator: why, and what to do; retried or discarded, one or many. */
@Controller
@RequestMapping("/dead-letters")
class DeadLettersPage {
  private static final int PAGE = 50;
  private static final int DECISIONS = 20;

  private final DeadLetters deadLetters;
  private final Mappings mappings;

  DeadLettersPage(DeadLetters deadLetters, Mappings mappings) {
    this.deadLetters = deadLetters;
    this.mappings = mappings;
  }

  @GetMapping
  String list(
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "kind", defaultValue = "") String kind,
      @RequestParam(name = "after", defaultValue = "") String after,
      Model model) {
    Filter filter = new Filter(system, kind);
    List<DeadLetter> letters = deadLetters.list(filter, after, PAGE);
    TreeSet<String> systems = new TreeSet<>();
    TreeSet<String> kinds = new TreeSet<>();
    for (Mapping mapping : mappings.all()) {
      for (Side side : Side.values()) {
        systems.add(mapping.system(side));
        kinds.add(mapping.kind(side));
      }
    }
    model.addAttribute("filter", filter);
    model.addAttribute("systems", systems);
    model.addAttribute("kinds", kinds);
    model.addAttribute("letters", letters);
    model.addAttribute("total", deadLetters.count(filter));
    model.addAttribute("isFirst", after.isEmpty());
    model.addAttribute("next", letters.size() == PAGE ? letters.get(PAGE - 1).id() : null);
    model.addAttribute("decisions", deadLetters.decisions(DECISIONS));
    return "dead-letters";
  }

  @GetMapping("/{id}/{decision:retry|discard}")
  String confirm(
      @PathVariable("id") String id, @PathVariable("decision") String decision, Model model) {
    DeadLetter letter = deadLetters.find(id).orElseThrow(() -> notFound(id));
    boolean retry = decision.equals("retry");
    String work = letter.request().isEmpty() ? "the work on it" : letter.request();
    confirm(
        model,
        (retry ? "Retry " : "Discard ") + letter.title() + "?",
        retry
            ? List.of(
                "Starts again at once: " + work,
                "All records are compared again, so that only what still differs is written.")
            : List.of(
                "Gives up: " + work,
                "Nothing is written to any system now.",
                "The next change of these records is processed as usual."),
        retry,
        Map.of(),
        "/dead-letters");
    return Confirmation.NAME;
  }

  @PostMapping("/{id}/{decision:retry|discard}")
  String decide(
      @PathVariable("id") String id,
      @PathVariable("decision") String decision,
      @RequestParam(name = "reason", defaultValue = "") String reason,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    boolean retry = decision.equals("retry");
    Decider by = decider(retry, reason, user);
    if (!(retry ? deadLetters.retry(id, by) : deadLetters.discard(id, by))) {
      throw notFound(id);
    }
    redirect.addFlashAttribute(
        Confirmation.DONE, "Dead letter " + id + (retry ? " is retried." : " is discarded."));
    return "redirect:/dead-letters";
  }

  @GetMapping("/all/{decision:retry|discard}")
  String confirmAll(
      @PathVariable("decision") String decision,
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "kind", defaultValue = "") String kind,
      Model model) {
    long count = deadLetters.count(new Filter(system, kind));
    boolean retry = decision.equals("retry");
    String which = describe(system, kind);
    confirm(
        model,
        "%s %d dead letters?".formatted(retry ? "Retry" : "Discard", count),
        retry
            ? List.of(
                "Starts again at once, one after the other: %d dead letters %s."
                    .formatted(count, which),
                "All records are compared again, so that only what still differs is written.")
            : List.of(
                "Gives up the work of %d dead letters %s.".formatted(count, which),
                "Nothing is written to any system now; the next change of their records is"
                    + " processed as usual."),
        retry,
        Map.of("system", system, "kind", kind),
        "/dead-letters");
    return Confirmation.NAME;
  }

  private static String describe(String system, String kind) {
    if (system.isEmpty() && kind.isEmpty()) {
      return "of all systems";
    }
    return "with %s record in %s"
        .formatted(kind.isEmpty() ? "a" : "a(n) " + kind, system.isEmpty() ? "any system" : system);
  }

  @PostMapping("/all/{decision:retry|discard}")
  String decideAll(
      @PathVariable("decision") String decision,
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "kind", defaultValue = "") String kind,
      @RequestParam(name = "reason", defaultValue = "") String reason,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    boolean retry = decision.equals("retry");
    BiFunction<Filter, Decider, Integer> action =
        retry ? deadLetters::retryAll : deadLetters::discardAll;
    int decided = action.apply(new Filter(system, kind), decider(retry, reason, user));
    redirect.addFlashAttribute(
        Confirmation.DONE,
        decided + " dead letters " + (retry ? "are retried." : "are discarded."));
    return "redirect:/dead-letters";
  }

  private static Decider decider(boolean retry, String reason, @Nullable Principal user) {
    return new Decider(
        Actor.name(user), retry ? Actor.reason(reason) : Actor.requiredReason(reason));
  }

  private static void confirm(
      Model model,
      String title,
      List<String> effects,
      boolean retry,
      Map<String, String> parameters,
      String back) {
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            title,
            effects,
            retry ? "Retry" : "Discard",
            !retry,
            retry ? Reason.OPTIONAL : Reason.REQUIRED,
            Map.of(),
            parameters,
            back));
  }

  private static ResponseStatusException notFound(String id) {
    return new ResponseStatusException(
        HttpStatus.NOT_FOUND,
        "There is no dead letter " + id + ": it may have been decided by somebody else.");
  }
}
