package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.servicenow.JournalEntry;
import dev.lockstep.sandbox.servicenow.RecordChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Duplicates through the shipped connectors, between both sandboxes, with a real process. */
class DuplicatesIT {
  private static final String DOWN = "Patient records are down for every ward since this morning";
  private static final Map<String, String> AUTOMATIC =
      Map.of("LOCKSTEP_DUPLICATES_MODE", "automatic");

  /** Priority 1: each would page by itself. */
  private static String ticket(Rig rig) {
    return rig.serviceNow
        .as("ann")
        .create(
            "incident",
            Map.of(
                "short_description",
                DOWN,
                "impact",
                "1",
                "urgency",
                "1",
                "cmdb_ci",
                rig.sysId("Patient records"),
                "caller_id",
                rig.sysId("ben")));
  }

  private static String parent(Rig rig, String ticket) {
    return rig.serviceNow.value(ticket, "parent_incident");
  }

  private static List<String> comments(Rig rig, String ticket) {
    return rig.serviceNow.journal(ticket).stream()
        .filter(entry -> entry.element().equals("comments"))
        .map(JournalEntry::value)
        .map(text -> text.lines().findFirst().orElse(""))
        .toList();
  }

  private static JsonNode deadLetters(Rig rig) {
    return rig.lockstep.api("GET", "/dead-letters").path("deadLetters");
  }

  private static int joined(Rig rig) {
    return rig.lockstep.api("GET", "/duplicates?state=LINKED&limit=1000").path("duplicates").size();
  }

  /** A person accepts what was joined: from then on texts are shared. */
  private static void accept(Rig rig) {
    for (JsonNode duplicate :
        rig.lockstep.api("GET", "/duplicates?state=LINKED&limit=1000").path("duplicates")) {
      rig.lockstep.api("POST", "/duplicates/" + duplicate.path("id").asLong() + "/accept");
    }
  }

  @Test
  void fortyTicketsAreOnePageThoughLockstepIsKilledAmongThem() {
    try (Rig rig = Rig.toKill("duplicates-killed", AUTOMATIC)) {
      AtomicInteger hung = new AtomicInteger();
      rig.serviceNow.onChange(
          change -> {
            if (change.overHttp()
                && change.kind() == RecordChange.Kind.UPDATED
                && hung.incrementAndGet() == 9) {
              rig.lockstep.kill();
            }
          });
      rig.lockstep.start();
      List<String> tickets = new ArrayList<>();
      IntStream.range(0, 40).parallel().forEach(i -> add(tickets, ticket(rig)));
      rig.await("killed in the middle", () -> !rig.lockstep.isAlive());
      rig.lockstep.start();
      rig.await("all but one are consolidated", Duration.ofSeconds(90), () -> joined(rig) == 39);
      rig.awaitQuiet();
      rig.assertAtRest();
      assertThat(rig.pagerDuty.incidents()).hasSize(1);
      List<String> parents =
          tickets.stream().map(t -> parent(rig, t)).filter(p -> !p.isEmpty()).toList();
      assertThat(parents).hasSize(39);
      assertThat(parents.stream().distinct()).hasSize(1);
      assertThat(deadLetters(rig)).isEmpty();
      for (String ticket : tickets) {
        assertThat(
                rig.serviceNow.journal(ticket).stream()
                    .filter(entry -> entry.value().contains("Linked as a duplicate of")))
            .hasSizeLessThanOrEqualTo(1);
      }
    }
  }

  private static void add(List<String> tickets, String ticket) {
    synchronized (tickets) {
      tickets.add(ticket);
    }
  }

  /** ServiceNow can be set up to lead children by itself: nothing may be said or done twice. */
  @Test
  void whatServiceNowDoesForChildrenByItselfIsNotDoneAgain() {
    try (Rig rig = Rig.leadingChildren("duplicates-led", AUTOMATIC)) {
      rig.lockstep.start();
      String primary = ticket(rig);
      rig.await("its incident", () -> rig.pagerDuty.incidents().size() == 1);
      List<String> children = List.of(ticket(rig), ticket(rig), ticket(rig));
      rig.await("consolidated", () -> joined(rig) == 3);
      accept(rig);
      rig.serviceNow.as("ann").addComment(primary, "We are on it");
      rig.await(
          "told", () -> children.stream().allMatch(t -> comments(rig, t).contains("We are on it")));
      rig.serviceNow
          .as("ann")
          .update(
              primary,
              Map.of(
                  "state", "6", "close_code", "Solution provided", "close_notes", "Failed over"));
      rig.await(
          "resolved",
          () -> children.stream().allMatch(t -> rig.serviceNow.value(t, "state").equals("6")));
      rig.awaitQuiet();
      rig.assertAtRest();
      for (String child : children) {
        // The second is ServiceNow's own copy of the resolution notes.
        assertThat(comments(rig, child)).containsExactly("We are on it", "Failed over");
      }
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  /** The webhooks never come: everything is found by asking. */
  @Test
  void alertsMergeAndCallersHearThoughOnlyPollsTell() {
    try (Rig rig = Rig.prepared("duplicates-polled", AUTOMATIC)) {
      rig.webhooks(false);
      rig.lockstep.start();
      PagerDutyIncident first = rig.pagerDuty.alert("Patient records", DOWN);
      rig.await("its ticket", () -> rig.serviceNow.records("incident").size() == 1);
      String primary = rig.serviceNow.records("incident").get(0).get("sys_id");
      PagerDutyIncident second = rig.pagerDuty.alert("Patient records", DOWN);
      rig.await(
          "merged", () -> first.id().equals(rig.pagerDuty.incident(second.id()).mergedInto()));
      String call = ticket(rig);
      rig.await("linked", () -> parent(rig, call).equals(primary));
      rig.await("consolidated", () -> joined(rig) == 2);
      accept(rig);
      rig.serviceNow.as("ann").addComment(primary, "We are on it");
      rig.await("told", () -> comments(rig, call).contains("We are on it"));
      rig.pagerDuty.as("ben@example.com").resolve(first.id());
      rig.await("resolved", () -> rig.serviceNow.value(call, "state").equals("6"));
      rig.awaitQuiet();
      rig.assertAtRest();
      assertThat(comments(rig, call)).containsExactly("We are on it");
      assertThat(rig.serviceNow.records("incident")).hasSize(2);
      assertThat(rig.pagerDuty.incidents()).hasSize(2);
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  /** On call, people merge incidents by hand: the ticket goes with them and is not resolved. */
  @Test
  void incidentsMergedByHandHangTheirTicketAndDoNotResolveIt() {
    try (Rig rig = Rig.started("duplicates-by-hand", Map.of())) {
      PagerDutyIncident first = rig.pagerDuty.alert("Patient records", DOWN);
      PagerDutyIncident second = rig.pagerDuty.alert("Pharmacy", "Labels are not printed");
      rig.await("tickets", () -> rig.serviceNow.records("incident").size() == 2);
      rig.await("links", () -> ticketOf(rig, first) != null && ticketOf(rig, second) != null);
      rig.pagerDuty.as("ben@example.com").merge(first.id(), second.id());
      String duplicate = ticketOf(rig, second);
      String primary = ticketOf(rig, first);
      rig.await("linked", () -> parent(rig, duplicate).equals(primary));
      rig.awaitQuiet();
      rig.assertAtRest();
      assertThat(rig.serviceNow.value(duplicate, "state")).isEqualTo("1");
      assertThat(deadLetters(rig)).isEmpty();
    }
  }

  private static String ticketOf(Rig rig, PagerDutyIncident incident) {
    return rig.serviceNow.records("incident").stream()
        .filter(ticket -> ticket.getOrDefault("correlation_id", "").endsWith("/" + incident.id()))
        .map(ticket -> ticket.get("sys_id"))
        .findFirst()
        .orElse(null);
  }
}
