package dev.lockstep.e2e;

import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether ServiceNow and PagerDuty agree, found out by looking at both and at nothing of
 * Lockstep's. What "agree" means is written down here a second time, by hand, from {@code
 * docs/mapping.md}: a wrong mapping must not be able to prove itself right.
 */
final class SystemsAgreement {
  /** The integration user in ServiceNow, and the e-mail address it has in PagerDuty. */
  static final String BOT = "lockstep";

  static final String BOT_EMAIL = "lockstep@example.com";

  private static final String KEPT = "Kept in sync with";
  private static final Pattern MARK = Pattern.compile("\\[lockstep:[0-9a-f]{16}]");

  private static final Map<String, IncidentStatus> STATUS =
      Map.of(
          "1", IncidentStatus.TRIGGERED,
          "2", IncidentStatus.ACKNOWLEDGED,
          "3", IncidentStatus.ACKNOWLEDGED,
          "6", IncidentStatus.RESOLVED,
          "7", IncidentStatus.RESOLVED,
          "8", IncidentStatus.RESOLVED);

  private final ServiceNowSimulator serviceNow;
  private final PagerDutySimulator pagerDuty;
  private final List<String> differences = new ArrayList<>();

  private SystemsAgreement(ServiceNowSimulator serviceNow, PagerDutySimulator pagerDuty) {
    this.serviceNow = serviceNow;
    this.pagerDuty = pagerDuty;
  }

  /**
   * What differs, in words; empty when nothing does.
   *
   * @param begun how many outages people have begun, on either side
   * @param said the notes people wrote, each unlike all others
   */
  static List<String> differences(
      ServiceNowSimulator serviceNow, PagerDutySimulator pagerDuty, int begun, Set<String> said) {
    SystemsAgreement agreement = new SystemsAgreement(serviceNow, pagerDuty);
    agreement.compare(begun, said);
    return agreement.differences;
  }

  private void compare(int begun, Set<String> said) {
    List<Map<String, String>> tickets = serviceNow.records("incident");
    List<PagerDutyIncident> incidents = pagerDuty.incidents();
    require(tickets.size() == begun, "%d tickets for %d outages", tickets.size(), begun);
    require(incidents.size() == begun, "%d incidents for %d outages", incidents.size(), begun);
    Set<String> taken = new HashSet<>();
    for (Map<String, String> ticket : tickets) {
      String correlation = ticket.get("correlation_id");
      PagerDutyIncident incident =
          correlation.startsWith("pagerduty/incident/")
              ? pagerDuty.findIncident(correlation.substring(19)).orElse(null)
              : null;
      if (incident == null) {
        differences.add(ticket.get("number") + " names no incident but «" + correlation + "»");
      } else {
        require(taken.add(incident.id()), "#%d belongs to two tickets", incident.number());
        comparePair(ticket, incident, said);
      }
    }
    incidents.stream()
        .filter(incident -> !taken.contains(incident.id()))
        .forEach(incident -> differences.add("#" + incident.number() + " belongs to no ticket"));
    Set<String> found = new HashSet<>();
    tickets.forEach(ticket -> found.addAll(saidIn(journal(ticket.get("sys_id")), said)));
    said.stream()
        .filter(text -> !found.contains(text))
        .forEach(text -> differences.add("No ticket has the note " + text));
  }

  private void comparePair(
      Map<String, String> ticket, PagerDutyIncident incident, Set<String> said) {
    String name = ticket.get("number") + " and #" + incident.number();
    String key = incident.incidentKey();
    require(
        key == null
            || !key.startsWith("servicenow/")
            || key.startsWith("servicenow/incident/" + ticket.get("sys_id") + "/"),
        "%s: the incident's key is of another ticket: %s",
        name,
        key);
    require(
        ticket.get("correlation_display").equals("#" + incident.number()),
        "%s: correlation_display is %s",
        name,
        ticket.get("correlation_display"));
    // A reassignment or an acknowledgement that timed out takes no ticket off hold.
    boolean staysOnHold =
        ticket.get("state").equals("3") && incident.status() == IncidentStatus.TRIGGERED;
    if (!staysOnHold) {
      same(name, "status", STATUS.get(ticket.get("state")), incident.status());
    }
    compareTitle(name, ticket.get("short_description"), incident.title());
    comparePriority(name, ticket, incident);
    String service = serviceNow.value(ticket.get("sys_id"), "cmdb_ci.name");
    if (!service.isEmpty()) {
      same(name, "service", service, incident.service().name());
    }
    if (incident.status() != IncidentStatus.RESOLVED) {
      compareWhileOpen(name, ticket.get("sys_id"), incident);
    }
    compareNotes(name, ticket.get("sys_id"), incident.id(), said);
  }

  /** PagerDuty reassigns open incidents only, and nobody has a resolved one. */
  private void compareWhileOpen(String name, String ticket, PagerDutyIncident incident) {
    String group = serviceNow.value(ticket, "assignment_group.name");
    String policy = incident.escalationPolicy().name();
    same(name, "group", group, policy.equals("Default") ? "Service Desk" : policy);
    String assignee = serviceNow.value(ticket, "assigned_to.email");
    same(name, "assignee", assignee, incident.assigneeEmails().get(0));
  }

  private void compareTitle(String name, String ticket, String incident) {
    boolean cut = incident.length() > 160 && ticket.equals(incident.substring(0, 159) + "…");
    require(cut || ticket.equals(incident), "%s: title is «%s» and «%s»", name, ticket, incident);
  }

  private void comparePriority(
      String name, Map<String, String> ticket, PagerDutyIncident incident) {
    var priority = incident.priority();
    if (priority != null) {
      same(name, "priority", "P" + ticket.get("priority"), priority.name());
    } else {
      String urgent = ticket.get("priority").matches("[12]") ? "high" : "low";
      same(name, "urgency", urgent, incident.urgency().wire());
    }
  }

  private void compareNotes(String name, String ticket, String incident, Set<String> said) {
    List<JournalEntry> journal = serviceNow.journal(ticket);
    List<String> here = journal(ticket);
    List<String> there = incidentNotes(incident);
    Set<String> all = new HashSet<>(saidIn(here, said));
    all.addAll(saidIn(there, said));
    for (String text : all) {
      once(name + ": the ticket has " + text, count(here, text));
      once(name + ": the incident has " + text, count(there, text));
    }
    eachMarkOnce(name + ": the ticket", here);
    eachMarkOnce(name + ": the incident", there);
    once(name + ": the ticket says with what it is kept in step", count(here, KEPT));
    once(name + ": the incident says with what it is kept in step", count(there, KEPT));
    require(
        journal.stream()
            .noneMatch(e -> e.element().equals("comments") && e.createdBy().equals(BOT)),
        "%s: the caller can read what was written in PagerDuty",
        name);
    require(
        pagerDuty.statusUpdates(incident).stream()
            .noneMatch(update -> update.sender().email().equals(BOT_EMAIL)),
        "%s: stakeholders can read what was written in ServiceNow",
        name);
  }

  private void eachMarkOnce(String name, List<String> texts) {
    Map<String, Integer> marks = new HashMap<>();
    for (String text : texts) {
      Matcher mark = MARK.matcher(text);
      while (mark.find()) {
        marks.merge(mark.group(), 1, Integer::sum);
      }
    }
    marks.forEach((mark, times) -> once(name + " has " + mark, times));
  }

  private List<String> journal(String ticket) {
    return serviceNow.journal(ticket).stream().map(JournalEntry::value).toList();
  }

  private List<String> incidentNotes(String incident) {
    return Stream.concat(
            pagerDuty.notes(incident).stream().map(note -> note.content()),
            pagerDuty.statusUpdates(incident).stream().map(update -> update.message()))
        .toList();
  }

  private static Set<String> saidIn(List<String> texts, Set<String> said) {
    Set<String> found = new HashSet<>();
    said.stream().filter(text -> count(texts, text) > 0).forEach(found::add);
    return found;
  }

  private static long count(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).count();
  }

  private void once(String what, long times) {
    require(times == 1, "%s %d times", what, times);
  }

  private void same(String name, String what, Object ticket, Object incident) {
    if (!Objects.equals(ticket, incident)) {
      differences.add("%s: %s is «%s» and «%s»".formatted(name, what, ticket, incident));
    }
  }

  private void require(boolean holds, String otherwise, Object... arguments) {
    if (!holds) {
      differences.add(otherwise.formatted(arguments));
    }
  }
}
