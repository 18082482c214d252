package dev.lockstep.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.backfill.Backfill;
import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.Backfills;
import dev.lockstep.backfill.Backfills.Progress;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.security.Principal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Backfill and saved plans: start, show, stop; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/backfill")
class BackfillController {
  private final Backfills backfills;

  BackfillController(Backfills backfills) {
    this.backfills = backfills;
  }

  @GetMapping
  Run latest() {
    return backfills
        .findLatest()
        .map(BackfillController::run)
        .orElseThrow(() -> notFound("There has been no backfill yet"));
  }

  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  Run start(
      @RequestParam(name = "since") String since,
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "kind", defaultValue = "") String kind,
      @RequestParam(name = "query", defaultValue = "") String query,
      @RequestParam(name = "notes", defaultValue = "all") String notes,
      @RequestParam(name = "adoptBy", defaultValue = "") String adoptBy,
      Principal user) {
    return started(
        backfills.start(
            time(since),
            new Selection(system, kind, query),
            new StartPolicy(olderNotes(notes), adoptBy),
            user.getName()));
  }

  @PostMapping("/plan")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Run apply(@RequestBody JsonNode plan, Principal user) {
    return started(backfills.apply(plan, user.getName()));
  }

  @DeleteMapping
  Run stop(Principal user) {
    return backfills
        .stop(user.getName())
        .map(BackfillController::run)
        .orElseThrow(() -> notFound("No backfill is running"));
  }

  @ExceptionHandler
  ProblemDetail refused(Backfills.RefusedException e) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
  }

  private static Run started(Optional<Progress> started) {
    return started
        .map(BackfillController::run)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.CONFLICT,
                    "A backfill is running; wait until it has finished, or stop it"));
  }

  private static Instant time(String since) {
    try {
      return Instant.parse(since);
    } catch (DateTimeParseException e) {
      throw DecisionParameters.badRequest(
          "since: '" + since + "' is not a time; write 2026-11-01T08:00:00Z");
    }
  }

  private static OlderNotes olderNotes(String notes) {
    return OlderNotes.parse(notes)
        .orElseThrow(() -> DecisionParameters.badRequest("notes: use none, since-link or all"));
  }

  private static ResponseStatusException notFound(String text) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, text);
  }

  /**
   * @param source {@code changed} or {@code plan}
   * @param since null for a plan
   * @param finishedAt null while it is running
   * @param stoppedBy null unless it was stopped
   * @param done estimated share of the reading, from 0 to 1
   * @param created pairs of its records whose counterpart was created
   * @param adopted pairs of its records whose counterpart existed
   * @param problem why it cannot go on at present; null if it can
   */
  record Run(
      long id,
      String source,
      @Nullable Instant since,
      String system,
      String kind,
      String query,
      String notes,
      String adoptBy,
      String startedBy,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable String stoppedBy,
      long found,
      long waiting,
      long pending,
      double done,
      long created,
      long adopted,
      @Nullable String problem,
      List<RefusedRecord> refused) {}

  record RefusedRecord(String record, String reason) {}

  private static Run run(Progress progress) {
    Backfill run = progress.run();
    return new Run(
        run.id(),
        run.source().name().toLowerCase(Locale.ROOT),
        run.since(),
        run.selection().system(),
        run.selection().kind(),
        run.selection().query(),
        run.notes().label(),
        run.adoptBy(),
        run.startedBy(),
        run.startedAt(),
        run.finishedAt(),
        run.stoppedBy(),
        progress.found(),
        progress.waiting(),
        progress.pending(),
        progress.done(),
        progress.created(),
        progress.adopted(),
        run.problem(),
        progress.refused().stream()
            .map(one -> new RefusedRecord(one.record().toString(), one.reason()))
            .toList());
  }
}
