package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.LockstepProcess;
import dev.lockstep.sandbox.jira.JiraSimulator;
import java.util.Optional;

/**
 * How to go on by hand while the simulated systems stay up.
 *
 * @param agent a user name of ServiceNow
 * @param engineer an e-mail address of PagerDuty
 */
record NextSteps(String agent, String engineer) {
  /** Logs in to the console; the password is the API token, which is new with every run. */
  static final String USER = "demo";

  private static final String CALLS =
      """

        curl -u %s:%s -H 'Content-Type: application/json' \\
          -d '{"short_description":"Badge readers are dark","impact":"1","urgency":"1"}' \\
          %s/api/now/table/incident

        curl -X PUT -H 'Authorization: Token token=%s' -H 'From: %s' \\
          -H 'Content-Type: application/json' \\
          -d '{"incident":{"type":"incident_reference","status":"acknowledged"}}' \\
          %s/incidents/ID   # ids: %s/incidents
      """;

  /**
   * @param reviewed the number of the ticket a postmortem was about, if there was one
   */
  void print(
      DemoOutput output,
      SimulatedSystems systems,
      LockstepProcess lockstep,
      Optional<String> reviewed) {
    String pagerDuty = systems.pagerDuty().url();
    output.chapter("The sandboxes stay up; poke them (Ctrl-C ends)");
    printLogin(output, lockstep);
    output.fact("ServiceNow user, password", agent + ", " + SimulatedSystems.SERVICENOW_PASSWORD);
    output.fact("PagerDuty token, From", SimulatedSystems.PAGERDUTY_TOKEN + ", " + engineer);
    systems
        .jira()
        .ifPresent(
            jira ->
                output.fact(
                    "Jira user, token",
                    SimulatedSystems.JIRA_USER + ", " + SimulatedSystems.JIRA_TOKEN));
    output.plain(
        CALLS.formatted(
            agent,
            SimulatedSystems.SERVICENOW_PASSWORD,
            systems.serviceNow().url(),
            SimulatedSystems.PAGERDUTY_TOKEN,
            engineer,
            pagerDuty,
            pagerDuty));
    systems
        .jira()
        .ifPresent(
            jira ->
                output.plain(
                    "  curl -u %s:%s %s/rest/api/3/issue/%s   # the issue that followed its change\n"
                        .formatted(
                            SimulatedSystems.JIRA_USER,
                            SimulatedSystems.JIRA_TOKEN,
                            jira.url(),
                            lastOfProduct(jira))));
    String service = " --url %s --token %s".formatted(lockstep.url(), lockstep.token());
    output.plain("  ./lockstep pairs list" + service);
    reviewed.ifPresent(number -> output.plain("  ./lockstep trace " + number + " --all" + service));
    output.plain("  ./lockstep duplicates list" + service);
    output.plain("  ./lockstep duplicates show ID" + service + "   # why they are the same");
  }

  static void printLogin(DemoOutput output, LockstepProcess lockstep) {
    output.fact(
        "Web console", "%s/  user %s, %s".formatted(lockstep.url(), USER, lockstep.token()));
  }

  private static String lastOfProduct(JiraSimulator jira) {
    return jira.issues().stream()
        .filter(key -> key.startsWith(SimulatedSystems.PRODUCT_PROJECT + "-"))
        .reduce((first, second) -> second)
        .orElseThrow();
  }
}
