package dev.lockstep.ops.database;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupChecks;
import dev.lockstep.ops.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * The service's database, for a process beside it: the one of {@code DATABASE_URL}; else the
 * embedded one, joined if the service is running, started if it is not. If there is none yet, an
 * empty one that is deleted at the end. Not marked as a configuration, so that the scan for the
 * whole service does not find it.
 */
public class SharedDatabaseConfiguration {

  /**
   * A directory of this process alone.
   *
   * @param checks a dependency, so that nothing is created when settings are wrong
   */
  @Bean
  TemporaryDirectory temporaryDirectory(StartupChecks checks) {
    return TemporaryDirectory.create();
  }

  @Bean
  @Lazy
  DataDirectory dataDirectory(Environment environment, TemporaryDirectory temporary) {
    Path configured = configuredDirectory(environment);
    return DataDirectory.open(
        Files.isDirectory(configured.resolve("postgres")) ? configured : temporary.path());
  }

  /** Created only if none is running. */
  @Bean
  @Lazy
  EmbeddedDatabase embeddedDatabase(DataDirectory directory) {
    return EmbeddedDatabase.start(directory);
  }

  @Bean
  JdbcConnectionDetails jdbcConnectionDetails(
      DatabaseAddress address,
      StartupChecks checks,
      Environment environment,
      ObjectProvider<EmbeddedDatabase> embedded) {
    if (address.isSet()) {
      return new DatabaseConfiguration.Details(
          address.url(), address.username(), address.password());
    }
    return PostgresCluster.running(configuredDirectory(environment))
        .<JdbcConnectionDetails>map(
            running ->
                new DatabaseConfiguration.Details(
                    running.url(), PostgresCluster.USER, running.password()))
        .orElseGet(
            () -> {
              EmbeddedDatabase database = embedded.getObject();
              return new DatabaseConfiguration.Details(
                  database.url(), database.username(), database.password());
            });
  }

  private static Path configuredDirectory(Environment environment) {
    return Path.of(environment.getProperty("LOCKSTEP_DATA_DIR", "data")).toAbsolutePath();
  }

  /** Deleted with everything in it when it is closed. */
  record TemporaryDirectory(Path path) implements AutoCloseable {
    static TemporaryDirectory create() {
      try {
        return new TemporaryDirectory(Files.createTempDirectory("lockstep-"));
      } catch (IOException e) {
        throw new StartupException("Can't create a temporary directory (" + e + ")", e);
      }
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
