package dev.lockstep.pair;

import dev.lockstep.record.Side;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What could not be synced, counted in the tables with each scrape. */
@Component
record PairGauges(JdbcClient jdbc) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry metrics) {
    gauge(
        "lockstep.gaps",
        "Fields that could not be synced",
        "select coalesce(sum(gap_count), 0) from pair where gap_count > 0",
        metrics);
    gauge(
        "lockstep.notes.unreadable",
        "Linked pairs with a record whose notes cannot be read",
        """
        select count(*) from pair
        where gap_count > 0 and (jsonb_exists(gaps, '%s') or jsonb_exists(gaps, '%s'))
        """
            .formatted(Pair.notesOf(Side.LEFT), Pair.notesOf(Side.RIGHT)),
        metrics);
    gauge(
        "lockstep.notes.refused",
        "Notes that a system refused and that wait for an operator",
        "select count(*) from note_delivery where state = 'REFUSED'",
        metrics);
    gauge(
        "lockstep.notes.waiting",
        "Notes that wait for an operator's approval",
        WaitingNoteStore.COUNT,
        metrics);
  }

  private void gauge(String name, String description, String sql, MeterRegistry metrics) {
    Gauge.builder(name, () -> jdbc.sql(sql).query(Long.class).single())
        .description(description)
        .register(metrics);
  }
}
