package dev.lockstep.ops.database;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupChecks;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** The database: {@code DATABASE_URL}, or else the embedded one in {@code LOCKSTEP_DATA_DIR}. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  /**
   * @param checks a dependency, so that nothing is created when settings are wrong
   */
  @Bean
  DataDirectory dataDirectory(Environment environment, StartupChecks checks) {
    return DataDirectory.open(Path.of(environment.getProperty("LOCKSTEP_DATA_DIR", "data")));
  }

  /** Created only without a {@code DATABASE_URL}. */
  @Bean
  @Lazy
  EmbeddedDatabase embeddedDatabase(DataDirectory directory) {
    return EmbeddedDatabase.start(directory);
  }

  @Bean
  JdbcConnectionDetails jdbcConnectionDetails(
      DatabaseAddress address, StartupChecks checks, ObjectProvider<EmbeddedDatabase> embedded) {
    if (address.isSet()) {
      return new Details(address.url(), address.username(), address.password());
    }
    EmbeddedDatabase database = embedded.getObject();
    return new Details(database.url(), database.username(), database.password());
  }

  record Details(String getJdbcUrl, String getUsername, String getPassword)
      implements JdbcConnectionDetails {
    @Override
    public String toString() {
      return getJdbcUrl;
    }
  }
}
