package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.incidentio.IncidentIoOptions;
import dev.lockstep.sandbox.incidentio.IncidentIoOptions.RepeatedKeys;
import dev.lockstep.sandbox.incidentio.IncidentIoSimulator;
import dev.lockstep.sandbox.incidentio.Organisation.CustomField;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lockstep is killed when incident.io has made the incident, and Lockstep cannot know it. */
class IncidentIoKillIT {

  /** What becomes of a repeated idempotency key is not documented: each answer must do. */
  @ParameterizedTest
  @EnumSource(
      value = RepeatedKeys.class,
      names = {"REFUSED", "FORGOTTEN"})
  void anIncidentIsDeclaredOnceThoughLockstepIsKilledMeanwhile(RepeatedKeys keys) {
    try (ServiceNowSimulator serviceNow =
            ServiceNowSimulator.start(new ServiceNowOptions().credentials("lockstep", "lockstep"));
        IncidentIoSimulator incidentIo =
            IncidentIoSimulator.start(IncidentIoOptions.defaults().repeatedKeys(keys))) {
      CustomField mark = incidentIo.organisation().field("Lockstep", "text");
      serviceNow.seedUser("ann", "Ann", "ann@example.com");
      try (LockstepInstance lockstep =
          LockstepInstance.apart(
              "incident-io-killed", IncidentIoIT.settings(serviceNow, incidentIo, mark))) {
        AtomicBoolean armed = new AtomicBoolean(true);
        incidentIo.onRequest(
            call -> {
              if (call.method().equals("POST") && armed.compareAndSet(true, false)) {
                lockstep.kill();
              }
            });
        lockstep.start();
        String ticket =
            serviceNow
                .as("ann")
                .create(
                    "incident",
                    Map.of("short_description", "Mail is down", "impact", "1", "urgency", "1"));
        await(() -> !lockstep.isAlive());
        assertThat(incidentIo.incidents()).hasSize(1);
        lockstep.start();
        String number = serviceNow.value(ticket, "number");
        await(
            () ->
                lockstep
                    .api("GET", "/pairs/" + number)
                    .at("/pair/state")
                    .asText()
                    .equals("LINKED"));
        await(lockstep::isIdle);
        lockstep.awaitPolls(2, List.of("servicenow", "incident-io"));
        assertThat(incidentIo.incidents()).hasSize(1);
        assertThat(serviceNow.records("incident")).hasSize(1);
      }
    }
  }

  private static void await(Callable<Boolean> met) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsMatching(AssertionError.class::isInstance)
        .until(met);
  }
}
