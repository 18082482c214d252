package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Read model of pairs. */
public interface PairQueries {

  /**
   * @param state {@code LINKING}, {@code LINKED} or {@code BROKEN} (a record is deleted)
   * @param left null until it is created
   * @param right null until it is created
   * @param gaps how many fields could not be synced
   */
  record Summary(
      String id,
      String mapping,
      String state,
      @Nullable Member left,
      @Nullable Member right,
      int gaps,
      Instant changedAt) {}

  record Member(RecordRef ref, String key, String url) {}

  /**
   * One mapped field: what each side last showed and what both last agreed on. Null: unknown.
   *
   * @param changing a side shows a value other than the agreed one, and the pair is scheduled
   */
  record Field(
      String name,
      @Nullable String left,
      @Nullable String right,
      @Nullable String baseLeft,
      @Nullable String baseRight,
      @Nullable String gap,
      boolean changing) {}

  /**
   * @param from the side it was written on
   * @param state {@code WAITING}, {@code READY}, {@code SENDING}, {@code SENT}, {@code REFUSED} or
   *     {@code SKIPPED} on its way to the other side; while undecided {@code OPEN}, and {@code
   *     SETTLED} if it was written for another record
   */
  record Note(Side from, String id, String author, Instant createdAt, String text, String state) {}

  /**
   * @param what one word, for example {@code created}, {@code updated}, {@code conflict}
   * @param text one line for display
   * @param by who did it; empty for Lockstep itself
   */
  record Event(Instant at, String what, String text, String by, Map<String, String> details) {}

  /** History oldest first. */
  record Detail(Summary summary, List<Field> fields, List<Note> notes, List<Event> history) {}

  /** Last changed first. */
  List<Summary> list(int limit);

  /**
   * @param id a pair's id, or the key of either record, for example {@code INC0010001} or {@code
   *     servicenow:INC0010001}
   */
  Optional<Detail> find(String id);
}
