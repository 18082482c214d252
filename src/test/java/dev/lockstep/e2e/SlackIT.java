package dev.lockstep.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Faults.Kind;
import dev.lockstep.sandbox.slack.SlackChannel;
import dev.lockstep.sandbox.slack.SlackMessage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A channel for each major incident: opened once, kept current, and what is said goes both ways.
 */
class SlackIT {
  private static SlackRig rig;

  @BeforeAll
  static void start() {
    rig = SlackRig.started("slack", Map.of());
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  /** Nobody is ever notified by the text of a ticket, and nothing was left for an operator. */
  @AfterEach
  void quiet() {
    assertThat(rig.slack.notified()).isEmpty();
    assertThat(rig.deadLetters()).isZero();
  }

  @Test
  void opensAChannelAndFollowsTheTicket() {
    String ticket = rig.ticket("Mail & calendar are down", Map.of("assigned_to", rig.annThere));
    SlackChannel channel = rig.opened(ticket);
    String number = rig.number(ticket);

    assertThat(channel.name())
        .isEqualTo("inc-" + number.toLowerCase(Locale.ROOT) + "-mail-calendar-are-down");
    assertThat(channel.topic())
        .isEqualTo("New · P1 · Mail &amp; calendar are down · Assigned to Ann Example");
    assertThat(channel.purpose()).isEqualTo(number + " lockstep:servicenow/incident/" + ticket);
    assertThat(channel.members()).contains(rig.ann.user().id());
    assertThat(rig.posted(channel.id()))
        .singleElement()
        .asString()
        .contains("Kept in sync with ServiceNow " + number, "nav_to.do");

    rig.serviceNow
        .as("agent")
        .update(ticket, Map.of("state", "2", "assigned_to", rig.benThere, "impact", "2"));
    rig.eventually(
        () ->
            assertThat(rig.channelOf(ticket).topic())
                .isEqualTo(
                    "In Progress · P2 · Mail &amp; calendar are down · Assigned to Ben Example"));
    rig.awaitQuiet();
    assertThat(rig.channelOf(ticket).members()).contains(rig.ann.user().id(), rig.ben.user().id());
    assertThat(rig.gaps(ticket)).isEmpty();
    assertThat(rig.slack.channels())
        .hasSameSizeAs(
            rig.slack.channels().stream().map(SlackChannel::purpose).distinct().toList());
  }

  /** The link to the ticket is pinned, once, though the answer gets lost. */
  @Test
  void pinsTheLinkToTheTicket() {
    rig.slack.faults().next(1, Kind.DONE_BUT_RESET, call -> call.path().endsWith("pins.add"));
    String ticket = rig.ticket("Pinned", Map.of());
    String channel = rig.opened(ticket).id();

    rig.eventually(
        () ->
            assertThat(rig.slack.pinned(channel))
                .singleElement()
                .satisfies(
                    message ->
                        assertThat(message.text())
                            .contains("Kept in sync with ServiceNow " + rig.number(ticket))));
    rig.eventually(() -> assertThat(rig.gaps(ticket)).isEmpty());
    String notice = rig.slack.pinned(channel).get(0).ts();
    rig.serviceNow.as("agent").addWorkNote(ticket, "Something else");
    rig.eventually(() -> assertThat(with(rig.posted(channel), "Something else")).hasSize(1));
    rig.awaitQuiet();
    assertThat(rig.slack.pinned(channel)).extracting(SlackMessage::ts).containsExactly(notice);
  }

  private static List<String> with(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).toList();
  }

  /** Each of the calls that create a channel is carried out, and its answer is lost. */
  @Test
  void opensOneChannelThoughAnswersAreLost() {
    for (String method : List.of("create", "setPurpose", "setTopic", "invite")) {
      rig.slack
          .faults()
          .next(1, Kind.DONE_BUT_RESET, call -> call.path().endsWith("conversations." + method));
    }
    rig.slack.faults().next(1, Kind.DONE_BUT_FAILED, call -> call.path().endsWith("postMessage"));
    String ticket = rig.ticket("Answers are lost", Map.of("assigned_to", rig.annThere));
    SlackChannel channel = rig.opened(ticket);

    assertThat(rig.slack.channels())
        .filteredOn(one -> one.name().contains("answers-are-lost"))
        .hasSize(1);
    rig.eventually(
        () -> {
          assertThat(rig.channelOf(ticket).topic()).startsWith("New · P1");
          assertThat(rig.channelOf(ticket).members()).contains(rig.ann.user().id());
          assertThat(with(rig.posted(channel.id()), "Kept in sync")).hasSize(1);
          assertThat(rig.gaps(ticket)).isEmpty();
        });
  }

  /** The answer to the create is lost and the title edited before the next attempt. */
  @Test
  void takesUpWhatAnAttemptUnderAnotherTitleLeft() {
    rig.slack
        .faults()
        .next(1, Kind.DONE_BUT_RESET, call -> call.path().endsWith("conversations.create"));
    String ticket = rig.ticket("First words", Map.of());
    rig.eventually(
        () -> assertThat(rig.slack.channels()).anyMatch(one -> one.name().contains("first-words")));
    rig.serviceNow.as("agent").update(ticket, Map.of("short_description", "Other words"));
    SlackChannel channel = rig.opened(ticket);

    assertThat(channel.name()).endsWith("first-words");
    rig.eventually(() -> assertThat(rig.channelOf(ticket).topic()).contains("Other words"));
    assertThat(rig.slack.channels()).noneMatch(one -> one.name().contains("other-words"));
  }

  @Test
  void aNameThatIsTakenGetsASuffix() {
    String ticket = rig.ticket("Not in scope yet", Map.of("impact", "3"));
    String name = "inc-" + rig.number(ticket).toLowerCase(Locale.ROOT) + "-name-is-taken";
    SlackChannel other = rig.ann.create(name);
    rig.ann.inviteBot(other.id());
    rig.serviceNow
        .as("agent")
        .update(ticket, Map.of("short_description", "Name is taken", "impact", "1"));
    SlackChannel channel = rig.opened(ticket);

    assertThat(channel.name()).matches(name + "-[0-9a-f]{6}");
    assertThat(rig.slack.channel(other.id()).purpose()).isEmpty();
    assertThat(rig.posted(other.id())).isEmpty();
  }

  @Test
  void aLongTitleMakesNoNameThatSlackRefuses() {
    String ticket = rig.ticket("\u00dcbertragung " + "gestört ".repeat(15), Map.of());
    SlackChannel channel = rig.opened(ticket);

    assertThat(channel.name()).hasSizeLessThanOrEqualTo(80).contains("-ubertragung-gestort-");
    assertThat(channel.topic()).hasSizeLessThanOrEqualTo(250);
  }

  @Test
  void whatIsSaidGoesBothWaysOnce() {
    String ticket = rig.ticket("Notes both ways", Map.of());
    String channel = rig.opened(ticket).id();
    rig.slack.faults().next(1, Kind.WEBHOOK_TWICE, call -> call.path().equals("reaction_added"));
    rig.slack.faults().next(1, Kind.DONE_BUT_RESET, call -> call.path().endsWith("postMessage"));

    rig.serviceNow.as("agent").addWorkNote(ticket, "Called the vendor");
    rig.serviceNow.as("agent").addComment(ticket, "We are on it");
    rig.ann.write(channel, "just chatting");
    String found = rig.ann.mark(channel, "It is the *cache* & nothing else", "memo");
    rig.ben.react(channel, found, "memo");
    String thread = rig.ann.write(channel, "Any ideas?");
    String reply = rig.ben.reply(channel, thread, "Restart it");
    rig.ann.react(channel, reply, "memo");
    rig.ann.react(channel, thread, "eyes");

    rig.eventually(
        () -> {
          assertThat(with(rig.workNotes(ticket), "It is the *cache* & nothing else")).hasSize(1);
          assertThat(with(rig.workNotes(ticket), "Restart it")).hasSize(1);
          assertThat(with(rig.posted(channel), "Called the vendor")).hasSize(1);
          assertThat(with(rig.posted(channel), "We are on it")).hasSize(1);
        });
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "Restart it").get(0)).startsWith("Ben Example on #inc-");
    assertThat(with(rig.posted(channel), "Called the vendor").get(0))
        .startsWith("agent on " + rig.number(ticket) + ", 2");
    for (String notANote :
        List.of("just chatting", "Any ideas?", "has joined", "set the channel")) {
      assertThat(with(rig.workNotes(ticket), notANote)).isEmpty();
    }
    assertThat(with(rig.workNotes(ticket), "Called the vendor")).hasSize(1);
    assertThat(rig.serviceNow.journal(ticket))
        .filteredOn(entry -> entry.value().contains("cache"))
        .allSatisfy(entry -> assertThat(entry.element()).isEqualTo("work_notes"));
  }

  @Test
  void answersSlackAndNobodyElse() {
    assertThat(rig.slack.events().verify()).isTrue();
    byte[] body = "{\"type\":\"url_verification\",\"challenge\":\"x\"}".getBytes(UTF_8);
    assertThat(rig.lockstep.webhook("slack", "X-Slack-Signature", "", body).statusCode())
        .isEqualTo(401);
    String forged = "v0=" + "0".repeat(64);
    assertThat(rig.lockstep.webhook("slack", "X-Slack-Signature", forged, body).statusCode())
        .isEqualTo(401);
  }

  /** An edit is no new note, and what was deleted before it was read is none. */
  @Test
  void notesAreOnlyEverAdded() {
    String ticket = rig.ticket("Edited and deleted", Map.of());
    String channel = rig.opened(ticket).id();
    String ts = rig.ann.mark(channel, "first wording", "memo");
    rig.eventually(() -> assertThat(with(rig.workNotes(ticket), "first wording")).hasSize(1));
    rig.ann.edit(channel, ts, "second wording");
    rig.ben.react(channel, ts, "memo");
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "second wording")).isEmpty();

    rig.slack
        .faults()
        .next(2, Kind.SERVICE_UNAVAILABLE, call -> call.path().endsWith("reactions.get"));
    String gone = rig.ann.mark(channel, "never mind", "memo");
    rig.ann.delete(channel, gone);
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "never mind")).isEmpty();
  }

  @Test
  void hostileTextNotifiesNobodyAndIsShownAsItIs() {
    String hostile =
        "<!channel> <!here> <@"
            + rig.ann.user().id()
            + "> <https://evil.example|bank.example> *bold* &lt;!everyone&gt; @channel @here";
    String ticket = rig.ticket("Hostile <!channel> title", Map.of("close_notes", hostile));
    String channel = rig.opened(ticket).id();
    rig.serviceNow.as("agent").addWorkNote(ticket, hostile);

    rig.eventually(
        () -> {
          List<String> posted = with(rig.posted(channel), "evil.example");
          assertThat(posted).anyMatch(text -> text.startsWith("agent on"));
          assertThat(posted)
              .allSatisfy(
                  text ->
                      assertThat(text)
                          .contains("&lt;!channel&gt; &lt;!here&gt;", "&amp;lt;!everyone&amp;gt;")
                          .doesNotContain("<!", "<@", "|bank.example>"));
        });
    assertThat(rig.slack.channel(channel).topic()).contains("&lt;!channel&gt;");
    // Back as it was written: no echo, no second copy.
    rig.awaitQuiet();
    assertThat(with(rig.workNotes(ticket), "evil.example")).hasSize(1);
  }

  @Test
  void aLongTextIsCutAndSaysSo() {
    String ticket = rig.ticket("Long texts", Map.of());
    String channel = rig.opened(ticket).id();
    rig.serviceNow.as("agent").addWorkNote(ticket, "down & up ".repeat(400));
    rig.ann.mark(channel, "up & down ".repeat(1000), "memo");

    rig.eventually(
        () -> {
          assertThat(with(rig.posted(channel), "down &amp; up"))
              .singleElement()
              .asString()
              .contains("… (cut)")
              .hasSizeLessThan(40_000);
          assertThat(with(rig.workNotes(ticket), "up & down"))
              .singleElement()
              .asString()
              .contains("… (cut)");
        });
  }

  @Test
  void archivesTheChannelAfterAWhileAndReportsThatABotCannotUnarchiveIt() {
    String ticket = rig.ticket("Archive and reopen", Map.of());
    String channel = rig.opened(ticket).id();
    rig.serviceNow
        .as("agent")
        .update(
            ticket, Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Done"));
    rig.eventually(() -> assertThat(rig.slack.channel(channel).topic()).startsWith("Resolved"));
    assertThat(rig.slack.channel(channel).archived()).isFalse();
    rig.serviceNow.as("agent").update(ticket, Map.of("state", "7"));
    rig.eventually(() -> assertThat(rig.slack.channel(channel).archived()).isTrue());
    assertThat(rig.slack.channel(channel).topic()).startsWith("Closed");
    assertThat(with(rig.posted(channel), "Close notes: Done")).hasSize(1);
    rig.awaitQuiet();

    rig.serviceNow.makeAdmin("agent");
    rig.serviceNow.as("agent").update(ticket, Map.of("state", "2"));
    rig.serviceNow.as("agent").addWorkNote(ticket, "It is back");
    rig.eventually(
        () ->
            assertThat(rig.gaps(ticket))
                .anyMatch(gap -> gap.contains("Slack lets no bot unarchive a channel")));
    rig.awaitQuiet();
    assertThat(with(rig.posted(channel), "It is back")).isEmpty();

    rig.ann.unarchive(channel);
    rig.ann.inviteBot(channel);
    rig.eventually(
        () -> {
          assertThat(with(rig.posted(channel), "It is back")).hasSize(1);
          assertThat(rig.slack.channel(channel).topic()).startsWith("In Progress");
          assertThat(rig.gaps(ticket)).isEmpty();
        });
  }

  @Test
  void somebodyWhoCannotBeInvitedIsAGap() {
    var cid = rig.slack.person("cid", "Cid Example", "cid@example.com");
    rig.slack.deactivate(cid);
    String cidThere = rig.serviceNow.seedUser("cid", "Cid Example", "cid@example.com");
    String ticket = rig.ticket("Nobody to invite", Map.of("assigned_to", cidThere));
    SlackChannel channel = rig.opened(ticket);

    assertThat(channel.topic()).endsWith("Assigned to Cid Example");
    assertThat(rig.gaps(ticket)).anyMatch(gap -> gap.contains("no user 'cid@example.com'"));
    String eve = rig.serviceNow.seedUser("eve", "Eve Example", "eve@elsewhere.example");
    rig.serviceNow.as("agent").update(ticket, Map.of("assigned_to", eve));
    rig.eventually(
        () ->
            assertThat(rig.gaps(ticket))
                .anyMatch(gap -> gap.contains("no user 'eve@elsewhere.example'")));
    rig.serviceNow.as("agent").update(ticket, Map.of("assigned_to", rig.benThere));
    rig.eventually(
        () -> {
          assertThat(rig.channelOf(ticket).members()).contains(rig.ben.user().id());
          assertThat(rig.gaps(ticket)).isEmpty();
        });
  }

  /** What a ticket says is internal: nothing is written where people of another company read it. */
  @Test
  void aChannelSharedWithAnotherCompanyGetsNothing() {
    String ticket = rig.ticket("Shared channel", Map.of());
    String channel = rig.opened(ticket).id();
    rig.ann.share(channel);
    rig.awaitQuiet();
    rig.serviceNow.as("agent").addWorkNote(ticket, "The customer's contract ends");
    rig.serviceNow
        .as("agent")
        .update(
            ticket,
            Map.of(
                "short_description",
                "Secret plans",
                "close_notes",
                "Secret reasons",
                "assigned_to",
                rig.benThere));
    rig.ann.mark(channel, "said in the shared channel", "memo");
    rig.eventually(() -> assertThat(with(rig.workNotes(ticket), "said in the shared")).hasSize(1));
    rig.awaitQuiet();
    assertThat(rig.slack.channel(channel).topic()).contains("Shared channel");
    assertThat(rig.posted(channel)).singleElement().asString().contains("Kept in sync");
    assertThat(rig.slack.channel(channel).members()).doesNotContain(rig.ben.user().id());

    rig.ann.unshare(channel);
    rig.eventually(
        () -> {
          assertThat(rig.slack.channel(channel).topic()).contains("Secret plans");
          assertThat(with(rig.posted(channel), "contract ends")).hasSize(1);
          assertThat(with(rig.posted(channel), "Secret reasons")).hasSize(1);
          assertThat(rig.slack.channel(channel).members()).contains(rig.ben.user().id());
        });
  }

  /** Somebody archived the channel: what is due waits until it is open again. */
  @Test
  void aChannelThatSomebodyArchivedLosesNothing() {
    String ticket = rig.ticket("Archived by hand", Map.of());
    String channel = rig.opened(ticket).id();
    rig.ann.archive(channel);
    rig.awaitQuiet();
    rig.serviceNow.as("agent").addWorkNote(ticket, "written meanwhile");
    rig.serviceNow.as("agent").update(ticket, Map.of("short_description", "Other title"));
    rig.eventually(
        () -> assertThat(rig.gaps(ticket)).anyMatch(gap -> gap.startsWith("waits until #inc-")));
    rig.awaitQuiet();
    assertThat(with(rig.posted(channel), "written meanwhile")).isEmpty();

    rig.ann.unarchive(channel);
    rig.ann.inviteBot(channel);
    rig.eventually(
        () -> {
          assertThat(rig.slack.channel(channel).topic()).contains("Other title");
          assertThat(with(rig.posted(channel), "written meanwhile")).hasSize(1);
          assertThat(rig.gaps(ticket)).isEmpty();
        });
  }

  /** Work waits for the right token, without a dead letter, and nothing is lost. */
  @Test
  void anExpiredTokenLosesNothing() {
    String ticket = rig.ticket("Expired token", Map.of());
    String channel = rig.opened(ticket).id();
    rig.slack.revokeToken();
    rig.serviceNow.as("agent").addWorkNote(ticket, "before the new token");
    rig.serviceNow.as("agent").update(ticket, Map.of("state", "2"));
    rig.eventually(
        () ->
            assertThat(rig.lockstep.api("GET", "/systems").toString())
                .contains("Check SLACK_TOKEN"));
    assertThat(rig.deadLetters()).isZero();

    rig.slack.install("xoxb-sandbox-token");
    rig.eventually(
        () -> {
          assertThat(rig.slack.channel(channel).topic()).startsWith("In Progress");
          assertThat(with(rig.posted(channel), "before the new token")).hasSize(1);
        });
  }

  @Test
  void waitsWhereSlackAsksForIt() {
    String ticket = rig.ticket("Rate limited", Map.of());
    String channel = rig.opened(ticket).id();
    rig.slack.faults().next(2, Kind.TOO_MANY_REQUESTS, call -> call.path().startsWith("/api/"));
    rig.serviceNow.as("agent").addWorkNote(ticket, "after the limit");

    rig.eventually(() -> assertThat(with(rig.posted(channel), "after the limit")).hasSize(1));
    assertThat(rig.slack.faults().injected()).containsKey(Kind.TOO_MANY_REQUESTS);
  }
}
