package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups by the shipped connectors in systems that page, restrict and interpret as real ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SimulatedLookUpsTest {
  /** More than one page anywhere. */
  private static final int MANY = 130;

  private final ServiceNowSimulator serviceNow = ServiceNowSimulator.start(new ServiceNowOptions());
  private final PagerDutySimulator pagerDuty =
      PagerDutySimulator.start(PagerDutyOptions.defaults());
  private final JiraSimulator jira = JiraSimulator.start(JiraOptions.defaults());
  private final ConnectorKit kit =
      new ConnectorKit(List.of(Path.of("connectors")), settings(), Clock.systemUTC(), Set.of("x"));

  private Map<String, String> settings() {
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("JIRA_URL", jira.url());
    settings.put("JIRA_TOKEN", "sandbox-token");
    for (String system : List.of("SERVICENOW", "PAGERDUTY", "JIRA")) {
      settings.put(system + "_READ_TIMEOUT", "5s");
    }
    return settings;
  }

  @BeforeAll
  void people() {
    pagerDuty.user("Lockstep", "lockstep@example.com");
    jira.user("Lockstep", "lockstep@example.com");
    var policy = pagerDuty.escalationPolicy("Others", "lockstep@example.com");
    for (int i = 0; i < MANY; i++) {
      pagerDuty.escalationPolicy("Facilities %03d".formatted(i), "lockstep@example.com");
      pagerDuty.user("Facilities %03d".formatted(i), "facilities.%03d@example.com".formatted(i));
      jira.user("Facilities %03d".formatted(i), "facilities.%03d@example.com".formatted(i));
    }
    pagerDuty.escalationPolicy("Z Facilities", "lockstep@example.com");
    pagerDuty.user("Z", "z.facilities.1@example.com");
    pagerDuty.user("Zoe", "z@example.com");
    pagerDuty.service("Z Facilities", policy);
    jira.user("Facilities Z", "z@example.com");
  }

  @BeforeEach
  void renew() {
    kit.renew();
    pagerDuty.faults().clear();
    serviceNow.faults().clear();
  }

  @AfterAll
  void close() {
    kit.close();
    serviceNow.close();
    pagerDuty.close();
    jira.close();
  }

  @Test
  void findsWhatStandsOnALaterPage() {
    assertThat(kit.connectors.idOf("pagerduty", "escalation-policy", "Z Facilities")).isPresent();
    // "acilities" is in every address, and only whole matches count.
    assertThat(kit.connectors.idOf("pagerduty", "escalation-policy", "Facilities")).isEmpty();
    assertThat(kit.connectors.idOf("pagerduty", "escalation-policy", "Facilities 129")).isPresent();
    assertThat(kit.connectors.idOf("jira", "user", "facilities.129@example.com")).isPresent();
  }

  @Test
  void tellsWhoIsOnCallByPolicyAndBySchedule() {
    var policy = pagerDuty.escalationPolicy("Major", "facilities.001@example.com", "z@example.com");
    var rotation = pagerDuty.schedule("Rotation", policy, 2);
    assertThat(kit.connectors.onCall("pagerduty", "escalation-policy", policy.id()))
        .containsExactly(
            new OnCall("facilities.001@example.com", 1), new OnCall("z@example.com", 2));
    assertThat(kit.connectors.onCall("pagerduty", "schedule", rotation.id()))
        .containsExactly(new OnCall("z@example.com", 1));
    pagerDuty.onCall(policy, "facilities.002@example.com");
    assertThat(kit.connectors.onCall("pagerduty", "escalation-policy", policy.id()))
        .containsExactly(new OnCall("facilities.002@example.com", 1));
    pagerDuty.onCall(policy);
    assertThat(kit.connectors.onCall("pagerduty", "escalation-policy", policy.id())).isEmpty();
  }

  /** One page has a hundred. */
  @Test
  void thoseOnCallMayFillMoreThanAPage() {
    var all =
        pagerDuty.escalationPolicy(
            "All",
            IntStream.range(0, MANY)
                .mapToObj("facilities.%03d@example.com"::formatted)
                .toArray(String[]::new));
    assertThat(kit.connectors.onCall("pagerduty", "escalation-policy", all.id()))
        .hasSize(MANY)
        .contains(new OnCall("facilities.129@example.com", 130));
  }

  @Test
  void whoIsOnCallIsUnknownIfTheLookUpIsRefusedOrFails() {
    pagerDuty.faults().next(1, Faults.Kind.FORBIDDEN, call -> call.path().equals("/oncalls"));
    assertThatThrownBy(() -> kit.connectors.onCall("pagerduty", "schedule", "PX"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class, e -> assertThat(e.advice()).contains("oncalls.read"));
    pagerDuty
        .faults()
        .next(1, Faults.Kind.SERVICE_UNAVAILABLE, call -> call.path().equals("/oncalls"));
    assertThatThrownBy(() -> kit.connectors.onCall("pagerduty", "schedule", "PX"))
        .isInstanceOf(SystemUnavailableException.class);
  }

  @ParameterizedTest
  @CsvSource({"pagerduty, user", "pagerduty, service", "servicenow, group", "servicenow, user"})
  void aForbiddenLookUpIsRefusedAndAnUnavailableOneIsRetried(String system, String reference) {
    Faults faults = system.equals("pagerduty") ? pagerDuty.faults() : serviceNow.faults();
    faults.next(1, Faults.Kind.SERVICE_UNAVAILABLE, call -> call.method().equals("GET"));
    assertThatThrownBy(() -> kit.connectors.idOf(system, reference, "x@example.com"))
        .isInstanceOf(SystemUnavailableException.class);
    faults.next(1, Faults.Kind.FORBIDDEN, call -> call.method().equals("GET"));
    assertThatThrownBy(() -> kit.connectors.idOf(system, reference, "x@example.com"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> assertThat(e.advice()).contains("Lockstep's account needs").contains("read"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Web ^ Mail",
        "a^ORname!=b",
        "x^NQnameISNOTEMPTY",
        "^",
        "a^^b",
        "100% & more=?#/;+",
        "Ännchen «ß» \uD83D\uDE80",
        "quote\" and \\ back",
      })
  void findsAGroupWhateverItsNameHasInIt(String name) {
    String id = serviceNow.seedGroup(name);
    assertThat(kit.connectors.idOf("servicenow", "group", name)).contains(id);
  }

  /** The instance would run it: a user with such a name would be Lockstep's own user. */
  @ParameterizedTest
  @ValueSource(strings = {"javascript:gs.getUserName()", "JavaScript:gs.getUserName()"})
  void aScriptInANameIsRefusedBeforeItIsSent(String name) {
    long before = serviceNow.calls().reads();
    assertThatThrownBy(() -> kit.connectors.idOf("servicenow", "user-login", name))
        .isInstanceOfSatisfying(
            RequestRejectedException.class, e -> assertThat(e.answer()).contains("not sent"));
    assertThat(serviceNow.calls().reads()).isEqualTo(before);
  }
}
