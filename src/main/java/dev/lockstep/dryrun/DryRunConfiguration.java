package dev.lockstep.dryrun;

import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.Connectors;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/**
 * Puts recording connectors in the place of the real ones. Not marked as a configuration, so that
 * the scan for the whole service does not find it.
 */
@Import({DryRun.class, DryRunFeeds.class, DryRunStore.class, PlannedPolicy.class})
public class DryRunConfiguration {

  @Bean
  @Primary
  RecordingConnectors recordingConnectors(
      @Qualifier("recordGateway") Connectors systems, ConnectorCatalog catalog, Clock clock) {
    // A system without settings to reach it is Lockstep's own: its tables are copies here.
    Set<String> own =
        catalog.systems().stream()
            .filter(system -> !catalog.connector(system).settings().containsKey("url"))
            .collect(Collectors.toSet());
    return new RecordingConnectors(systems, catalog, own, clock);
  }
}
