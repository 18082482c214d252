package dev.lockstep.console;

import dev.lockstep.communication.Communications;
import dev.lockstep.communication.manager.IncidentManagers;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.CorrelationQueries;
import dev.lockstep.pair.CorrelationQueries.Filter;
import dev.lockstep.pair.CorrelationQueries.Line;
import dev.lockstep.pair.CorrelationQueries.Page;
import dev.lockstep.pair.CorrelationQueries.Position;
import dev.lockstep.pair.CorrelationQueries.Status;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.sync.NoteApprovals;
import dev.lockstep.trace.TimelineDocuments;
import dev.lockstep.trace.TimelineDocuments.Format;
import dev.lockstep.trace.Traces;
import dev.lockstep.trace.timeline.Timeline;
import dev.lockstep.trace.timeline.TimelineEvent;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import dev.lockstep.trace.timeline.Timelines;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Incidents and whatever else is kept in sync: the list, and all about one. */
@Controller
class IncidentsPage {
  private static final int PAGE = 50;
  private static final int MOST_EVENTS = 500;

  private final CorrelationQueries correlations;
  private final IncidentDetail details;
  private final DeadLetters deadLetters;
  private final Communications communications;
  private final IncidentManagers managers;
  private final Traces traces;
  private final Timelines timelines;
  private final TimelineDocuments documents;
  private final NoteApprovals approvals;

  IncidentsPage(
      CorrelationQueries correlations,
      IncidentDetail details,
      DeadLetters deadLetters,
      Communications communications,
      IncidentManagers managers,
      Traces traces,
      Timelines timelines,
      TimelineDocuments documents,
      NoteApprovals approvals) {
    this.communications = communications;
    this.managers = managers;
    this.correlations = correlations;
    this.details = details;
    this.deadLetters = deadLetters;
    this.traces = traces;
    this.timelines = timelines;
    this.documents = documents;
    this.approvals = approvals;
  }

  /**
   * @param after where the page begins, as {@code time,pair}; empty for the first page
   * @param htmx set if only the results are to be replaced
   */
  @GetMapping("/incidents")
  String list(
      @RequestParam(name = "q", defaultValue = "") String text,
      @RequestParam(name = "service", defaultValue = "") String service,
      @RequestParam(name = "assignee", defaultValue = "") String assignee,
      @RequestParam(name = "state", defaultValue = "") String state,
      @RequestParam(name = "status", defaultValue = "") String status,
      @RequestParam(name = "after", defaultValue = "") String after,
      @RequestHeader(name = "HX-Target", required = false) @Nullable String htmx,
      Model model) {
    Filter filter = new Filter(text, service, assignee, state, parseStatus(status));
    Page page = correlations.search(filter, parsePosition(after), PAGE);
    model.addAttribute("filter", filter);
    model.addAttribute("statuses", Status.values());
    model.addAttribute("rows", page.lines().stream().map(IncidentRow::of).toList());
    model.addAttribute("next", page.next() == null ? null : text(page.next()));
    model.addAttribute("isFirst", after.isEmpty());
    return "results".equals(htmx) ? "incidents :: results" : "incidents";
  }

  private static String text(Position position) {
    return position.startedAt() + "," + position.pair();
  }

  private static @Nullable Status parseStatus(String status) {
    try {
      return status.isBlank() ? null : Status.valueOf(status.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, "status: choose one of the list.", e);
    }
  }

  private static @Nullable Position parsePosition(String after) {
    int comma = after.indexOf(',');
    try {
      return after.isEmpty()
          ? null
          : new Position(
              Instant.parse(after.substring(0, Math.max(0, comma))),
              UUID.fromString(after.substring(comma + 1)));
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, "after: begin at the first page.", e);
    }
  }

  /**
   * @param id anything that names it: its id, a pair's, a record's key or reference
   * @param detail of the timeline: 1 milestones, 2 what people did, 3 everything, with values
   */
  @GetMapping("/incidents/{*id}")
  String show(
      @PathVariable("id") String id,
      @RequestParam(name = "detail", defaultValue = "2") int detail,
      Model model) {
    Line line = find(id.substring(1));
    Correlation correlation = line.correlation();
    model.addAttribute("row", IncidentRow.of(line));
    model.addAttribute("records", correlation.states().values());
    model.addAttribute("blocks", details.blocks(correlation.pairs()));
    addTimeline(timelines.of(correlation), Math.min(3, Math.max(1, detail)), model);
    model.addAttribute("updates", communications.find(correlation).orElse(null));
    model.addAttribute("manager", managers.find(correlation).orElse(null));
    model.addAttribute("notes", correlations.notes(correlation));
    model.addAttribute("waiting", approvals.list(correlation.id()));
    model.addAttribute(
        "letter",
        correlation.records().stream().findFirst().flatMap(deadLetters::findByRecord).orElse(null));
    model.addAttribute("trace", trace(correlation).orElse(null));
    return "incident";
  }

  /** Newest first. */
  private static void addTimeline(Timeline whole, int detail, Model model) {
    List<TimelineEvent> events = new ArrayList<>(whole.upTo(Weight.values()[detail - 1]).events());
    Collections.reverse(events);
    model.addAttribute("detail", detail);
    model.addAttribute("timeline", events.subList(0, Math.min(MOST_EVENTS, events.size())));
    model.addAttribute("omitted", Math.max(0, events.size() - MOST_EVENTS));
    model.addAttribute("clocks", whole.clocks());
  }

  /** The timeline as a file, whole. */
  @GetMapping("/incidents/{id}/timeline")
  ResponseEntity<String> download(
      @PathVariable("id") String id,
      @RequestParam(name = "format", defaultValue = "markdown") String format,
      @RequestParam(name = "public", defaultValue = "false") boolean isPublic) {
    Format wanted =
        Format.parse(format)
            .orElseThrow(
                () ->
                    new ResponseStatusException(
                        HttpStatus.BAD_REQUEST, "format: use json, csv or markdown."));
    Timeline timeline = timelines.of(find(id).correlation());
    return Downloads.file(
        "timeline." + wanted.extension(),
        MediaType.parseMediaType(wanted.contentType()),
        documents.write(timeline, wanted, isPublic));
  }

  private Optional<Traces.Trace> trace(Correlation correlation) {
    return correlation.states().values().stream()
        .map(RecordState::ref)
        .map(RecordRef::toString)
        .flatMap(ref -> traces.find(ref).stream())
        .findFirst();
  }

  private Line find(String id) {
    List<UUID> found = new ArrayList<>(correlations.findByName(id));
    return found.stream()
        .flatMap(one -> correlations.find(one).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND, "Nothing that is kept in sync is called " + id + "."));
  }
}
