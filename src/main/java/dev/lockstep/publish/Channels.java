package dev.lockstep.publish;

import java.util.Optional;

/** The channels that are configured now. */
@FunctionalInterface
public interface Channels {

  Optional<Channel> find(String name);
}
