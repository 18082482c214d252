package dev.lockstep.sandbox.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated workspace keeps the rules by which a connector can be wrong. */
class SlackApiTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final SettableClock clock = new SettableClock();
  private SlackSimulator slack;
  private SlackPerson ann;

  @BeforeEach
  void start() {
    start(SlackOptions.defaults());
  }

  private void start(SlackOptions options) {
    slack = SlackSimulator.start(options.clock(clock));
    ann = slack.person("ann", "Ann Example", "ann@example.com");
  }

  @AfterEach
  void stop() {
    slack.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.header("Authorization", "Bearer xoxb-sandbox-token").build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder method(String method) {
    return HttpRequest.newBuilder(URI.create(slack.url() + "/" + method));
  }

  private JsonNode get(String method) {
    return json(send(method(method).GET()).body());
  }

  private JsonNode post(String method, String body) {
    return json(
        send(method(method)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))))
            .body());
  }

  private String channel(String name) {
    return post("conversations.create", "{'name':'" + name + "'}").at("/channel/id").asText();
  }

  private static String error(JsonNode answer) {
    assertThat(answer.path("ok").isBoolean()).isTrue();
    return answer.path("ok").asBoolean() ? "" : answer.path("error").asText();
  }

  @ParameterizedTest
  @CsvSource({
    "inc-1_a, ''",
    "'', invalid_name_required",
    "Inc, invalid_name_specials",
    "größe, invalid_name_specials",
    "a b, invalid_name_specials",
    "--, invalid_name_punctuation",
    "taken, name_taken",
    "taken-long-ago, name_taken"
  })
  void namesHaveRules(String name, String refused) {
    ann.create("taken");
    ann.archive(ann.create("taken-long-ago").id());
    assertThat(error(post("conversations.create", "{'name':'" + name + "'}"))).isEqualTo(refused);
  }

  @Test
  void aNameHasAtMost80Characters() {
    assertThat(error(post("conversations.create", "{'name':'" + "a".repeat(80) + "'}"))).isEmpty();
    assertThat(error(post("conversations.create", "{'name':'" + "b".repeat(81) + "'}")))
        .isEqualTo("invalid_name_maxlength");
  }

  @Test
  void argumentsHaveNamesAndTypes() {
    assertThat(error(post("conversations.create", "{'title':'a'}"))).isEqualTo("invalid_arg_name");
    assertThat(error(post("conversations.create", "{'name':1}"))).isEqualTo("invalid_arguments");
    assertThat(error(post("conversations.create", "{'name':'a','is_private':'false'}")))
        .isEqualTo("invalid_arguments");
    assertThat(error(post("conversations.create", "['a']"))).isEqualTo("json_not_object");
    assertThat(error(get("conversations.history?channel=C1&oldest=yesterday")))
        .isEqualTo("invalid_arguments");
    assertThat(error(get("nothing.there"))).isEqualTo("unknown_method");
  }

  @Test
  void aTopicHas250CharactersHoweverTheyAreWritten() {
    String channel = channel("a");
    String topic = "&amp;".repeat(250);
    assertThat(error(setTopic(channel, topic))).isEmpty();
    assertThat(error(setTopic(channel, topic + "x"))).isEqualTo("too_long");
    assertThat(get("conversations.info?channel=" + channel).at("/channel/topic/value").asText())
        .isEqualTo(topic);
  }

  private JsonNode setTopic(String channel, String topic) {
    return post(
        "conversations.setTopic", "{'channel':'%s','topic':'%s'}".formatted(channel, topic));
  }

  @Test
  void anArchivedChannelTakesNothingAndLosesTheBot() {
    String channel = channel("a");
    assertThat(error(post("conversations.archive", "{'channel':'" + channel + "'}"))).isEmpty();
    assertThat(error(post("conversations.archive", "{'channel':'" + channel + "'}")))
        .isEqualTo("already_archived");
    assertThat(error(setTopic(channel, "x"))).isEqualTo("is_archived");
    assertThat(error(say(channel, "x"))).isEqualTo("is_archived");
    assertThat(error(get("conversations.history?channel=" + channel))).isEqualTo("not_in_channel");
    assertThat(get("users.conversations?exclude_archived=true").path("channels")).isEmpty();
    assertThat(error(post("conversations.unarchive", "{'channel':'" + channel + "'}")))
        .as("a bot cannot")
        .isEqualTo("not_in_channel");
    ann.unarchive(channel);
    assertThat(error(say(channel, "x"))).isEqualTo("not_in_channel");
    ann.inviteBot(channel);
    assertThat(error(say(channel, "x"))).isEmpty();
  }

  private JsonNode say(String channel, String text) {
    return post("chat.postMessage", "{'channel':'%s','text':'%s'}".formatted(channel, text));
  }

  @Test
  void unescapedMentionsNotify() {
    String channel = channel("a");
    say(channel, "<!channel> <!here|here> <@" + ann.user().id() + "> <!subteam^S1>");
    assertThat(slack.notified()).hasSize(4);
    say(channel, "&lt;!channel&gt; @channel <https://x.example|y> a &amp; b");
    assertThat(slack.notified()).hasSize(4);
    post(
        "chat.postMessage",
        "{'channel':'%s','text':'@channel','link_names':true}".formatted(channel));
    assertThat(slack.notified()).hasSize(5);
    assertThat(slack.posted(channel).get(1).text()).contains("<https://x.example|y> a &amp; b");
  }

  @Test
  void addressesBecomeLinksAndLongTextsAreCut() {
    String channel = channel("a");
    say(channel, "see https://x.example/a?b=1, or mail a@b.example");
    assertThat(slack.posted(channel).get(0).text())
        .isEqualTo("see <https://x.example/a?b=1>, or mail <mailto:a@b.example|a@b.example>");
    say(channel, "x".repeat(40_001));
    assertThat(slack.posted(channel).get(1).text()).hasSize(40_000);
  }

  @Test
  void theHistoryHasPagesNewestFirstWithoutReplies() {
    String channel = channel("a");
    String first = ann.write(channel, "one");
    clock.advance(Duration.ofSeconds(1));
    ann.reply(channel, first, "a reply");
    String second = ann.write(channel, "two");
    JsonNode page = get("conversations.history?channel=" + channel + "&limit=1&cursor=");
    assertThat(page.at("/messages/0/ts").asText()).isEqualTo(second);
    assertThat(page.path("has_more").asBoolean()).isTrue();
    String cursor = page.at("/response_metadata/next_cursor").asText().replace("=", "%3D");
    assertThat(
            get("conversations.history?channel=" + channel + "&limit=1&cursor=" + cursor)
                .at("/messages/0/ts")
                .asText())
        .isEqualTo(first);
    assertThat(
            get("conversations.history?channel=" + channel + "&oldest=" + first).path("messages"))
        .hasSize(1);
    assertThat(error(get("conversations.replies?channel=" + channel + "&ts=" + first)))
        .isEqualTo("not_allowed_token_type");
    assertThat(error(get("conversations.history?channel=" + channel + "&cursor=x")))
        .isEqualTo("invalid_cursor");
  }

  @Test
  void aReplyIsFetchedWithItsReactions() {
    String channel = channel("a");
    String reply = ann.reply(channel, ann.write(channel, "one"), "a reply");
    ann.react(channel, reply, "memo");
    JsonNode found = get("reactions.get?channel=" + channel + "&timestamp=" + reply + "&full=true");
    assertThat(found.at("/message/text").asText()).isEqualTo("a reply");
    assertThat(found.at("/message/reactions/0/name").asText()).isEqualTo("memo");
    assertThat(error(get("reactions.get?channel=" + channel + "&timestamp=1.000001")))
        .isEqualTo("message_not_found");
  }

  @Test
  void eachMethodHasItsTier() {
    slack.close();
    start(SlackOptions.defaults().tiers(true));
    String channel = channel("a");
    for (int i = 0; i < 20; i++) {
      assertThat(error(setTopic(channel, "t" + i))).isEmpty();
    }
    HttpResponse<String> refused =
        send(
            method("conversations.setTopic")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString("{\"channel\":\"" + channel + "\",\"topic\":\"x\"}")));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
    assertThat(error(get("conversations.info?channel=" + channel))).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(error(setTopic(channel, "later"))).isEmpty();
  }

  @Test
  void aTokenHasScopesAndMayBeRevoked() {
    slack.close();
    start(SlackOptions.defaults().scopes(Set.of("channels:read", "users:read")));
    JsonNode refused = post("conversations.create", "{'name':'a'}");
    assertThat(error(refused)).isEqualTo("missing_scope");
    assertThat(refused.path("needed").asText()).isEqualTo("channels:manage");
    HttpResponse<String> test = send(method("auth.test").GET());
    assertThat(test.headers().firstValue("x-oauth-scopes")).contains("channels:read,users:read");
    assertThat(get("users.info?user=" + ann.user().id()).at("/user/profile").has("email"))
        .isFalse();
    slack.revokeToken();
    assertThat(error(get("auth.test"))).isEqualTo("token_revoked");
    slack.install("xoxb-other");
    assertThat(error(get("auth.test"))).isEqualTo("invalid_auth");
    slack.install("xoxb-sandbox-token");
    assertThat(error(get("auth.test"))).isEmpty();
  }

  @Test
  void invitingHasRules() {
    String channel = channel("a");
    SlackPerson gone = slack.person("cid", "Cid Example", "cid@example.com");
    slack.deactivate(gone);
    assertThat(error(invite(channel, ann.user().id()))).isEmpty();
    assertThat(error(invite(channel, ann.user().id()))).isEqualTo("already_in_channel");
    assertThat(error(invite(channel, gone.user().id()))).isEqualTo("cant_invite");
    assertThat(error(invite(channel, slack.botUser()))).isEqualTo("cant_invite_self");
    assertThat(error(invite(channel, "U99"))).isEqualTo("user_not_found");
    assertThat(error(get("users.lookupByEmail?email=cid@example.com")))
        .isEqualTo("users_not_found");
  }

  private JsonNode invite(String channel, String user) {
    return post("conversations.invite", "{'channel':'%s','users':'%s'}".formatted(channel, user));
  }

  /** In process the rules are the same. */
  @Test
  void peopleKeepTheRulesToo() {
    SlackChannel channel = ann.create("a");
    assertThatThrownBy(() -> ann.rename(channel.id(), "A"))
        .isInstanceOfSatisfying(
            SlackException.class, e -> assertThat(e.error()).isEqualTo("invalid_name_specials"));
    assertThat(List.copyOf(channel.members())).containsExactly(ann.user().id());
  }

  @Test
  void aMessageIsPinnedOnce() {
    String channel = channel("pins");
    String ts =
        post("chat.postMessage", "{'channel':'" + channel + "','text':'Hello'}")
            .path("ts")
            .asText();
    String pin = "{'channel':'" + channel + "','timestamp':'" + ts + "'}";

    assertThat(error(post("pins.add", pin))).isEmpty();
    assertThat(error(post("pins.add", pin))).isEqualTo("already_pinned");
    assertThat(slack.pinned(channel)).extracting(SlackMessage::ts).containsExactly(ts);
    assertThat(error(post("pins.remove", pin))).isEmpty();
    assertThat(error(post("pins.remove", pin))).isEqualTo("not_pinned");
    String missing = "{'channel':'" + channel + "','timestamp':'1.000001'}";
    assertThat(error(post("pins.add", missing))).isEqualTo("message_not_found");
    String wrong = "{'channel':'" + channel + "','timestamp':'now'}";
    assertThat(error(post("pins.add", wrong))).isEqualTo("bad_timestamp");
    assertThat(error(post("pins.add", "{'channel':'" + channel + "'}")))
        .isEqualTo("no_item_specified");
    String joined = slack.messages(channel).get(0).ts();
    assertThat(
            error(post("pins.add", "{'channel':'" + channel + "','timestamp':'" + joined + "'}")))
        .isEqualTo("not_pinnable");
  }

  /** The token has no scope to list pins. */
  @Test
  void pinsAreListedWithTheirScope() {
    String channel = channel("pins");
    assertThat(error(get("pins.list?channel=" + channel))).isEqualTo("missing_scope");
  }
}
