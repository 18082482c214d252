package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.slack.SlackCommand.Acknowledgement;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people ask an app for: slash commands and buttons, as signed forms to the app's request URL
 * ("Implementing slash commands", "Handling user interaction"). Thread-safe.
 */
public final class SlackCommands {
  private static final Duration IN_TIME = Duration.ofMillis(3000);

  private final Clock clock;
  private final String secret;
  private final SlackWorkspace workspace;
  private final ResponseUrls urls;
  private final ApiServer<String> server;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile @Nullable URI target;

  SlackCommands(SlackOptions options, SlackWorkspace workspace) {
    this.clock = options.clock;
    this.secret = options.signingSecret;
    this.workspace = workspace;
    this.urls = new ResponseUrls(options.clock);
    this.server =
        new ApiServer<>(
            new ApiServer.Setup(
                0,
                options.answerFaults,
                new RateLimit(options.clock, 0, 1),
                options.announcedWait,
                options.lateness,
                options.clock),
            urls,
            urls.router(),
            new CallCounters(""));
  }

  /** Where requests go: the app's request URL. */
  public void target(URI url) {
    target = url;
  }

  /** The address to use instead of {@code https://hooks.slack.com}. */
  public String answersUrl() {
    return server.url() + "/";
  }

  /** A person types {@code /incident} and a text in a channel, which may be any. */
  public SlackCommand slash(SlackPerson by, String channel, String text) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("token", "deprecated");
    form.put("team_id", SlackWorkspace.TEAM);
    form.put("team_domain", "sandbox");
    form.put("channel_id", channel);
    form.put("channel_name", channel.startsWith("D") ? "directmessage" : "channel");
    form.put("user_id", by.user().id());
    form.put("user_name", by.user().name());
    form.put("command", "/incident");
    form.put("text", escaped(text));
    form.put("api_app_id", SlackWorkspace.APP);
    form.put("is_enterprise_install", "false");
    URI url = urls.next(server.url());
    form.put("response_url", url.toString());
    form.put("trigger_id", trigger());
    return send(new SlackCommand(encoded(form), url, by, channel));
  }

  /** "Escape channels, users, and links sent to your app" is on. */
  private String escaped(String text) {
    String escaped = MessageText.typed(text);
    for (SlackUser user : workspace.users().all()) {
      escaped =
          escaped.replaceAll(
              "(?<![\\w@])@" + user.name() + "\\b", "<@" + user.id() + "|" + user.name() + ">");
    }
    return escaped;
  }

  /** Presses a button of the last answer to a command. */
  public SlackCommand press(SlackPerson by, SlackCommand shown, String label) {
    return press(by, shown, label, SlackWorkspace.TEAM);
  }

  /** The same by somebody whose account is in another workspace ("Slack Connect"). */
  public SlackCommand pressFrom(String team, SlackPerson by, SlackCommand shown, String label) {
    return press(by, shown, label, team);
  }

  private SlackCommand press(SlackPerson by, SlackCommand shown, String label, String team) {
    JsonNode button =
        shown.buttons().stream()
            .filter(one -> one.at("/text/text").asText().equals(label))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no button " + label));
    URI url = urls.next(server.url());
    ObjectNode json = Json.object().put("type", "block_actions");
    json.putObject("user")
        .put("id", by.user().id())
        .put("username", by.user().name())
        .put("name", by.user().name())
        .put("team_id", team);
    json.put("api_app_id", SlackWorkspace.APP).put("token", "deprecated");
    json.putObject("container")
        .put("type", "message")
        .put("message_ts", clock.instant().getEpochSecond() + ".000100")
        .put("channel_id", shown.channel())
        .put("is_ephemeral", true);
    json.put("trigger_id", trigger());
    json.putObject("team").put("id", SlackWorkspace.TEAM).put("domain", "sandbox");
    json.putObject("channel").put("id", shown.channel()).put("name", "channel");
    json.put("response_url", url.toString());
    ObjectNode action = json.putArray("actions").addObject();
    action.setAll((ObjectNode) button.deepCopy());
    action.put("block_id", "b1").put("action_ts", clock.instant().getEpochSecond() + ".000200");
    return send(
        new SlackCommand(
            encoded(Map.of("payload", json.toString())), url, by, shown.channel()));
  }

  /** Sends the same request again, as a proxy may that got no answer; signed for this moment. */
  public void repeat(SlackCommand command) {
    send(command, Long.toString(clock.instant().getEpochSecond()), secret);
  }

  /** Sends the same request with that time and secret. */
  public Acknowledgement forge(SlackCommand command, String timestamp, String otherSecret) {
    return post(command, timestamp, otherSecret);
  }

  private SlackCommand send(SlackCommand command) {
    urls.open(command);
    return send(command, Long.toString(clock.instant().getEpochSecond()), secret);
  }

  private SlackCommand send(SlackCommand command, String timestamp, String by) {
    command.acknowledge(post(command, timestamp, by));
    return command;
  }

  private Acknowledgement post(SlackCommand command, String timestamp, String by) {
    URI url = target;
    if (url == null) {
      throw new IllegalStateException("no request URL");
    }
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(IN_TIME)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
            .header("X-Slack-Request-Timestamp", timestamp)
            .header("X-Slack-Signature", SlackEvents.signature(by, timestamp, command.body()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(command.body()))
            .build();
    long began = System.nanoTime();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      Duration after = Duration.ofNanos(System.nanoTime() - began);
      return new Acknowledgement(answer.statusCode(), answer.body(), after);
    } catch (IOException e) {
      return new Acknowledgement(0, String.valueOf(e.getMessage()), IN_TIME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Acknowledgement(0, "", IN_TIME);
    }
  }

  private static String trigger() {
    return "13345224609.738474920." + UUID.randomUUID().toString().replace("-", "");
  }

  private static byte[] encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"))
        .getBytes(StandardCharsets.UTF_8);
  }

  void close() {
    server.close();
  }
}
