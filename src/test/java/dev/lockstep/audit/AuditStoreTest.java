package dev.lockstep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Subjects of all kinds share one table, and none sees another's entries. */
class AuditStoreTest {
  private static final AuditSubject SEVEN = new AuditSubject("duplicate", "7");
  private static final AuditSubject SEVENTY = new AuditSubject("duplicate", "70");
  private static final AuditSubject ITEM = new AuditSubject("action-item", "7");

  private final HikariDataSource database = TestDatabase.migrated();
  private final SettableClock clock = new SettableClock();
  private final AuditStore audit =
      new AuditStore(JdbcClient.create(database), new ObjectMapper(), clock);

  @AfterEach
  void close() {
    database.close();
  }

  private void record(AuditSubject subject, String what) {
    audit.record(subject, List.of(new AuditEntry(what, "", Map.of())));
  }

  @Test
  void returnsWhatWasRecorded() {
    AuditEntry linked = new AuditEntry("linked", "Linked to INC1", Map.of("was", "5"), "ann");
    AuditEntry moved = new AuditEntry("moved", "", Map.of());
    audit.record(SEVEN, List.of(linked, moved));

    assertThat(audit.findAll(SEVEN))
        .containsExactly(
            new AuditEvent(SEVEN, clock.instant(), linked),
            new AuditEvent(SEVEN, clock.instant(), moved));
    assertThat(moved.actor()).isEmpty();
  }

  /** Users paste it with log output, and PostgreSQL stores it nowhere. */
  @Test
  void storesTextsWithoutNul() {
    audit.record(SEVEN, List.of(new AuditEntry("linked", "a\0b", Map.of("c", "d\0"), "an\0n")));

    assertThat(audit.findAll(SEVEN))
        .extracting(AuditEvent::entry)
        .containsExactly(new AuditEntry("linked", "ab", Map.of("c", "d"), "ann"));
  }

  @Test
  void keepsSubjectsApart() {
    record(SEVEN, "linked");
    record(SEVENTY, "unlinked");
    record(ITEM, "done");
    record(SEVEN, "moved");

    assertThat(whats(audit.findAll(SEVEN))).containsExactly("linked", "moved");
    assertThat(whats(audit.findAll(SEVEN, List.of("moved", "done")))).containsExactly("moved");
    assertThat(whats(audit.findLatest(SEVEN, "linked", 5))).containsExactly("linked");
    assertThat(whats(audit.findLatest("duplicate", 2))).containsExactly("moved", "unlinked");
  }

  @Test
  void findsWhenSomethingHappenedLast() {
    record(ITEM, "done");
    clock.advance(Duration.ofHours(1));
    record(ITEM, "deployed");
    Instant last = clock.instant();
    clock.advance(Duration.ofHours(1));
    record(ITEM, "owner");
    record(new AuditSubject("action-item", "8"), "owner");
    record(SEVEN, "done");

    assertThat(audit.findLatestTimes("action-item", List.of("done", "deployed")))
        .containsExactly(Map.entry("7", last));
  }

  private static List<String> whats(List<AuditEvent> events) {
    return events.stream().map(event -> event.entry().what()).toList();
  }
}
