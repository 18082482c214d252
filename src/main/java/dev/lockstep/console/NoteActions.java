package dev.lockstep.console;

import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.pair.WaitingNoteStore.WaitingNote;
import dev.lockstep.sync.NoteApprovals;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What an operator decides about a text that waits for an approval. */
@Controller
class NoteActions {
  private final NoteApprovals approvals;
  private final Display display;

  NoteActions(NoteApprovals approvals, Display display) {
    this.approvals = approvals;
    this.display = display;
  }

  @GetMapping("/incidents/notes/{id}/approve")
  String confirmApproval(@PathVariable("id") String id, Model model) {
    WaitingNote note = find(id);
    model.addAttribute(
        Confirmation.NAME,
        confirmation(
            note,
            "Publish this text to %s?".formatted(note.targetKey()),
            List.of(
                "Writes to %s %s: %s"
                    .formatted(
                        display.system(note.target().system()), note.targetKey(), note.text()),
                "Exactly this text is delivered, once, whatever becomes of the note meanwhile."),
            "Approve",
            Reason.NONE));
    return Confirmation.NAME;
  }

  @PostMapping("/incidents/notes/{id}/approve")
  String approve(
      @PathVariable("id") String id, @Nullable Principal user, RedirectAttributes redirect) {
    WaitingNote note = find(id);
    if (!approvals.approve(id, Actor.name(user))) {
      throw decided();
    }
    redirect.addFlashAttribute(Confirmation.DONE, "Approved: the text is being delivered.");
    return "redirect:/incidents/" + note.correlation();
  }

  @GetMapping("/incidents/notes/{id}/reject")
  String confirmRejection(@PathVariable("id") String id, Model model) {
    WaitingNote note = find(id);
    model.addAttribute(
        Confirmation.NAME,
        confirmation(
            note,
            "Reject this text?",
            List.of(
                "It is never delivered to %s: %s".formatted(note.targetKey(), note.text()),
                "%s keeps it.".formatted(note.fromKey())),
            "Reject",
            Reason.REQUIRED));
    return Confirmation.NAME;
  }

  @PostMapping("/incidents/notes/{id}/reject")
  String reject(
      @PathVariable("id") String id,
      @RequestParam(name = "reason", defaultValue = "") String reason,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    WaitingNote note = find(id);
    if (!approvals.reject(id, Actor.name(user), Actor.requiredReason(reason))) {
      throw decided();
    }
    redirect.addFlashAttribute(Confirmation.DONE, "Rejected: the text is not delivered.");
    return "redirect:/incidents/" + note.correlation();
  }

  private static Confirmation confirmation(
      WaitingNote note, String title, List<String> effects, String submit, Reason reason) {
    return new Confirmation(
        title,
        effects,
        submit,
        true,
        reason,
        Map.of(),
        Map.of(),
        "/incidents/" + note.correlation());
  }

  private WaitingNote find(String id) {
    return approvals
        .find(id)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "No such text waits: it was decided on, or edited since."));
  }

  private static ResponseStatusException decided() {
    return new ResponseStatusException(
        HttpStatus.CONFLICT, "The text was decided on, or edited, meanwhile; look at it again.");
  }
}
