package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.pagerduty.PagerDutyDocument;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Duplicates hung and taken out by the shipped connectors, in systems that know none of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsolidationTest {
  private final ServiceNowSimulator serviceNow = ServiceNowSimulator.start(new ServiceNowOptions());
  private final PagerDutySimulator pagerDuty =
      PagerDutySimulator.start(PagerDutyOptions.defaults());
  private final ConnectorKit kit =
      new ConnectorKit(
          List.of(Path.of("connectors")),
          settings(),
          Clock.systemUTC(),
          Set.of("short_description"));
  private final Connectors connectors = kit.connectors;
  private String service = "";

  private Map<String, String> settings() {
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_READ_TIMEOUT", "5s");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_READ_TIMEOUT", "5s");
    return settings;
  }

  @BeforeAll
  void people() {
    pagerDuty.user("Lockstep", "lockstep@example.com");
    service =
        pagerDuty
            .service("Records", pagerDuty.escalationPolicy("On call", "lockstep@example.com"))
            .id();
  }

  @AfterAll
  void close() {
    kit.close();
    serviceNow.close();
    pagerDuty.close();
  }

  @Test
  void hangsATicketUnderAnotherAndPutsBackWhatWasThere() {
    RecordRef primary = ticket();
    RecordRef former = ticket();
    RecordRef duplicate = ticket();
    NativeRecord before = connectors.fetch(duplicate);
    assertThat(before.primaryId()).isEmpty();
    assertThat(before.openedAt()).isBetween(Instant.EPOCH, Instant.now(Clock.systemUTC()));

    NativeRecord after = connectors.consolidate(duplicate, primary).orElseThrow();

    assertThat(after.ref()).isEqualTo(duplicate);
    assertThat(after.primaryId()).isEqualTo(primary.id());
    assertThat(serviceNow.value(primary.id(), "child_incidents")).isEqualTo("1");
    assertThat(connectors.consolidate(duplicate, primary).map(NativeRecord::version))
        .contains(after.version());

    assertThat(connectors.separate(duplicate, former.id()).primaryId()).isEqualTo(former.id());
    assertThat(connectors.separate(duplicate, "").primaryId()).isEmpty();
    assertThat(serviceNow.value(duplicate.id(), "parent_incident")).isEmpty();
    assertThat(serviceNow.value(primary.id(), "child_incidents")).isEqualTo("0");
  }

  @Test
  void tellsThatATicketIsGone() {
    RecordRef gone = new RecordRef("servicenow", "incident", "f".repeat(32));
    assertThatThrownBy(() -> connectors.consolidate(gone, ticket()))
        .isInstanceOf(RecordNotFoundException.class);
    assertThatThrownBy(() -> connectors.separate(gone, ""))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void mergesAnIncidentAsTheOpenApiDocumentWantsIt() {
    PagerDutyDocument document = PagerDutyDocument.load();
    RecordRef primary = incident();
    RecordRef duplicate = incident();
    List<Exchange> calls = new ArrayList<>();
    pagerDuty.onRequest(calls::add);

    connectors.consolidate(duplicate, primary);

    assertThat(calls).hasSize(1);
    assertThat(document.brokenByRequest(calls.get(0))).isEmpty();
    assertThat(document.brokenByResponse(calls.get(0))).isEmpty();
  }

  @Test
  void findsAMergedIncidentByReadingAndByPolling() {
    Instant since = Instant.now(Clock.systemUTC()).minus(1, ChronoUnit.MINUTES);
    RecordRef primary = incident();
    RecordRef duplicate = incident();
    assertThat(connectors.fetch(duplicate).primaryId()).isEmpty();
    assertThat(connectors.fetch(duplicate).openedAt()).isAfter(since);

    assertThat(connectors.consolidate(duplicate, primary)).isEmpty();

    assertThat(connectors.fetch(duplicate).primaryId()).isEqualTo(primary.id());
    assertThat(connectors.fetch(primary).primaryId()).isEmpty();
    assertThat(polled(since))
        .filteredOn(record -> record.ref().equals(duplicate))
        .isNotEmpty()
        .allSatisfy(record -> assertThat(record.primaryId()).isEqualTo(primary.id()));
  }

  @Test
  void saysWhyAMergeIsRefused() {
    RecordRef primary = incident();
    RecordRef duplicate = incident();
    RecordRef resolved = incident();
    connectors.consolidate(duplicate, primary);
    connectors.update(resolved, ConnectorContract.json("{\"status\":\"resolved\"}"));

    assertAdvice(duplicate, primary, "undoes no merge");
    assertAdvice(incident(), resolved, "reopen it");
    assertAdvice(primary, primary, "Check the primary");
    assertThatThrownBy(
            () -> connectors.consolidate(new RecordRef("pagerduty", "incident", "PNONE"), primary))
        .isInstanceOf(RecordNotFoundException.class);
  }

  private void assertAdvice(RecordRef duplicate, RecordRef primary, String advice) {
    assertThatThrownBy(() -> connectors.consolidate(duplicate, primary))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            rejected -> assertThat(rejected.advice()).contains(advice));
  }

  private List<NativeRecord> polled(Instant since) {
    List<NativeRecord> found = new ArrayList<>();
    for (String feed : connectors.feeds("pagerduty", "incident")) {
      Optional<String> page = Optional.empty();
      do {
        ChangePage changes = connectors.listChanged("pagerduty", "incident", feed, since, page);
        found.addAll(changes.records());
        page = Optional.ofNullable(changes.nextPage());
      } while (page.isPresent());
    }
    return found;
  }

  private RecordRef ticket() {
    JsonNode body = ConnectorContract.json("{\"short_description\":\"x\"}");
    return connectors.create("servicenow", "incident", body, "far", "#1").ref();
  }

  private RecordRef incident() {
    JsonNode body =
        ConnectorContract.json(
            "{\"title\":\"x\",\"service\":{\"id\":\"%s\",\"type\":\"service_reference\"}}"
                .formatted(service));
    String correlation = "far/" + pagerDuty.counts().opened();
    return connectors.create("pagerduty", "incident", body, correlation, "INC1").ref();
  }
}
