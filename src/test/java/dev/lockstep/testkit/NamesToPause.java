package dev.lockstep.testkit;

import dev.lockstep.pause.PausableNames;
import java.util.Set;

/** What tests pause. */
public record NamesToPause(Set<String> systems, Set<String> mappings) implements PausableNames {

  public NamesToPause() {
    this(Set.of("itsm", "platform"), Set.of("test"));
  }
}
