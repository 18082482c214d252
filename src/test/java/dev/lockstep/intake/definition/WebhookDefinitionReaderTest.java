package dev.lockstep.intake.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.intake.ReportedActionItem;
import dev.lockstep.intake.Signed;
import dev.lockstep.ops.ConnectorFolders.SystemFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class WebhookDefinitionReaderTest {
  private static final Path CONNECTORS = Path.of("connectors");
  private static final String RIGHT =
      """
      signature:
        header: X-Toy-Signature
        algorithm: hmac-sha256
        secrets: ${TOY_SECRET}
      event-type: what
      rename:
        nr: number
      events:
        - types: [changed]
          kind: ticket
          record: ticket
          notes: {list: notes, id: id, text: text, created-at: at, visibility: INTERNAL}
        - types: [ping]
          ignore: true
      """;

  @TempDir Path folder;

  private final MockEnvironment settings = new MockEnvironment();

  private WebhookDefinition read(String yaml) throws IOException {
    Path file = folder.resolve("webhook.yaml");
    Files.writeString(file, yaml);
    return new WebhookDefinitionReader(CONNECTORS.resolve("webhook.schema.json"), settings)
        .read(new SystemFolder("toy", Path.of("connectors/toy")), file);
  }

  @Test
  void readsAFileOfASystemNobodyHereKnows() throws IOException {
    settings.setProperty("TOY_SECRET", "a,b");
    WebhookDefinition webhook = read(RIGHT);
    assertThat(webhook.system()).isEqualTo("toy");
    assertThat(webhook.signature().hasSecret()).isTrue();
    assertThat(webhook.events().get("changed"))
        .isInstanceOf(WebhookDefinition.EventRule.FullRecord.class);
    assertThat(webhook.events().get("ping"))
        .isInstanceOf(WebhookDefinition.EventRule.IgnoredEvent.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"occurred-at: at", "delivery-id: id"})
  void aTestWebhookMustSayWhichOneItIsAndWhen(String only) {
    String yaml =
        RIGHT.replace("ignore: true", "test: true").replace("rename:", only + "\nrename:");
    assertThatThrownBy(() -> read(yaml))
        .hasMessageContaining("test requires delivery-id and occurred-at");
  }

  @Test
  void whatIsSyncedDependsOnNoTestWebhook() throws IOException {
    WebhookDefinition webhook =
        read(
            RIGHT
                .replace("ignore: true", "test: true")
                .replace("rename:", "occurred-at: at\ndelivery-id: id\nrename:"));
    assertThat(webhook.uses("ping")).isFalse();
    assertThat(webhook.uses("changed")).isTrue();
    assertThat(webhook.uses("unknown")).isFalse();
  }

  /** The literal "${TOY_SECRET}" must never become the secret: everyone can read it here. */
  @Test
  void aSettingLeftOutIsNoSecret() throws IOException {
    HmacSignature signature = read(RIGHT).signature();
    byte[] body = {1};
    assertThat(signature.hasSecret()).isFalse();
    String guessed = Signed.with("${TOY_SECRET}", body).substring(3);
    assertThat(signature.verifies(body, name -> guessed, Instant.EPOCH)).isFalse();
  }

  @Test
  void theShippedFilesAreRight() {
    WebhookDefinitions webhooks = WebhookDefinitions.load(List.of(CONNECTORS), settings);
    assertThat(webhooks.systems()).contains("pagerduty", "servicenow");
  }

  private static final String TASKS =
      RIGHT.replace("event-type: what", "event-type: what\noccurred-at: at")
          + """
            - types: [task]
              kind: ticket
              action-item:
                id: task.id
                incident: ticket.id
                title: task.title
                owner: {email: "task.people[1].email"}
                due: task.due
                done: {from: task.state, is: [closed, dropped]}
          """;

  private ReportedActionItem told(String yaml, String due) throws IOException {
    WebhookDefinition.EventRule tells = Objects.requireNonNull(read(yaml).events().get("task"));
    return ((WebhookDefinition.EventRule.ActionItem) tells)
        .paths()
        .extract(
            "toy",
            "ticket",
            "d1",
            Instant.EPOCH,
            new ObjectMapper()
                .readTree(
                    """
                    {"task":{"id":7,"title":"t","state":"dropped","due":%s,
                    "people":[{"email":"a@x"},{"email":"b@x"}]},"ticket":{"id":"T1"}}\
                    """
                        .formatted(due)));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"2026-12-01\"',2026-12-01",
    "'\"2026-12-01T23:30:00-05:00\"',2026-12-01",
    "null,",
    "'\"\"',"
  })
  void readsAnActionItemOfASystemNobodyHereKnows(String due, LocalDate day) throws IOException {
    ReportedActionItem item = told(TASKS, due);
    assertThat(item.incident()).hasToString("toy/ticket/T1");
    assertThat(item.id()).isEqualTo("7");
    assertThat(item.owner()).isEqualTo(new ReportedActionItem.Owner("", "", "b@x", ""));
    assertThat(item.due()).isEqualTo(day);
    assertThat(item.done()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"tomorrow\"", "\"2026-02-30\"", "\"01/12/2026\"", "1790000000"})
  void aDueDateThatIsNoneIsNotUnderstood(String due) {
    assertThatThrownBy(() -> told(TASKS, due))
        .isInstanceOf(WebhookParseException.class)
        .hasMessage("the action item's task.due is not a date");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "occurred-at: at|delivery-id: at|requires occurred-at",
        "      title: task.title|      titel: x|webhook.yaml:",
        "{email: \"task.people[1].email\"}|{id: \"task.people[1].email\"}|reference",
        "task.people[1].email|task.people.1.email|:22: 'task.people.1.email' is not valid in"
            + " 'email'; write keys joined by dots, positions in lists as [0] (in quotes within"
            + " braces), for example event.assignees[0].id",
        "{email: \"task.people[1].email\"}|{}|webhook.yaml:",
        "kind: ticket~    action-item:|kind: ticket~    record: x~    action-item:|webhook.yaml:",
        "is: [closed, dropped]|is: []|webhook.yaml:"
      })
  void saysInOneLineWhereAnActionItemIsWrong(String right, String wrong, String place) {
    String yaml = TASKS.replace(right.replace("~", "\n"), wrong.replace("~", "\n"));
    assertThat(yaml).isNotEqualTo(TASKS);
    assertRefused(yaml, place);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "  header: X-Toy-Signature|  heder: X|:2: ",
        "hmac-sha256|md5|:3: ",
        "${TOY_SECRET}|in-clear-text|:4: ",
        "event-type: what|event-type: a..b|:5: ",
        "  nr: number|  'nr[]': number|nr[]",
        "kind: ticket|nothing: here|:9: ",
        "INTERNAL|SECRET|:12: ",
        "[ping]|[changed]|listed twice",
        "ignore: true|ignore: false|:14: ",
        "record: ticket|record-id: ticket|",
        "event-type: what|event-type: [|webhook.yaml:",
        "INTERNAL}|{from: kind, table: {a: B}}}|:12: ",
      })
  void saysInOneLineWhereAFileIsWrong(String right, String wrong, String place) throws IOException {
    String yaml = RIGHT.replace(right, wrong);
    if (place == null) {
      assertThat(read(yaml).events()).hasSize(2);
      return;
    }
    assertRefused(yaml, place);
  }

  private void assertRefused(String yaml, String place) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOfSatisfying(
            WebhookDefinitionException.class,
            e ->
                assertThat(e.problems())
                    .anySatisfy(line -> assertThat(line).contains(place))
                    .allSatisfy(
                        line ->
                            assertThat(line)
                                .startsWith(folder.resolve("webhook.yaml").toString())
                                .doesNotContain("\n")));
  }
}
