package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Users, public channels and messages. Every change is one step under one lock, and is announced in
 * the order it was made. What is read no longer changes.
 */
final class SlackWorkspace {
  static final String TEAM = "T0SANDBOX";
  static final String APP = "A0LOCKSTEP";
  static final String BOT_USER = "U0LOCKSTEP";
  static final String BOT = "B0LOCKSTEP";

  private static final int LONGEST_TOPIC = 250;

  private final Clock clock;
  private final Consumer<ObjectNode> events;
  private final SlackIds ids;
  private final SlackUsers users;
  private final Map<String, SlackChannel> channels = new LinkedHashMap<>();
  private final Map<String, List<SlackMessage>> messages = new LinkedHashMap<>();
  private final Map<String, List<String>> pins = new LinkedHashMap<>();
  private final List<String> notified = new ArrayList<>();

  /**
   * @param events receives the inner event of each change of a channel that the app is a member of
   */
  SlackWorkspace(Clock clock, Consumer<ObjectNode> events) {
    this.clock = clock;
    this.events = events;
    this.ids = new SlackIds(clock);
    this.users = new SlackUsers(ids);
  }

  SlackUsers users() {
    return users;
  }

  synchronized List<SlackChannel> channels() {
    return List.copyOf(channels.values());
  }

  synchronized SlackChannel channel(String id) {
    SlackChannel channel = channels.get(id);
    if (channel == null) {
      throw new SlackException("channel_not_found");
    }
    return channel;
  }

  /** Oldest first, replies among them. */
  synchronized List<SlackMessage> messages(String channel) {
    return List.copyOf(messages.getOrDefault(channel(channel).id(), List.of()));
  }

  synchronized SlackMessage message(String channel, String ts) {
    return messages(channel).stream()
        .filter(message -> message.ts().equals(ts))
        .findFirst()
        .orElseThrow(() -> new SlackException("message_not_found"));
  }

  /** In the order in which they were pinned. */
  synchronized List<SlackMessage> pinned(String channel) {
    return pins.getOrDefault(channel(channel).id(), List.of()).stream()
        .map(ts -> message(channel, ts))
        .toList();
  }

  synchronized void pin(String channel, String ts, String by) {
    SlackMessage message = requirePinnable(channel, ts, by);
    List<String> pinned = pins.computeIfAbsent(channel, any -> new ArrayList<>());
    if (pinned.contains(ts)) {
      throw new SlackException("already_pinned");
    }
    if (!message.subtype().isEmpty()) {
      throw new SlackException("not_pinnable");
    }
    pinned.add(ts);
    say(channel, by, "pinned_item", "<@" + by + "> pinned a message to this channel.");
  }

  synchronized void unpin(String channel, String ts, String by) {
    requirePinnable(channel, ts, by);
    if (!pins.getOrDefault(channel, new ArrayList<>()).remove(ts)) {
      throw new SlackException("not_pinned");
    }
  }

  private SlackMessage requirePinnable(String channel, String ts, String by) {
    requireOpen(channel, by);
    if (!ts.matches("\\d+\\.\\d{6}")) {
      throw new SlackException("bad_timestamp");
    }
    return message(channel, ts);
  }

  /** What notified people so far: each mention that is one. */
  synchronized List<String> notified() {
    return List.copyOf(notified);
  }

  synchronized SlackChannel create(String name, String by) {
    SlackChannel.requireName(name);
    if (channels.values().stream().anyMatch(one -> one.name().equals(name))) {
      throw new SlackException("name_taken");
    }
    Instant now = clock.instant();
    Set<String> members = new LinkedHashSet<>(Set.of(by));
    SlackChannel channel =
        new SlackChannel(ids.next("C"), name, List.of(), by, now, now, false, false, "", "", members);
    channels.put(channel.id(), channel);
    messages.put(channel.id(), new ArrayList<>());
    say(channel.id(), by, "channel_join", "<@" + by + "> has joined the channel");
    return channel;
  }

  synchronized SlackChannel rename(String channel, String name, String by) {
    SlackChannel.requireName(name);
    SlackChannel renamed = change(channel, by, one -> one.renamed(name, clock.instant()));
    say(channel, by, "channel_name", "<@" + by + "> has renamed the channel");
    ObjectNode event = Json.object().put("type", "channel_rename");
    event.putObject("channel").put("id", channel).put("name", name);
    announce(event);
    return renamed;
  }

  synchronized SlackChannel setTopic(String channel, String topic, String by) {
    requireLength(topic);
    SlackChannel changed =
        change(channel, by, one -> one.withTopic(MessageText.stored(topic), clock.instant()));
    say(channel, by, "channel_topic", "<@" + by + "> set the channel topic: " + topic);
    return changed;
  }

  synchronized SlackChannel setPurpose(String channel, String purpose, String by) {
    requireLength(purpose);
    SlackChannel changed =
        change(channel, by, one -> one.withPurpose(MessageText.stored(purpose), clock.instant()));
    say(channel, by, "channel_purpose", "<@" + by + "> set the channel purpose: " + purpose);
    return changed;
  }

  private static void requireLength(String text) {
    if (MessageText.decoded(text).length() > LONGEST_TOPIC) {
      throw new SlackException("too_long");
    }
  }

  synchronized SlackChannel invite(String channel, List<String> invited, String by) {
    requireOpen(channel, by);
    for (String id : invited) {
      SlackUser user = users.find(id).orElseThrow(() -> new SlackException("user_not_found"));
      if (id.equals(by)) {
        throw new SlackException("cant_invite_self");
      }
      if (user.deleted()) {
        throw new SlackException("cant_invite");
      }
      if (channel(channel).members().contains(id)) {
        throw new SlackException("already_in_channel");
      }
    }
    invited.forEach(id -> join(channel, id));
    return channel(channel);
  }

  synchronized void join(String channel, String user) {
    channels.compute(channel, (id, known) -> channel(id).joined(user));
    say(channel, user, "channel_join", "<@" + user + "> has joined the channel");
  }

  synchronized void leave(String channel, String user) {
    channels.compute(channel, (id, known) -> channel(id).left(user));
  }

  synchronized void archive(String channel, String by) {
    SlackChannel now = channel(channel);
    if (now.archived()) {
      throw new SlackException("already_archived");
    }
    requireMember(now, by);
    say(channel, by, "channel_archive", "<@" + by + "> archived the channel");
    channels.put(channel, now.archived(users.bots(), clock.instant()));
    announce(Json.object().put("type", "channel_archive").put("channel", channel).put("user", by));
  }

  /**
   * Another company's people are let in, or are not any more.
   *
   * @param is whether they are in it
   */
  synchronized void share(String channel, boolean is) {
    channels.put(channel, channel(channel).shared(is));
    announce(
        Json.object()
            .put("type", is ? "channel_shared" : "channel_unshared")
            .put(is ? "connected_team_id" : "previously_connected_team_id", "T0ELSEWHERE")
            .put("channel", channel));
  }

  /** "Bot tokens (xoxb-...) cannot currently be used to unarchive conversations." */
  synchronized void unarchive(String channel, String by) {
    SlackChannel now = channel(channel);
    if (!now.archived()) {
      throw new SlackException("not_archived");
    }
    if (users.bots().contains(by)) {
      throw new SlackException("not_in_channel");
    }
    channels.put(channel, now.unarchived(clock.instant()).joined(by));
    say(channel, by, "channel_unarchive", "<@" + by + "> un-archived the channel");
    announce(
        Json.object().put("type", "channel_unarchive").put("channel", channel).put("user", by));
  }

  /**
   * @param text as it is stored
   * @param notifies what in it notifies people
   */
  synchronized SlackMessage post(
      String channel, String by, String text, String threadTs, List<String> notifies) {
    requireOpen(channel, by);
    notified.addAll(notifies);
    return add(channel, by, "", text, threadTs);
  }

  synchronized SlackMessage add(
      String channel, String by, String subtype, String text, String threadTs) {
    String bot = by.equals(BOT_USER) && subtype.isEmpty() ? BOT : "";
    SlackMessage message =
        new SlackMessage(ids.nextTs(), by, bot, subtype, text, threadTs, Map.of());
    written(channel).add(message);
    announceMessage(channel, message.json().put("event_ts", message.ts()));
    return message;
  }

  private void say(String channel, String by, String subtype, String text) {
    add(channel, by, subtype, text, "");
  }

  synchronized void react(String channel, String ts, String name, String by) {
    requireOpen(channel, by);
    replace(channel, message(channel, ts).with(name, by));
    ObjectNode event =
        Json.object()
            .put("type", "reaction_added")
            .put("user", by)
            .put("reaction", name)
            .put("item_user", message(channel, ts).user())
            .put("event_ts", ids.nextTs());
    event.putObject("item").put("type", "message").put("channel", channel).put("ts", ts);
    announceIn(channel, event);
  }

  synchronized void edit(String channel, String ts, String text) {
    SlackMessage before = message(channel, ts);
    SlackMessage after = before.withText(text);
    replace(channel, after);
    ObjectNode event =
        Json.object()
            .put("type", "message")
            .put("subtype", "message_changed")
            .put("hidden", true)
            .put("ts", ids.nextTs());
    event.set("message", after.json());
    event.set("previous_message", before.json());
    announceMessage(channel, event);
  }

  synchronized void delete(String channel, String ts) {
    SlackMessage before = message(channel, ts);
    written(channel).remove(before);
    ObjectNode event =
        Json.object()
            .put("type", "message")
            .put("subtype", "message_deleted")
            .put("hidden", true)
            .put("ts", ids.nextTs())
            .put("deleted_ts", ts);
    event.set("previous_message", before.json());
    announceMessage(channel, event);
  }

  private void replace(String channel, SlackMessage with) {
    written(channel).replaceAll(message -> message.ts().equals(with.ts()) ? with : message);
  }

  private List<SlackMessage> written(String channel) {
    return messages.computeIfAbsent(channel, id -> new ArrayList<>());
  }

  private SlackChannel change(String channel, String by, UnaryOperator<SlackChannel> change) {
    requireOpen(channel, by);
    SlackChannel changed = change.apply(channel(channel));
    channels.put(channel, changed);
    return changed;
  }

  private void requireOpen(String channel, String by) {
    SlackChannel now = channel(channel);
    if (now.archived()) {
      throw new SlackException("is_archived");
    }
    requireMember(now, by);
  }

  private static void requireMember(SlackChannel channel, String user) {
    if (!channel.members().contains(user)) {
      throw new SlackException("not_in_channel");
    }
  }

  private void announceMessage(String channel, ObjectNode event) {
    announceIn(channel, event.put("channel", channel).put("channel_type", "channel"));
  }

  /** An app receives the events of the channels that it is a member of. */
  private void announceIn(String channel, ObjectNode event) {
    if (channel(channel).members().contains(BOT_USER)) {
      announce(event);
    }
  }

  private void announce(ObjectNode event) {
    events.accept(event);
  }
}
