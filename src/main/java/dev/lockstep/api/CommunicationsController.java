package dev.lockstep.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.lockstep.communication.Communications;
import dev.lockstep.communication.Communications.Detail;
import dev.lockstep.communication.Communications.Draft;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.communication.Communications.Outcome;
import dev.lockstep.communication.Communications.Update;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.communication.vendor.VendorUpdates;
import dev.lockstep.communication.vendor.VendorUpdates.VendorDue;
import dev.lockstep.pause.PausableNames;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Updates of incidents: what is due, drafts, sending; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/communications")
class CommunicationsController {
  private static final List<String> UPDATE =
      List.of("audience", "subject", "text", "key", "basedOn");
  private static final List<String> SNOOZE = List.of("audience", "for", "reason");

  private final Communications communications;
  private final VendorUpdates vendors;

  CommunicationsController(Communications communications, VendorUpdates vendors) {
    this.communications = communications;
    this.vendors = vendors;
  }

  @GetMapping
  DueList list() {
    return new DueList(communications.list(), vendors.list());
  }

  @GetMapping("/{incident}")
  Shown show(@PathVariable("incident") String incident) {
    return new Shown(communications.show(incident), vendors.show(incident));
  }

  @GetMapping("/{incident}/draft")
  Draft draft(
      @PathVariable("incident") String incident,
      @RequestParam(name = "audience", defaultValue = "") String audience,
      @RequestParam(name = "next", defaultValue = "") String next) {
    return communications.draft(incident, audience, next);
  }

  /** Answers 200 instead of 201 if the request was carried out before. */
  @PostMapping("/{incident}/updates")
  ResponseEntity<SentUpdate> send(
      @PathVariable("incident") String incident,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    DecisionParameters given = new DecisionParameters(body, UPDATE);
    Outcome outcome =
        communications.send(
            incident,
            given.verbatim("audience"),
            given.verbatim("subject"),
            given.verbatim("text"),
            given.verbatim("key"),
            number(given.verbatim("basedOn")),
            user.getName());
    return ResponseEntity.status(outcome.repeated() ? HttpStatus.OK : HttpStatus.CREATED)
        .body(new SentUpdate(outcome.update(), outcome.repeated()));
  }

  private static @Nullable Integer number(String text) {
    if (!text.matches("\\d{0,9}")) {
      throw DecisionParameters.badRequest("basedOn: write the number of an update, or 0 for none");
    }
    return text.isEmpty() ? null : Integer.valueOf(text);
  }

  @PostMapping("/{incident}/snooze")
  Due snooze(
      @PathVariable("incident") String incident,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    DecisionParameters given = new DecisionParameters(body, SNOOZE);
    return communications.snooze(
        incident,
        given.verbatim("audience"),
        duration(given.verbatim("for")),
        given.text("reason", null),
        user.getName());
  }

  private static Duration duration(String text) {
    try {
      return PausableNames.duration(text.strip());
    } catch (IllegalArgumentException e) {
      throw DecisionParameters.badRequest("for: " + e.getMessage());
    }
  }

  @ExceptionHandler
  ProblemDetail refused(RefusedUpdateException e) {
    return problem(e);
  }

  static ProblemDetail problem(RefusedUpdateException e) {
    HttpStatus status =
        switch (e.reason()) {
          case NOT_FOUND -> HttpStatus.NOT_FOUND;
          case INVALID -> HttpStatus.BAD_REQUEST;
          case CONFLICT -> HttpStatus.CONFLICT;
        };
    return ProblemDetail.forStatusAndDetail(status, Optional.ofNullable(e.getMessage()).orElse(""));
  }

  /**
   * @param updates that are due, first due first
   * @param vendors who have to report, first due first
   */
  record DueList(List<Due> updates, List<VendorDue> vendors) {}

  record Shown(@JsonUnwrapped Detail detail, List<VendorDue> vendors) {}

  record SentUpdate(Update update, boolean repeated) {}
}
