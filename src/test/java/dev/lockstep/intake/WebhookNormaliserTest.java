package dev.lockstep.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

/** With the files that ship: what is told here is what an operator's webhooks tell. */
class WebhookNormaliserTest {
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

  private final WebhookDefinitions webhooks =
      WebhookDefinitions.load(List.of(Path.of("connectors")), new MockEnvironment());
  private final WebhookNormaliser normaliser = new WebhookNormaliser(new FakeRecordReader());

  private ParsedWebhook heard(String system, String body) {
    WebhookDefinition webhook = webhooks.find(system).orElseThrow();
    return normaliser.normalise(new VerifiedWebhook(webhook, body.getBytes(UTF_8), "", NOW));
  }

  private InboundEvent change(String system, String body) {
    assertThat(heard(system, body)).isInstanceOf(ParsedWebhook.RecordChanged.class);
    return ((ParsedWebhook.RecordChanged) heard(system, body)).event();
  }

  private UnparseableWebhook puzzle(String system, String body) {
    assertThat(heard(system, body)).isInstanceOf(ParsedWebhook.Unparseable.class);
    return ((ParsedWebhook.Unparseable) heard(system, body)).delivery();
  }

  private static String pagerduty(String type, String data) {
    return """
    {"event":{"id":"01EVENT","event_type":"%s","resource_type":"incident",
    "occurred_at":"2026-11-24T02:59:58.123Z",
    "agent":{"id":"PUSER","type":"user_reference","summary":"Ada Example"},"client":null,
    "data":%s}}\
    """
        .formatted(type, data);
  }

  private static String servicenow(String event, String record, String notes) {
    return """
    {"delivery":"d-1","event":"%s","table":"incident","sent_at":"2026-11-24T03:00:00Z",
    "record":%s,"notes":%s}\
    """
        .formatted(event, record, notes);
  }

  private static NativeRecord stateOf(InboundEvent event) {
    return Objects.requireNonNull(event.state());
  }

  /** It may be about any two issues of the site: only of one that is known it says anything. */
  @ParameterizedTest
  @ValueSource(strings = {"issuelink_created", "issuelink_deleted"})
  void aLinkMakesTheIssueBeLookedAtThatIsItsSource(String type) {
    InboundEvent event =
        change(
            "jira",
            """
            {"timestamp":1795489200000,"webhookEvent":"%s","issueLink":{"id":10204,
             "sourceIssueId":10042,"destinationIssueId":10034,"systemLink":false,"sequence":0,
             "issueLinkType":{"id":10002,"name":"Duplicate","outwardName":"duplicates",
              "inwardName":"is duplicated by","isSubTaskLinkType":false,"isSystemLinkType":false}}}\
            """
                .formatted(type));
    assertThat(event.record()).isEqualTo(new RecordRef("jira", "incident", "10042"));
    assertThat(event.state()).isNull();
    assertThat(event.ifKnown()).isTrue();
    assertThat(event.notesIncomplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "triggered",
        "acknowledged",
        "unacknowledged",
        "escalated",
        "reassigned",
        "delegated",
        "priority_updated",
        "resolved",
        "reopened",
        "service_updated",
        "incident_type.changed"
      })
  void pagerDutyTellsTheWholeIncidentInTheShapeOfItsApi(String type) throws Exception {
    InboundEvent event =
        change(
            "pagerduty",
            pagerduty(
                "incident." + type,
                """
                {"id":"PINC","type":"incident","number":42,"status":"acknowledged","priority":null,
                "assignees":[{"id":"PUSER"}]}\
                """));

    assertThat(event.source()).isEqualTo("webhook");
    assertThat(event.deliveryId()).isEqualTo("01EVENT");
    assertThat(event.record()).isEqualTo(new RecordRef("pagerduty", "incident", "PINC"));
    assertThat(event.receivedAt()).isEqualTo(NOW);
    assertThat(event.notes()).isEmpty();
    assertThat(event.notesIncomplete()).isFalse();
    assertThat(stateOf(event).version())
        .isEqualTo(Version.exactly(Instant.parse("2026-11-24T02:59:58.123Z")));
    assertThat(stateOf(event).json())
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"id":"PINC","type":"incident","incident_number":42,"status":"acknowledged",
                    "priority":null,"assignments":[{"assignee":{"id":"PUSER"}}]}\
                    """));
  }

  @Test
  void keepsWhoMadeTheChange() {
    String body =
        pagerduty(
            "incident.priority_updated",
            "{\"id\":\"PINC\",\"type\":\"incident\",\"number\":42,\"status\":\"triggered\"}");
    NativeRecord told = Objects.requireNonNull(change("pagerduty", body).state());
    assertThat(told.changedBy()).isEqualTo("Ada Example");
    String byTimeout = body.replaceFirst("\"agent\":\\{[^}]*}", "\"agent\":null");
    assertThat(Objects.requireNonNull(change("pagerduty", byTimeout).state()).changedBy()).isNull();
  }

  @Test
  void pagerDutyTellsANote() {
    InboundEvent event =
        change(
            "pagerduty",
            pagerduty(
                "incident.annotated",
                """
                {"incident":{"id":"PINC"},"id":"PNOTE","content":"Häng ☎","trimmed":false}\
                """));

    assertThat(event.record().id()).isEqualTo("PINC");
    assertThat(event.state()).isNull();
    assertThat(event.notesIncomplete()).isFalse();
    assertThat(event.notes())
        .containsExactly(
            new WorkNote(
                "PNOTE",
                "Ada Example",
                Instant.parse("2026-11-24T02:59:58.123Z"),
                "Häng ☎",
                Visibility.INTERNAL));
  }

  /** Half a note carried over would look like a whole one. */
  @Test
  void aNoteCutShortIsLeftToBeFetched() {
    InboundEvent event =
        change(
            "pagerduty",
            pagerduty(
                "incident.annotated",
                """
                {"incident":{"id":"PINC"},"id":"PNOTE","content":"Beginn","trimmed":true}\
                """));

    assertThat(event.notes()).isEmpty();
    assertThat(event.notesIncomplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStatusUpdateIsPublicAndKeptEvenIfCutShort(boolean trimmed) {
    InboundEvent event =
        change(
            "pagerduty",
            pagerduty(
                "incident.status_update_published",
                "{\"incident\":{\"id\":\"PINC\"},\"id\":\"PUPDATE\",\"message\":\"Soon\",\"trimmed\":"
                    + trimmed
                    + "}"));

    assertThat(event.record().id()).isEqualTo("PINC");
    assertThat(event.notesIncomplete()).isFalse();
    assertThat(event.notes())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.text()).isEqualTo("Soon");
              assertThat(note.visibility()).isEqualTo(Visibility.PUBLIC);
            });
  }

  @Test
  void aNoteWithoutAnAgentHasNoAuthor() {
    String body =
        pagerduty(
                "incident.annotated",
                "{\"incident\":{\"id\":\"PINC\"},\"id\":\"PNOTE\",\"content\":\"x\"}")
            .replaceFirst("\"agent\":\\{[^}]*}", "\"agent\":null");
    assertThat(change("pagerduty", body).notes()).extracting(WorkNote::author).containsExactly("");
  }

  @ParameterizedTest
  @CsvSource({
    "incident.responder.added,ignored",
    "incident.responder.replied,ignored",
    "incident.workflow.started,ignored",
    "incident.conference_bridge.updated,ignored",
    "service.updated,ignored",
    "incident.unsupported,unknown-event",
    "tomorrow.invented,unknown-event"
  })
  void whatChangesNothingIsIgnored(String type, String outcome) {
    assertThat(heard("pagerduty", pagerduty(type, "{\"message\":\"x\"}")))
        .isInstanceOfSatisfying(
            ParsedWebhook.Ignored.class,
            nothing -> assertThat(nothing.outcome().label()).isEqualTo(outcome));
  }

  @Test
  void aTestWebhookSaysWhichOneItIsAndWhenItWasSent() {
    assertThat(heard("pagerduty", pagerduty("pagey.ping", "{\"message\":\"x\"}")))
        .isEqualTo(
            new ParsedWebhook.TestReceived(
                "pagerduty", "01EVENT", Instant.parse("2026-11-24T02:59:58.123Z"), "", NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"incident.inserted", "incident.updated"})
  void serviceNowTellsRecordAndNotes(String type) {
    InboundEvent event =
        change(
            "servicenow",
            servicenow(
                type,
                """
                {"sys_id":"9d38","number":"INC0010001","state":"2","sys_mod_count":"3",
                "assigned_to.email":"ada@example.com"}\
                """,
                """
                [{"sys_id":"n2","element":"comments","value":"to the caller",
                  "sys_created_on":"2026-11-24 02:59:59","sys_created_by":"ada"},
                 {"sys_id":"n3","element":"approval_history","value":"no note",
                  "sys_created_on":"2026-11-24 02:59:59","sys_created_by":"ada"},
                 {"sys_id":"n1","element":"work_notes","value":"among us",
                  "sys_created_on":"2026-11-24 02:00:00","sys_created_by":"ada"}]\
                """));

    assertThat(event.record()).isEqualTo(new RecordRef("servicenow", "incident", "9d38"));
    assertThat(event.deliveryId()).isEqualTo("d-1");
    assertThat(stateOf(event).version()).isEqualTo(Version.count(3));
    assertThat(stateOf(event).json().path("assigned_to.email").asText())
        .isEqualTo("ada@example.com");
    assertThat(event.notesIncomplete()).isFalse();
    assertThat(event.notes())
        .containsExactly(
            new WorkNote(
                "n1",
                "ada",
                Instant.parse("2026-11-24T02:00:00Z"),
                "among us",
                Visibility.INTERNAL),
            new WorkNote(
                "n2",
                "ada",
                Instant.parse("2026-11-24T02:59:59Z"),
                "to the caller",
                Visibility.PUBLIC));
  }

  /** Its state is another record's; what became of it is found out by asking. */
  @Test
  void aMergedTicketIsLookedAt() {
    InboundEvent event =
        change(
            "servicenow",
            servicenow(
                "incident.updated",
                "{\"sys_id\":\"abc\",\"sys_mod_count\":\"3\",\"merged_into\":\"def\"}",
                "[]"));
    assertThat(event.record()).isEqualTo(new RecordRef("servicenow", "incident", "abc"));
    assertThat(event.state()).isNull();
  }

  @Test
  void aDeletedTicketIsLookedAt() {
    InboundEvent event =
        change("servicenow", servicenow("incident.deleted", "{\"sys_id\":\"9d38\"}", "[]"));
    assertThat(event.record().id()).isEqualTo("9d38");
    assertThat(event.state()).isNull();
  }

  @Test
  void aTicketTooLargeToBeSentIsFetchedWithItsNotes() {
    InboundEvent event =
        change("servicenow", servicenow("incident.look", "{\"sys_id\":\"9d38\"}", "\"fetch\""));
    assertThat(event.record().id()).isEqualTo("9d38");
    assertThat(event.state()).isNull();
    assertThat(event.notesIncomplete()).isTrue();
  }

  /** One bad note must not keep the ticket's state from moving. */
  @Test
  void aNoteInAListThatCantBeReadIsLeftToBeFetched() {
    InboundEvent event =
        change(
            "servicenow",
            servicenow(
                "incident.updated",
                "{\"sys_id\":\"9d38\",\"sys_mod_count\":\"3\"}",
                """
                [{"sys_id":"n1","element":"work_notes","value":"x","sys_created_on":"yesterday"},
                 {"sys_id":"n2","element":"work_notes","value":"good",
                  "sys_created_on":"2026-11-24 02:59:59"}]\
                """));
    assertThat(event.state()).isNotNull();
    assertThat(event.notesIncomplete()).isTrue();
    assertThat(event.notes()).extracting(WorkNote::id).containsExactly("n2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json|not JSON",
        "{}|event.event_type is missing",
        "{\"event\":\"x\"}|event.event_type is missing",
        "{\"event\":{\"event_type\":7.5e3}}|",
        "{\"event\":{\"event_type\":{}}}|event.event_type is missing",
        "{\"event\":{\"event_type\":\"incident.resolved\"}}|event.data is missing",
        "{\"event\":{\"event_type\":\"incident.resolved\",\"data\":{\"id\":\"P\"}}}"
            + "|event.occurred_at is missing",
        "{\"event\":{\"event_type\":\"incident.resolved\",\"occurred_at\":\"now\",\"data\":{}}}"
            + "|event.occurred_at is not a time",
        "{\"event\":{\"event_type\":\"incident.resolved\",\"data\":[]}}|event.data is missing",
        "{\"event\":{\"event_type\":\"incident.resolved\","
            + "\"occurred_at\":\"2026-11-24T03:00:00Z\",\"data\":{\"id\":null}}}"
            + "|the id is missing",
        "{\"event\":{\"event_type\":\"incident.annotated\",\"data\":{\"id\":\"N\"}}}"
            + "|event.data.incident.id is missing",
        "{\"event\":{\"event_type\":\"incident.annotated\","
            + "\"data\":{\"incident\":{\"id\":\"P\"}}}}|event.data.id is missing",
      })
  void whatCantBeUnderstoodIsKeptForAPerson(String body, String problem) {
    if (problem == null) {
      assertThat(heard("pagerduty", body)).isInstanceOf(ParsedWebhook.Ignored.class);
      return;
    }
    UnparseableWebhook puzzle = puzzle("pagerduty", body);
    assertThat(puzzle.problem()).contains(problem).doesNotContain("\n");
    assertThat(puzzle.body()).isEqualTo(body);
    assertThat(puzzle.system()).isEqualTo("pagerduty");
    assertThat(puzzle.deliveryId()).matches("sha256:[0-9a-f]{64}");
    assertThat(puzzle.receivedAt()).isEqualTo(NOW);
  }

  @Test
  void aPuzzleKeepsTheSendersIdWhereItHasOne() {
    UnparseableWebhook puzzle =
        puzzle("pagerduty", "{\"event\":{\"id\":\"01\\n2026 ERROR faked\"}}");
    assertThat(puzzle.deliveryId()).isEqualTo("01?2026 ERROR faked");
  }

  @Test
  void aFaultOfOursLosesNothing() {
    WebhookNormaliser broken =
        new WebhookNormaliser(
            new RecordReader() {
              @Override
              public NativeRecord read(
                  String system, String kind, JsonNode json, @Nullable Instant at) {
                throw new IllegalStateException("a bug");
              }

              @Override
              public String noteText(String system, String kind, String text) {
                throw new IllegalStateException("a bug");
              }
            });
    String body = pagerduty("incident.resolved", "{\"id\":\"P\"}");
    WebhookDefinition webhook = webhooks.find("pagerduty").orElseThrow();
    assertThat(broken.normalise(new VerifiedWebhook(webhook, body.getBytes(UTF_8), "", NOW)))
        .isInstanceOf(ParsedWebhook.Unparseable.class);
  }

  /** A webhook shows the journal as it is stored; a note fetched later must be the same. */
  @Test
  void notesArePlainTextInWhateverFormatTheJournalIs() throws IOException {
    WebhookNormaliser reading =
        new WebhookNormaliser(
            new FakeRecordReader() {
              @Override
              public String noteText(String system, String kind, String text) {
                return system + "/" + kind + " " + text;
              }
            });
    WebhookDefinition webhook = webhooks.find("pagerduty").orElseThrow();
    String body =
        """
        {"event":{"id":"E","event_type":"incident.annotated","occurred_at":"2026-11-24T03:00:00Z",
         "agent":{"summary":"Ann\\nLee"},
         "data":{"id":"N1","incident":{"id":"P1"},"content":"said","trimmed":false}}}\
        """;
    ParsedWebhook heard =
        reading.normalise(new VerifiedWebhook(webhook, body.getBytes(UTF_8), "", NOW));
    assertThat(((ParsedWebhook.RecordChanged) heard).event().notes())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.text()).isEqualTo("pagerduty/incident said");
              assertThat(note.author()).isEqualTo("Ann Lee");
            });
  }

  @Test
  void everyVendorSampleIsUnderstood() throws IOException {
    for (Path sample : VendorSamples.payloads()) {
      String body = Files.readString(sample);
      ParsedWebhook heard = heard("pagerduty", body);
      String type = typeOf(body);
      assertThat(heard).as(sample.toString()).isNotInstanceOf(ParsedWebhook.Unparseable.class);
      boolean says = !type.contains("responder") && !type.endsWith("unsupported");
      assertThat(heard instanceof ParsedWebhook.RecordChanged)
          .as(sample.toString())
          .isEqualTo(says);
    }
  }

  private static String typeOf(String body) throws JsonProcessingException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(body);
    return json.at("/event/event_type").asText();
  }

  @Test
  void aDeliveryPutAsideCanBeTakenInAgain() {
    FakeInbox inbox = new FakeInbox();
    Clock clock = Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC);
    FakeActionItems actionItems = new FakeActionItems();
    ObjectProvider<CommandListener> noCommands =
        new StaticListableBeanFactory().getBeanProvider(CommandListener.class);
    WebhookReplay replay =
        new WebhookReplay(webhooks, normaliser, inbox, actionItems.door(), noCommands, clock);
    String body = pagerduty("incident.resolved", "{\"id\":\"PINC\"}");

    replay.replay(new UnparseableWebhook("pagerduty", "01EVENT", body, "was a bug", NOW));

    assertThat(inbox.events)
        .singleElement()
        .satisfies(event -> assertThat(event.receivedAt()).isEqualTo(NOW.plusSeconds(60)));
    assertThatThrownBy(
            () -> replay.replay(new UnparseableWebhook("pagerduty", "x", "{}", "still", NOW)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("event.event_type is missing");
    assertThatThrownBy(() -> replay.replay(new UnparseableWebhook("gone", "x", "{}", "", NOW)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gone");
    assertThat(inbox.aside).isEmpty();

    String task = pagerduty("incident.task.updated", TASK);
    replay.replay(new UnparseableWebhook("pagerduty", "01TASK", task, "was not known", NOW));
    assertThat(actionItems.items)
        .extracting(ReportedActionItem::occurredAt)
        .as("as old as it is, so that it overwrites nothing newer")
        .containsExactly(Instant.parse("2026-11-24T02:59:58.123Z"));
  }

  private static final String TASK =
      """
      {"name":"A thing that needs to be done","description":"Why ☎","id":"PTASK",
      "summary":"A thing that needs to be done","type":"incident_task","status":"todo",
      "assignees":[{"id":"PANA","summary":"Ana Alvarez","type":"user_reference"},{"id":"PBEN"}],
      "incident":{"id":"PINC","summary":null,"type":"incident_reference"}}\
      """;

  private ReportedActionItem actionItem(String body) {
    assertThat(heard("pagerduty", body)).isInstanceOf(ParsedWebhook.ActionItemReported.class);
    return ((ParsedWebhook.ActionItemReported) heard("pagerduty", body)).item();
  }

  @Test
  void pagerDutyTellsATaskWithoutAnythingBeingRead() {
    assertThat(actionItem(pagerduty("incident.task.created", TASK)))
        .isEqualTo(
            new ReportedActionItem(
                "pagerduty",
                "PTASK",
                new RecordRef("pagerduty", "incident", "PINC"),
                "A thing that needs to be done",
                "Why ☎",
                new ReportedActionItem.Owner("user", "PANA", "", "Ana Alvarez"),
                null,
                false,
                Instant.parse("2026-11-24T02:59:58.123Z"),
                "01EVENT"));
  }

  @ParameterizedTest
  @CsvSource({
    "created,todo,false", "updated,todo,false", "updated,in_progress,false",
    "updated,completed,true", "completed,completed,true", "completed,anything,true"
  })
  void aTaskIsDoneWhenItsEventOrItsStatusSaysSo(String event, String status, boolean done) {
    String body = pagerduty("incident.task." + event, TASK.replace("todo", status));
    assertThat(actionItem(body).done()).isEqualTo(done);
  }

  @Test
  void aTaskMayHaveNoDescriptionAndNobodyToDoIt() {
    ReportedActionItem item =
        actionItem(
            pagerduty(
                "incident.task.created",
                """
                {"name":"n","description":null,"id":"P","assignees":[],"incident":{"id":"I"}}\
                """));
    assertThat(item.description()).isEmpty();
    assertThat(item.owner()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "name,event.data.name is missing",
    "id,event.data.id is missing",
    "incident,event.data.incident.id is missing"
  })
  void aTaskThatLacksWhatEveryOneHasIsKeptForAPerson(String field, String problem) {
    String body =
        pagerduty("incident.task.created", TASK.replaceFirst("\"" + field + "\"", "\"other\""));
    UnparseableWebhook puzzle = puzzle("pagerduty", body);
    assertThat(puzzle.problem()).isEqualTo("the action item's " + problem);
    assertThat(puzzle.deliveryId()).isEqualTo("01EVENT");
    assertThat(puzzle("pagerduty", body.replace("2026-11-24T02:59:58.123Z", "soon")).problem())
        .contains("event.occurred_at is not a time");
  }
}
