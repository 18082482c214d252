package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one field is synced. Values are those that {@link Mapping#read} returns for that side. */
public interface FieldMapping {

  /** Whose value wins when both sides changed the field since the base. */
  enum Owner {
    LEFT,
    RIGHT,
    /** The record that was changed last, by its own system's clock. */
    NEWEST
  }

  /** Result of translating a changed value to the other side. */
  sealed interface Translation {
    /** Write this value. */
    record To(String value) implements Translation {}

    /** The other side already has an equivalent value. */
    record AlreadyThere() implements Translation {}

    /**
     * There is no mapped value, or the change is not allowed. The field is not written and the gap
     * is reported.
     */
    record Unmapped(String reason) implements Translation {}
  }

  String name();

  Owner owner();

  /** Whether changes of the field are synced to this side. */
  boolean flowsTo(Side to);

  boolean flowsAtCreationTo(Side to);

  /** Whether an empty value on this side means "unknown" rather than "cleared". */
  boolean ignoresEmpty(Side side);

  /**
   * Translates a side's new value to the other side.
   *
   * @param from the side that changed
   * @param value its new value
   * @param current the other side's current value; null if unknown or the record is not created yet
   */
  Translation translate(Side from, String value, @Nullable String current);

  /** Whether the tables of the field list a value of a side; true if any value is possible. */
  default boolean isListed(Side side, String value) {
    return true;
  }

  /** Whether this is the default of a new record on this side. */
  boolean isDefault(Side side, String value);

  /**
   * Whether the default of a new record on this side is a reference, such as a default service: it
   * determines which team is assigned and notified.
   */
  default boolean defaultsToReference(Side to) {
    return false;
  }

  /** Whether the two values are equivalent under this mapping. */
  boolean agree(String left, String right);

  /** As {@link #agree(String, String)}, with {@code here} the value of side {@code from}. */
  default boolean agree(Side from, String here, String there) {
    return from == Side.LEFT ? agree(here, there) : agree(there, here);
  }

  /**
   * As {@link #agree(Side, String, String)}, but an empty and a non-empty value are in sync only if
   * the latter is its side's default: where an empty value means "unknown", it does not confirm the
   * other value.
   */
  default boolean isInStep(Side side, String here, String there) {
    return agree(side, here, there)
        && (here.isBlank() == there.isBlank()
            || !here.isBlank() && isDefault(side, here)
            || !there.isBlank() && isDefault(side.other(), there));
  }

  /**
   * Whether a value of side {@code from} applies to the other side in its current state ({@code
   * unless} and {@code while} in tables). A value that does not apply is not synced and is not a
   * difference.
   *
   * @param there the other side's current values
   */
  default boolean isRelevant(Side from, String value, Map<String, String> there) {
    return true;
  }

  /**
   * Whether that side must not take this value by itself: the value of the field's owner is written
   * again.
   */
  default boolean restores(Side side, String value) {
    return false;
  }

  /**
   * Whether that side accepts the field in its current state.
   *
   * @param there the side's current values
   */
  default boolean isAccepted(Side to, Map<String, String> there) {
    return true;
  }

  /** Fields whose value is sent along whenever this one is written on that side. */
  default Set<String> writtenTogether(Side to) {
    return Set.of();
  }

  /**
   * Fields that must not be empty on side {@code to} when this field is set to {@code value} there:
   * field name to the value to write if it is empty.
   */
  Map<String, String> fill(Side to, String value);

  /**
   * The text of the note that reports a change to a side without this field; null if the side has
   * no {@code tell}.
   */
  @Nullable String noteText(Side to, String value);
}
