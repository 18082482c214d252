package dev.lockstep.console;

import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.Duplicates.Detail;
import dev.lockstep.duplicates.Duplicates.Outcome;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.Duplicates.Summary;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** Groups of tickets about the same, with the reasons; accepted, rejected, split. */
@Controller
@RequestMapping("/duplicates")
class DuplicatesPage {
  private static final int MOST = 200;

  private final Duplicates duplicates;

  DuplicatesPage(Duplicates duplicates) {
    this.duplicates = duplicates;
  }

  /** A primary with the tickets that are, or may be, its duplicates. */
  record Group(Duplicates.Member primary, List<Summary> members) {}

  /**
   * @param all also those that were rejected, split, unlinked or withdrawn
   */
  @GetMapping
  String list(@RequestParam(name = "all", defaultValue = "false") boolean all, Model model) {
    List<Summary> found = duplicates.list(all ? List.of(State.values()) : List.of(), MOST);
    Map<String, List<Summary>> byPrimary = new LinkedHashMap<>();
    found.forEach(
        each ->
            byPrimary.computeIfAbsent(each.primary().ref(), ref -> new ArrayList<>()).add(each));
    model.addAttribute("all", all);
    model.addAttribute("isCut", found.size() == MOST);
    model.addAttribute("most", MOST);
    model.addAttribute(
        "groups",
        byPrimary.values().stream()
            .map(members -> new Group(members.get(0).primary(), members))
            .toList());
    return "duplicates";
  }

  @GetMapping("/{id}")
  String show(@PathVariable("id") String id, Model model) {
    model.addAttribute("duplicate", find(id));
    return "duplicate";
  }

  @GetMapping("/{id}/{decision:accept|reject|split}")
  String confirm(
      @PathVariable("id") String id, @PathVariable("decision") String decision, Model model) {
    Summary found = find(id).summary();
    String own = found.duplicate().key();
    String primary = found.primary().key();
    Confirmation asked =
        switch (decision) {
          case "accept" ->
              new Confirmation(
                  "Accept " + own + " as a duplicate?",
                  List.of(
                      "Links the duplicate to its primary in every system that can link the two;"
                          + " records on a platform that merges are merged permanently.",
                      "From then on the duplicate follows its primary: resolution and public"
                          + " comments reach its caller."),
                  "Accept",
                  false,
                  Reason.NONE,
                  choices(found),
                  Map.of(),
                  "/duplicates");
          case "reject" ->
              new Confirmation(
                  "Reject: " + own + " is no duplicate of " + primary + "?",
                  List.of("Writes nothing to any system.", "The two are never proposed again."),
                  "Reject",
                  true,
                  Reason.NONE,
                  Map.of(),
                  Map.of(),
                  "/duplicates");
          default ->
              new Confirmation(
                  "Split " + own + " from " + primary + "?",
                  List.of(
                      "Removes the link in every system, restores the fields that were taken over,"
                          + " and adds a note. Merged records stay merged.",
                      "The two are never proposed again."),
                  "Split",
                  true,
                  Reason.NONE,
                  Map.of(),
                  Map.of(),
                  "/duplicates");
        };
    model.addAttribute(Confirmation.NAME, asked);
    return Confirmation.NAME;
  }

  private static Map<String, String> choices(Summary found) {
    if (found.state() != State.PROPOSED) {
      return Map.of();
    }
    Map<String, String> choices = new LinkedHashMap<>();
    choices.put(found.primary().key(), found.primary().key() + " – " + found.primary().title());
    choices.put(
        found.duplicate().key(), found.duplicate().key() + " – " + found.duplicate().title());
    return choices;
  }

  @PostMapping("/{id}/{decision:accept|reject|split}")
  String decide(
      @PathVariable("id") String id,
      @PathVariable("decision") String decision,
      @RequestParam(name = "primary", defaultValue = "") String primary,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    String by = Actor.name(user);
    Outcome outcome =
        switch (decision) {
          case "accept" -> duplicates.accept(id, primary.isEmpty() ? null : primary, by);
          case "reject" -> duplicates.reject(id, by);
          default -> duplicates.split(id, by);
        };
    if (outcome instanceof Outcome.Refused refused) {
      throw new ResponseStatusException(HttpStatus.CONFLICT, refused.reason() + ".");
    }
    if (!(outcome instanceof Outcome.Decided decided)) {
      throw notFound(id);
    }
    redirect.addFlashAttribute(Confirmation.DONE, decided.text() + ".");
    return "redirect:/duplicates";
  }

  private Detail find(String id) {
    return duplicates.find(id).orElseThrow(() -> notFound(id));
  }

  private static ResponseStatusException notFound(String id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no duplicate " + id + ".");
  }
}
