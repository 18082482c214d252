package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.ListingDefinition.Gives;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Checks one record kind by reading as the service does: each feed, the search by correlation id,
 * single records with their notes, and the fields that mappings use.
 */
final class KindCheck {
  private static final Duration RECENT = Duration.ofHours(1);
  private static final Duration LONG_AGO = Duration.ofDays(365);
  private static final int RECORDS = 25;
  private static final int RECORDS_WITH_NOTES = 5;

  private final ConnectorDefinition connector;
  private final KindDefinition declared;
  private final CheckedKind kind;
  private final RecordGateway gateway;
  private final CheckAttempt attempt;
  private final Clock clock;
  private BiConsumer<String, CheckJudge.Verdict> results = (check, verdict) -> {};

  KindCheck(
      ConnectorDefinition connector,
      CheckedKind kind,
      RecordGateway gateway,
      CheckAttempt attempt,
      Clock clock) {
    this.connector = connector;
    this.declared = connector.kind(kind.kind());
    this.kind = kind;
    this.gateway = gateway;
    this.attempt = attempt;
    this.clock = clock;
  }

  /**
   * @param findings receives what was checked and the result
   * @return the records checked
   */
  List<JsonNode> run(BiConsumer<String, CheckJudge.Verdict> findings) {
    results = findings;
    List<String> read = new ArrayList<>();
    for (String feed : gateway.feeds(kind.system(), kind.kind())) {
      ask("list changes (" + feed + ")", () -> changes(feed)).ifPresent(page -> read.add(feed));
    }
    search(read);
    List<JsonNode> records = ask("list", this::records).orElse(List.of());
    List<RecordRef> refs = refs(records);
    if (!refs.isEmpty()) {
      ask("fetch", () -> gateway.fetch(refs.get(0))).ifPresent(record -> read.add("fetch"));
    }
    if (attempt.unreachable()) {
      return records;
    }
    if (!read.isEmpty()) {
      result("read", Status.PASS, String.join(", ", read), "");
    }
    if (records.isEmpty()) {
      result(
          "fields",
          Status.WARNING,
          "no record was listed, so no field and no note was seen",
          "Create a record in the systems by hand and run the check again.");
    } else {
      compareFields(records);
      readNotes(refs);
    }
    return records;
  }

  /** Some systems leave out a condition on a field that the account may not read. */
  private void search(List<String> read) {
    Optional<Optional<NativeRecord>> found =
        ask(
            "search",
            () -> gateway.findByCorrelation(kind.system(), kind.kind(), CheckedKind.NOWHERE));
    if (found.isPresent() && found.get().isPresent()) {
      result(
          "search",
          Status.FAIL,
          "a search for a correlation id that no record has found " + found.get().get().ref().id(),
          "Give the account read access to %s; otherwise records are linked to wrong ones."
              .formatted(declared.correlation()));
    } else if (found.isPresent()) {
      read.add("search");
    }
  }

  private ChangePage changes(String feed) {
    return gateway.listChanged(
        kind.system(), kind.kind(), feed, clock.instant().minus(RECENT), Optional.empty());
  }

  /** Some records as the system shows them. */
  private List<JsonNode> records() {
    Feed feed =
        declared.changes().stream()
            .filter(each -> each.gives() == Gives.RECORDS)
            .findFirst()
            .map(each -> each.sized(RECORDS))
            .orElse(null);
    if (feed == null) {
      return List.of();
    }
    Instant now = clock.instant();
    Instant since = now.minus(LONG_AGO);
    Pager pager = new Pager(feed.page(), connector.times());
    ApiCall call =
        ApiCall.read(connector, feed.call())
            .with("fields", declared.fieldList(kind.fields(declared)));
    PageToken start = pager.start(PageToken.FIRST, since, now);
    ApiResponse answer =
        gateway.client(kind.system()).call(pager.addArguments(call, start, since, now));
    return NativeRecords.requireList(connector, answer, feed.answer());
  }

  private List<RecordRef> refs(List<JsonNode> records) {
    return records.stream()
        .map(record -> JsonPath.text(record, declared.id()))
        .filter(declared::isId)
        .map(id -> new RecordRef(kind.system(), kind.kind(), id))
        .toList();
  }

  /** A field that no record shows is hidden by an access rule or does not exist. */
  private void compareFields(List<JsonNode> records) {
    Set<String> expected = new TreeSet<>(kind.paths());
    declared.writes().stream()
        .filter(write -> !write.isShown())
        .forEach(write -> expected.remove(write.path()));
    Set<String> missing = new TreeSet<>(expected);
    missing.removeIf(
        path -> records.stream().anyMatch(r -> !JsonPath.find(r, path).isMissingNode()));
    if (missing.isEmpty()) {
      result(
          "fields", Status.PASS, "all %d mapped fields are shown".formatted(expected.size()), "");
    } else {
      result(
          "fields",
          Status.WARNING,
          "no record of %d shows %s".formatted(records.size(), String.join(", ", missing)),
          "Give the account read access to these fields, or correct the mapping's paths.");
    }
  }

  private void readNotes(List<RecordRef> refs) {
    if (declared.notes() == null) {
      return;
    }
    for (RecordRef ref : refs.subList(0, Math.min(RECORDS_WITH_NOTES, refs.size()))) {
      Optional<List<WorkNote>> notes = ask("notes", () -> gateway.notes(ref));
      if (notes.isEmpty()) {
        return;
      }
      if (!notes.get().isEmpty()) {
        result("notes", Status.PASS, "notes of " + ref.id() + " are shown", "");
        return;
      }
    }
    result(
        "notes",
        Status.WARNING,
        "no record checked shows a note",
        "Add a note to a recent record by hand and run the check again; if it is still not shown,"
            + " give the account read access to notes.");
  }

  /** Empty if it failed, which is reported, or if the system answers nothing any more. */
  private <T> Optional<T> ask(String check, Supplier<T> question) {
    if (attempt.unreachable()) {
      return Optional.empty();
    }
    T answer = attempt.ask(question);
    CheckJudge.Verdict failure = attempt.failure();
    if (failure != null) {
      String name =
          attempt.unreachable() && !gateway.client(kind.system()).accepted()
              ? "connection"
              : kind.kind() + ": " + check;
      results.accept(name, failure);
    }
    return Optional.ofNullable(answer);
  }

  private void result(String check, Status status, String found, String advice) {
    results.accept(kind.kind() + ": " + check, new CheckJudge.Verdict(status, found, advice));
  }
}
