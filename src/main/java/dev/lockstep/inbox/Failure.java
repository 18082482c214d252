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

/** What kind of failure ended a piece of work, and so what follows: the one place that decides. */
public enum Failure {
  /** A system, or our limit on calls to it, asks to wait: wait as told. It counts as no attempt. */
  RETRY_LATER,

  /**
   * No answer, 5xx, a timeout, a lost connection, a deadlock, a serialization failure: it passes by
   * itself, so retry with backoff for as long as it takes.
   */
  TRANSIENT,

  /** A system refused the call: repeating it can't help. A dead letter at once. */
  REJECTED,

  /**
   * Everything else: data the database refuses, a wrong number of rows, bad SQL, a programming
   * error, an {@link Error}. A dead letter after {@link #MAX_ATTEMPTS}.
   */
  FAULT;

  /** A fault may depend on the moment, so it gets more than one attempt. */
  static final int MAX_ATTEMPTS = 5;

  /**
   * SQLSTATE classes of a database that is away, busy or not writable for now: connection, rollback
   * (deadlock, serialization), resources, lock not available, operator intervention, system error.
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
   * The database's own word counts most: Spring puts values it can't hold among lost connections.
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
