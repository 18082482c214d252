package dev.lockstep.sandbox.slack;

import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.RateLimit;
import java.util.List;
import java.util.function.Consumer;

/**
 * A Slack workspace on this machine: the Web API on a loopback port, the Events API, slash
 * commands and buttons, and people who write in channels. Everything happens in memory and is gone after {@link #close()}. Thread-safe.
 *
 * <p>Written from Slack's Web API description and its developer documentation; {@code
 * docs/sandbox-slack.md} says which fact comes from where, and what is not simulated.
 */
public final class SlackSimulator implements AutoCloseable {
  /** The workspace's address in links and in {@code auth.test}. */
  public static final String WORKSPACE_URL = "https://sandbox.slack.com";

  private final SlackOptions options;
  private final SlackEvents events;
  private final SlackWorkspace workspace;
  private final SlackApi api;
  private final SlackCommands commands;
  private final CallCounters calls = new CallCounters("");
  private final ApiServer<String> server;

  private SlackSimulator(SlackOptions options) {
    this.options = options;
    this.events = new SlackEvents(options);
    this.workspace = new SlackWorkspace(options.clock, events::announce);
    this.api = new SlackApi(options, WORKSPACE_URL);
    this.commands = new SlackCommands(options, workspace);
    this.server =
        new ApiServer<>(
            new ApiServer.Setup(
                options.port,
                options.faults,
                new RateLimit(options.clock, 0, 1),
                options.announcedWait,
                options.lateness,
                options.clock),
            api,
            api.router(workspace),
            calls);
  }

  /** Starts with the app's bot and nobody else. */
  public static SlackSimulator start(SlackOptions options) {
    return new SlackSimulator(options);
  }

  /** The address to use instead of {@code https://slack.com/api}. */
  public String url() {
    return server.url() + "/api";
  }

  public Faults faults() {
    return options.faults;
  }

  public SlackEvents events() {
    return events;
  }

  /** Slash commands and buttons. */
  public SlackCommands commands() {
    return commands;
  }

  /** Failures of the addresses for answers. */
  public Faults answerFaults() {
    return options.answerFaults;
  }

  /** The pinned messages, in the order in which they were pinned. */
  public List<SlackMessage> pinned(String channel) {
    return workspace.pinned(channel);
  }

  /** Calls over HTTP; what people did in process is not among them. */
  public CallCounters calls() {
    return calls;
  }

  /** Reports every call over HTTP and its answer, in the thread that serves it. */
  public void onRequest(Consumer<Exchange> listener) {
    server.onExchange(listener);
  }

  public SlackPerson person(String name, String realName, String email) {
    return new SlackPerson(workspace, workspace.users().add(name, realName, email));
  }

  /** The account can no longer log in or be invited. */
  public void deactivate(SlackPerson person) {
    workspace.users().deactivate(person.user().id());
  }

  /** The app is removed from the workspace: its token is worth nothing. */
  public void revokeToken() {
    api.revoke();
  }

  /** The app is installed, with this token. */
  public void install(String token) {
    api.install(token);
  }

  /** Oldest first. */
  public List<SlackChannel> channels() {
    return workspace.channels();
  }

  public SlackChannel channel(String id) {
    return workspace.channel(id);
  }

  /** Oldest first, replies and what Slack says itself among them. */
  public List<SlackMessage> messages(String channel) {
    return workspace.messages(channel);
  }

  /** What the app's bot wrote, oldest first. */
  public List<SlackMessage> posted(String channel) {
    return workspace.messages(channel).stream()
        .filter(message -> message.botId().equals(SlackWorkspace.BOT))
        .toList();
  }

  /** The mentions in the app's messages that notified people. */
  public List<String> notified() {
    return workspace.notified();
  }

  /** The user of the app's bot. */
  public String botUser() {
    return SlackWorkspace.BOT_USER;
  }

  @Override
  public void close() {
    server.close();
    commands.close();
    events.close();
  }
}
