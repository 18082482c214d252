package dev.lockstep.api;

import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import dev.lockstep.inbox.DeadLetters.Decision;
import dev.lockstep.inbox.DeadLetters.Filter;
import java.security.Principal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Dead letters: list, show, retry, discard. */
@RestController
@RequestMapping("/api/dead-letters")
class DeadLettersController {
  private final DeadLetters deadLetters;

  DeadLettersController(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  @GetMapping
  DeadLetterList list(
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "kind", defaultValue = "") String kind,
      @RequestParam(name = "after", defaultValue = "") String after,
      @RequestParam(name = "limit", defaultValue = "100") int limit) {
    Filter filter = new Filter(system.strip(), kind.strip());
    return new DeadLetterList(
        deadLetters.list(
            filter, after.strip(), DecisionParameters.limit(limit, DeadLetters.MAX_LIMIT)),
        deadLetters.count(filter));
  }

  @GetMapping("/decisions")
  DecisionList decisions(@RequestParam(name = "limit", defaultValue = "100") int limit) {
    return new DecisionList(
        deadLetters.decisions(DecisionParameters.limit(limit, DeadLetters.MAX_LIMIT)));
  }

  @GetMapping("/{id}")
  DeadLetter show(@PathVariable("id") String id) {
    return deadLetters.find(id).orElseThrow(() -> notFound(id));
  }

  @PostMapping("/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RetryResult retryAll(
      @RequestParam(name = "system", defaultValue = "") String system,
      @RequestParam(name = "kind", defaultValue = "") String kind,
      Principal user) {
    return new RetryResult(
        deadLetters.retryAll(new Filter(system.strip(), kind.strip()), user.getName()));
  }

  @PostMapping("/{id}/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  DecisionResult retry(@PathVariable("id") String id, Principal user) {
    if (!deadLetters.retry(id, user.getName())) {
      throw notFound(id);
    }
    return new DecisionResult(id, "retrying");
  }

  @DeleteMapping("/{id}")
  DecisionResult discard(@PathVariable("id") String id, Principal user) {
    if (!deadLetters.discard(id, user.getName())) {
      throw notFound(id);
    }
    return new DecisionResult(id, "discarded");
  }

  /**
   * @param total the number of matching dead letters on all pages
   */
  record DeadLetterList(List<DeadLetter> deadLetters, long total) {}

  record DecisionList(List<Decision> decisions) {}

  record DecisionResult(String id, String outcome) {}

  record RetryResult(int retrying) {}

  private static ResponseStatusException notFound(String id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no dead letter " + id);
  }
}
