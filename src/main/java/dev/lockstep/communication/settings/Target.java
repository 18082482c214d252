package dev.lockstep.communication.settings;

import dev.lockstep.record.Visibility;
import java.util.Locale;

/** Where an update, a reminder or an escalation goes. */
public sealed interface Target {

  /** The incident manager, by e-mail. */
  record ToLead() implements Target {
    @Override
    public String toString() {
      return "manager";
    }
  }

  /**
   * A person, by e-mail; not in the settings.
   *
   * @param person an e-mail address, or else they get nothing
   */
  record ToPerson(String person) implements Target {
    @Override
    public String toString() {
      return person;
    }
  }

  /** A channel of the settings. */
  record ToChannel(String channel) implements Target {
    @Override
    public String toString() {
      return "channel " + channel;
    }
  }

  /** The incident's record in a system, as a note. */
  record ToSystem(String system, Visibility visibility) implements Target {
    @Override
    public String toString() {
      return "%s (%s)".formatted(system, visibility.name().toLowerCase(Locale.ROOT));
    }
  }
}
