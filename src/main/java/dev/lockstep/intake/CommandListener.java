package dev.lockstep.intake;

/** Takes what people ask for in a chat; intake only verifies and parses it. */
public interface CommandListener {

  /**
   * Stores the command to be carried out; it is committed when this returns. A command that was
   * stored before changes nothing. An exception makes the sender repeat the request, or report a
   * failure to the person.
   */
  void onCommand(ReceivedCommand command);
}
