package dev.lockstep.command;

import dev.lockstep.intake.ReceivedCommand;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@code command}.
 *
 * @param asked whether a write to a record was ordered, which must not be repeated
 * @param answer null until it is carried out
 */
record StoredCommand(UUID id, ReceivedCommand request, boolean asked, @Nullable Answer answer) {

  /** Of requests to services that carry each out once. */
  String key() {
    return "command:" + id;
  }
}
