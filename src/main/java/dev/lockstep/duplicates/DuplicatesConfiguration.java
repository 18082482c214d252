package dev.lockstep.duplicates;

import dev.lockstep.duplicates.consolidate.ConsolidateSettings;
import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.RecurringWork;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.SentenceEmbedding;
import dev.lockstep.similarity.TicketIndex;
import dev.lockstep.similarity.TicketPreparer;
import dev.lockstep.sync.NoteInterest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What duplicate detection uses of other stages, and its recurring work. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConsolidateSettings.class)
class DuplicatesConfiguration {
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  /**
   * Notes of any compared ticket are kept, since they may have to be copied to future duplicates.
   */
  @Bean
  NoteInterest notesWanted(TicketStore tickets) {
    return tickets::exists;
  }

  @Bean
  Embedding embedding(DuplicateSettings settings) {
    return settings.embedding() ? new SentenceEmbedding() : Embedding.none();
  }

  @Bean
  TicketPreparer preparer(Embedding embedding) {
    return new TicketPreparer(embedding);
  }

  @Bean
  TicketIndex ticketIndex() {
    return new LuceneTicketIndex();
  }

  /**
   * Deletes tickets that have been closed for longer than the window and never were part of a
   * duplicate.
   */
  @Bean
  RecurringWork forgetting(
      TicketStore tickets,
      NoteStore notes,
      PairStore pairs,
      DuplicateSettings settings,
      Clock clock) {
    return new RecurringWork(
        List.of(
            new RecurringWork.Job(
                "forget tickets",
                FORGET_EVERY,
                () ->
                    tickets.deleteUnused(clock.instant().minus(settings.closedWindow())).stream()
                        .filter(record -> pairs.findAll(record).isEmpty())
                        .forEach(notes::forget))));
  }
}
