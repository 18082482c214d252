package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import dev.lockstep.sandbox.pagerduty.PagerDutyOptions;
import dev.lockstep.sandbox.pagerduty.PagerDutySimulator;
import dev.lockstep.sandbox.servicenow.JournalAccess;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A note Lockstep wrote is found again by its text, in systems that know nothing of Lockstep. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NoteRoundTripTest {
  private static final String MARK = "0123456789abcdef";

  private final ServiceNowSimulator serviceNow = ServiceNowSimulator.start(new ServiceNowOptions());
  private final PagerDutySimulator pagerDuty =
      PagerDutySimulator.start(PagerDutyOptions.defaults());
  private final JiraSimulator jira =
      JiraSimulator.start(JiraOptions.defaults().account("lockstep@example.com", "api-token"));
  private final ConnectorKit kit =
      new ConnectorKit(List.of(Path.of("connectors")), settings(), Clock.systemUTC(), Set.of());
  private final Connectors connectors = kit.connectors;
  private List<RecordRef> records = List.of();

  private Map<String, String> settings() {
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_READ_TIMEOUT", "5s");
    settings.put("PAGERDUTY_URL", pagerDuty.url());
    settings.put("PAGERDUTY_TOKEN", "sandbox-token");
    settings.put("PAGERDUTY_READ_TIMEOUT", "5s");
    settings.put("JIRA_URL", jira.url());
    settings.put("JIRA_TOKEN", "api-token");
    settings.put("JIRA_READ_TIMEOUT", "5s");
    return settings;
  }

  @BeforeAll
  void records() {
    pagerDuty.user("Lockstep", "lockstep@example.com");
    String service =
        pagerDuty
            .service("Records", pagerDuty.escalationPolicy("On call", "lockstep@example.com"))
            .id();
    jira.user("Maya", "maya@example.com");
    jira.serviceProject("OPS", "Operations", Workflow.incidents());
    String key = jira.as("maya").create("OPS", "[System] Incident", "Down");
    records =
        List.of(
            ticket(),
            connectors
                .create(
                    "pagerduty",
                    "incident",
                    ConnectorContract.json(
                        "{\"title\":\"Down\",\"service\":{\"id\":\""
                            + service
                            + "\",\"type\":\"service_reference\"}}"),
                    "far/incident/1",
                    "INC-1")
                .ref(),
            new RecordRef("jira", "incident", jira.issue(key).path("id").asText()));
  }

  private RecordRef ticket() {
    return connectors
        .create(
            "servicenow",
            "incident",
            ConnectorContract.json("{\"short_description\":\"Down\"}"),
            "far/incident/" + Instant.now(Clock.systemUTC()).toEpochMilli(),
            "#1")
        .ref();
  }

  @AfterAll
  void close() {
    kit.close();
    serviceNow.close();
    pagerDuty.close();
    jira.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Replaced the PSU, please check",
        "Steps:\n- one\n- two",
        "1. first\n2) second",
        "| host | state |\n| --- | --- |\n| db1 | down |",
        "Run this:\n```sh\nsystemctl restart db",
        "~~~\nnever closed",
        "- item\n  ```\n  never closed in an item",
        "> quoted by somebody",
        "    indented code",
        "# heading",
        "Look at __init__.py, C:\\temp\\*.log & <b>bold</b> &amp; user_name",
        "[KB 42](https://kb.example.com/42) or https://kb.example.com/a_b?c=d&e=f",
        "line\r\nbreaks\r\n\r\nof Windows  ",
        "Größe 😀 日本語 \u00a0…",
        "a [lockstep: not a mark]"
      })
  void isFoundAgainWithItsMark(String text) {
    String sent = NoteFormat.formatOwn(text, MARK, 4000);
    for (RecordRef record : records) {
      Set<String> before =
          connectors.notes(record).stream().map(WorkNote::id).collect(Collectors.toSet());
      Optional<String> id = connectors.addNote(record, sent, Visibility.INTERNAL);
      WorkNote shown =
          connectors.notes(record).stream()
              .filter(note -> !before.contains(note.id()))
              .findFirst()
              .orElseThrow();
      id.ifPresent(told -> assertThat(shown.id()).isEqualTo(told));
      assertThat(NoteFormat.isSame(connectors.shown(record, sent), shown.text()))
          .as("%s shows %s", record.system(), shown.text())
          .isTrue();
      assertThat(NoteMark.findAll(shown.text())).containsExactly(MARK);
      assertThat(shown.text().strip()).endsWith("\n\n[lockstep:" + MARK + "]");
    }
  }

  @Test
  void aHiddenJournalLooksEmptyAndARefusedOneIsRejected() {
    RecordRef ticket = ticket();
    connectors.addNote(ticket, "hello", Visibility.INTERNAL);
    assertThat(connectors.notes(ticket)).hasSize(1);
    try {
      serviceNow.journal(JournalAccess.HIDDEN);
      assertThat(connectors.notes(ticket)).isEmpty();
      connectors.addNote(ticket, "written all the same", Visibility.INTERNAL);
      serviceNow.journal(JournalAccess.REFUSED);
      assertThatThrownBy(() -> connectors.notes(ticket))
          .isInstanceOf(RequestRejectedException.class);
    } finally {
      serviceNow.journal(JournalAccess.READABLE);
    }
    assertThat(connectors.notes(ticket)).hasSize(2);
    assertThat(connectors.listsNotes("servicenow", "incident")).isTrue();
    assertThat(connectors.listsNotes("pagerduty", "incident")).isFalse();
  }
}
