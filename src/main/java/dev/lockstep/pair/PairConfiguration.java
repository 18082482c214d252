package dev.lockstep.pair;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts the pairs' tables together. */
@Configuration(proxyBeanMethods = false)
class PairConfiguration {

  @Bean
  PairStore pairStore(JdbcClient jdbc, ObjectMapper json, Clock clock, MeterRegistry metrics) {
    Gauge.builder(
            "lockstep.gaps",
            () ->
                jdbc.sql("select coalesce(sum(gap_count), 0) from pair where gap_count > 0")
                    .query(Long.class)
                    .single())
        .description("Fields that could not be carried")
        .register(metrics);
    return new PairStore(jdbc, json, clock);
  }

  @Bean
  NoteStore noteStore(JdbcClient jdbc) {
    return new NoteStore(jdbc);
  }

  @Bean
  PairViews pairViews(JdbcClient jdbc, PairStore pairs, NoteStore notes, ObjectMapper json) {
    return new PairViews(jdbc, pairs, notes, json);
  }
}
