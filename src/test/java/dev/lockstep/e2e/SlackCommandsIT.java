package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Faults.Kind;
import dev.lockstep.sandbox.slack.SlackCommand;
import dev.lockstep.sandbox.slack.SlackPerson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people ask for in an incident's channel, and what becomes of it. */
class SlackCommandsIT {
  private static final String PASSWORD = "a long enough password";

  private static SlackRig rig;

  /** Reads only. */
  private static SlackPerson vic;

  /** Is no user of Lockstep. */
  private static SlackPerson eve;

  @BeforeAll
  static void start() {
    rig =
        SlackRig.started(
            "slack-commands", Map.of("LOCKSTEP_COMMUNICATIONS", communications().toString()));
    vic = rig.slack.person("vic", "Vic Example", "vic@example.com");
    eve = rig.slack.person("eve", "Eve Example", "eve@example.com");
    user("ann", "Ann@Example.com", "operator");
    user("ben@example.com", "", "operator");
    user("vic", "vic@example.com", "viewer");
  }

  private static void user(String name, String email, String role) {
    rig.lockstep.post(
        "/users", Map.of("name", name, "email", email, "role", role, "password", PASSWORD));
  }

  private static Path communications() {
    try {
      Path file =
          Files.createDirectories(Path.of("target", "e2e-communications")).resolve("slack.yaml");
      Files.writeString(
          Files.createDirectories(file.resolveSibling("templates")).resolve("executives.txt"),
          Files.readString(Path.of("config", "templates", "executives.txt")));
      Files.writeString(
          file,
          """
          audiences:
            executives:
              title: Executives
              every: {P1: 15m}
              after-resolution: 15m
              template: executives.txt
              to:
                - {system: slack, visibility: internal}
          incident-manager:
            levels: [P1]
            within: 1h
            assign: propose
            precedence: [level, longest-open]
            escalate:
              - {after: 0m, to: [{system: slack, visibility: internal}]}
          """);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  /** Nobody is notified by what is answered or noted, and nothing is left for an operator. */
  @AfterEach
  void quiet() {
    rig.awaitQuiet();
    assertThat(rig.slack.notified()).isEmpty();
    assertThat(rig.deadLetters()).isZero();
  }

  private static String ask(SlackPerson by, String channel, String text) {
    return answer(rig.slack.commands().slash(by, channel, text));
  }

  private static String answer(SlackCommand command) {
    assertThat(command.acknowledged().isInTime()).as(command.acknowledged().toString()).isTrue();
    assertThat(command.acknowledged().body()).isEmpty();
    rig.eventually(() -> assertThat(command.text()).isPresent());
    assertThat(command.answers())
        .allSatisfy(one -> assertThat(one.path("response_type").asText()).isEqualTo("ephemeral"));
    return command.text().orElseThrow();
  }

  private static List<String> with(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).toList();
  }

  /** Opens a ticket and waits for its channel and until an update of it is due. */
  private static String ticket(String title) {
    String ticket = rig.ticket(title, Map.of());
    rig.opened(ticket);
    rig.eventually(
        () ->
            assertThat(rig.lockstep.api("GET", "/communications").findValuesAsText("key"))
                .contains(rig.number(ticket)));
    return ticket;
  }

  /** What the audit has about an incident, as {@code what by actor}. */
  private static List<String> audit(String ticket) {
    JsonNode events = rig.lockstep.api("GET", "/incidents/" + rig.number(ticket) + "/timeline");
    return StreamSupport.stream(events.path("events").spliterator(), false)
        .map(event -> event.path("what").asText() + " by " + event.path("by").asText())
        .toList();
  }

  @Test
  void showsTheStatusInItsChannelAndAnywhereByName() {
    String ticket = ticket("Status & more");
    String channel = rig.channelOf(ticket).id();
    String number = rig.number(ticket);

    assertThat(ask(rig.ann, channel, ""))
        .startsWith("P1 " + number + ", open: Status &amp; more")
        .contains("Incident manager: nobody", "Update for Executives is due at", "nav_to.do");
    String elsewhere =
        rig.ann.create("elsewhere-" + number.toLowerCase(java.util.Locale.ROOT)).id();
    assertThat(ask(rig.ann, elsewhere, "status")).startsWith("This is not the channel of");
    assertThat(ask(rig.ann, elsewhere, number)).startsWith("P1 " + number);
    assertThat(ask(rig.ann, "D024BE91L", number + " status")).startsWith("P1 " + number);
    assertThat(ask(rig.ann, channel, "INC9999999 status"))
        .isEqualTo("Nothing that is kept in sync is called INC9999999");
    assertThat(ask(rig.ann, channel, "help")).contains("resolve [TEXT]: ");
    assertThat(ask(rig.ann, channel, number + " dance"))
        .startsWith("There is no verb 'dance'. ")
        .contains("timeline: ");
  }

  @Test
  void writesANoteOnAllRecordsOnceHoweverOftenItIsDelivered() {
    String ticket = ticket("Noted");
    String channel = rig.channelOf(ticket).id();
    SlackCommand command =
        rig.slack.commands().slash(rig.ann, channel, "note Called the *vendor* <!channel> & co");
    rig.slack.commands().repeat(command);

    assertThat(answer(command)).isEqualTo("Noted on " + rig.number(ticket) + ".");
    rig.eventually(
        () -> {
          assertThat(with(rig.workNotes(ticket), "Called the *vendor* <!channel> & co"))
              .singleElement()
              .asString()
              .startsWith("ann in Slack:");
          assertThat(with(rig.posted(channel), "Called the *vendor* &lt;!channel&gt; &amp; co"))
              .hasSize(1);
        });
    rig.slack.commands().repeat(command);
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "Called the")).hasSize(1);
    assertThat(with(rig.posted(channel), "Called the")).hasSize(1);
    assertThat(command.answers()).hasSize(1);
    assertThat(rig.serviceNow.journal(ticket))
        .allSatisfy(entry -> assertThat(entry.element()).isEqualTo("work_notes"));
    assertThat(audit(ticket)).contains("noted by ann");
    assertThat(ask(rig.ann, channel, "note   ")).startsWith("Nothing was written");
    assertThat(ask(rig.ann, channel, "note " + "x".repeat(3001))).contains("longer than 3000");
  }

  @Test
  void somebodyUnknownIsRefusedAndNothingHappens() {
    String ticket = ticket("Not for everybody");
    String channel = rig.channelOf(ticket).id();
    rig.awaitQuiet();

    for (String text : List.of("note Let me in", "resolve", "status", "help", "assign @eve")) {
      assertThat(ask(eve, channel, text))
          .startsWith("Nothing was done: no user of Lockstep has the e-mail address")
          .contains("eve@example.com");
    }
    for (String text :
        List.of("note Let me in", "resolve", "assign @vic", "update executives send")) {
      assertThat(ask(vic, channel, text))
          .isEqualTo(
              "Nothing was done: this needs the role operator, and vic has the role viewer.");
    }
    assertThat(ask(vic, channel, "status")).startsWith("P1 ");
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "Let me in")).isEmpty();
    assertThat(rig.serviceNow.value(ticket, "state")).isEqualTo("1");
    rig.lockstep.api("DELETE", "/users/vic");
    assertThat(ask(vic, channel, "status")).startsWith("Nothing was done: no user");
    user("vic", "vic@example.com", "viewer");
  }

  /** Each look-up is a call, of which the workspace permits few. */
  @Test
  void onlyWhoMayAssignMakesLockstepLookPeopleUp() {
    String channel = rig.channelOf(ticket("No look-ups")).id();
    ask(eve, channel, "status");
    ask(vic, channel, "status");
    rig.awaitQuiet();
    long before = lookUps();

    for (SlackPerson person : List.of(eve, vic)) {
      assertThat(ask(person, channel, "assign @U0SOMEBODY")).startsWith("Nothing was done: ");
    }

    assertThat(lookUps()).isEqualTo(before);
  }

  private static long lookUps() {
    return rig.slack.calls().byRoute().entrySet().stream()
        .filter(route -> route.getKey().contains("users.info"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Test
  void acceptsOnlySignedRequestsOfThisMoment() {
    String ticket = ticket("Forged");
    String channel = rig.channelOf(ticket).id();
    SlackCommand command = rig.slack.commands().slash(rig.ann, channel, "status");
    long now = Instant.now().getEpochSecond();
    String late = Long.toString(now - 301);

    assertThat(rig.slack.commands().forge(command, Long.toString(now), "another secret").status())
        .isEqualTo(401);
    assertThat(rig.slack.commands().forge(command, late, SlackRig.SIGNING_SECRET).status())
        .isEqualTo(401);
    answer(command);
  }

  @Test
  void anAnswerThatGetsLostIsSentAgain() {
    String ticket = ticket("Lost answers");
    String channel = rig.channelOf(ticket).id();
    rig.slack.answerFaults().next(1, Kind.SERVICE_UNAVAILABLE, call -> true);
    rig.slack.answerFaults().next(1, Kind.TOO_MANY_REQUESTS, call -> true);

    assertThat(ask(rig.ann, channel, "note Written once")).startsWith("Noted on ");
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "Written once")).hasSize(1);
  }

  @Test
  void acknowledgesAndResolves() {
    String ticket = ticket("To be resolved");
    String channel = rig.channelOf(ticket).id();
    String number = rig.number(ticket);
    SlackCommand status = rig.slack.commands().slash(rig.ann, channel, "status");
    answer(status);
    assertThat(status.labels()).containsExactly("Acknowledge", "Resolve");

    SlackCommand pressed = rig.slack.commands().press(rig.ben, status, "Acknowledge");
    assertThat(answer(pressed)).isEqualTo(number + " is acknowledged.");
    assertThat(pressed.answers().get(0).path("replace_original").asBoolean()).isTrue();
    assertThat(rig.serviceNow.value(ticket, "state")).isEqualTo("2");
    assertThat(answer(rig.slack.commands().press(rig.ann, status, "Acknowledge")))
        .isEqualTo(number + " is acknowledged already; nothing was changed.");

    assertThat(ask(rig.ann, channel, "resolve Restarted the mail server"))
        .isEqualTo(number + " is resolved.");
    assertThat(rig.serviceNow.value(ticket, "state")).isEqualTo("6");
    rig.eventually(
        () -> {
          assertThat(with(rig.workNotes(ticket), "Restarted the mail server")).hasSize(1);
          assertThat(rig.slack.channel(channel).topic()).startsWith("Resolved");
        });
    assertThat(ask(rig.ann, channel, "resolve"))
        .isEqualTo(number + " is resolved already; nothing was changed.");
    assertThat(audit(ticket)).anyMatch(entry -> entry.endsWith(" by ben@example.com"));
  }

  @Test
  void anAcknowledgementThatAResolutionOvertakesIsNoRefusal() {
    String ticket = ticket("Overtaken");
    String channel = rig.channelOf(ticket).id();
    String number = rig.number(ticket);
    rig.awaitQuiet();
    rig.lockstep.api("POST", "/pauses?scope=servicenow&reason=test");
    SlackCommand first;
    SlackCommand second;
    try {
      first = rig.slack.commands().slash(rig.ann, channel, "acknowledge");
      rig.eventually(() -> assertThat(audit(ticket)).contains("decided by ann"));
      second = rig.slack.commands().slash(rig.ben, channel, "resolve");
      rig.eventually(() -> assertThat(audit(ticket)).contains("decided by ben@example.com"));
    } finally {
      rig.lockstep.api("DELETE", "/pauses?scope=servicenow");
    }

    assertThat(answer(second)).isEqualTo(number + " is resolved.");
    assertThat(answer(first)).isEqualTo(number + " is resolved.");
  }

  /** ServiceNow refuses the write: the answer says so, and the audit has it. */
  @Test
  void saysWhyItCouldNotBeResolved() {
    String ticket = ticket("Cannot be resolved");
    String channel = rig.channelOf(ticket).id();
    rig.serviceNow
        .faults()
        .next(
            1,
            Kind.FORBIDDEN,
            call -> !call.method().equals("GET") && call.path().contains(ticket));

    assertThat(ask(rig.ann, channel, "resolve"))
        .startsWith(rig.number(ticket) + " is not resolved: ");
    assertThat(rig.serviceNow.value(ticket, "state")).isEqualTo("1");
  }

  @Test
  void assignsAndHandsOver() {
    String ticket = ticket("Who leads");
    String channel = rig.channelOf(ticket).id();
    String number = rig.number(ticket);

    assertThat(ask(rig.ann, channel, "assign @ben"))
        .isEqualTo("ben@example.com is the incident manager of " + number + ".");
    assertThat(ask(rig.ann, channel, "assign ann@example.com"))
        .isEqualTo(number + " was handed over from ben@example.com to ann@example.com.");
    assertThat(ask(rig.ann, channel, "assign @nobody"))
        .isEqualTo("Nothing was changed: no e-mail address is known of @nobody.");
    assertThat(ask(rig.ann, channel, "assign")).contains("name a person");
    assertThat(ask(rig.ann, channel, "status")).contains("Incident manager: ann@example.com");
    rig.eventually(() -> assertThat(with(rig.workNotes(ticket), "ben@example.com")).isNotEmpty());
    String other = ticket("Another one");
    assertThat(ask(rig.ann, rig.channelOf(other).id(), "assign ann@example.com"))
        .contains("leads", "hand that over first");
  }

  @Test
  void draftsSendsAndPostponesUpdates() {
    String ticket = ticket("Informed <!here>");
    String channel = rig.channelOf(ticket).id();
    SlackCommand shown = rig.slack.commands().slash(rig.ann, channel, "update");
    assertThat(answer(shown))
        .startsWith("Draft for Executives, not sent:\nP1 ")
        .contains("Informed &lt;!here&gt;");
    assertThat(shown.labels()).containsExactly("Send", "Snooze 15 min");

    assertThat(answer(rig.slack.commands().press(rig.ann, shown, "Snooze 15 min")))
        .startsWith("Update for Executives is postponed to ");
    assertThat(answer(rig.slack.commands().press(rig.ann, shown, "Send")))
        .startsWith("Sent update 1 of " + rig.number(ticket) + " to Executives.");
    assertThat(answer(rig.slack.commands().press(rig.ben, shown, "Send")))
        .startsWith("Nothing was sent now: update 1 for Executives was sent at ")
        .contains(" by ann, ");
    rig.eventually(
        () -> assertThat(with(rig.posted(channel), "Informed &lt;!here&gt;")).isNotEmpty());

    assertThat(ask(rig.ann, channel, "update executives send All is well"))
        .startsWith("Sent update 2 of ");
    rig.eventually(() -> assertThat(with(rig.posted(channel), "All is well")).hasSize(1));
    assertThat(ask(rig.ann, channel, "update nobody")).startsWith("There is no audience 'nobody'");
    assertThat(ask(rig.ann, channel, "update executives snooze 15m")).contains("reason: missing");
    assertThat(ask(rig.ann, channel, "update executives snooze soon because"))
        .startsWith("Nothing was changed: ");
    assertThat(audit(ticket)).contains("informed by ann");
  }

  /** What somebody reads is what is sent. */
  @Test
  void aDraftThatIsNoLongerTrueIsShownAgainInsteadOfSent() {
    String ticket = ticket("First title");
    String channel = rig.channelOf(ticket).id();
    SlackCommand shown = rig.slack.commands().slash(rig.ann, channel, "update executives");
    answer(shown);
    rig.serviceNow.as("agent").update(ticket, Map.of("short_description", "Second title"));
    rig.eventually(() -> assertThat(rig.slack.channel(channel).topic()).contains("Second title"));
    rig.awaitQuiet();

    SlackCommand again = rig.slack.commands().press(rig.ann, shown, "Send");
    assertThat(answer(again))
        .startsWith("Nothing was sent: the incident changed since that draft.")
        .contains("Second title");
    assertThat(answer(rig.slack.commands().press(rig.ann, again, "Send")))
        .startsWith("Sent update 1 of ");
  }

  /** In a channel that is shared, people of another company can press buttons. */
  @Test
  void nobodyOfAnotherCompanyIsAUser() {
    String ticket = ticket("Shared with others");
    String channel = rig.channelOf(ticket).id();
    SlackCommand status = rig.slack.commands().slash(rig.ann, channel, "status");
    answer(status);

    assertThat(answer(rig.slack.commands().pressFrom("T0OTHER", rig.ann, status, "Resolve")))
        .startsWith("Nothing was done: Lockstep does not know your e-mail address");
    rig.awaitQuiet();
    assertThat(rig.serviceNow.value(ticket, "state")).isEqualTo("1");
  }

  @Test
  void showsLinksTimelineAndThatNobodyCanBeCalled() {
    String ticket = ticket("Links and times");
    String channel = rig.channelOf(ticket).id();

    assertThat(ask(rig.ann, channel, "link"))
        .contains("ServiceNow " + rig.number(ticket) + ": http", "Slack #inc-");
    assertThat(ask(rig.ann, channel, "timeline")).contains("what happened last:", "opened");
    assertThat(ask(rig.ann, channel, "page")).startsWith("Nobody was called: ");
  }

  @Test
  void aLongAnswerIsCutAndSaysSo() {
    String ticket = ticket("Much happened");
    String channel = rig.channelOf(ticket).id();
    for (int i = 0; i < 15; i++) {
      rig.serviceNow.as("agent").addWorkNote(ticket, i + " " + "&<>".repeat(60));
    }
    rig.awaitQuiet();
    rig.eventually(
        Duration.ofSeconds(45), () -> assertThat(with(rig.posted(channel), "14 &amp;")).hasSize(1));

    assertThat(ask(rig.ann, channel, "timeline"))
        .hasSizeLessThanOrEqualTo(3000)
        .endsWith("… (cut; the console shows all of it)")
        .doesNotContain("<");
  }
}
