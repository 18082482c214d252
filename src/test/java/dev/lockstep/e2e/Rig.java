package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.WebhookDelivery;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Both sandboxes with the same people, groups and services, and Lockstep between them. */
final class Rig implements AutoCloseable {
  static final List<String> PEOPLE = List.of("ann", "ben", "cid", "dee");

  /** ServiceNow's name, PagerDuty's name. */
  static final List<String> GROUPS = List.of("Service Desk", "Database", "Network");

  static final List<String> SERVICES = List.of("Patient records", "Pharmacy", "Default Service");

  /** Longer than Lockstep waits for an answer here. */
  private static final Duration TOO_LATE = Duration.ofMillis(3500);

  private static final Duration AGREED_WITHIN = Duration.ofSeconds(60);

  final ServiceNowSimulator serviceNow;
  final PagerDutySimulator pagerDuty;
  final LockstepInstance lockstep;

  private final Map<String, String> sysIds = new HashMap<>();

  private Rig(
      String name,
      Map<String, String> settings,
      ServiceNowOptions options,
      BiFunction<String, Map<String, String>, LockstepInstance> instance) {
    serviceNow = ServiceNowSimulator.start(options.lateAnswer(TOO_LATE));
    pagerDuty =
        PagerDutySimulator.start(
            PagerDutyOptions.defaults().withLateness(TOO_LATE).withWebhookDelivery(patient()));
    seed();
    lockstep = instance.apply(name, LockstepInstance.with(usual(), settings));
    webhooks(true);
  }

  /** Everything but Lockstep is up; {@code settings} win over the usual ones. */
  static Rig prepared(String name, Map<String, String> settings) {
    return new Rig(name, settings, new ServiceNowOptions(), LockstepInstance::here);
  }

  /** The same, with a ServiceNow that moves children along with their parent. */
  static Rig leadingChildren(String name, Map<String, String> settings) {
    ServiceNowOptions leading = new ServiceNowOptions().parentsLeadChildren(true);
    return new Rig(name, settings, leading, LockstepInstance::here);
  }

  /** Lockstep will run in a process that can be killed. */
  static Rig toKill(String name, Map<String, String> settings) {
    return new Rig(name, settings, new ServiceNowOptions(), LockstepInstance::apart);
  }

  /** The same, with its embedded database, which dies with it. */
  static Rig toKillWithDatabase(String name) {
    return new Rig(name, Map.of(), new ServiceNowOptions(), LockstepInstance::apartWithDatabase);
  }

  static Rig started(String name, Map<String, String> settings) {
    Rig rig = prepared(name, settings);
    try {
      rig.lockstep.start();
      return rig;
    } catch (RuntimeException | Error e) {
      rig.close();
      throw e;
    }
  }

  /** Tries as long as PagerDuty does, but without its pauses: a test would wait through them. */
  private static WebhookDelivery patient() {
    List<Duration> retries = Collections.nCopies(200, Duration.ofMillis(300));
    return new WebhookDelivery(Duration.ofSeconds(5), retries, 8, Duration.ofSeconds(2));
  }

  private Map<String, String> usual() {
    Map<String, String> settings = new HashMap<>();
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "servicenow-webhook-secret");
    settings.put("SERVICENOW_READ_TIMEOUT", "2s");
    settings.put("SERVICENOW_RETRY_MAX_DELAY", "1s");
    settings.put("SERVICENOW_POLL_INTERVAL", "1s");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_FROM", SystemsAgreement.BOT_EMAIL);
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "sandbox-webhook-secret");
    settings.put("PAGERDUTY_READ_TIMEOUT", "2s");
    settings.put("PAGERDUTY_RETRY_MAX_DELAY", "1s");
    settings.put("PAGERDUTY_POLL_INTERVAL", "1s");
    // More than PagerDuty allows a real account, or a test would spend its time waiting.
    settings.put("PAGERDUTY_CALLS_PER_MINUTE", "60000");
    // Words are enough to tell these tickets apart, and the model takes its time to load.
    settings.put("LOCKSTEP_DUPLICATES_EMBEDDING", "false");
    settings.put("LOCKSTEP_INBOX_RETRY_INITIAL_DELAY", "100ms");
    settings.put("LOCKSTEP_INBOX_RETRY_MAX_DELAY", "1s");
    return settings;
  }

  private void seed() {
    for (String person : PEOPLE) {
      String name = person.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + person.substring(1);
      sysIds.put(person, serviceNow.seedUser(person, name, person + "@example.com"));
      pagerDuty.user(name, person + "@example.com");
    }
    pagerDuty.user("Lockstep", SystemsAgreement.BOT_EMAIL);
    GROUPS.forEach(group -> sysIds.put(group, serviceNow.seedGroup(group)));
    SERVICES.forEach(service -> sysIds.put(service, serviceNow.seedService(service)));
    var desk = pagerDuty.escalationPolicy("Default", "ann@example.com", "ben@example.com");
    var database = pagerDuty.escalationPolicy("Database", "ben@example.com", "cid@example.com");
    pagerDuty.escalationPolicy("Network", "cid@example.com");
    pagerDuty.service("Default Service", desk);
    pagerDuty.service("Patient records", database);
    pagerDuty.service("Pharmacy", desk);
  }

  /** The sys_id of a person, group or service. */
  String sysId(String name) {
    String sysId = sysIds.get(name);
    if (sysId == null) {
      throw new IllegalArgumentException(name);
    }
    return sysId;
  }

  /** Without webhooks both systems keep quiet about what happens, for ever. */
  void webhooks(boolean on) {
    URI serviceNowTarget = URI.create(webhookUrl("servicenow"));
    serviceNow.webhookTarget(serviceNowTarget);
    serviceNow.webhooksOn(on);
    pagerDuty.webhooks().target(URI.create(webhookUrl("pagerduty")));
    pagerDuty.webhooks().on(on);
  }

  private String webhookUrl(String system) {
    return "http://127.0.0.1:" + lockstep.port() + "/webhooks/" + system;
  }

  /** Waits until a condition holds; says what it waited for if it never does. */
  void await(String what, Duration most, Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(most).pollInterval(Duration.ofMillis(50)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "Not within " + most + ": " + what + "\nLockstep's log:\n" + lockstep.lastWords(), e);
    }
  }

  void await(String what, Callable<Boolean> condition) {
    await(what, Duration.ofSeconds(30), condition);
  }

  List<String> differences(int begun, Set<String> said) {
    return SystemsAgreement.differences(serviceNow, pagerDuty, begun, said);
  }

  /** Both systems agree, and nothing that is still under way could change that. */
  void awaitAgreement(int begun, Set<String> said) {
    try {
      Awaitility.await()
          .atMost(AGREED_WITHIN)
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptions()
          .until(() -> differences(begun, said).isEmpty() && quiet());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(disagreement(differences(begun, said)), e);
    }
  }

  /** What differs, and what Lockstep has to say for itself. */
  private String disagreement(List<String> differences) {
    StringBuilder text = new StringBuilder("The systems differ, or Lockstep is not done:");
    differences.forEach(difference -> text.append("\n  ").append(difference));
    text.append("\nDead letters: ").append(lockstep.api("GET", "/dead-letters"));
    text.append("\nPagerDuty's webhooks: ").append(pagerDuty.webhooks().counts());
    text.append("\nServiceNow's webhooks: ").append(serviceNow.webhooks());
    text.append("\nLockstep's log: ").append(lockstep.log());
    Matcher tickets = Pattern.compile("INC\\d+").matcher(differences.toString());
    tickets
        .results()
        .map(MatchResult::group)
        .distinct()
        .limit(2)
        .forEach(number -> text.append("\n").append(told("/pairs/" + number)));
    return text.toString();
  }

  private String told(String path) {
    try {
      return lockstep.api("GET", path).toString();
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Nothing is on its way to Lockstep, or waits in it. */
  private boolean quiet() {
    return serviceNow.webhooksIdle() && pagerDuty.webhooksIdle() && lockstep.isIdle();
  }

  /** All that was heard so far is dealt with. */
  void awaitQuiet() {
    await("nothing under way", Duration.ofSeconds(90), this::quiet);
  }

  /** How many calls Lockstep has made that change something, or would. */
  long writes() {
    return serviceNow.calls().writes() + pagerDuty.calls().writes();
  }

  /** Two looks at everything later nothing was written: no echo goes round. */
  void assertAtRest() {
    long before = writes();
    awaitPolls(2);
    assertThat(writes()).as("writes after agreement").isEqualTo(before);
  }

  void awaitPolls(int rounds) {
    lockstep.awaitPolls(rounds, List.of("servicenow", "pagerduty"));
  }

  @Override
  public void close() {
    try {
      lockstep.close();
    } finally {
      serviceNow.close();
      pagerDuty.close();
    }
  }
}
