package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * After the outage: a postmortem with five action items, an incident closed too early, one change
 * that is deployed and one that fails.
 */
final class Handoff {
  private static final String INDEX = "Raise the session store's connection limit";
  private static final String ALERT = "Alert when the session store runs out of connections";
  private static final String TICKET = "Retry sign-ins that find no session";

  /** The third names no owner, the fourth no date; the second is an issue already. */
  private static final String POSTMORTEM =
      """
      ---
      incident: %s
      ---
      # Patient records could not be opened

      ## Action items

      | Action item | Owner | Due date | Ticket |
      |---|---|---|---|
      | %s | %s | 2027-01-15 | |
      | %s | %s | 2027-02-01 | REC-118 |
      | Write down how to fail the session store over | | 2027-02-01 | |
      | Practise the failover | %s | | |

      - [ ] %s (%s, 2027-01-22)
      """;

  private final Stage stage;
  private final Played played;
  private final Stage.Couple incident;

  Handoff(Stage stage, Played played, Stage.Couple incident) {
    this.stage = stage;
    this.played = played;
    this.incident = incident;
  }

  /** Whoever works on changes of ServiceNow has to be able to write on closed tickets. */
  static void seed(Sandboxes hospital) {
    hospital.serviceNow().giveRole(Sandboxes.SERVICENOW_USER, "itil_admin");
  }

  /**
   * @throws Unmet when Lockstep did not follow in time
   */
  void play() {
    stage.chapter("The postmortem: five action items, and a ticket closed too early");
    String number = stage.ticket(incident, "number");
    String document =
        POSTMORTEM.formatted(number, INDEX, Cast.BEN, TICKET, Cast.ANA, Cast.EVA, ALERT, Cast.ANA);
    played.actionItems = 5;
    played.reviewed = incident.ticket();
    Instant at =
        stage.act("Ana", "sends the postmortem of " + number, () -> stage.postmortem(document));
    stage.await(
        "three changes and what keeps the others",
        () -> changes().size() == 3 && told("needs owner") && told("needs due date"),
        this::found);
    stage.followed("three changes are planned; the ticket is told what the others lack", at);
    at =
        stage.act(
            "Maya",
            "closes " + number,
            () ->
                stage
                    .serviceNow()
                    .as(Sandboxes.userName(Cast.MAYA))
                    .update(incident.ticket(), Map.of("state", "7")));
    stage.await("a warning", () -> told("It was closed while this is missing"), this::found);
    stage.followed("the ticket is told which action items have no change request", at);
    carryOut(INDEX, ChangeOutcome.SUCCESSFUL, "deployed: ");
    carryOut(ALERT, ChangeOutcome.UNSUCCESSFUL, "open again: ");
    stage.remark("./lockstep trace " + number + " prints the whole chain");
  }

  private void carryOut(String title, ChangeOutcome outcome, String then) {
    String change = change(title).orElseThrow();
    String key = stage.serviceNow().value(change, "number");
    Instant at =
        stage.act(
            "Ben",
            "carries out " + key + ": " + outcome.name().toLowerCase(java.util.Locale.ROOT),
            () ->
                stage
                    .serviceNow()
                    .as(Sandboxes.userName(Cast.MAYA))
                    .carryOut(change, outcome, "See the change's log."));
    stage.await("the incident to be told", () -> told(then + key), this::found);
    stage.followed("the action item is " + then.replace(": ", "") + ", the ticket says so", at);
  }

  private Optional<String> change(String title) {
    return changes().stream()
        .filter(change -> title.equals(change.get("short_description")))
        .map(change -> change.getOrDefault("sys_id", ""))
        .findFirst();
  }

  private List<Map<String, String>> changes() {
    return stage.serviceNow().records("change_request");
  }

  private boolean told(String text) {
    return stage.serviceNow().journal(incident.ticket()).stream()
        .anyMatch(entry -> entry.value().contains(text));
  }

  private String found() {
    return changes().size()
        + " changes; the ticket's last note: "
        + stage.serviceNow().journal(incident.ticket()).stream()
            .reduce((first, second) -> second)
            .map(entry -> entry.value())
            .orElse("none");
  }
}
