package dev.lockstep.pair;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people are shown of the pairs. */
public interface PairQueries {

  /**
   * @param state {@code LINKING}, {@code LINKED} or {@code BROKEN} (a record is gone)
   * @param left null while it is yet to be created
   * @param right null while it is yet to be created
   * @param gaps how many fields could not be carried
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
   * One mapped field: what each side said last and what both last agreed on. Null: not known.
   *
   * @param changing a side shows something else than was agreed, and work on the pair is due
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
   * @param state {@code SEEN}, {@code READY}, {@code SENDING}, {@code SYNCED} or {@code SKIPPED}
   */
  record Note(Side from, String id, String author, Instant createdAt, String text, String state) {}

  /**
   * @param what one word, for example {@code created}, {@code updated}, {@code conflict}
   * @param text one line for people
   */
  record Event(Instant at, String what, String text, Map<String, String> details) {}

  /** History oldest first. */
  record Detail(Summary summary, List<Field> fields, List<Note> notes, List<Event> history) {}

  /** Last changed first. */
  List<Summary> list(int limit);

  /**
   * @param id a pair's id, or what people call either record, for example {@code INC0010001}
   */
  Optional<Detail> find(String id);
}
