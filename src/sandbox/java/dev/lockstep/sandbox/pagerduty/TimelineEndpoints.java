package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Notes, status updates and log entries. */
final class TimelineEndpoints {

  private static final Set<String> INCLUDES = Set.of("incidents", "services", "channels", "teams");

  /** "Only the most important changes to the incident"; which ones the document does not say. */
  private static final Set<EventType> IMPORTANT =
      EnumSet.of(
          EventType.TRIGGERED,
          EventType.ACKNOWLEDGED,
          EventType.UNACKNOWLEDGED,
          EventType.REASSIGNED,
          EventType.ESCALATED,
          EventType.DELEGATED,
          EventType.RESOLVED,
          EventType.REOPENED);

  private final AccountState account;

  TimelineEndpoints(AccountState account) {
    this.account = account;
  }

  Response notes(Request call, Requester requester) {
    String id = call.id();
    List<ObjectNode> notes = account.notes(id).stream().map(IncidentJson::note).toList();
    return Response.ok(ReferenceJson.wrapped("notes", Json.array(notes)));
  }

  Response addNote(Request call, Requester requester) {
    String id = call.id();
    PagerDutyUser by = requester.user();
    JsonNode note = RequestBody.object(call, "note");
    Note added = account.annotate(id, RequestBody.required(note, "content"), by);
    return Response.ok(ReferenceJson.wrapped("note", IncidentJson.note(added)));
  }

  Response publish(Request call, Requester requester) {
    String id = call.id();
    PagerDutyUser by = requester.user();
    JsonNode body = RequestBody.object(call, "");
    StatusUpdate update =
        account.publish(
            id,
            RequestBody.required(body, "message"),
            RequestBody.text(body, "subject").orElse(null),
            RequestBody.text(body, "html_message").orElse(null),
            by);
    return Response.ok(ReferenceJson.wrapped("status_update", IncidentJson.statusUpdate(update)));
  }

  Response logOfOne(Request call, Requester requester) {
    String id = call.id();
    return log(call, account.logEntries(id));
  }

  Response logOfAll(Request call, Requester requester) {
    List<LogEntry> entries = account.logSince(TimeRange.ofLogEntries(call).since());
    return log(call, entries.stream().filter(entry -> isAccountWide(entry.what())).toList());
  }

  /**
   * The document lists field value changes among what {@code GET /incidents/{id}/log_entries}
   * answers, and not among what {@code GET /log_entries} answers.
   */
  private static boolean isAccountWide(EventType what) {
    return !what.logEntryType().orElse("").equals("field_value_change_log_entry");
  }

  /** Newest first. */
  private Response log(Request call, List<LogEntry> oldestFirst) {
    RequestBody.values(call, INCLUDES, "include[]");
    Page page = Page.of(call);
    TimeRange range = TimeRange.ofLogEntries(call);
    boolean overview = call.parameter("is_overview").filter("true"::equals).isPresent();
    List<LogEntry> wanted = new ArrayList<>();
    for (LogEntry entry : oldestFirst) {
      if (range.contains(entry.at()) && (!overview || IMPORTANT.contains(entry.what()))) {
        wanted.add(entry);
      }
    }
    Collections.reverse(wanted);
    Set<String> include = Set.copyOf(call.values("include[]"));
    return Response.ok(page.body("log_entries", wanted, entry -> json(entry, include)));
  }

  private ObjectNode json(LogEntry entry, Set<String> include) {
    PagerDutyIncident incident =
        account.find(entry.incidentId()).orElseThrow(PagerDutyException::notFound);
    return IncidentJson.logEntry(entry, incident, include);
  }
}
