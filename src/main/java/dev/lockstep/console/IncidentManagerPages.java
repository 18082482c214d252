package dev.lockstep.console;

import dev.lockstep.communication.manager.IncidentManagers;
import dev.lockstep.communication.manager.IncidentManagers.Handover;
import dev.lockstep.communication.manager.IncidentManagers.Outcome;
import dev.lockstep.communication.manager.ManagerRequest;
import java.security.Principal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who leads an incident: assigning, handing over, releasing. */
@Controller
class IncidentManagerPages {
  private final IncidentManagers managers;

  IncidentManagerPages(IncidentManagers managers) {
    this.managers = managers;
  }

  /**
   * What is in the form.
   *
   * @param from who led the incident when the page was shown
   * @param key of the request: a second click changes nothing
   */
  record Form(
      @Nullable String to,
      @Nullable String from,
      @Nullable String reason,
      @Nullable String openPoints,
      @Nullable String key) {

    ManagerRequest request(@Nullable Principal user) {
      return new ManagerRequest(
          orEmpty(to),
          from,
          Actor.reason(reason),
          orEmpty(openPoints),
          orEmpty(key),
          Actor.name(user));
    }

    private static String orEmpty(@Nullable String text) {
      return text == null ? "" : text.strip();
    }
  }

  @GetMapping("/incident-managers/{incident}")
  String show(@PathVariable("incident") String incident, Model model) {
    Handover draft = CommunicationsPages.answered(() -> managers.draft(incident));
    model.addAttribute("led", draft.led());
    model.addAttribute("openPoints", draft.openPoints());
    model.addAttribute("key", UUID.randomUUID().toString());
    return "incident-manager";
  }

  @PostMapping("/incident-managers/{incident}/assign")
  String assign(
      @PathVariable("incident") String incident,
      Form form,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    Outcome made =
        CommunicationsPages.answered(() -> managers.assign(incident, form.request(user)));
    return done(incident, made.change().to() + " is the incident manager.", redirect);
  }

  @PostMapping("/incident-managers/{incident}/handover")
  String handOver(
      @PathVariable("incident") String incident,
      Form form,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    Outcome made =
        CommunicationsPages.answered(() -> managers.handOver(incident, form.request(user)));
    return done(
        incident,
        "Handed over from %s to %s.".formatted(made.change().from(), made.change().to()),
        redirect);
  }

  @PostMapping("/incident-managers/{incident}/release")
  String release(
      @PathVariable("incident") String incident,
      Form form,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    Outcome made =
        CommunicationsPages.answered(() -> managers.release(incident, form.request(user)));
    return done(incident, made.change().from() + " no longer leads the incident.", redirect);
  }

  private static String done(String incident, String what, RedirectAttributes redirect) {
    redirect.addFlashAttribute(Confirmation.DONE, what);
    return CommunicationsPages.redirect(incident);
  }
}
