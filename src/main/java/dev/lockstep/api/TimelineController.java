package dev.lockstep.api;

import dev.lockstep.trace.TimelineDocuments;
import dev.lockstep.trace.TimelineDocuments.Format;
import dev.lockstep.trace.Traces;
import dev.lockstep.trace.timeline.Timeline;
import dev.lockstep.trace.timeline.Timelines;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The timeline of an incident; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/incidents")
class TimelineController {
  private final Timelines timelines;
  private final TimelineDocuments documents;

  TimelineController(Timelines timelines, TimelineDocuments documents) {
    this.timelines = timelines;
    this.documents = documents;
  }

  @GetMapping("/{id}/timeline")
  ResponseEntity<String> show(
      @PathVariable("id") String id,
      @RequestParam(name = "format", defaultValue = "json") String format,
      @RequestParam(name = "public", defaultValue = "false") boolean isPublic) {
    Format wanted =
        Format.parse(format)
            .orElseThrow(() -> DecisionParameters.badRequest("format: use json, csv or markdown"));
    Timeline found =
        timelines
            .find(id)
            .orElseThrow(
                () ->
                    new ResponseStatusException(
                        HttpStatus.NOT_FOUND,
                        "No incident was found for '%s'. Accepted ids: %s."
                            .formatted(id, Traces.TAKEN)));
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(wanted.contentType()))
        .body(documents.write(found, wanted, isPublic));
  }

  /** A record's reference, whose slashes separate segments. */
  @GetMapping("/{system}/{kind}/{id}/timeline")
  ResponseEntity<String> show(
      @PathVariable("system") String system,
      @PathVariable("kind") String kind,
      @PathVariable("id") String id,
      @RequestParam(name = "format", defaultValue = "json") String format,
      @RequestParam(name = "public", defaultValue = "false") boolean isPublic) {
    return show(system + "/" + kind + "/" + id, format, isPublic);
  }
}
