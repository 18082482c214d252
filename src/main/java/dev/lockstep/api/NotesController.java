package dev.lockstep.api;

import dev.lockstep.pair.WaitingNoteStore.WaitingNote;
import dev.lockstep.sync.NoteApprovals;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/** Notes that wait for an approval: list, approve, reject; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/notes")
class NotesController {
  private static final int MAX_LIMIT = 1000;

  private final NoteApprovals approvals;

  NotesController(NoteApprovals approvals) {
    this.approvals = approvals;
  }

  @GetMapping
  WaitingNotes list(@RequestParam(name = "limit", defaultValue = "100") int limit) {
    return new WaitingNotes(
        approvals.list(DecisionParameters.limit(limit, MAX_LIMIT)).stream()
            .map(WaitingNoteView::of)
            .toList(),
        approvals.count());
  }

  @PostMapping("/{id}/approve")
  @ResponseStatus(HttpStatus.ACCEPTED)
  NoteDecision approve(@PathVariable("id") String id, Principal user) {
    return decided(id, "approved", approvals.approve(id, user.getName()));
  }

  @PostMapping("/{id}/reject")
  @ResponseStatus(HttpStatus.ACCEPTED)
  NoteDecision reject(
      @PathVariable("id") String id,
      @RequestParam(name = "reason", required = false) @Nullable String reason,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    String why = new DecisionParameters(body, List.of("reason")).text("reason", reason);
    return decided(id, "rejected", approvals.reject(id, user.getName(), why));
  }

  private static NoteDecision decided(String id, String outcome, boolean done) {
    if (!done) {
      throw new ResponseStatusException(
          HttpStatus.NOT_FOUND,
          "No text %s waits: it was decided on, or edited since; list the texts again"
              .formatted(id));
    }
    return new NoteDecision(id, outcome);
  }

  /**
   * @param total of all that wait
   */
  record WaitingNotes(List<WaitingNoteView> notes, long total) {}

  record WaitingNoteView(
      String id,
      String from,
      String fromKey,
      String author,
      Instant writtenAt,
      String to,
      String toKey,
      String visibility,
      String text,
      Instant since) {
    static WaitingNoteView of(WaitingNote note) {
      return new WaitingNoteView(
          note.id(),
          note.from().toString(),
          note.fromKey(),
          note.author(),
          note.writtenAt(),
          note.target().toString(),
          note.targetKey(),
          note.sentAs().name().toLowerCase(Locale.ROOT),
          note.text(),
          note.since());
    }
  }

  record NoteDecision(String id, String outcome) {}
}
