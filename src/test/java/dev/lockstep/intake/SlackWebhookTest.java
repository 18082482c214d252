package dev.lockstep.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookDefinitions;
import dev.lockstep.record.RecordRef;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionOperations;

/** What Slack's events say, as its documentation shows them. */
class SlackWebhookTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

  private final WebhookDefinitions webhooks =
      WebhookDefinitions.load(
          List.of(Path.of("connectors")),
          new MockEnvironment().withProperty("SLACK_SIGNING_SECRET", SECRET));
  private final WebhookDefinition webhook = webhooks.find("slack").orElseThrow();

  private ParsedWebhook heard(String body) {
    return new WebhookNormaliser(new FakeRecordReader())
        .normalise(new VerifiedWebhook(webhook, body.getBytes(UTF_8), "", NOW));
  }

  private ParsedWebhook event(String event) {
    return heard(
        "{\"token\":\"x\",\"team_id\":\"T1\",\"api_app_id\":\"A1\",\"type\":\"event_callback\","
            + "\"event_id\":\"Ev1\",\"event_time\":1700000000,\"event\":"
            + event.replace('\'', '"')
            + "}");
  }

  private static InboundEvent change(ParsedWebhook parsed) {
    assertThat(parsed).isInstanceOf(ParsedWebhook.RecordChanged.class);
    return ((ParsedWebhook.RecordChanged) parsed).event();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",'subtype':'thread_broadcast','thread_ts':'1.1'",
        ",'thread_ts':'1.1'",
        ",'subtype':'file_share'"
      })
  void aMessageOfAPersonNamesANote(String more) {
    InboundEvent event =
        change(
            event(
                "{'type':'message','channel':'C2147483705','user':'U2147483697','text':'Hello"
                    + " <@U1>','ts':'1355517523.000005','event_ts':'1355517523.000005',"
                    + "'channel_type':'channel'"
                    + more
                    + "}"));
    assertThat(event.record()).isEqualTo(new RecordRef("slack", "channel", "C2147483705"));
    assertThat(event.noteIds()).containsExactly("1355517523.000005");
    assertThat(event.deliveryId()).isEqualTo("Ev1");
    assertThat(event.ifKnown()).isTrue();
    assertThat(event.notesIncomplete()).isFalse();
    assertThat(event.notes()).isEmpty();
    assertThat(event.state()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'bot_id':'B1','app_id':'A1'",
        "'bot_id':'B1','subtype':'bot_message'",
        "'subtype':'channel_join'",
        "'subtype':'channel_topic'",
        "'subtype':'channel_purpose'",
        "'subtype':'channel_name'",
        "'subtype':'message_changed','hidden':true",
        "'subtype':'message_deleted','hidden':true"
      })
  void nothingElseThatIsSaidIsANote(String what) {
    assertThat(
            event(
                "{'type':'message','channel':'C2147483705','ts':'1355517523.000005'," + what + "}"))
        .isInstanceOfSatisfying(
            ParsedWebhook.Ignored.class,
            ignored -> assertThat(ignored.outcome()).isEqualTo(WebhookOutcome.IGNORED));
  }

  @Test
  void aReactionNamesTheMessageItIsOn() {
    InboundEvent event =
        change(
            event(
                "{'type':'reaction_added','user':'U1','reaction':'memo','item_user':'U2',"
                    + "'item':{'type':'message','channel':'C0123','ts':'1360782400.498405'},"
                    + "'event_ts':'1360782804.083113'}"));
    assertThat(event.record().id()).isEqualTo("C0123");
    assertThat(event.noteIds()).containsExactly("1360782400.498405");
    assertThat(
            event(
                "{'type':'reaction_added','user':'U1','reaction':'memo','item':{'type':'file',"
                    + "'file':'F1'},'event_ts':'1.1'}"))
        .isInstanceOf(ParsedWebhook.Ignored.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel_archive|'channel':'C0123','user':'U1'",
        "channel_unarchive|'channel':'C0123','user':'U1'",
        "channel_deleted|'channel':'C0123'",
        "channel_rename|'channel':{'id':'C0123','name':'new','created':1360782804}"
      })
  void aChannelThatChangedIsLookedAt(String type, String more) {
    InboundEvent event = change(event("{'type':'" + type + "'," + more + "}"));
    assertThat(event.record()).isEqualTo(new RecordRef("slack", "channel", "C0123"));
    assertThat(event.noteIds()).isEmpty();
    assertThat(event.ifKnown()).isTrue();
  }

  @Test
  void theQuestionWhetherTheAddressIsRightIsAnswered() {
    assertThat(heard("{\"token\":\"x\",\"challenge\":\"3eZbrw1aB\",\"type\":\"url_verification\"}"))
        .isInstanceOfSatisfying(
            ParsedWebhook.Challenge.class,
            challenge -> assertThat(challenge.answer()).isEqualTo("3eZbrw1aB"));
  }

  @Test
  void aNoticeThatIsNoEventIsIgnored() {
    assertThat(
            heard(
                "{\"token\":\"x\",\"type\":\"app_rate_limited\",\"team_id\":\"T1\","
                    + "\"minute_rate_limited\":1518467820,\"api_app_id\":\"A1\"}"))
        .isInstanceOfSatisfying(
            ParsedWebhook.Ignored.class,
            ignored -> assertThat(ignored.outcome()).isEqualTo(WebhookOutcome.IGNORED));
    assertThat(event("{'type':'pin_added'}"))
        .isInstanceOfSatisfying(
            ParsedWebhook.Ignored.class,
            ignored -> assertThat(ignored.outcome()).isEqualTo(WebhookOutcome.UNKNOWN_EVENT));
  }

  /** The example in "Verifying requests from Slack". */
  @Test
  void theSignatureIsThatOfTheDocumentation() {
    byte[] body =
        ("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
                + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
                + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
            .getBytes(UTF_8);
    Map<String, String> headers =
        Map.of(
            "X-Slack-Request-Timestamp",
            "1531420618",
            "X-Slack-Signature",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
    Instant sent = Instant.ofEpochSecond(1_531_420_618);
    assertThat(verifies(body, headers, sent)).isTrue();
    assertThat(verifies(body, headers, sent.plusSeconds(299))).isTrue();
    assertThat(verifies(body, headers, sent.plusSeconds(301))).as("a replay").isFalse();
    assertThat(verifies("{}".getBytes(UTF_8), headers, sent)).isFalse();
    assertThat(verifies(body, Map.of("X-Slack-Signature", headers.get("X-Slack-Signature")), sent))
        .isFalse();
  }

  private boolean verifies(byte[] body, Map<String, String> headers, Instant now) {
    java.util.function.Function<String, @Nullable String> values = headers::get;
    return webhook.signature().verifies(body, values, now);
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** As "Implementing slash commands" shows it, with these fields instead. */
  private static String slash(Map<String, String> other) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("token", "gIkuvaNzQIHg97ATvDxqgjtO");
    fields.put("team_id", "T0001");
    fields.put("team_domain", "example");
    fields.put("channel_id", "C2147483705");
    fields.put("channel_name", "test");
    fields.put("user_id", "U2147483697");
    fields.put("user_name", "Steve");
    fields.put("command", "/incident");
    fields.put("text", "status");
    fields.put("response_url", "https://hooks.slack.com/commands/1234/5678");
    fields.put("trigger_id", "13345224609.738474920.8088930838d88f008e0");
    fields.putAll(other);
    return form(fields);
  }

  private static ReceivedCommand command(ParsedWebhook parsed) {
    assertThat(parsed).isInstanceOf(ParsedWebhook.CommandReceived.class);
    return ((ParsedWebhook.CommandReceived) parsed).command();
  }

  @Test
  void aSlashCommandSaysWhoAsksForWhatAndWhere() {
    assertThat(command(heard(slash(Map.of()))))
        .isEqualTo(
            new ReceivedCommand(
                "slack",
                "13345224609.738474920.8088930838d88f008e0",
                "U2147483697",
                new RecordRef("slack", "channel", "C2147483705"),
                "status",
                false,
                "https://hooks.slack.com/commands/1234/5678",
                NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "note a &amp; b &lt;!channel&gt;, note a & b <!channel>",
    "assign <@U012ABCDEF|ann>, assign @U012ABCDEF",
    "assign <@W012ABCDEF>, assign @W012ABCDEF",
    "assign <mailto:ann@example.com|ann@example.com>, assign ann@example.com",
    "note see <https://example.com/a?b=1&amp;c=2>, note see https://example.com/a?b=1&c=2",
    "note in <#C012ABCDE|general>, note in #general",
    "note 100%, note 100%"
  })
  void itsTextIsPlainAndPersonsAreTheirIds(String typed, String plain) {
    assertThat(command(heard(slash(Map.of("text", typed)))).text()).isEqualTo(plain);
  }

  /** Nothing is sent to an address that is not Slack's, also if the request is signed correctly. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.evil.example/commands/1",
        "https://hooks.slack.com@evil.example/commands/1",
        "https://evil.example/https://hooks.slack.com/",
        "https://hooks.slack.com:8443/commands/1",
        "file:///etc/passwd",
        "not an address"
      })
  void anAnswerGoesToSlackOnly(String address) {
    assertThat(heard(slash(Map.of("response_url", address))))
        .isInstanceOf(ParsedWebhook.Unparseable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "command=/incident",
        "command=/incident&command=/other",
        "command=%zz",
        "payload=%7B",
        "payload=none"
      })
  void anIncompleteFormIsPutAside(String body) {
    assertThat(heard(body)).isInstanceOf(ParsedWebhook.Unparseable.class);
  }

  @Test
  void otherFormsAreIgnored() {
    assertThat(heard("ssl_check=1&token=x")).isInstanceOf(ParsedWebhook.Ignored.class);
    assertThat(heard(form(Map.of("payload", "{\"type\":\"view_submission\"}"))))
        .isInstanceOf(ParsedWebhook.Ignored.class);
  }

  private static String pressed(String userTeam) {
    return form(
        Map.of(
            "payload",
            """
            {"type": "block_actions", "user": {"id": "U1234", "team_id": "%s"},
             "team": {"id": "T0001", "domain": "example"}, "channel": {"id": "D024BE91L"},
             "trigger_id": "1.2.3", "response_url": "https://hooks.slack.com/actions/1/2/3",
             "actions": [{"action_id": "lockstep-1", "type": "button",
               "value": "servicenow/incident/1 note a &amp; b"}]}
            """
                .formatted(userTeam)));
  }

  @Test
  void aButtonSaysWhatItsMakerWrote() {
    ReceivedCommand pressed = command(heard(pressed("T0001")));
    assertThat(pressed.text()).isEqualTo("servicenow/incident/1 note a &amp; b");
    assertThat(pressed.button()).isTrue();
    assertThat(pressed.sender()).isEqualTo("U1234");
    assertThat(command(heard(pressed("T0OTHER"))).sender()).isEmpty();
    assertThat(pressed.toString()).doesNotContain("hooks.slack.com");
  }

  /** Two companies that are not named are not the same. */
  @Test
  void whoseCompanyIsNotNamedIsNobody() {
    String unnamed =
        """
        {"type": "block_actions", "user": {"id": "U1234"}, "team": null,
         "trigger_id": "1.2.3", "response_url": "https://hooks.slack.com/actions/1/2/3",
         "actions": [{"value": "servicenow/incident/1 resolve"}]}
        """;
    assertThat(command(heard(form(Map.of("payload", unnamed)))).sender()).isEmpty();
  }

  /** An operator may try a dead letter again days later. */
  @Test
  void aCommandThatIsReadAgainIsAsOldAsItWas() {
    List<ReceivedCommand> received = new ArrayList<>();
    DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    beans.registerSingleton("chatCommands", (CommandListener) received::add);
    WebhookReplay replay =
        new WebhookReplay(
            webhooks,
            new WebhookNormaliser(new FakeRecordReader()),
            new FakeInbox(),
            new ActionItemPublisher(
                beans.getBeanProvider(ActionItemListener.class),
                beans.getBeanProvider(TransactionOperations.class)),
            beans.getBeanProvider(CommandListener.class),
            Clock.fixed(NOW.plus(Duration.ofDays(2)), ZoneOffset.UTC));

    replay.replay(
        new UnparseableWebhook("slack", "1.2.3", slash(Map.of("text", "resolve")), "bug", NOW));

    assertThat(received).extracting(ReceivedCommand::receivedAt).containsExactly(NOW);
  }
}
