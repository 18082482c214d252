package dev.lockstep.console;

import java.util.List;
import java.util.Map;

/**
 * A page that says what an action will do before it does it. It sends the form to its own address.
 *
 * @param effects what will be written where, one line each
 * @param submit the label of the button
 * @param isFinal whether it cannot be undone
 * @param reason whether a reason is asked for
 * @param choices values of the parameter {@code primary} and their labels; empty: nothing to choose
 * @param parameters sent unseen
 * @param back the page to return to
 */
record Confirmation(
    String title,
    List<String> effects,
    String submit,
    boolean isFinal,
    Reason reason,
    Map<String, String> choices,
    Map<String, String> parameters,
    String back) {
  /** One that can be undone, with nothing to choose. */
  Confirmation(
      String title,
      List<String> effects,
      String submit,
      Reason reason,
      Map<String, String> parameters,
      String back) {
    this(title, effects, submit, false, reason, Map.of(), parameters, back);
  }

  /** The name of the model attribute and of the template. */
  static final String NAME = "confirmation";

  /** The flash attribute with what was done. */
  static final String DONE = "done";

  enum Reason {
    NONE,
    OPTIONAL,
    REQUIRED
  }
}
