package dev.lockstep.ops;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;

/** Converts the exception of a failed start into a message an operator can act on. */
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
    BindException setting = find(failure, BindException.class);
    if (setting != null) {
      return new StartupException(setting.getName() + ": " + oneLine(root(setting)), failure);
    }
    if (isOutOfFiles(failure)) {
      return new StartupException(
          "The limit of open files is too low; raise it (ulimit -n 4096, or LimitNOFILE of"
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
      return new StartupException("The database migration failed: " + oneLine(flyway), failure);
    }
    RuntimeException ours = findOwnException(failure);
    if (ours != null) {
      return new StartupException(String.valueOf(ours.getMessage()).lines().toList(), failure);
    }
    return new StartupException(
        oneLine(root(failure)) + " (LOGGING_LEVEL_DEV_LOCKSTEP_OPS=debug shows where)", failure);
  }

  /** Recognisable by the message only, whichever file or socket was opened. */
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
        + " is not available, most likely because another program uses it; stop that program or set"
        + " another LOCKSTEP_PORT";
  }

  /** An exception of Lockstep's own is more helpful than its cause. */
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
