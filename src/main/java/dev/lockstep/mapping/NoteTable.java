package dev.lockstep.mapping;

import dev.lockstep.mapping.field.Condition;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code notes:} section; visibilities that are not listed are not synced.
 *
 * @param heldToRight by visibility on the left, when such notes are held back
 * @param heldToLeft by visibility on the right, likewise
 * @param approval by side and visibility there, which notes an operator approves
 * @param withoutOwn the sides on which Lockstep writes no notes of its own
 */
record NoteTable(
    Map<Visibility, Visibility> toRight,
    Map<Visibility, Visibility> toLeft,
    Map<Visibility, Condition> heldToRight,
    Map<Visibility, Condition> heldToLeft,
    Map<Side, Map<Visibility, Approval>> approval,
    Set<Side> withoutOwn)
    implements NotePolicy {

  @Override
  public Optional<Visibility> targetVisibility(Side from, Visibility visibility) {
    return Optional.ofNullable((from == Side.LEFT ? toRight : toLeft).get(visibility));
  }

  @Override
  public boolean isHeld(Side from, Visibility visibility, Map<String, String> there) {
    Condition waiting = heldWhen(from.other()).get(visibility);
    return waiting != null && waiting.holds(there);
  }

  @Override
  public boolean takesOwn(Side to) {
    return !withoutOwn.contains(to);
  }

  @Override
  public Approval approval(Side from, Visibility visibility) {
    return approval.getOrDefault(from, Map.of()).getOrDefault(visibility, Approval.NEVER);
  }

  Map<Visibility, Condition> heldWhen(Side to) {
    return to == Side.RIGHT ? heldToRight : heldToLeft;
  }
}
