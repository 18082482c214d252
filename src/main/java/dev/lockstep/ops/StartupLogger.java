package dev.lockstep.ops;

import dev.lockstep.ops.database.DatabaseAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Logs that Lockstep is ready, with port and start time. */
@Component
final class StartupLogger {
  private static final Logger log = LoggerFactory.getLogger("lockstep");

  private final DatabaseAddress database;

  StartupLogger(DatabaseAddress database) {
    this.database = database;
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    Duration taken = event.getTimeTaken();
    log.info(
        "Ready on port {} after {} ms, on {} PostgreSQL",
        event.getApplicationContext().getEnvironment().getProperty("local.server.port"),
        taken == null ? "?" : taken.toMillis(),
        database.isSet() ? "your" : "the embedded");
  }
}
