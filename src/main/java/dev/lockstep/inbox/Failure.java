package dev.lockstep.inbox;

import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/** Classifies failures of an entry. The classification alone decides what happens next. */
public enum Failure {
  /**
   * A system, or the call limiter, asks to wait: retry after that delay; not counted as an attempt.
   */
  RETRY_LATER,

  /**
   * No response, 5xx, timeout, lost connection, deadlock, serialization failure: temporary, so
   * retry with backoff and without a limit.
   */
  TRANSIENT,

  /** A system rejected the call, so a retry cannot succeed: dead letter at once. */
  REJECTED,

  /**
   * Everything else: data the database rejects, a wrong number of rows, bad SQL, a programming
   * error, an {@link Error}. Dead letter after {@link #MAX_ATTEMPTS}.
   */
  FAULT;

  /** A fault may be transient, so it gets more than one attempt. */
  static final int MAX_ATTEMPTS = 5;

  /**
   * SQLSTATE classes of a database that is unreachable, busy or temporarily not writable:
   * connection, rollback (deadlock, serialization), resources, lock not available, operator
   * intervention, system error.
   */
  private static final Set<String> DATABASE_UNAVAILABLE =
      Set.of("08", "40", "53", "55", "57", "58");

  private static final String READ_ONLY = "25006";

  public static Failure classify(Throwable failure) {
    if (failure instanceof RetryLaterException) {
      return RETRY_LATER;
    }
    if (failure instanceof SystemUnavailableException) {
      return TRANSIENT;
    }
    if (failure instanceof RequestRejectedException) {
      return REJECTED;
    }
    return isDatabaseUnavailable(failure) ? TRANSIENT : FAULT;
  }

  /**
   * The SQLSTATE takes precedence: Spring translates some rejected values to connection failures.
   */
  private static boolean isDatabaseUnavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientException || cause instanceof SQLRecoverableException) {
        return true;
      }
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        String state = sql.getSQLState();
        return state.equals(READ_ONLY)
            || state.length() == 5 && DATABASE_UNAVAILABLE.contains(state.substring(0, 2));
      }
    }
    return failure instanceof TransientDataAccessException
        || failure instanceof RecoverableDataAccessException
        || failure instanceof DataAccessResourceFailureException
        || failure instanceof TransactionException;
  }
}
