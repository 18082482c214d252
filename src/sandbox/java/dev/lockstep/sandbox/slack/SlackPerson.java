package dev.lockstep.sandbox.slack;

import java.util.List;

/** A person who works in Slack, without API calls. Channels are named by their ids. */
public final class SlackPerson {
  private final SlackWorkspace workspace;
  private final SlackUser user;

  SlackPerson(SlackWorkspace workspace, SlackUser user) {
    this.workspace = workspace;
    this.user = user;
  }

  public SlackUser user() {
    return user;
  }

  /** Joins a public channel unless in it. */
  public SlackPerson in(String channel) {
    if (!workspace.channel(channel).members().contains(user.id())) {
      workspace.join(channel, user.id());
    }
    return this;
  }

  /**
   * Writes a message.
   *
   * @return its ts
   */
  public String write(String channel, String text) {
    return in(channel)
        .workspace
        .post(channel, user.id(), MessageText.typed(text), "", List.of())
        .ts();
  }

  /**
   * Replies in a message's thread.
   *
   * @return the reply's ts
   */
  public String reply(String channel, String ts, String text) {
    return in(channel)
        .workspace
        .post(channel, user.id(), MessageText.typed(text), ts, List.of())
        .ts();
  }

  /** Adds a reaction to a message. */
  public void react(String channel, String ts, String name) {
    in(channel).workspace.react(channel, ts, name, user.id());
  }

  /** Writes a message and marks it. */
  public String mark(String channel, String text, String reaction) {
    String ts = write(channel, text);
    react(channel, ts, reaction);
    return ts;
  }

  public void edit(String channel, String ts, String text) {
    workspace.edit(channel, ts, MessageText.typed(text));
  }

  public void delete(String channel, String ts) {
    workspace.delete(channel, ts);
  }

  public void setTopic(String channel, String topic) {
    in(channel).workspace.setTopic(channel, MessageText.typed(topic), user.id());
  }

  public void archive(String channel) {
    in(channel).workspace.archive(channel, user.id());
  }

  /** Lets people of another company into a channel. */
  public void share(String channel) {
    workspace.share(channel, true);
  }

  /** They are not in it any more. */
  public void unshare(String channel) {
    workspace.share(channel, false);
  }

  public void unarchive(String channel) {
    workspace.unarchive(channel, user.id());
  }

  public void rename(String channel, String name) {
    in(channel).workspace.rename(channel, name, user.id());
  }

  /** Opens a channel of their own. */
  public SlackChannel create(String name) {
    return workspace.create(name, user.id());
  }

  /** Invites the app's bot. */
  public void inviteBot(String channel) {
    workspace.invite(channel, List.of(SlackWorkspace.BOT_USER), user.id());
  }
}
