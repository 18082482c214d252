package dev.lockstep.sandbox.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.sandbox.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many callers at once. */
class PagerDutyConcurrencyTest {

  private final Hospital hospital = new Hospital();
  private final ExecutorService callers = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    callers.shutdownNow();
    hospital.close();
  }

  /** Without one lock around looking for the key and opening, two callers get an incident each. */
  @Test
  void givesAKeyToOneCallerOnly() throws Exception {
    PagerDutyClient api = hospital.api();
    String body = hospital.creation("x", ",'incident_key':'k'");

    List<Integer> statuses =
        all(IntStream.range(0, 24).mapToObj(i -> () -> api.post("/incidents", body).status()));

    assertThat(statuses).containsOnlyOnce(201).contains(400);
    assertThat(hospital.pagerDuty.incidents()).hasSize(1);
  }

  /** Without a queue for each incident, threads that send overtake each other. */
  @Test
  void sendsTheWebhooksOfEachIncidentInTheOrderOfItsHistory() throws Exception {
    try (Receiver receiver = new Receiver("pagerduty", "/event/event_type")) {
      hospital.pagerDuty.webhooks().target(receiver.url());
      List<String> ids = Stream.generate(() -> hospital.open("x")).limit(6).toList();
      PagerDutyPerson ana = hospital.pagerDuty.as(Hospital.ANA);

      all(
          IntStream.range(0, 120)
              .mapToObj(i -> () -> ana.addNote(ids.get(i % ids.size()), "note " + i)));
      await().until(hospital.pagerDuty::webhooksIdle);

      for (String id : ids) {
        List<String> written = hospital.pagerDuty.notes(id).stream().map(Note::id).toList();
        List<String> received =
            receiver.got().stream()
                .filter(got -> got.eventType().equals("incident.annotated"))
                .filter(got -> got.json().at("/event/data/incident/id").asText().equals(id))
                .map(got -> got.json().at("/event/data/id").asText())
                .collect(Collectors.toList());
        assertThat(received).isEqualTo(written).hasSize(20);
      }
    }
  }

  private <T> List<T> all(Stream<Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    List<T> results = new ArrayList<>();
    for (Future<T> result : callers.invokeAll(calls.toList())) {
      results.add(result.get());
    }
    return results;
  }
}
