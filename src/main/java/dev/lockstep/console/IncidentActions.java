package dev.lockstep.console;

import dev.lockstep.audit.AuditQueries;
import dev.lockstep.audit.AuditQueries.Row;
import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.sync.ChosenValues;
import dev.lockstep.sync.LostValue;
import dev.lockstep.sync.PairDecisions;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            Reason.NONE,
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
   * A conflict of the audit.
   *
   * @param refusal why its value cannot be chosen; empty if it can
   */
  private record Found(Pair pair, LostValue lost, Optional<String> refusal) {}

  private Found findConflict(long id) {
    Row row = audit.find(id).orElseThrow(IncidentActions::noConflict);
    LostValue lost = LostValue.parse(row.event().entry()).orElseThrow(IncidentActions::noConflict);
    Pair pair =
        pairs
            .find(UUID.fromString(row.event().subject().id()))
            .orElseThrow(IncidentActions::noConflict);
    return new Found(pair, lost, choices.refusal(pair, lost));
  }

  private static ResponseStatusException noConflict() {
    return new ResponseStatusException(
        HttpStatus.NOT_FOUND, "There is no such conflict with a value to choose.");
  }

  private static void requirePossible(Optional<String> refusal) {
    refusal.ifPresent(
        why -> {
          throw new ResponseStatusException(HttpStatus.CONFLICT, why + " Nothing was changed.");
        });
  }

  /**
   * @param id of the audit's entry
   */
  @GetMapping("/conflicts/{id}/choose")
  String confirmChoice(@PathVariable("id") long id, Model model) {
    Found conflict = findConflict(id);
    requirePossible(conflict.refusal());
    LostValue lost = conflict.lost();
    RecordRef own = conflict.pair().ref(lost.side());
    RecordRef other = conflict.pair().ref(lost.side().other());
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(
            "Choose '%s' for %s?".formatted(lost.value(), lost.field()),
            List.of(
                "Writes '%s' to %s of %s, as if it were edited there."
                    .formatted(lost.value(), lost.field(), own),
                choices.isSynced(conflict.pair(), lost)
                    ? "From there it is synced to %s like any other edit.".formatted(other)
                    : "%s keeps its value: the mapping does not sync %s to it."
                        .formatted(other, lost.field()),
                "Nothing is written if the field is edited on either side before."),
            "Choose this value",
            Reason.NONE,
            Map.of(),
            "/conflicts"));
    return Confirmation.NAME;
  }

  @PostMapping("/conflicts/{id}/choose")
  String choose(
      @PathVariable("id") long id, @Nullable Principal user, RedirectAttributes redirect) {
    Found conflict = findConflict(id);
    UUID pair = conflict.pair().id();
    requirePossible(choices.choose(pair, conflict.lost(), Actor.name(user)));
    redirect.addFlashAttribute(
        Confirmation.DONE, "Scheduled: the value is being written; the timeline shows it.");
    return "redirect:/incidents/" + pair;
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
