package dev.lockstep.api;

import dev.lockstep.trace.Csv;
import dev.lockstep.trace.Traces;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The trace of an incident; documented in {@code docs/api.md}. */
@RestController
class TraceController {
  private final Traces traces;

  TraceController(Traces traces) {
    this.traces = traces;
  }

  /** The id is the rest of the path, since a record reference contains slashes. */
  @GetMapping("/api/trace/{*id}")
  ResponseEntity<Object> show(
      @PathVariable("id") String path,
      @RequestHeader(name = "Accept", defaultValue = "") String accept) {
    String id = path.startsWith("/") ? path.substring(1) : path;
    return traces
        .find(id)
        .map(trace -> CsvResponses.respond(accept, trace, Csv::toCsv))
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "Nothing was found for '%s'. Accepted ids: %s.".formatted(id, Traces.TAKEN)));
  }
}
