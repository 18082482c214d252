package dev.lockstep;

import dev.lockstep.dryrun.DryRunConfiguration;
import dev.lockstep.ops.database.SharedDatabaseConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/**
 * The service without a web server, and with connectors that write to no system. Not marked as a
 * configuration, so that the scan for the whole service does not find it.
 */
@Import({
  MappingRepository.class,
  MappingConfiguration.class,
  ConnectedReferences.class,
  RequestedFieldsCheck.class,
  DuplicateMappingCheck.class,
  ApplicationConfiguration.class,
  SharedDatabaseConfiguration.class,
  DryRunConfiguration.class
})
@ComponentScan(
    basePackages = {
      "dev.lockstep.audit",
      "dev.lockstep.connector",
      "dev.lockstep.duplicates",
      "dev.lockstep.inbox",
      "dev.lockstep.incident",
      "dev.lockstep.intake",
      "dev.lockstep.ops",
      "dev.lockstep.pair",
      "dev.lockstep.pause",
      "dev.lockstep.poll",
      "dev.lockstep.postmortem",
      "dev.lockstep.problem",
      "dev.lockstep.publish",
      "dev.lockstep.sync"
    },
    excludeFilters = {
      @Filter(SpringBootConfiguration.class),
      @Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
      @Filter(
          type = FilterType.REGEX,
          pattern =
              "dev\\.lockstep\\.ops\\.(PortCheck|StartupLogger|database\\.DatabaseConfiguration"
                  + "|spans\\.TracingConfiguration).*")
    })
@EnableAutoConfiguration
class DryRunApplication {}
