package dev.lockstep.publish;

import dev.lockstep.connector.text.TextFormat;
import java.util.List;
import java.util.UUID;

/**
 * An answer to one person.
 *
 * @param address where it is sent; a secret
 * @param format of the system's texts
 * @param text plain, in lines
 * @param replaces whether it takes the place of the message whose button was pressed
 */
public record ChatAnswer(
    UUID id,
    String address,
    TextFormat format,
    String text,
    List<Button> buttons,
    boolean replaces) {
  public ChatAnswer {
    buttons = List.copyOf(buttons);
  }

  /**
   * @param command what pressing it asks for
   * @param primary whether it is the usual choice
   */
  public record Button(String label, String command, boolean primary) {}

  /** Without the address. */
  @Override
  public String toString() {
    return "answer to command " + id;
  }
}
