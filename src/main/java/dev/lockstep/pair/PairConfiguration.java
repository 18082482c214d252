package dev.lockstep.pair;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.record.Side;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Spring beans of the pair tables. */
@Configuration(proxyBeanMethods = false)
class PairConfiguration {

  @Bean
  RecordStore recordStore(JdbcClient jdbc, ObjectMapper json) {
    return new RecordStore(jdbc, json);
  }

  @Bean
  PairStore pairStore(
      JdbcClient jdbc,
      ObjectMapper json,
      RecordStore records,
      AuditStore audit,
      Clock clock,
      MeterRegistry metrics) {
    gauge(
        "lockstep.gaps",
        "Fields that could not be synced",
        jdbc,
        "select coalesce(sum(gap_count), 0) from pair where gap_count > 0",
        metrics);
    gauge(
        "lockstep.notes.unreadable",
        "Linked pairs with a record whose notes cannot be read",
        jdbc,
        """
        select count(*) from pair
        where gap_count > 0 and (jsonb_exists(gaps, '%s') or jsonb_exists(gaps, '%s'))
        """
            .formatted(Pair.notesOf(Side.LEFT), Pair.notesOf(Side.RIGHT)),
        metrics);
    gauge(
        "lockstep.notes.refused",
        "Notes that a system refused and that wait for an operator",
        jdbc,
        "select count(*) from note_delivery where state = 'REFUSED'",
        metrics);
    return new PairStore(jdbc, json, records, audit, clock);
  }

  private static void gauge(
      String name, String description, JdbcClient jdbc, String sql, MeterRegistry metrics) {
    Gauge.builder(name, () -> jdbc.sql(sql).query(Long.class).single())
        .description(description)
        .register(metrics);
  }

  @Bean
  NoteStore noteStore(JdbcClient jdbc) {
    return new NoteStore(jdbc);
  }

  @Bean
  DeliveryStore deliveryStore(JdbcClient jdbc) {
    return new DeliveryStore(jdbc);
  }

  @Bean
  JdbcPairQueries pairViews(JdbcClient jdbc, PairStore pairs, NoteStore notes) {
    return new JdbcPairQueries(jdbc, pairs, notes);
  }
}
