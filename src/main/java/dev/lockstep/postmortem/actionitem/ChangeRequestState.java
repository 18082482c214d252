package dev.lockstep.postmortem.actionitem;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What is known of an item's change request, in values common to all systems.
 *
 * @param key display key; empty while there is none
 * @param state {@code new}, {@code assess}, {@code authorize}, {@code scheduled}, {@code
 *     implement}, {@code review}, {@code closed} or {@code cancelled}; empty while there is none
 * @param closeCode {@code successful}, {@code successful-with-issues} or {@code unsuccessful}
 * @param by who last changed its state, as its system names them
 * @param start planned start, as its system writes it
 * @param end planned end
 * @param gone whether its record was deleted or is hidden; the last known values are kept, since it
 *     may reappear
 */
public record ChangeRequestState(
    String key, String state, String closeCode, String by, String start, String end, boolean gone) {
  public static final ChangeRequestState NONE =
      new ChangeRequestState("", "", "", "", "", "", false);

  ChangeRequestState withKey(String now) {
    return new ChangeRequestState(now, state, closeCode, by, start, end, gone);
  }

  public ChangeRequestState withGone(boolean now) {
    return new ChangeRequestState(key, state, closeCode, by, start, end, now);
  }

  /** Its state, or {@code deleted}. */
  public String effectiveState() {
    return gone ? "deleted" : state;
  }

  @JsonIgnore
  public boolean isClosed() {
    return effectiveState().equals("closed");
  }

  public boolean failed() {
    return gone || state.equals("cancelled") || isClosed() && closeCode.equals("unsuccessful");
  }

  /** Display text, for example {@code CHG0030001 is in assess}. */
  public String statusText() {
    String name = key.isEmpty() ? "Its change" : key;
    if (effectiveState().isEmpty()) {
      return name + " was created";
    }
    if (isClosed()) {
      return name + " was closed" + (closeCode.isEmpty() ? "" : " " + closeCode.replace('-', ' '));
    }
    return name + (failed() ? " was " : " is in ") + effectiveState();
  }
}
