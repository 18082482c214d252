package dev.lockstep.command;

import dev.lockstep.publish.ChatAnswer.Button;
import java.util.List;

/**
 * What the person who asked reads, and nobody else.
 *
 * @param text plain, in lines
 */
record Answer(String text, List<Button> buttons) {
  Answer {
    buttons = List.copyOf(buttons);
  }

  static Answer of(String text) {
    return new Answer(text, List.of());
  }
}
