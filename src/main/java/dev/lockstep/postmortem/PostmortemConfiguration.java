package dev.lockstep.postmortem;

import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.postmortem.followup.ClosureSweep;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.postmortem.parse.MarkdownReader;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.postmortem.settings.PostmortemSettingsFile;
import dev.lockstep.postmortem.settings.PostmortemWordsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The files of the handoff from postmortems to changes, and its recurring work. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PostmortemProperties.class)
class PostmortemConfiguration {
  /** Not time-critical, and each unknown owner is a call. */
  private static final Duration OWNERS = Duration.ofMinutes(15);

  @Bean
  PostmortemSettingsFile postmortemSettingsFile(PostmortemProperties files) {
    return new PostmortemSettingsFile(files.settings());
  }

  @Bean
  PostmortemSettings postmortemSettings(PostmortemSettingsFile file) {
    return file.read();
  }

  @Bean
  PostmortemWordsFile postmortemWordsFile(PostmortemProperties files) {
    return new PostmortemWordsFile(files.words());
  }

  @Bean
  PostmortemParser postmortemParser(PostmortemWordsFile words) {
    return new PostmortemParser(new MarkdownReader(words.read()));
  }

  @Bean
  PostmortemImport.IncidentFinder incidentFinder(IncidentLookup incidents) {
    return incidents::findByName;
  }

  @Bean
  StartupCheck postmortemFolderCheck(PostmortemProperties files) {
    return () ->
        !files.hasFolder() || PostmortemFolder.isReadable(Path.of(files.folder()))
            ? List.of()
            : List.of(
                "LOCKSTEP_POSTMORTEMS_DIR (lockstep.postmortems.folder): %s is not a readable folder; create it, grant Lockstep's user read permission, or leave the setting empty"
                    .formatted(files.folder()));
  }

  /** Only if a folder is configured. */
  @Bean
  RecurringWork postmortemImports(PostmortemProperties files, RouteCaller routes) {
    return new RecurringWork(
        files.hasFolder()
            ? List.of(
                new RecurringWork.Job(
                    "look for postmortems",
                    files.look(),
                    () -> routes.call("direct:import-postmortem", "")))
            : List.of());
  }

  /**
   * Recurring checks for what no event reports: systems that respond again, and time that has
   * passed.
   */
  @Bean
  RecurringWork postmortemRounds(
      PostmortemProperties settings, PostmortemImport postmortems, ClosureSweep closures) {
    Duration every = settings.rounds();
    return new RecurringWork(
        List.of(
            new RecurringWork.Job("join waiting postmortems", every, postmortems::retry),
            new RecurringWork.Job("look after incidents", every, closures::scheduleIncidents),
            new RecurringWork.Job("look for owners", OWNERS, closures::scheduleUnplannedItems)));
  }
}
