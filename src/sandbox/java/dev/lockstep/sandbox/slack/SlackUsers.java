package dev.lockstep.sandbox.slack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The people of the workspace, and the user of the app's bot. Thread-safe. */
final class SlackUsers {
  private final SlackIds ids;
  private final Map<String, SlackUser> users = new LinkedHashMap<>();

  SlackUsers(SlackIds ids) {
    this.ids = ids;
    users.put(
        SlackWorkspace.BOT_USER,
        new SlackUser(SlackWorkspace.BOT_USER, "lockstep", "Lockstep", "", true, false));
  }

  synchronized SlackUser add(String name, String realName, String email) {
    SlackUser user = new SlackUser(ids.next("U"), name, realName, email, false, false);
    users.put(user.id(), user);
    return user;
  }

  synchronized void deactivate(String user) {
    users.computeIfPresent(user, (id, known) -> known.deactivated());
  }

  synchronized Optional<SlackUser> find(String id) {
    return Optional.ofNullable(users.get(id));
  }

  /** Not of a deactivated account. */
  synchronized Optional<SlackUser> findByEmail(String email) {
    return users.values().stream()
        .filter(user -> !user.deleted() && user.email().equalsIgnoreCase(email))
        .findFirst();
  }

  synchronized List<SlackUser> all() {
    return List.copyOf(users.values());
  }

  synchronized Set<String> bots() {
    return users.values().stream()
        .filter(SlackUser::bot)
        .map(SlackUser::id)
        .collect(Collectors.toSet());
  }
}
