package dev.lockstep.api;

import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.communication.manager.IncidentManagers;
import dev.lockstep.communication.manager.IncidentManagers.Change;
import dev.lockstep.communication.manager.IncidentManagers.Detail;
import dev.lockstep.communication.manager.IncidentManagers.Handover;
import dev.lockstep.communication.manager.IncidentManagers.Led;
import dev.lockstep.communication.manager.IncidentManagers.Outcome;
import dev.lockstep.communication.manager.ManagerRequest;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import org.springframework.web.bind.annotation.RestController;

/** Who leads incidents, and handovers; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/incident-managers")
class IncidentManagersController {
  private static final List<String> ASSIGNMENT = List.of("to", "from", "reason", "key");
  private static final List<String> HANDOVER = List.of("to", "from", "reason", "openPoints", "key");
  private static final List<String> RELEASE = List.of("from", "reason", "key");

  private final IncidentManagers managers;

  IncidentManagersController(IncidentManagers managers) {
    this.managers = managers;
  }

  @GetMapping
  ManagerList list() {
    return new ManagerList(managers.list());
  }

  @GetMapping("/{incident}")
  Detail show(@PathVariable("incident") String incident) {
    return managers.show(incident);
  }

  /** A draft of the open points. */
  @GetMapping("/{incident}/handover")
  Handover draft(@PathVariable("incident") String incident) {
    return managers.draft(incident);
  }

  @PostMapping("/{incident}/assign")
  ResponseEntity<MadeChange> assign(
      @PathVariable("incident") String incident,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    return answer(managers.assign(incident, request(body, ASSIGNMENT, user)));
  }

  @PostMapping("/{incident}/handover")
  ResponseEntity<MadeChange> handOver(
      @PathVariable("incident") String incident,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    return answer(managers.handOver(incident, request(body, HANDOVER, user)));
  }

  @PostMapping("/{incident}/release")
  ResponseEntity<MadeChange> release(
      @PathVariable("incident") String incident,
      @RequestBody(required = false) @Nullable Map<String, String> body,
      Principal user) {
    return answer(managers.release(incident, request(body, RELEASE, user)));
  }

  private static ManagerRequest request(
      @Nullable Map<String, String> body, List<String> keys, Principal user) {
    DecisionParameters given = new DecisionParameters(body, keys);
    String key = given.verbatim("key");
    return new ManagerRequest(
        given.verbatim("to"),
        body == null ? null : body.get("from"),
        given.verbatim("reason"),
        given.verbatim("openPoints"),
        key.isBlank() ? UUID.randomUUID().toString() : key.strip(),
        user.getName());
  }

  /** 200 instead of 201 if the request was carried out before. */
  private static ResponseEntity<MadeChange> answer(Outcome outcome) {
    return ResponseEntity.status(outcome.repeated() ? HttpStatus.OK : HttpStatus.CREATED)
        .body(new MadeChange(outcome.change(), outcome.repeated()));
  }

  @ExceptionHandler
  ProblemDetail refused(RefusedUpdateException e) {
    return CommunicationsController.problem(e);
  }

  /**
   * @param incidents that need a manager of their own, in the order of precedence
   */
  record ManagerList(List<Led> incidents) {}

  record MadeChange(Change change, boolean repeated) {}
}
