package dev.lockstep.postmortem.item;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What is known of an item's change request, in words all systems share.
 *
 * @param key what people call it; empty while there is none
 * @param state {@code new}, {@code assess}, {@code authorize}, {@code scheduled}, {@code
 *     implement}, {@code review}, {@code closed}, {@code cancelled} or {@code deleted}; empty while
 *     there is none
 * @param closeCode {@code successful}, {@code successful-with-issues} or {@code unsuccessful}
 * @param by who moved it last, as its system names them
 * @param start when it is planned to start, as its system writes it
 * @param end when it is planned to end
 */
public record Change(
    String key, String state, String closeCode, String by, String start, String end) {
  public static final Change NONE = new Change("", "", "", "", "", "");

  public Change in(String other) {
    return new Change(key, other, closeCode, by, start, end);
  }

  @JsonIgnore
  public boolean isClosed() {
    return state.equals("closed");
  }

  public boolean failed() {
    return state.equals("cancelled")
        || state.equals("deleted")
        || isClosed() && closeCode.equals("unsuccessful");
  }

  /** For people, for example {@code CHG0030001 is in assess}. */
  public String standing() {
    String name = key.isEmpty() ? "Its change" : key;
    if (state.isEmpty()) {
      return name + " was created";
    }
    if (isClosed()) {
      return name + " was closed" + (closeCode.isEmpty() ? "" : " " + closeCode.replace('-', ' '));
    }
    return name + (failed() ? " was " : " is in ") + state;
  }
}
