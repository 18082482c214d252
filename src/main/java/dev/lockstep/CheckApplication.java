package dev.lockstep;

import dev.lockstep.communication.CommunicationFiles;
import dev.lockstep.intake.IntakeConfiguration;
import dev.lockstep.ops.KnownSettings;
import dev.lockstep.ops.StartupChecks;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.publish.EmailChannel;
import dev.lockstep.publish.PublishConfiguration;
import dev.lockstep.publish.TeamsChannel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.apache.camel.component.http.springboot.HttpComponentAutoConfiguration;
import org.apache.camel.component.kamelet.springboot.KameletComponentAutoConfiguration;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;

/**
 * The parts of the service that calls to the systems need, with their startup checks. Not marked as
 * a configuration, so that the scan for the whole service does not find it.
 */
@Import({
  StartupChecks.class,
  KnownSettings.class,
  Spans.class,
  MappingRepository.class,
  MappingConfiguration.class,
  ConnectedReferences.class,
  RequestedFieldsCheck.class,
  DuplicateMappingCheck.class,
  TestWebhookCheck.class,
  IntakeConfiguration.class,
  MappedIncidents.class,
  CommunicationFiles.class,
  PublishConfiguration.class,
  EmailChannel.class,
  TeamsChannel.class
})
@ComponentScan("dev.lockstep.connector")
@ImportAutoConfiguration({
  ConfigurationPropertiesAutoConfiguration.class,
  CamelAutoConfiguration.class,
  HttpComponentAutoConfiguration.class,
  KameletComponentAutoConfiguration.class
})
class CheckApplication {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  MeterRegistry meterRegistry() {
    return new SimpleMeterRegistry();
  }
}
