package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code notes:} section; what is not listed is not carried.
 *
 * @param waitingToRight by visibility on the left, when such notes wait
 * @param waitingToLeft likewise
 */
record NoteTable(
    Map<Visibility, Visibility> toRight,
    Map<Visibility, Visibility> toLeft,
    Map<Visibility, Condition> waitingToRight,
    Map<Visibility, Condition> waitingToLeft)
    implements NotePolicy {

  @Override
  public Optional<Visibility> carriedAs(Side from, Visibility visibility) {
    return Optional.ofNullable((from == Side.LEFT ? toRight : toLeft).get(visibility));
  }

  @Override
  public boolean waits(Side from, Visibility visibility, Map<String, String> there) {
    Condition waiting = waiting(from.other()).get(visibility);
    return waiting != null && waiting.holds(there);
  }

  Map<Visibility, Condition> waiting(Side to) {
    return to == Side.RIGHT ? waitingToRight : waitingToLeft;
  }
}
