package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table {@code chosen_value}: values that lost a conflict and that an operator chose. One is
 * written back to its own record, as if it had been edited there; from then on it is an edit like
 * any other, and the planner decides what the other side gets.
 */
@Component
public class ChosenValues {
  /** A value that cannot be reached in one step, for example by a workflow, needs few of them. */
  private static final int MOST_STEPS = 4;

  private final JdbcClient jdbc;
  private final PairStore pairs;
  private final WorkScheduler scheduler;
  private final MappingCatalog mappings;
  private final Writer writer;
  private final PausedMappings paused;
  private final PairTransaction journal;
  private final TransactionTemplate transaction;
  private final Clock clock;

  ChosenValues(
      JdbcClient jdbc,
      PairStore pairs,
      WorkScheduler scheduler,
      MappingCatalog mappings,
      Writer writer,
      PausedMappings paused,
      PairTransaction journal,
      TransactionTemplate transaction,
      Clock clock) {
    this.jdbc = jdbc;
    this.pairs = pairs;
    this.scheduler = scheduler;
    this.mappings = mappings;
    this.writer = writer;
    this.paused = paused;
    this.journal = journal;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * A decision that is not carried out yet.
   *
   * @param side the side that lost
   * @param expected what it showed when the operator decided; any other value is a newer edit
   * @param by the operator
   */
  private record Choice(
      UUID pair, String field, Side side, String value, String expected, String by) {
    static Choice of(ResultSet rs, int index) throws SQLException {
      return new Choice(
          rs.getObject("pair", UUID.class),
          rs.getString("field"),
          Side.valueOf(rs.getString("side")),
          rs.getString("value"),
          rs.getString("expected"),
          rs.getString("chosen_by"));
    }
  }

  /**
   * Chooses a value and schedules the pass that writes it.
   *
   * @param side the side whose value lost
   * @param value as that side shows it
   * @param by the operator
   * @return why it is not possible; empty if it is scheduled
   */
  public Optional<String> choose(UUID pairId, String field, Side side, String value, String by) {
    Pair pair = pairs.find(pairId).orElse(null);
    Snapshot seen = pair == null ? null : pair.seen(side);
    if (pair == null || pair.state() != Pair.State.LINKED || seen == null) {
      return Optional.of("The pair is not synced.");
    }
    String current = seen.values().getOrDefault(field, "");
    if (current.equals(value)) {
      return Optional.of("%s of %s is '%s' already.".formatted(field, seen.key(), value));
    }
    transaction.executeWithoutResult(
        status -> {
          jdbc.sql(
                  """
                  insert into chosen_value values (?, ?, ?, ?, ?, ?)
                  on conflict (pair, field) do update set side = excluded.side,
                    value = excluded.value, expected = excluded.expected,
                    chosen_by = excluded.chosen_by
                  """)
              .params(pairId, field, side.name(), value, current, by)
              .update();
          pairs.record(
              pairId,
              List.of(
                  new AuditEntry(
                      "decided",
                      "Chose the value of %s that had lost".formatted(field),
                      Map.of("field", field, "side", side.label(), "value", value),
                      by)));
          Map<RecordRef, Hint> hints = new HashMap<>();
          pair.records().forEach(ref -> hints.put(ref, Hint.toFetch(false, false)));
          scheduler.schedule(new Subject.OfCorrelation(pair.correlation()), hints, clock.instant());
        });
    return Optional.empty();
  }

  /** Writes what was chosen; before the pairs are synced, which then carries it on. */
  public void write(Pass pass) {
    UUID[] due = pass.duePairs().stream().map(Pair::id).toArray(UUID[]::new);
    jdbc.sql("select * from chosen_value where pair = any(?)")
        .param(due)
        .query(Choice::of)
        .list()
        .forEach(
            choice -> {
              if (!pass.guard(
                  "choose " + choice.field(), choice.pair(), () -> write(pass, choice))) {
                pass.markFailed(choice.pair());
              }
            });
  }

  private void write(Pass pass, Choice choice) {
    Pair pair = pass.pair(choice.pair());
    Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
    if (mapping == null || pair.state() != Pair.State.LINKED) {
      return;
    }
    paused.requireActive(pair.mapping());
    String refusal =
        isThere(pass, choice) || isExpected(pass, choice) ? "" : "it was edited meanwhile";
    try {
      for (int step = 0; step < MOST_STEPS && refusal.isEmpty() && !isThere(pass, choice); step++) {
        refusal = writeStep(pass, choice, mapping);
      }
      if (refusal.isEmpty() && !isThere(pass, choice)) {
        refusal = "it does not keep the value";
      }
    } catch (RequestRejectedException e) {
      refusal = e.answer();
    }
    finish(pass, choice, refusal);
  }

  private static Snapshot seen(Pass pass, Choice choice) {
    return Objects.requireNonNull(pass.pair(choice.pair()).seen(choice.side()));
  }

  private static boolean isThere(Pass pass, Choice choice) {
    return choice.value().equals(seen(pass, choice).values().getOrDefault(choice.field(), ""));
  }

  /**
   * Writes the value, or the next one on the way to it.
   *
   * @return why it is not possible; empty if it was written
   */
  private String writeStep(Pass pass, Choice choice, Mapping mapping) {
    Pair pair = pass.pair(choice.pair());
    Snapshot before = seen(pass, choice);
    Map<String, String> values =
        mapping.writableFields(
            choice.side(), before.values(), Map.of(choice.field(), choice.value()));
    if (!values.containsKey(choice.field())) {
      return "it does not accept the field in its present state";
    }
    RecordState after = writer.put(pair, mapping, choice.side(), values);
    pass.markFresh(after.ref());
    pass.update(after);
    return "";
  }

  private static boolean isExpected(Pass pass, Choice choice) {
    return choice.expected().equals(seen(pass, choice).values().getOrDefault(choice.field(), ""));
  }

  /** In one transaction: a choice that was written must not be written over later edits. */
  private void finish(Pass pass, Choice choice, String refusal) {
    Snapshot now = seen(pass, choice);
    AuditEntry entry =
        refusal.isEmpty()
            ? new AuditEntry(
                "chosen",
                "Wrote %s to %s, as an operator chose".formatted(choice.field(), now.key()),
                Map.of(choice.field(), choice.value(), "side", choice.side().label()),
                choice.by())
            : new AuditEntry(
                "refused",
                "%s of %s was not changed: %s".formatted(choice.field(), now.key(), refusal),
                Map.of("field", choice.field(), "value", choice.value()),
                choice.by());
    transaction.executeWithoutResult(
        status -> {
          jdbc.sql("delete from chosen_value where pair = ? and field = ?")
              .params(choice.pair(), choice.field())
              .update();
          journal.commit(pass, pass.pair(choice.pair()), List.of(entry), List.of());
        });
  }
}
