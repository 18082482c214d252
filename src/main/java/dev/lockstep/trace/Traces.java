package dev.lockstep.trace;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The chain from an incident to what was deployed because of it, as people read it. */
public interface Traces {

  /** The kinds of ids that are taken, for people who gave another. */
  String TAKEN =
      "an incident's key in any system (INC0010001, #12) or its id there, a duplicate's key,"
          + " a change (CHG0030001), an action item (AI-3), the issue it is followed up in"
          + " (OPS-7), a postmortem's name, or a record such as system/incident/id";

  /**
   * @param kind what the id names: {@code incident}, {@code duplicate}, {@code action-item}, {@code
   *     change-request}, {@code issue} or {@code postmortem}
   * @param duplicateOf the key of the primary whose chain is shown; empty unless a duplicate was
   *     asked for
   */
  record TracedId(String id, String kind, String key, String duplicateOf) {}

  /**
   * A record in one system.
   *
   * @param status as its system stores it; empty when it never said
   * @param openedAt null when its system never said
   */
  record Member(
      String system,
      String ref,
      String key,
      String url,
      String status,
      @Nullable Instant openedAt) {}

  /**
   * The incident the chain begins with.
   *
   * @param values the fields its mapping reads, as last seen
   * @param records its records in all systems
   */
  record Root(
      String key,
      String url,
      String title,
      Map<String, String> values,
      @Nullable Instant openedAt,
      List<Member> records) {}

  /**
   * What hangs under the incident as its duplicate.
   *
   * @param since when it came to be in that state
   */
  record DuplicateEntry(
      String key, String title, String url, String state, Instant since, String decidedBy) {}

  record Postmortem(String name, String title, String url, Instant receivedAt, Instant changedAt) {}

  /**
   * @param deployed true or false once it is closed; null before
   * @param moves every standing it had, oldest first
   */
  record Change(
      String key,
      String url,
      String state,
      String closeCode,
      String by,
      String start,
      String end,
      @Nullable Boolean deployed,
      @Nullable Instant createdAt,
      @Nullable Instant endedAt,
      List<HistoryEvent> moves) {}

  /** Something that happened to an item; {@code by} is empty for Lockstep itself. */
  record HistoryEvent(Instant at, String what, String text, String by) {}

  /**
   * @param incident the record its incident is named by; empty while that is not known
   * @param postmortem the name of the postmortem it stands in; empty if it is in none
   * @param ticket the issue it is followed up in; empty if none
   * @param line where it stands in its postmortem; 0 where there is none
   * @param deployed true when its change was, false when its change failed, null before
   * @param change its newest; null while there is none
   * @param earlierChanges those that failed and were succeeded by another one, oldest first
   */
  record Item(
      String key,
      String title,
      String owner,
      @Nullable LocalDate due,
      boolean overdue,
      String stage,
      String standing,
      List<String> problems,
      String incident,
      String postmortem,
      String service,
      String ticket,
      int line,
      @Nullable Boolean deployed,
      @Nullable Change change,
      List<Change> earlierChanges,
      List<HistoryEvent> history) {}

  /**
   * One line of what happened to all of it.
   *
   * @param of the key of what it happened to
   * @param what one word, for example {@code opened}, {@code joined}, {@code deployed}
   * @param by who did it; empty for Lockstep itself, or when its system does not say
   */
  record Event(Instant at, String of, String what, String text, String by) {}

  /**
   * @param incident null while it is not known
   * @param alert the platform's record of it; null when there is none
   * @param summary for example {@code 3 of 5 deployed, 1 failed, 1 needs owner}
   * @param events oldest first
   */
  record Trace(
      TracedId asked,
      @Nullable Root incident,
      @Nullable Member alert,
      List<DuplicateEntry> duplicates,
      List<Postmortem> postmortems,
      List<Item> items,
      String summary,
      List<Event> events) {}

  /**
   * @param id one of {@link #TAKEN}
   */
  Optional<Trace> find(String id);
}
