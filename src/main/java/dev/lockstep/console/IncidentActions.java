package dev.lockstep.console;

import dev.lockstep.audit.AuditQueries;
import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.sync.ChosenValues;
import dev.lockstep.sync.PairDecisions;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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

/** What an operator can do to one incident. */
@Controller
class IncidentActions {
  private final PairStore pairs;
  private final PairDecisions decisions;
  private final ChosenValues choices;
  private final AuditQueries audit;

  IncidentActions(
      PairStore pairs, PairDecisions decisions, ChosenValues choices, AuditQueries audit) {
    this.pairs = pairs;
    this.decisions = decisions;
    this.choices = choices;
    this.audit = audit;
  }

  @GetMapping("/incidents/{id}/reconcile")
  String confirmReconcile(@PathVariable("id") UUID id, Model model) {
    Correlation found = load(id);
    String keys =
        found.states().values().stream().map(RecordState::key).collect(Collectors.joining(" and "));
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Reconcile " + keys + " now?",
            List.of(
                "Fetches %s with their notes: one call each and one for its notes.".formatted(keys),
                "Writes only what differs from what both sides last agreed on, as after any change;"
                    + " if they agree, nothing is written.",
                "A dead letter of these records is retried."),
            "Reconcile now",
            false,
            Reason.NONE,
            Map.of(),
            Map.of(),
            "/incidents/" + id));
    return Confirmation.NAME;
  }

  @PostMapping("/incidents/{id}/reconcile")
  String reconcile(
      @PathVariable("id") UUID id, @Nullable Principal user, RedirectAttributes redirect) {
    if (!decisions.reconcile(id, Actor.name(user))) {
      throw notFound(id);
    }
    redirect.addFlashAttribute(
        Confirmation.DONE, "Scheduled: all records are being fetched and reconciled.");
    return "redirect:/incidents/" + id;
  }

  @GetMapping("/incidents/{id}/pairs/{pair}/unlink")
  String confirmUnlink(
      @PathVariable("id") UUID id, @PathVariable("pair") UUID pairId, Model model) {
    Pair pair = find(id, pairId);
    String records =
        pair.records().stream().map(RecordRef::toString).collect(Collectors.joining(" and "));
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Unlink this pair?",
            List.of(
                "Ends the sync between %s (mapping %s).".formatted(records, pair.mapping()),
                "Neither record is changed: each keeps its values, notes and its reference to the"
                    + " other.",
                "Changes of one no longer reach the other, and neither starts another pair of this"
                    + " mapping."),
            "Unlink",
            true,
            Reason.REQUIRED,
            Map.of(),
            Map.of(),
            "/incidents/" + id));
    return Confirmation.NAME;
  }

  @PostMapping("/incidents/{id}/pairs/{pair}/unlink")
  String unlink(
      @PathVariable("id") UUID id,
      @PathVariable("pair") UUID pairId,
      @RequestParam(name = "reason", defaultValue = "") String reason,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    Pair pair = find(id, pairId);
    if (!decisions.unlink(pair.id(), Actor.name(user), Actor.requiredReason(reason))) {
      throw new ResponseStatusException(
          HttpStatus.CONFLICT, "It is not linked: there is nothing to unlink.");
    }
    redirect.addFlashAttribute(Confirmation.DONE, "Unlinked: the pair is no longer synced.");
    return "redirect:/incidents/" + id;
  }

  /**
   * @param conflict the entry of the audit
   */
  @GetMapping("/conflicts/{conflict}/choose")
  String confirmChoice(@PathVariable("conflict") long conflict, Model model) {
    LostValue lost = LostValue.of(audit.find(conflict));
    Pair pair = pairs.find(lost.pair()).orElseThrow(LostValue::unknown);
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Choose '%s' for %s?".formatted(lost.value(), lost.field()),
            List.of(
                "Writes '%s' to %s of %s, as if it were edited there."
                    .formatted(lost.value(), lost.field(), pair.ref(lost.side())),
                "From there it is synced to %s like any other edit."
                    .formatted(pair.ref(lost.side().other())),
                "Nothing is written if the field was edited since."),
            "Choose this value",
            false,
            Reason.NONE,
            Map.of(),
            Map.of(),
            "/conflicts"));
    return Confirmation.NAME;
  }

  @PostMapping("/conflicts/{conflict}/choose")
  String choose(
      @PathVariable("conflict") long conflict,
      @Nullable Principal user,
      RedirectAttributes redirect) {
    LostValue lost = LostValue.of(audit.find(conflict));
    choices
        .choose(lost.pair(), lost.field(), lost.side(), lost.value(), Actor.name(user))
        .ifPresent(
            refusal -> {
              throw new ResponseStatusException(HttpStatus.CONFLICT, refusal);
            });
    redirect.addFlashAttribute(
        Confirmation.DONE, "Scheduled: the value is being written; the timeline shows it.");
    return "redirect:/incidents/" + lost.pair();
  }

  private Correlation load(UUID id) {
    Correlation found = pairs.load(id);
    if (found.pairs().isEmpty()) {
      throw notFound(id);
    }
    return found;
  }

  private Pair find(UUID id, UUID pair) {
    return load(id)
        .find(pair)
        .orElseThrow(
            () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such pair."));
  }

  private static ResponseStatusException notFound(UUID id) {
    return new ResponseStatusException(
        HttpStatus.NOT_FOUND, "Nothing that is kept in sync is called " + id + ".");
  }
}
