package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one field is kept in step. Values are the ones {@link Mapping#read} gives for that side. */
public interface FieldMapping {

  /** Which value stays when both sides changed the field since they last agreed. */
  enum Owner {
    LEFT,
    RIGHT,
    /** The record that changed last, by its own system's clock. */
    NEWEST
  }

  /** What a changed value becomes on the other side. */
  sealed interface Translation {
    /** Write this value. */
    record To(String value) implements Translation {}

    /** The other side already says the same in its own words. */
    record AlreadyThere() implements Translation {}

    /**
     * The mapping has no word for it, or refuses it; the field stays as it is and the gap is
     * reported.
     */
    record Unmapped(String reason) implements Translation {}
  }

  String name();

  Owner owner();

  /**
   * Whether a change is carried to this side: always, only when the record is created there, or
   * never.
   */
  boolean flowsTo(Side to);

  boolean flowsAtCreationTo(Side to);

  /** Whether an empty value on this side says nothing (rather than "was emptied"). */
  boolean ignoresEmpty(Side side);

  /**
   * What a side's new value becomes on the other.
   *
   * @param from the side that changed
   * @param value its new value
   * @param current the other side's present value; null if unknown or the record is yet to be
   *     created
   */
  Translation translate(Side from, String value, @Nullable String current);

  /** Whether a new record of this side gets this value for want of a better one. */
  boolean isDefault(Side side, String value);

  /**
   * Whether what a new record of this side gets for want of a value is another record, such as a
   * default service: then it decides whose work the record is, and who is notified.
   */
  default boolean defaultsToReference(Side to) {
    return false;
  }

  /** Whether the two values mean the same under this mapping. */
  boolean agree(String left, String right);

  /** The same, with {@code here} the value of side {@code from}. */
  default boolean agree(Side from, String here, String there) {
    return from == Side.LEFT ? agree(here, there) : agree(there, here);
  }

  /**
   * As {@link #agree(Side, String, String)}, but an empty value beside another one is no agreement,
   * unless the other one is only its side's default: where an empty value says nothing, it does not
   * say that the other one was taken over either.
   */
  default boolean isInStep(Side side, String here, String there) {
    return agree(side, here, there)
        && (here.isBlank() == there.isBlank()
            || !here.isBlank() && isDefault(side, here)
            || !there.isBlank() && isDefault(side.other(), there));
  }

  /**
   * Whether a value of side {@code from} means anything to the other side as that one stands. What
   * means nothing is not carried and is no difference.
   *
   * @param there the other side's present values
   */
  default boolean isRelevant(Side from, String value, Map<String, String> there) {
    return true;
  }

  /**
   * Fields that must not be empty on side {@code to} when this field takes {@code value} there,
   * with the value each gets if it is: field name to value of that side.
   */
  Map<String, String> fill(Side to, String value);

  /**
   * For a field a side can only be told of by a note: the note's text; null for ordinary fields.
   */
  @Nullable String noteText(Side to, String value);
}
