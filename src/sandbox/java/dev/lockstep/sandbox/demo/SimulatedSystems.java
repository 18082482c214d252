package dev.lockstep.sandbox.demo;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.pagerduty.EscalationPolicy;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The simulated systems, and who and what is known in each. Names are given to either side or to
 * both, so that a rehearsal can have gaps. Jira, where there is one, has a service project for
 * incidents, and the product's project, where what is to be done after one may be followed.
 * Thread-safe.
 */
final class SimulatedSystems implements AutoCloseable {
  static final String SERVICENOW_USER = "lockstep";
  static final String SERVICENOW_PASSWORD = "sandbox-password";
  static final String SERVICENOW_SECRET = "sandbox-servicenow-secret";
  static final String PAGERDUTY_USER = "lockstep@example.com";
  static final String PAGERDUTY_TOKEN = "sandbox-token";
  static final String PAGERDUTY_SECRET = "sandbox-pagerduty-secret";

  static final String JIRA_USER = "lockstep@example.com";
  static final String JIRA_TOKEN = "sandbox-jira-token";
  static final String JIRA_SECRET = "sandbox-jira-secret";

  /** The service project in which incidents are issues. */
  static final String INCIDENTS_PROJECT = "OPS";

  /** The project of the product's own issues. */
  static final String PRODUCT_PROJECT = "REC";

  private final ServiceNowSimulator serviceNow;
  private final PagerDutySimulator pagerDuty;
  private final @Nullable JiraSimulator jira;
  private final @Nullable StakeholderSystems stakeholders;
  private final Map<SystemSide, Map<String, Set<String>>> names = new ConcurrentHashMap<>();
  private final Map<String, String> sysIds = new ConcurrentHashMap<>();
  private final Map<String, EscalationPolicy> policies = new ConcurrentHashMap<>();

  private SimulatedSystems(
      Clock clock, @Nullable JiraSimulator jira, @Nullable StakeholderSystems stakeholders) {
    this.serviceNow =
        ServiceNowSimulator.start(
            new ServiceNowOptions()
                .clock(clock)
                .faults(new Faults())
                .credentials(SERVICENOW_USER, SERVICENOW_PASSWORD)
                .webhook(null, SERVICENOW_SECRET));
    this.pagerDuty =
        PagerDutySimulator.start(
            PagerDutyOptions.defaults()
                .withClock(clock)
                .withToken(PAGERDUTY_TOKEN)
                .withWebhookSecrets(List.of(PAGERDUTY_SECRET)));
    this.jira = jira;
    this.stakeholders = stakeholders;
    pagerDuty.user("Lockstep", PAGERDUTY_USER);
  }

  /**
   * ServiceNow and PagerDuty on free ports of loopback, knowing nobody but Lockstep's own users.
   */
  static SimulatedSystems start(Clock clock) {
    return new SimulatedSystems(clock, null, null);
  }

  /** The two, a Jira site with two empty projects, and those in which people follow incidents. */
  static SimulatedSystems startAll(Clock clock) {
    JiraSimulator jira =
        JiraSimulator.start(JiraOptions.defaults().clock(clock).account(JIRA_USER, JIRA_TOKEN));
    jira.serviceProject(INCIDENTS_PROJECT, "Operations", Workflow.incidents());
    jira.project(PRODUCT_PROJECT, "Patient Records", Workflow.simple());
    return new SimulatedSystems(clock, jira, StakeholderSystems.start(clock));
  }

  ServiceNowSimulator serviceNow() {
    return serviceNow;
  }

  PagerDutySimulator pagerDuty() {
    return pagerDuty;
  }

  Optional<JiraSimulator> jira() {
    return Optional.ofNullable(jira);
  }

  Optional<StakeholderSystems> stakeholders() {
    return Optional.ofNullable(stakeholders);
  }

  /** What a Lockstep needs to be told to reach them. It asks often: a rehearsal is short. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", SERVICENOW_USER);
    settings.put("SERVICENOW_PASSWORD", SERVICENOW_PASSWORD);
    settings.put("SERVICENOW_WEBHOOK_SECRET", SERVICENOW_SECRET);
    settings.put("SERVICENOW_POLL_INTERVAL", "2s");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", PAGERDUTY_TOKEN);
    settings.put("PAGERDUTY_FROM", PAGERDUTY_USER);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", PAGERDUTY_SECRET);
    settings.put("PAGERDUTY_POLL_INTERVAL", "2s");
    if (jira != null) {
      settings.put(
          "LOCKSTEP_MAPPINGS",
          "incident,incident.servicenow-jira,action-item,follow-up.jira"
              + (stakeholders == null ? "" : ",incident.slack,incident.statuspage,incident.vendor"));
      settings.put("JIRA_URL", jira.url());
      settings.put("JIRA_USERNAME", JIRA_USER);
      settings.put("JIRA_TOKEN", JIRA_TOKEN);
      settings.put("JIRA_PROJECT", INCIDENTS_PROJECT);
      settings.put("JIRA_ACTION_ITEMS_PROJECT", PRODUCT_PROJECT);
      settings.put("JIRA_WEBHOOK_SECRET", JIRA_SECRET);
      settings.put("JIRA_POLL_INTERVAL", "2s");
      // This site's searches find at once.
      settings.put("JIRA_SEARCH_SETTLES_WITHIN", "1s");
    }
    if (stakeholders != null) {
      settings.putAll(stakeholders.settings());
    }
    return settings;
  }

  /** From now on all send their webhooks to the Lockstep at this address. */
  void sendWebhooksTo(String lockstep) {
    serviceNow.webhookTarget(URI.create(lockstep + "/webhooks/servicenow"));
    pagerDuty.webhooks().target(URI.create(lockstep + "/webhooks/pagerduty"));
    if (jira != null) {
      jira.webhooks()
          .register(
              URI.create(lockstep + "/webhooks/jira"),
              JIRA_SECRET,
              "project in (%s, %s)".formatted(INCIDENTS_PROJECT, PRODUCT_PROJECT));
    }
    if (stakeholders != null) {
      stakeholders.sendWebhooksTo(lockstep);
    }
  }

  boolean webhooksIdle() {
    return serviceNow.webhooksIdle()
        && pagerDuty.webhooksIdle()
        && (jira == null || jira.webhooksIdle())
        && (stakeholders == null || stakeholders.webhooksIdle());
  }

  /** A user of both systems. */
  void person(String name, String email) {
    agent(name, email);
    engineer(name, email);
  }

  /** A user of ServiceNow alone; works under the part of the address before the @. */
  void agent(String name, String email) {
    if (learn(SystemSide.ITSM, FieldState.ASSIGNEE, email)) {
      sysIds.put(
          key(FieldState.ASSIGNEE, email), serviceNow.seedUser(userName(email), name, email));
    }
  }

  /** A user of PagerDuty alone. */
  void engineer(String name, String email) {
    if (learn(SystemSide.PLATFORM, FieldState.ASSIGNEE, email)) {
      pagerDuty.user(name, email);
    }
  }

  void group(String name) {
    if (learn(SystemSide.ITSM, FieldState.GROUP, name)) {
      sysIds.put(key(FieldState.GROUP, name), serviceNow.seedGroup(name));
    }
  }

  /** Calls these engineers, one after the other. */
  void policy(String name, String... emails) {
    if (learn(SystemSide.PLATFORM, FieldState.GROUP, name)) {
      policies.put(name, pagerDuty.escalationPolicy(name, emails));
    }
  }

  void item(String name) {
    if (learn(SystemSide.ITSM, FieldState.SERVICE, name)) {
      sysIds.put(key(FieldState.SERVICE, name), serviceNow.seedService(name));
    }
  }

  /** The id of an escalation policy. */
  String policyId(String name) {
    return known(policies, name).id();
  }

  /** Incidents opened on it go to that policy, unless somebody says otherwise. */
  void service(String name, String policy) {
    if (learn(SystemSide.PLATFORM, FieldState.SERVICE, name)) {
      pagerDuty.service(name, known(policies, policy));
    }
  }

  /**
   * What ServiceNow's reference fields take.
   *
   * @param field {@link FieldState#ASSIGNEE} by e-mail, {@link FieldState#GROUP} or {@link
   *     FieldState#SERVICE} by name
   */
  String sysId(String field, String name) {
    return known(sysIds, key(field, name));
  }

  static String userName(String email) {
    return email.substring(0, email.indexOf('@'));
  }

  ExpectedFields expectations() {
    return new ExpectedFields(
        new ExpectedFields.Names(
            (field, name) -> knows(SystemSide.ITSM, field, name),
            (field, name) -> knows(SystemSide.PLATFORM, field, name)));
  }

  /** Of Jira; empty where there is none. */
  Optional<ExpectedIssueFields> issueExpectations() {
    return jira().map(site -> new ExpectedIssueFields(email -> site.findUser(email).isPresent()));
  }

  private boolean knows(SystemSide place, String field, String name) {
    return names.getOrDefault(place, Map.of()).getOrDefault(field, Set.of()).contains(name);
  }

  private boolean learn(SystemSide place, String field, String name) {
    return names
        .computeIfAbsent(place, any -> new ConcurrentHashMap<>())
        .computeIfAbsent(field, any -> ConcurrentHashMap.newKeySet())
        .add(name);
  }

  private static <T> T known(Map<String, T> all, String name) {
    T known = all.get(name);
    if (known == null) {
      throw new IllegalArgumentException("nothing is called " + name);
    }
    return known;
  }

  private static String key(String field, String name) {
    return field + ":" + name;
  }

  @Override
  public void close() {
    serviceNow.close();
    pagerDuty.close();
    if (jira != null) {
      jira.close();
    }
    if (stakeholders != null) {
      stakeholders.close();
    }
  }
}
