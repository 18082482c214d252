package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Map;
import java.util.Optional;

/** The {@code notes:} section; what is not listed is not carried. */
record NoteTable(Map<Visibility, Visibility> toRight, Map<Visibility, Visibility> toLeft)
    implements NotePolicy {

  @Override
  public Optional<Visibility> carriedAs(Side from, Visibility visibility) {
    return Optional.ofNullable((from == Side.LEFT ? toRight : toLeft).get(visibility));
  }
}
