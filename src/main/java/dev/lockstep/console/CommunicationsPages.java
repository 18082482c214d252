package dev.lockstep.console;

import dev.lockstep.communication.Communications;
import dev.lockstep.communication.Communications.Draft;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.communication.Communications.Outcome;
import dev.lockstep.communication.Communications.Reached;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.communication.manager.IncidentManagers;
import dev.lockstep.communication.vendor.VendorUpdates;
import dev.lockstep.record.PlainText;
import java.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** Updates of incidents: what is due, and the way from a draft over a confirmation to sending. */
@Controller
class CommunicationsPages {
  private static final String PAGE = "communication";

  /** For which an update can be postponed. */
  private static final Map<String, Duration> SNOOZES = new LinkedHashMap<>();

  static {
    SNOOZES.put("15 minutes", Duration.ofMinutes(15));
    SNOOZES.put("30 minutes", Duration.ofMinutes(30));
    SNOOZES.put("1 hour", Duration.ofHours(1));
    SNOOZES.put("2 hours", Duration.ofHours(2));
    SNOOZES.put("8 hours", Duration.ofHours(8));
  }

  private final Communications communications;
  private final IncidentManagers managers;
  private final VendorUpdates vendors;

  CommunicationsPages(
      Communications communications, IncidentManagers managers, VendorUpdates vendors) {
    this.communications = communications;
    this.managers = managers;
    this.vendors = vendors;
  }

  /**
   * What is in the form.
   *
   * @param key of the request: a second click sends nothing
   * @param basedOn the number of the last update that its writer has seen
   * @param edit whether to go back from the confirmation to the form
   */
  record Form(
      @Nullable String subject,
      @Nullable String text,
      @Nullable String key,
      @Nullable Integer basedOn,
      @Nullable Boolean confirmed,
      @Nullable Boolean edit) {

    /** To be shown for writing it, or for confirming it. */
    Form shown(String shownSubject, String shownText, boolean isConfirmed) {
      return new Form(shownSubject, shownText, key, basedOn, isConfirmed, false);
    }
  }

  @GetMapping("/communications")
  String list(Model model) {
    model.addAttribute("isOn", !communications.audiences().isEmpty());
    model.addAttribute("updates", communications.list());
    model.addAttribute("needsManagers", managers.isOn());
    model.addAttribute("managers", managers.list());
    model.addAttribute("needsVendors", vendors.isOn());
    model.addAttribute("vendors", vendors.list());
    return "communications";
  }

  @GetMapping("/communications/{incident}/{audience}")
  String draft(
      @PathVariable("incident") String incident,
      @PathVariable("audience") String audience,
      @RequestParam(name = "next", defaultValue = "") String next,
      Model model) {
    Draft draft = answered(() -> communications.draft(incident, audience, next));
    Form form = new Form(null, null, UUID.randomUUID().toString(), draft.basedOn(), false, false);
    return page(model, draft, form.shown(draft.subject(), draft.text(), false));
  }

  /** First shows what will be sent where; sends it once that is confirmed. */
  @PostMapping("/communications/{incident}/{audience}")
  String send(
      @PathVariable("incident") String incident,
      @PathVariable("audience") String audience,
      Form form,
      @Nullable Principal user,
      Model model,
      RedirectAttributes redirect) {
    String text = PlainText.normalize(orEmpty(form.text()));
    boolean edits = Boolean.TRUE.equals(form.edit());
    if (edits || !Boolean.TRUE.equals(form.confirmed())) {
      Draft draft = answered(() -> communications.draft(incident, audience, ""));
      String subject = PlainText.oneLine(orEmpty(form.subject()));
      return page(model, draft, form.shown(subject, text, !edits));
    }
    Outcome sent =
        answered(
            () ->
                communications.send(
                    incident,
                    audience,
                    orEmpty(form.subject()),
                    text,
                    orEmpty(form.key()),
                    form.basedOn(),
                    Actor.name(user)));
    redirect.addFlashAttribute(Confirmation.DONE, described(sent));
    return redirect(incident);
  }

  private static String described(Outcome sent) {
    List<String> gaps =
        sent.update().targets().stream()
            .filter(target -> !target.gap().isEmpty())
            .map(target -> target.target() + ": " + target.gap())
            .toList();
    return "Update %d for %s is being sent.%s"
        .formatted(
            sent.update().number(),
            sent.update().audienceTitle(),
            gaps.isEmpty() ? "" : " Not sent to " + String.join("; ", gaps) + ".");
  }

  private static String page(Model model, Draft draft, Form form) {
    model.addAttribute("draft", draft);
    model.addAttribute("form", form);
    model.addAttribute("snoozes", SNOOZES.keySet());
    model.addAttribute(
        "reached", draft.targets().stream().filter(target -> target.gap().isEmpty()).toList());
    model.addAttribute(
        "gaps", draft.targets().stream().filter(CommunicationsPages::isGap).toList());
    return PAGE;
  }

  private static boolean isGap(Reached target) {
    return !target.gap().isEmpty();
  }

  @PostMapping("/communications/{incident}/{audience}/snooze")
  String snooze(
      @PathVariable("incident") String incident,
      @PathVariable("audience") String audience,
      @RequestParam(name = "for", defaultValue = "") String length,
      @RequestParam(name = "reason", defaultValue = "") String reason,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    Duration duration = SNOOZES.get(length);
    if (duration == null) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "for: choose one of the list.");
    }
    Due due =
        answered(
            () ->
                communications.snooze(
                    incident, audience, duration, Actor.requiredReason(reason), Actor.name(user)));
    redirect.addFlashAttribute(
        Confirmation.DONE, "The update for %s is postponed.".formatted(due.audienceTitle()));
    return redirect(incident);
  }

  static String redirect(String incident) {
    return "redirect:"
        + UriComponentsBuilder.fromPath("/incidents/{key}").build().expand(incident).encode();
  }

  static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (RefusedUpdateException e) {
      HttpStatus status =
          switch (e.reason()) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case INVALID -> HttpStatus.BAD_REQUEST;
            case CONFLICT -> HttpStatus.CONFLICT;
          };
      throw new ResponseStatusException(status, e.getMessage(), e);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
