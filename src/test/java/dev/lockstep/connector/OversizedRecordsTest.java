package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.record.RecordRef;
import dev.lockstep.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listing goes on past records of which one alone is a larger answer than is read. */
final class OversizedRecordsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant SINCE = Instant.parse("2026-11-24T02:00:00Z");
  private static final int COUNT = 450;
  private static final String TIME = "2026-11-24 03:00:00";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:05:00Z"));
  private final ConnectorCatalog catalog =
      ConnectorCatalog.load(
          List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1)));
  private final Set<Integer> huge = new HashSet<>();
  private final List<String> skipped = new ArrayList<>();
  private final Set<String> records = new TreeSet<>();
  private final Set<String> fetched = new TreeSet<>();
  private int oversized;

  /** As many as the feed has, in any number of pages. */
  private void readAll(String system, String kind, String feed) {
    Optional<String> page = Optional.empty();
    for (int turn = 0; turn < 300; turn++) {
      ChangePage changes = page(system, kind, feed, page);
      changes.records().forEach(record -> records.add(record.ref().id()));
      changes.notes().keySet().forEach(ref -> records.add(ref.id()));
      changes.toFetch().stream().map(RecordRef::id).forEach(fetched::add);
      skipped.addAll(changes.page().skipped());
      if (changes.nextPage() == null) {
        return;
      }
      page = Optional.of(changes.nextPage());
    }
    throw new AssertionError("the pages do not end");
  }

  private ChangePage page(String system, String kind, String feed, Optional<String> page) {
    ConnectorDefinition connector = catalog.connector(system);
    var time = new SystemClock(clock);
    return new ChangeReader(
            connector,
            new NativeRecords(catalog),
            this::answer,
            time,
            new TimeZoneCheck(clock),
            (reference, id) -> Optional.empty())
        .page(kind, feed, new ChangeReader.Fields("all", "own"), "", SINCE, page);
  }

  /** Lists items in order, each large one only if its large fields are not requested. */
  private ApiResponse answer(ApiCall call) {
    Map<String, String> asked = call.arguments();
    boolean all =
        !"own".equals(asked.get("fields")) || call.connector().system().equals("pagerduty");
    int limit = Integer.parseInt(asked.getOrDefault("limit", "1"));
    int from = first(call.connector().system(), asked);
    ArrayNode items = JSON.createArrayNode();
    for (int i = from; i < Math.min(COUNT, from + limit); i++) {
      if (all && huge.contains(i)) {
        oversized++;
        throw new ResponseTooLargeException(call, "the answer is larger than 8388608 bytes");
      }
      items.add(item(call, i));
    }
    int next = from + items.size();
    return new ApiResponse(200, Map.of(), listing(call, items, next < COUNT, next), "");
  }

  private static int first(String system, Map<String, String> asked) {
    return switch (system) {
      case "servicenow" -> {
        String id = asked.getOrDefault("afterId", "0");
        yield id.equals("0") ? 0 : Integer.parseInt(id.substring(1)) + 1;
      }
      case "jira" -> {
        String token = asked.getOrDefault("pageToken", "");
        yield token.isEmpty() ? 0 : Integer.parseInt(token);
      }
      default -> Integer.parseInt(asked.getOrDefault("offset", "0"));
    };
  }

  private static String listing(ApiCall call) {
    return call.connector().system().equals("jira") ? "issues" : call.name();
  }

  private static JsonNode item(ApiCall call, int i) {
    String id = "r%04d".formatted(i);
    ObjectNode item = JSON.createObjectNode();
    switch (listing(call)) {
      case "issues" -> {
        item.put("id", String.valueOf(i)).put("key", "OPS-" + i);
        ObjectNode fields = item.putObject("fields");
        fields.put("updated", "2026-11-24T03:00:00.000+0000");
        fields.putObject("comment").put("total", 0).putArray("comments");
      }
      case "list-open-incident" ->
          item.put("id", id).put("incident_number", i).put("updated_at", "2026-11-24T03:00:00Z");
      case "list-changed-incident-notes" ->
          item.put("sys_id", id)
              .put("element_id", id)
              .put("element", "work_notes")
              .put("value", "text")
              .put("sys_created_on", TIME)
              .put("sys_created_by", "ann");
      default -> {
        if (call.connector().system().equals("pagerduty")) {
          item.put("id", id)
              .put("type", "resolve_log_entry")
              .put("created_at", "2026-11-24T03:00:00Z");
          item.putObject("incident").put("id", id);
        } else {
          item.put("sys_id", id)
              .put("number", "INC" + i)
              .put("sys_mod_count", "1")
              .put("sys_updated_on", TIME);
        }
      }
    }
    return item;
  }

  private static JsonNode listing(ApiCall call, ArrayNode items, boolean more, int next) {
    String at =
        switch (listing(call)) {
          case "issues" -> "issues";
          case "list-open-incident" -> "incidents";
          default -> call.connector().system().equals("pagerduty") ? "log_entries" : null;
        };
    return at == null ? items : wrapped(at, items, more, next);
  }

  private static JsonNode wrapped(String at, ArrayNode items, boolean more, int next) {
    ObjectNode answer = JSON.createObjectNode().put("more", more);
    answer.set(at, items);
    @Nullable String token = more ? String.valueOf(next) : null;
    return token == null ? answer : answer.put("nextPageToken", token);
  }

  private static String id(String system, int i) {
    return system.equals("jira") ? String.valueOf(i) : "r%04d".formatted(i);
  }

  /** First, last, next to each other, and next to the end of a page. */
  @ParameterizedTest
  @CsvSource({
    "servicenow,incident,list-changed-incident",
    "servicenow,change-request,list-changed-change-request",
    "jira,incident,list-changed-incident"
  })
  void aRecordTooLargeToBeListedIsFetchedAndTheOthersAreListed(
      String system, String kind, String feed) {
    huge.addAll(List.of(0, 7, 99, 100, 101, 200, COUNT - 1));

    readAll(system, kind, feed);

    assertThat(fetched).containsExactlyInAnyOrderElementsOf(idsOfHuge(system));
    assertThat(records).hasSize(COUNT - huge.size()).doesNotContainAnyElementsOf(fetched);
    assertThat(skipped).isEmpty();
    assertThat(oversized).isLessThan(150);
  }

  private List<String> idsOfHuge(String system) {
    return huge.stream().map(i -> id(system, i)).toList();
  }

  @ParameterizedTest
  @CsvSource({"list-open-incident", "list-changed-incident"})
  void aRecordThatCannotBeListedByItsIdIsLeftOutAndReported(String feed) {
    huge.addAll(List.of(0, 60, 61, 100, COUNT - 1));

    readAll("pagerduty", "incident", feed);

    Set<String> found = new TreeSet<>(records);
    found.addAll(fetched);
    assertThat(found).hasSize(COUNT - huge.size());
    assertThat(found).doesNotContainAnyElementsOf(idsOfHuge("pagerduty"));
    assertThat(skipped.stream().distinct())
        .hasSize(huge.size())
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("Item ")
                    .contains(feed, "larger than 8388608", "Raise lockstep.calls.answer-size"));
    assertThat(oversized).isLessThan(200);
  }

  @Test
  void whatCannotBePassedSaysWhatToDo() {
    huge.add(9);
    assertThatThrownBy(() -> readAll("servicenow", "incident", "list-changed-incident-notes"))
        .isInstanceOfSatisfying(
            RequestRejectedException.class,
            e -> assertThat(e.advice()).contains("Raise lockstep.calls.answer-size"));
    assertThat(records).hasSizeLessThan(COUNT);
  }

  @Test
  void nothingIsAskedTwiceWhereNothingIsTooLarge() {
    readAll("servicenow", "incident", "list-changed-incident");
    assertThat(records).hasSize(COUNT);
    assertThat(oversized).isZero();
  }
}
