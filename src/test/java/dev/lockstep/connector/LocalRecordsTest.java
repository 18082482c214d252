package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lockstep's own records: each call reaches the method of the bean with its arguments. */
final class LocalRecordsTest {
  private static final RecordRef ITEM = new RecordRef("lockstep", "action-item", "12-2");
  private static final RecordRef FIRST = new RecordRef("lockstep", "action-item", "12");
  private static final JsonNode BODY = ConnectorContract.json("{\"title\":\"a, b) ü\"}");

  private final Records records = new Records();
  private final Records problems = new Records();
  private ConnectorKit kit;

  /** Public, with public methods, so that Camel can call it. */
  public static final class Records {
    private final List<List<String>> calls = new ArrayList<>();
    private String answer = "";

    private String answer(String... call) {
      calls.add(List.of(call));
      return answer;
    }

    public String fetch(String id) {
      return answer("fetch", id);
    }

    public String find(String correlation) {
      return answer("find", correlation);
    }

    public String findByCounterpart(String correlation) {
      return answer("findByCounterpart", correlation);
    }

    public String create(String correlation, String body) {
      return answer("create", correlation, body);
    }

    public String update(String id, String body) {
      return answer("update", id, body);
    }

    public String notes(String id) {
      return answer("notes", id);
    }

    public String addNote(String id, String body) {
      return answer("addNote", id, body);
    }

    public String changed(String since) {
      return answer("changed", since);
    }
  }

  @BeforeEach
  void start() {
    kit = new ConnectorKit(List.of(Path.of("connectors")), Map.of(), Clock.systemUTC(), Set.of());
    kit.bind("localRecords", records);
    kit.bind("localProblems", problems);
  }

  @AfterEach
  void stop() {
    kit.close();
  }

  @Test
  void everyCallReachesItsMethod() {
    records.answer = record("12-2");
    assertThat(kit.connectors.fetch(ITEM).key()).isEqualTo("AI-12");
    var unused = kit.connectors.create("lockstep", "action-item", BODY, "a/b/it's (1)", "KEY");
    unused = kit.connectors.update(ITEM, BODY);
    assertThat(kit.connectors.addNote(ITEM, "a note", Visibility.INTERNAL)).contains("12-2");
    records.answer = "[" + record("12") + "]";
    assertThat(kit.connectors.findByCorrelation("lockstep", "action-item", "a/b/1")).isPresent();
    records.answer = "[]";
    assertThat(kit.connectors.notes(FIRST)).isEmpty();
    records.answer = "{\"more\":false,\"records\":[" + record("12") + "]}";
    Instant since = Instant.parse("2026-11-24T03:00:00Z");
    assertThat(
            kit.connectors
                .listChanged(
                    "lockstep", "action-item", "list-changed-action-item", since, Optional.empty())
                .records())
        .hasSize(1);

    assertThat(records.calls)
        .containsExactly(
            List.of("fetch", "12-2"),
            List.of(
                "create",
                "a/b/it's (1)",
                "{\"title\":\"a, b) ü\",\"counterpart\":\"a/b/it's"
                    + " (1)\",\"counterpartKey\":\"KEY\"}"),
            List.of("update", "12-2", BODY.toString()),
            List.of("addNote", "12-2", "{\"text\":\"a note\"}"),
            List.of("find", "a/b/1"),
            List.of("notes", "12"),
            List.of("changed", since.toString()));
  }

  @Test
  void aProblemHasABeanOfItsOwnAndNoNotes() {
    RecordRef problem = new RecordRef("lockstep", "problem", "7");
    problems.answer = record("7");
    assertThat(kit.connectors.fetch(problem).key()).isEqualTo("AI-12");
    var unused = kit.connectors.update(problem, BODY);
    problems.answer = "[]";
    assertThat(kit.connectors.findByCorrelation("lockstep", "problem", "a/b/1")).isEmpty();
    problems.answer = "{\"more\":false,\"records\":[" + record("7") + "]}";
    Instant since = Instant.parse("2026-11-24T03:00:00Z");
    assertThat(
            kit.connectors
                .listChanged("lockstep", "problem", "list-changed-problem", since, Optional.empty())
                .records())
        .hasSize(1);

    assertThat(kit.connectors.notes(problem)).isEmpty();
    assertThat(kit.connectors.showsNotes(problem, Visibility.INTERNAL)).isFalse();
    assertThat(kit.connectors.shown(problem, "text")).isEqualTo("text");
    assertThat(records.calls).isEmpty();
    assertThat(problems.calls)
        .containsExactly(
            List.of("fetch", "7"),
            List.of("update", "7", BODY.toString()),
            List.of("findByCounterpart", "a/b/1"),
            List.of("changed", since.toString()));
  }

  @Test
  void anEmptyAnswerMeansThatThereIsNoSuchRecord() {
    assertThatThrownBy(() -> kit.connectors.fetch(FIRST))
        .isInstanceOf(RecordNotFoundException.class);
    assertThatThrownBy(() -> kit.connectors.addNote(ITEM, "x", Visibility.INTERNAL))
        .isInstanceOf(RecordNotFoundException.class);
  }

  private static String record(String id) {
    return """
    {"id":"%s","key":"AI-12","url":"","revision":3,"createdAt":"2026-11-24T03:00:00Z",
     "changedAt":"2026-11-24T03:00:00Z","counterpart":"a/b/1"}\
    """
        .formatted(id);
  }
}
