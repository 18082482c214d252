package dev.lockstep.inbox;

import dev.lockstep.connector.PausedException;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import org.springframework.dao.DataAccessException;

/** Description of a failure for operators. All fields but {@code text} may be empty. */
record FailureReport(String text, String request, String answer, String advice) {
  private static final int MAX_LENGTH = 2000;

  static FailureReport of(Subject subject, Throwable failure) {
    if (failure instanceof RequestRejectedException rejected) {
      return new FailureReport(
          rejected.status() == 0
              ? "The operation is not possible"
              : "The call was rejected with " + rejected.status(),
          rejected.request(),
          rejected.answer(),
          rejected.advice());
    }
    if (failure instanceof PausedException) {
      return new FailureReport(
          truncate(String.valueOf(failure.getMessage())), "", "", "It goes on when that ends.");
    }
    Throwable root = rootCause(failure);
    return new FailureReport(
        truncate(describe(failure)),
        "process " + subject,
        root == failure ? "" : truncate(describe(root)),
        advice(failure));
  }

  private static String advice(Throwable failure) {
    if (failure instanceof RecordNotFoundException) {
      return "Restore the record and retry, or discard this dead letter.";
    }
    if (failure instanceof DataAccessException) {
      return "The database rejects the data: see the answer and the log, correct the data at its"
          + " source or upgrade Lockstep, then retry.";
    }
    return "This is an error in Lockstep; the log has its stack trace. Report it, upgrade, then"
        + " retry, or discard this dead letter.";
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private static String describe(Throwable failure) {
    String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
    return failure.getClass().getSimpleName() + message;
  }

  private static String truncate(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
  }
}
