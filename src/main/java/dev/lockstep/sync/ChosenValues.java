package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.mapping.FieldMapping;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table {@code chosen_value}: values that lost a conflict and that an operator chose, and
 * values that somebody asked for. One is written to its own record, as if it had been edited there;
 * from then on it is an edit like any other, and the planner decides what the other side gets.
 */
@Component
public class ChosenValues {
  /** A value that cannot be reached in one step, for example by a workflow, needs few of them. */
  private static final int MOST_STEPS = 4;

  private static final String NOT_SYNCED = "The pair is not synced.";
  private static final String NOT_KEPT = "it does not keep the value";

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
   * @param ordered whether it is asked for, and did not lose a conflict
   */
  private record Choice(
      UUID pair,
      String field,
      Side side,
      String value,
      String expected,
      String by,
      boolean ordered) {
    static Choice of(ResultSet rs, int index) throws SQLException {
      return new Choice(
          rs.getObject("pair", UUID.class),
          rs.getString("field"),
          Side.valueOf(rs.getString("side")),
          rs.getString("value"),
          rs.getString("expected"),
          rs.getString("chosen_by"),
          rs.getBoolean("ordered"));
    }
  }

  /** Why a value cannot be chosen now; empty if it can. */
  public Optional<String> refusal(Pair pair, LostValue lost) {
    Snapshot loser = pair.seen(lost.side());
    Snapshot winner = pair.seen(lost.side().other());
    if (pair.state() != Pair.State.LINKED || loser == null || winner == null) {
      return Optional.of(NOT_SYNCED);
    }
    FieldMapping field = field(pair, lost.field()).orElse(null);
    if (field == null) {
      return Optional.of(
          "The mapping %s has no field %s any more.".formatted(pair.mapping(), lost.field()));
    }
    String current = shown(loser, lost.field());
    if (current.equals(lost.value())) {
      return Optional.of("%s of %s is '%s' already.".formatted(field.name(), loser.key(), current));
    }
    String kept = shown(winner, lost.field());
    return field.agree(lost.side(), lost.written(), kept) && field.agree(lost.side(), current, kept)
        ? Optional.empty()
        : Optional.of(
            "%s was edited since: %s has '%s', %s has '%s'."
                .formatted(field.name(), loser.key(), current, winner.key(), kept));
  }

  private Optional<FieldMapping> field(Pair pair, String name) {
    return mappings.findByName(pair.mapping()).stream()
        .flatMap(mapping -> mapping.fields().stream())
        .filter(field -> field.name().equals(name))
        .findFirst();
  }

  private static String shown(Snapshot seen, String field) {
    return seen.values().getOrDefault(field, "");
  }

  /** Whether the other side then gets the value, too: a field may be synced one way only. */
  public boolean isSynced(Pair pair, LostValue lost) {
    return field(pair, lost.field())
        .filter(field -> field.flowsTo(lost.side().other()))
        .isPresent();
  }

  /**
   * Chooses a value and schedules the pass that writes it.
   *
   * @param by the operator
   * @return why it is not possible; empty if it is scheduled
   */
  public Optional<String> choose(UUID pairId, LostValue lost, String by) {
    Pair pair = pairs.find(pairId).orElse(null);
    if (pair == null) {
      return Optional.of(NOT_SYNCED);
    }
    Optional<String> refusal = refusal(pair, lost);
    if (refusal.isPresent()) {
      return refusal;
    }
    String current = shown(Objects.requireNonNull(pair.seen(lost.side())), lost.field());
    Choice choice = new Choice(pairId, lost.field(), lost.side(), lost.value(), current, by, false);
    transaction.executeWithoutResult(
        status ->
            save(pair, choice, "Chose the value of %s that had lost".formatted(lost.field())));
    return Optional.empty();
  }

  /**
   * Orders that a field of a record gets a value, as if somebody had edited it there, and schedules
   * the pass that writes it. Joins the caller's transaction.
   *
   * @param by the operator
   * @return why it is not possible; empty if it is scheduled
   */
  public Optional<String> order(Pair pair, Side side, String field, String value, String by) {
    Snapshot seen = pair.seen(side);
    if (pair.state() != Pair.State.LINKED || seen == null) {
      return Optional.of(NOT_SYNCED);
    }
    String current = shown(seen, field);
    if (current.equals(value)) {
      return Optional.of("%s of %s is '%s' already.".formatted(field, seen.key(), current));
    }
    save(
        pair,
        new Choice(pair.id(), field, side, value, current, by, true),
        "Asked to set %s of %s to %s".formatted(field, seen.key(), value));
    return Optional.empty();
  }

  /** Whether a value is still to be written. */
  public boolean isPending(UUID pair, String field) {
    return jdbc.sql("select exists (select from chosen_value where pair = ? and field = ?)")
        .params(pair, field)
        .query(Boolean.class)
        .single();
  }

  private void save(Pair pair, Choice choice, String text) {
    jdbc.sql(
            """
            insert into chosen_value (pair, field, side, value, expected, chosen_by, ordered)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (pair, field) do update set side = excluded.side,
              value = excluded.value, expected = excluded.expected,
              chosen_by = excluded.chosen_by, ordered = excluded.ordered
            """)
        .params(
            pair.id(),
            choice.field(),
            choice.side().name(),
            choice.value(),
            choice.expected(),
            choice.by(),
            choice.ordered())
        .update();
    Map<String, String> details = new LinkedHashMap<>();
    details.put("field", choice.field());
    details.put("side", choice.side().label());
    details.put("value", choice.value());
    pairs.record(pair.id(), List.of(new AuditEntry("decided", text, details, choice.by())));
    Map<RecordRef, Hint> hints = new HashMap<>();
    pair.records().forEach(ref -> hints.put(ref, Hint.toFetch(false, false)));
    scheduler.schedule(new Subject.OfCorrelation(pair.correlation()), hints, clock.instant());
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
        isThere(pass, choice) || isUnedited(pass, choice) ? "" : "it was edited meanwhile";
    List<AuditEntry> written = new ArrayList<>();
    try {
      for (int step = 0; step < MOST_STEPS && refusal.isEmpty() && !isThere(pass, choice); step++) {
        refusal = writeStep(pass, choice, mapping, written);
      }
      if (refusal.isEmpty() && !isThere(pass, choice)) {
        refusal = NOT_KEPT;
      }
    } catch (RequestRejectedException e) {
      refusal = e.answer().isBlank() ? String.valueOf(e.getMessage()) : e.answer();
    }
    finish(pass, choice, refusal, written);
  }

  private static Snapshot seen(Pass pass, Choice choice) {
    return Objects.requireNonNull(pass.pair(choice.pair()).seen(choice.side()));
  }

  private static boolean isThere(Pass pass, Choice choice) {
    return choice.value().equals(shown(seen(pass, choice), choice.field()));
  }

  /** Whether neither side was edited since the operator decided. */
  private boolean isUnedited(Pass pass, Choice choice) {
    Pair pair = pass.pair(choice.pair());
    Snapshot winner = pair.seen(choice.side().other());
    return winner != null
        && choice.expected().equals(shown(seen(pass, choice), choice.field()))
        && (choice.ordered() || isAgreed(pair, choice, winner));
  }

  private boolean isAgreed(Pair pair, Choice choice, Snapshot winner) {
    return field(pair, choice.field())
        .filter(
            field -> field.agree(choice.side(), choice.expected(), shown(winner, choice.field())))
        .isPresent();
  }

  /**
   * Writes the value, or the next one on the way to it.
   *
   * @param written gets what the write replaced, by which an edit that it overwrote is detected
   * @return why it is not possible; empty if it was written
   */
  private String writeStep(Pass pass, Choice choice, Mapping mapping, List<AuditEntry> written) {
    Pair pair = pass.pair(choice.pair());
    Snapshot before = seen(pass, choice);
    Map<String, String> values =
        new LinkedHashMap<>(
            mapping.writableFields(
                choice.side(), before.values(), Map.of(choice.field(), choice.value())));
    if (!values.containsKey(choice.field())) {
      return "it does not accept the field in its present state";
    }
    field(pair, choice.field())
        .map(field -> field.fill(choice.side(), values.get(choice.field())))
        .orElse(Map.of())
        .forEach(
            (name, value) -> {
              if (shown(before, name).isEmpty()) {
                values.put(name, value);
              }
            });
    RecordState after = writer.put(pair, mapping, choice.side(), values);
    Snapshot now = after.in(mapping.name());
    written.add(Writer.audit(pair, choice.side(), values, now, null, null).toEntry(now.key()));
    pass.markFresh(after.ref());
    pass.update(after);
    boolean isLast = choice.value().equals(values.get(choice.field()));
    return isLast && !isThere(pass, choice) ? NOT_KEPT : "";
  }

  /** In one transaction: a choice that was written must not be written over later edits. */
  private void finish(Pass pass, Choice choice, String refusal, List<AuditEntry> written) {
    Snapshot now = seen(pass, choice);
    List<AuditEntry> entries = new ArrayList<>(written);
    entries.add(
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
                choice.by()));
    transaction.executeWithoutResult(
        status -> {
          if (!delete(choice) && !written.isEmpty()) {
            rebase(choice, shown(now, choice.field()));
          }
          journal.commit(pass, pass.pair(choice.pair()), entries, List.of());
        });
  }

  /**
   * @return false if another value was chosen while this one was written
   */
  private boolean delete(Choice choice) {
    return jdbc.sql(
                """
                delete from chosen_value
                where pair = ? and field = ? and side = ? and value = ? and expected = ?
                """)
            .params(
                choice.pair(),
                choice.field(),
                choice.side().name(),
                choice.value(),
                choice.expected())
            .update()
        > 0;
  }

  /** What Lockstep itself wrote meanwhile is no edit that the newer choice must give way to. */
  private void rebase(Choice written, String shown) {
    jdbc.sql(
            """
            update chosen_value set expected = ?
            where pair = ? and field = ? and side = ? and expected = ?
            """)
        .params(shown, written.pair(), written.field(), written.side().name(), written.expected())
        .update();
  }
}
