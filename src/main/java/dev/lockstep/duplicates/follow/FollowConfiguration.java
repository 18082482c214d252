package dev.lockstep.duplicates.follow;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.Lookout;
import dev.lockstep.duplicates.ticket.Standings;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.PairStore;
import dev.lockstep.sync.NoteSender;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts together what leads a duplicate. */
@Configuration(proxyBeanMethods = false)
class FollowConfiguration {

  @Bean
  Voice voice(
      Connectors connectors,
      NoteStore notes,
      NoteSender sender,
      Clock clock,
      @Value("${lockstep.notes.copied-within:5s}") Duration copiedWithin) {
    return new Voice(connectors, notes, sender, clock, copiedWithin);
  }

  @Bean
  Follower follower(
      Connectors connectors,
      References references,
      Lookout lookout,
      DuplicateStore duplicates,
      Voice voice) {
    return new Follower(connectors, references, lookout, duplicates, voice);
  }

  @Bean
  Joiner joiner(
      Connectors connectors,
      Lookout lookout,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      Voice voice,
      TransactionTemplate transaction) {
    return new Joiner(connectors, lookout, duplicates, tickets, pairs, voice, transaction);
  }

  @Bean
  Leaver leaver(
      Connectors connectors,
      Lookout lookout,
      Follower follower,
      Verdicts verdicts,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      Standings standings,
      Voice voice,
      WorkScheduler wakes,
      Clock clock) {
    return new Leaver(
        connectors,
        lookout,
        follower,
        verdicts,
        duplicates,
        tickets,
        pairs,
        standings,
        voice,
        wakes,
        clock);
  }

  @Bean
  Primaries primaries(
      TicketStore tickets,
      DuplicateStore duplicates,
      Standings standings,
      NoteStore notes,
      WorkScheduler wakes,
      Clock clock) {
    return new Primaries(tickets, duplicates, standings, notes, wakes, clock);
  }

  @Bean
  DuplicatePass duplicatePass(
      Standings standings,
      DuplicateStore duplicates,
      Joiner joiner,
      Follower follower,
      Leaver leaver,
      Verdicts verdicts) {
    return new DuplicatePass(standings, duplicates, joiner, follower, leaver, verdicts);
  }
}
