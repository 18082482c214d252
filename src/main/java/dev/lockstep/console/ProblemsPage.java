package dev.lockstep.console;

import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.problem.Problems;
import dev.lockstep.problem.Problems.Outcome;
import java.security.Principal;
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

/** Problems of recurring incidents; accepted and rejected. */
@Controller
@RequestMapping("/problems")
class ProblemsPage {
  private static final int MOST = 200;
  private static final List<String> CURRENT = List.of("PROPOSED", "ACCEPTED");
  private static final List<String> ALL = List.of("PROPOSED", "ACCEPTED", "REJECTED");

  private final Problems problems;

  ProblemsPage(Problems problems) {
    this.problems = problems;
  }

  /**
   * @param all also those that were rejected
   */
  @GetMapping
  String list(@RequestParam(name = "all", defaultValue = "false") boolean all, Model model) {
    List<Problems.View> found = problems.list(all ? ALL : CURRENT, MOST);
    model.addAttribute("all", all);
    model.addAttribute("isCut", found.size() == MOST);
    model.addAttribute("most", MOST);
    model.addAttribute("problems", found);
    return "problems";
  }

  @GetMapping("/{id:\\d{1,18}}/{decision:accept|reject}")
  String confirm(
      @PathVariable("id") long id, @PathVariable("decision") String decision, Model model) {
    Problems.View problem = problems.find(id).orElseThrow(() -> notFound(id));
    boolean accepts = decision.equals("accept");
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            (accepts ? "Create a problem: " : "Reject the proposal: ") + problem.title() + "?",
            accepts
                ? List.of(
                    "Creates a problem record, once, and writes it to its %d incidents."
                        .formatted(problem.incidents().size()),
                    "Similar incidents of %s that are opened later are linked, too."
                        .formatted(problem.service()))
                : List.of(
                    "Writes nothing to any system.", "These incidents are not proposed again."),
            accepts ? "Accept" : "Reject",
            !accepts,
            Reason.NONE,
            Map.of(),
            Map.of(),
            "/problems"));
    return Confirmation.NAME;
  }

  @PostMapping("/{id:\\d{1,18}}/{decision:accept|reject}")
  String decide(
      @PathVariable("id") long id,
      @PathVariable("decision") String decision,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    String by = Actor.name(user);
    Outcome outcome = decision.equals("accept") ? problems.accept(id, by) : problems.reject(id, by);
    if (outcome instanceof Outcome.Refused refused) {
      throw new ResponseStatusException(HttpStatus.CONFLICT, refused.reason() + ".");
    }
    if (!(outcome instanceof Outcome.Decided decided)) {
      throw notFound(id);
    }
    redirect.addFlashAttribute(
        Confirmation.DONE, "Problem %d was %s.".formatted(id, decided.text()));
    return "redirect:/problems";
  }

  private static ResponseStatusException notFound(long id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no problem " + id + ".");
  }
}
