package dev.lockstep.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.sandbox.http.WebhookDelivery;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

/** A Jira site and PagerDuty with the same people, and Lockstep between them. */
final class JiraRig implements AutoCloseable {
  private static final Duration TOO_LATE = Duration.ofMillis(3500);

  private static final String NEVER = "1h";

  final JiraSimulator jira;
  final PagerDutySimulator pagerDuty;
  final LockstepInstance lockstep;
  private final boolean polls;

  private JiraRig(
      String name,
      Map<String, String> settings,
      Duration searchLag,
      BiFunction<String, Map<String, String>, LockstepInstance> instance) {
    jira =
        JiraSimulator.start(
            JiraOptions.defaults()
                .account(SystemsAgreement.BOT_EMAIL, "sandbox-token")
                .lateness(TOO_LATE)
                .searchLag(searchLag)
                .webhookDelivery(
                    new WebhookDelivery(
                        Duration.ofSeconds(5),
                        Collections.nCopies(200, Duration.ofMillis(300)),
                        4,
                        Duration.ofSeconds(2))));
    pagerDuty =
        PagerDutySimulator.start(
            PagerDutyOptions.defaults()
                .withLateness(TOO_LATE)
                .withWebhookDelivery(
                    new WebhookDelivery(
                        Duration.ofSeconds(5),
                        Collections.nCopies(200, Duration.ofMillis(300)),
                        8,
                        Duration.ofSeconds(2))));
    for (String person : Rig.PEOPLE) {
      jira.user(person, person + "@example.com");
      pagerDuty.user(person, person + "@example.com");
    }
    pagerDuty.user("Lockstep", SystemsAgreement.BOT_EMAIL);
    pagerDuty.service("Default Service", pagerDuty.escalationPolicy("Default", "ann@example.com"));
    jira.serviceProject("OPS", "Operations", Workflow.incidents());
    Map<String, String> all = new HashMap<>();
    all.put("LOCKSTEP_MAPPINGS", "incident.jira,action-item.jira");
    all.put("JIRA_URL", jira.url());
    all.put("JIRA_USERNAME", SystemsAgreement.BOT_EMAIL);
    all.put("JIRA_TOKEN", "sandbox-token");
    all.put("JIRA_PROJECT", "OPS");
    all.put("JIRA_WEBHOOK_SECRET", "jira-webhook-secret");
    all.put("JIRA_READ_TIMEOUT", "2s");
    all.put("JIRA_RETRY_MAX_DELAY", "1s");
    all.put("JIRA_POLL_INTERVAL", NEVER);
    all.put("JIRA_CALLS_PER_MINUTE", "60000");
    all.put("JIRA_SEARCH_SETTLES_WITHIN", "2s");
    all.put("PAGERDUTY_URL", pagerDuty.url());
    all.put("PAGERDUTY_TOKEN", "sandbox-token");
    all.put("PAGERDUTY_FROM", SystemsAgreement.BOT_EMAIL);
    all.put("PAGERDUTY_WEBHOOK_SECRETS", "sandbox-webhook-secret");
    all.put("PAGERDUTY_READ_TIMEOUT", "2s");
    all.put("PAGERDUTY_RETRY_MAX_DELAY", "1s");
    all.put("PAGERDUTY_POLL_INTERVAL", NEVER);
    all.put("PAGERDUTY_CALLS_PER_MINUTE", "60000");
    all.put("LOCKSTEP_DUPLICATES_EMBEDDING", "false");
    all.put("LOCKSTEP_INBOX_RETRY_INITIAL_DELAY", "100ms");
    all.put("LOCKSTEP_INBOX_RETRY_MAX_DELAY", "1s");
    all.putAll(settings);
    polls = !all.get("JIRA_POLL_INTERVAL").equals(NEVER);
    lockstep = instance.apply(name, all);
    jira.webhooks().register(webhook("jira"), "jira-webhook-secret", "project = OPS");
    pagerDuty.webhooks().target(webhook("pagerduty"));
    pagerDuty.webhooks().on(true);
  }

  static JiraRig started(String name, Map<String, String> settings) {
    return started(name, settings, Duration.ZERO);
  }

  static JiraRig started(String name, Map<String, String> settings, Duration searchLag) {
    return started(new JiraRig(name, settings, searchLag, LockstepInstance::here));
  }

  /** Lockstep runs in a process that can be killed. */
  static JiraRig startedToKill(String name, Map<String, String> settings, Duration searchLag) {
    return started(new JiraRig(name, settings, searchLag, LockstepInstance::apart));
  }

  private static JiraRig started(JiraRig rig) {
    try {
      rig.lockstep.start();
      return rig;
    } catch (RuntimeException | Error e) {
      rig.close();
      throw e;
    }
  }

  void webhooks(boolean on) {
    jira.webhooks().on(on);
    pagerDuty.webhooks().on(on);
  }

  private URI webhook(String system) {
    return URI.create("http://127.0.0.1:" + lockstep.port() + "/webhooks/" + system);
  }

  /** The incident that stands for an issue; there is never more than one. */
  PagerDutyIncident incidentOf(String issue) {
    List<PagerDutyIncident> found =
        pagerDuty.incidents().stream().filter(each -> each.title().equals(summary(issue))).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " incidents for " + issue);
    }
    return found.get(0);
  }

  /** The issue that was created for an incident; there is never more than one. */
  String issueOf(PagerDutyIncident incident) {
    List<String> found =
        jira.issues().stream()
            .filter(
                key ->
                    jira.issue(key)
                        .at("/fields/labels")
                        .toString()
                        .contains("lockstep:pagerduty/incident/" + incident.id() + "/"))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " issues for " + incident.id());
    }
    return found.get(0);
  }

  JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String summary(String issue) {
    return jira.issue(issue).at("/fields/summary").asText();
  }

  void eventually(ThrowingRunnable met) {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(45))
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(met);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\nLockstep's log:\n" + lockstep.lastWords(), e);
    }
  }

  /** Both systems are polled twice more, if they are polled in this test at all. */
  void awaitPolls() {
    if (polls) {
      lockstep.awaitPolls(2, List.of("jira", "pagerduty"));
    }
  }

  /** Nothing is under way. */
  void awaitQuiet() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> jira.webhooksIdle() && pagerDuty.webhooksIdle() && lockstep.isIdle());
  }

  @Override
  public void close() {
    try {
      lockstep.close();
    } finally {
      jira.close();
      pagerDuty.close();
    }
  }
}
