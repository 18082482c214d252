package dev.lockstep.inbox;

import dev.lockstep.connector.Rejected;

/** What went wrong with an entry, for people. All but {@code text} may be empty. */
record Problem(String text, String request, String answer, String advice) {

  static Problem of(Throwable failure) {
    if (failure instanceof Rejected rejected) {
      return new Problem(
          "The call was refused with " + rejected.status(),
          rejected.request(),
          rejected.answer(),
          rejected.advice());
    }
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    return new Problem(failure.getClass().getSimpleName() + ": " + message, "", "", "");
  }
}
