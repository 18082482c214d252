package dev.lockstep.ops;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;

/** Turns the exceptions a failed start comes with into a line an operator can act upon. */
public final class StartupFailure {
  private static final Logger log = LoggerFactory.getLogger(StartupFailure.class);

  private StartupFailure() {}

  /** The whole stack trace is logged at DEBUG only. */
  public static StartupException explain(Throwable failure) {
    log.debug("Start failed", failure);
    StartupException problem = find(failure, StartupException.class);
    if (problem != null) {
      return problem;
    }
    PortInUseException port = find(failure, PortInUseException.class);
    if (port != null) {
      return new StartupException(portInUse(Integer.toString(port.getPort())), failure);
    }
    if (isOutOfFiles(failure)) {
      return new StartupException(
          "Too few files may be open at a time; raise the limit (ulimit -n 4096, or LimitNOFILE of"
              + " the service)",
          failure);
    }
    SQLException sql = find(failure, SQLException.class);
    if (sql != null) {
      return new StartupException(
          "DATABASE_URL: the database can't be used: "
              + oneLine(sql)
              + "; check DATABASE_URL, DATABASE_USERNAME and DATABASE_PASSWORD",
          failure);
    }
    FlywayException flyway = find(failure, FlywayException.class);
    if (flyway != null) {
      return new StartupException(
          "The database's tables can't be brought up to date: " + oneLine(flyway), failure);
    }
    RuntimeException ours = findOwnException(failure);
    if (ours != null) {
      return new StartupException(String.valueOf(ours.getMessage()).lines().toList(), failure);
    }
    return new StartupException(
        oneLine(root(failure)) + " (LOGGING_LEVEL_DEV_LOCKSTEP_OPS=debug shows where)", failure);
  }

  /** Says so in its message only, whatever was being opened. */
  private static boolean isOutOfFiles(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (String.valueOf(t.getMessage()).contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }

  static String portInUse(String port) {
    return "LOCKSTEP_PORT: port "
        + port
        + " can't be had, most likely because another program uses it; stop that or set another"
        + " LOCKSTEP_PORT";
  }

  /** What a stage says of its own files is better than what lies beneath it. */
  private static @Nullable RuntimeException findOwnException(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RuntimeException e
          && e.getClass().getPackageName().startsWith("dev.lockstep.")) {
        return e;
      }
    }
    return null;
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String oneLine(Throwable t) {
    String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
