package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A public channel at one moment.
 *
 * @param updated when its settings were changed last
 * @param topic as Slack stores it, with entities
 * @param shared whether people of another company are in it, too ("Slack Connect")
 * @param members ids of users, in the order in which they joined
 */
public record SlackChannel(
    String id,
    String name,
    List<String> previousNames,
    String creator,
    Instant created,
    Instant updated,
    boolean archived,
    boolean shared,
    String topic,
    String purpose,
    Set<String> members) {
  private static final int LONGEST_NAME = 80;
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+");
  private static final Pattern LETTER = Pattern.compile(".*[a-z0-9].*");

  private SlackChannel with(
      String toName, boolean isArchived, String toTopic, String toPurpose, Instant at) {
    List<String> names =
        toName.equals(name)
            ? previousNames
            : Stream.concat(previousNames.stream(), Stream.of(name)).toList();
    return new SlackChannel(
        id, toName, names, creator, created, at, isArchived, shared, toTopic, toPurpose, members);
  }

  private SlackChannel with(boolean isShared, Set<String> all) {
    return new SlackChannel(
        id,
        name,
        previousNames,
        creator,
        created,
        updated,
        archived,
        isShared,
        topic,
        purpose,
        all);
  }

  SlackChannel shared(boolean is) {
    return with(is, members);
  }

  SlackChannel renamed(String to, Instant at) {
    return with(to, archived, topic, purpose, at);
  }

  SlackChannel withTopic(String text, Instant at) {
    return with(name, archived, text, purpose, at);
  }

  SlackChannel withPurpose(String text, Instant at) {
    return with(name, archived, topic, text, at);
  }

  /** Bots do not stay in it: only people come back with {@link #unarchived}. */
  SlackChannel archived(Set<String> bots, Instant at) {
    Set<String> people = new LinkedHashSet<>(members);
    people.removeAll(bots);
    return with(name, true, topic, purpose, at).with(shared, people);
  }

  SlackChannel unarchived(Instant at) {
    return with(name, false, topic, purpose, at);
  }

  SlackChannel joined(String user) {
    Set<String> more = new LinkedHashSet<>(members);
    more.add(user);
    return with(shared, more);
  }

  SlackChannel left(String user) {
    Set<String> less = new LinkedHashSet<>(members);
    less.remove(user);
    return with(shared, less);
  }

  /**
   * @param viewer who asks
   */
  ObjectNode json(String viewer) {
    ObjectNode json = created(viewer).put("updated", updated.toEpochMilli());
    previousNames.forEach(json.putArray("previous_names")::add);
    return json;
  }

  /** As the answer to its creation shows it, which does not say when it was changed. */
  ObjectNode created(String viewer) {
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("name", name)
            .put("is_channel", true)
            .put("is_group", false)
            .put("is_im", false)
            .put("created", created.getEpochSecond())
            .put("is_archived", archived)
            .put("is_general", false)
            .put("name_normalized", name)
            .put("is_shared", shared)
            .put("is_ext_shared", shared)
            .put("creator", creator)
            .put("is_member", members.contains(viewer))
            .put("is_private", false)
            .put("is_mpim", false)
            .put("context_team_id", SlackWorkspace.TEAM);
    json.putObject("topic").put("value", topic).put("creator", "").put("last_set", 0);
    json.putObject("purpose").put("value", purpose).put("creator", "").put("last_set", 0);
    return json;
  }

  /** Slack's rules for names of channels. */
  static void requireName(String name) {
    if (name.isEmpty()) {
      throw new SlackException("invalid_name_required");
    }
    if (name.length() > LONGEST_NAME) {
      throw new SlackException("invalid_name_maxlength");
    }
    if (!NAME.matcher(name).matches()) {
      throw new SlackException("invalid_name_specials");
    }
    if (!LETTER.matcher(name).matches()) {
      throw new SlackException("invalid_name_punctuation");
    }
  }
}
