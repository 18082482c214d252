package dev.lockstep.trace;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The chain from an incident to the changes deployed because of it. */
public interface Traces {

  /** The accepted kinds of ids, for the message about an unknown one. */
  String TAKEN =
      "an incident's key in any system (INC0010001, #12) or its id there, a duplicate's key,"
          + " a change (CHG0030001), an action item (AI-3), the issue it is followed up in"
          + " (OPS-7), a postmortem's name, or a record such as system/incident/id";

  /**
   * @param kind what the id identifies: {@code incident}, {@code duplicate}, {@code action-item},
   *     {@code change-request}, {@code issue} or {@code postmortem}
   * @param duplicateOf the key of the primary whose chain is shown; empty unless the id identifies
   *     a duplicate
   */
  record TracedId(String id, String kind, String key, String duplicateOf) {}

  /**
   * A record in one system.
   *
   * @param status as its system stores it; empty if unknown
   * @param openedAt null if unknown
   */
  record Member(
      String system,
      String ref,
      String key,
      String url,
      String status,
      @Nullable Instant openedAt) {}

  /**
   * The incident at the start of the chain.
   *
   * @param values the fields of its mapping, as last seen
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
   * A duplicate that is linked to the incident as a child.
   *
   * @param since when it reached that state
   */
  record DuplicateEntry(
      String key, String title, String url, String state, Instant since, String decidedBy) {}

  record Postmortem(String name, String title, String url, Instant receivedAt, Instant changedAt) {}

  /**
   * @param deployed true or false once it is closed; null before
   * @param moves every status it had, oldest first
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

  /** An event of an item; {@code by} is empty for Lockstep itself. */
  record HistoryEvent(Instant at, String what, String text, String by) {}

  /**
   * @param incident the record its incident is identified by; empty while unknown
   * @param postmortem the name of its postmortem; empty if there is none
   * @param ticket the issue it is followed up in; empty if there is none
   * @param line its line in the postmortem; 0 if there is none
   * @param deployed true if its change was deployed, false if it failed, null before
   * @param change its newest change; null while there is none
   * @param earlierChanges those that failed and have a successor, oldest first
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
   * One line of the combined history.
   *
   * @param of the key of the record it concerns
   * @param what one word, for example {@code opened}, {@code linked}, {@code deployed}
   * @param by who did it; empty for Lockstep itself, or if unknown
   */
  record Event(Instant at, String of, String what, String text, String by) {}

  /**
   * @param incident null while unknown
   * @param alert the platform's record of it; null if there is none
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
