package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketIndexSync;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.TicketPreparer;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The index contains open tickets and those closed within the window, by a settable clock. */
final class TicketIndexSyncTest {
  private static final RecordRef TICKET = new RecordRef("itsm", "incident", "a1");

  private final SettableClock clock = new SettableClock();
  private final TicketPreparer reader = new TicketPreparer(Embedding.none());
  private final LuceneTicketIndex index = new LuceneTicketIndex();
  private HikariDataSource database;
  private TicketStore tickets;
  private TicketIndexSync catalogue;

  @BeforeEach
  void open() {
    database = TestDatabase.migrated();
    tickets =
        new TicketStore(
            JdbcClient.create(database),
            new RecordStore(
                JdbcClient.create(database),
                JsonMapper.builder().addModule(new JavaTimeModule()).build()));
    catalogue = new TicketIndexSync(tickets, reader, index);
  }

  @AfterEach
  void close() {
    index.close();
    database.close();
  }

  @Test
  void aTicketClosedLongAgoLeavesThoughNothingElseHappenedMeanwhile() {
    tickets.save(ticket(null));
    catchUp(Duration.ofHours(24));
    assertThat(index.size()).isEqualTo(1);

    tickets.save(ticket(clock.instant()));
    clock.advance(Duration.ofHours(25));
    catchUp(Duration.ofHours(24));

    assertThat(index.size()).isZero();
    assertThat(catalogue.findSimilar(reading(), 5)).isEmpty();
    assertThat(catalogue.compare(reading(), TICKET)).isEmpty();
  }

  @Test
  void withoutAClosedWindowItLeavesAtOnceAndComesBackWhenReopened() {
    tickets.save(ticket(null));
    catchUp(Duration.ZERO);
    tickets.save(ticket(clock.instant()));
    clock.advance(Duration.ofSeconds(1));
    catchUp(Duration.ZERO);
    assertThat(index.size()).isZero();

    tickets.save(ticket(null));
    catchUp(Duration.ZERO);
    assertThat(catalogue.compare(reading(), TICKET)).isPresent();
  }

  @Test
  void aTicketClosedLatelyIsStillCompared() {
    tickets.save(ticket(null));
    catchUp(Duration.ofHours(24));
    tickets.save(ticket(clock.instant()));
    clock.advance(Duration.ofHours(23));
    catchUp(Duration.ofHours(24));
    assertThat(catalogue.compare(reading(), TICKET)).isPresent();
    clock.advance(Duration.ofHours(2));
    catchUp(Duration.ofHours(24));
    assertThat(index.size()).isZero();
  }

  private void catchUp(Duration closedWindow) {
    catalogue.catchUp(clock.instant().minus(closedWindow));
  }

  private PreparedTicket reading() {
    return reader.prepare(ticket(null).toTicket());
  }

  private StoredTicket ticket(@Nullable Instant overAt) {
    Snapshot seen =
        new Snapshot(
            TICKET, "I1", "", new Version(1, 1), clock.instant(), "", Map.of("title", "VPN"));
    return new StoredTicket(
        TICKET,
        "incident",
        Side.LEFT,
        new DuplicateRules.Compared("VPN gateway unreachable", "since eight", "VPN", ""),
        Instant.parse("2026-11-24T02:00:00Z"),
        overAt,
        true,
        false,
        false,
        RecordState.of("incident", seen),
        null,
        0);
  }
}
