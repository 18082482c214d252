package dev.lockstep.console;

import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Work that waits for a person: look, try again, or give up. */
@RestController
@RequestMapping("/api/dead-letters")
class DeadLettersApi {
  private final DeadLetters deadLetters;

  DeadLettersApi(DeadLetters deadLetters) {
    this.deadLetters = deadLetters;
  }

  @GetMapping
  Listing list() {
    return new Listing(deadLetters.list());
  }

  @GetMapping("/{id}")
  DeadLetter show(@PathVariable("id") String id) {
    return deadLetters.find(id).orElseThrow(() -> unknown(id));
  }

  @PostMapping("/{id}/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Outcome retry(@PathVariable("id") String id) {
    if (!deadLetters.retry(id)) {
      throw unknown(id);
    }
    return new Outcome(id, "retrying");
  }

  @DeleteMapping("/{id}")
  Outcome discard(@PathVariable("id") String id) {
    if (!deadLetters.discard(id)) {
      throw unknown(id);
    }
    return new Outcome(id, "discarded");
  }

  record Listing(List<DeadLetter> deadLetters) {}

  record Outcome(String id, String outcome) {}

  private static ResponseStatusException unknown(String id) {
    return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no dead letter " + id);
  }
}
