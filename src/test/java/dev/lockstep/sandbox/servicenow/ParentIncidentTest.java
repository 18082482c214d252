package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Synchronizing parent and child incidents", and what hangs one incident under another at all. */
class ParentIncidentTest {
  private static final String TABLE = "/api/now/table/incident";
  private static final String PARENT = "parent_incident";

  private final List<RecordChange> changes = new ArrayList<>();
  private final ServiceNowSimulator plain = ServiceNowSimulator.start(new ServiceNowOptions());
  private final ServiceNowSimulator leading =
      ServiceNowSimulator.start(new ServiceNowOptions().parentsLeadChildren(true));

  @AfterEach
  void close() {
    plain.close();
    leading.close();
  }

  @Test
  void countsTheChildrenOfAParent() {
    String parent = incident(plain);
    String child = incident(plain);
    String other = incident(plain);
    plain.onChange(changes::add);
    ServiceNowPerson ann = plain.as("ann");

    ann.update(child, Map.of(PARENT, parent));
    ann.update(child, Map.of(PARENT, parent));
    String born = ann.create("incident", Map.of(PARENT, parent, "child_incidents", "9"));
    assertThat(plain.value(parent, "child_incidents")).isEqualTo("2");
    assertThat(plain.value(parent, "sys_mod_count")).isEqualTo("2");
    assertThat(plain.value(born, "child_incidents")).isEqualTo("0");

    ann.update(child, Map.of(PARENT, other));
    ann.delete(born);
    assertThat(plain.value(parent, "child_incidents")).isEqualTo("0");
    assertThat(plain.value(other, "child_incidents")).isEqualTo("1");
    ann.update(child, Map.of(PARENT, "", "child_incidents", "5"));
    assertThat(plain.value(other, "child_incidents")).isEqualTo("0");
    assertThat(plain.value(child, "child_incidents")).isEqualTo("0");
    assertThat(changes)
        .extracting(change -> change.sysId().equals(child) ? "child" : change.kind().name())
        .containsExactly(
            "child", "UPDATED", "CREATED", "UPDATED", "child", "UPDATED", "UPDATED", "DELETED",
            "UPDATED", "child", "UPDATED");
  }

  @Test
  void countsForAClosedParentToo() {
    String parent = incident(plain);
    plain.as("ann").update(parent, resolved("7"));
    plain.as("ann").update(incident(plain), Map.of(PARENT, parent));
    assertThat(plain.value(parent, "child_incidents")).isEqualTo("1");
  }

  @Test
  void refusesAnIncidentBelowItself() throws IOException {
    String top = incident(plain);
    String middle = incident(plain);
    String bottom = incident(plain);
    plain.as("ann").update(middle, Map.of(PARENT, top));
    plain.as("ann").update(bottom, Map.of(PARENT, middle));

    for (String parent : List.of(top, bottom)) {
      HttpResponse<String> refused =
          api(plain).send("PATCH", TABLE + "/" + top, "{\"parent_incident\":\"" + parent + "\"}");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("aborted by Business Rule");
    }
    assertThat(plain.value(top, PARENT)).isEmpty();
    assertThatThrownBy(() -> plain.as("ann").update(top, Map.of(PARENT, bottom)))
        .isInstanceOf(ServiceNowException.class);
  }

  /** As with every reference: the Table API checks no sys_id, and takes other text for a name. */
  @Test
  void takesAnUnknownParentAsADanglingReference() throws IOException {
    String parent = incident(plain);
    String child = incident(plain);
    String nowhere = "f".repeat(32);
    JsonNode stored = patch(plain, child, "{\"parent_incident\":\"" + nowhere + "\"}");
    assertThat(stored.path(PARENT).asText()).isEqualTo(nowhere);

    String number = plain.value(parent, "number");
    patch(plain, child, "{\"parent_incident\":\"" + number + "\"}");
    assertThat(plain.value(child, PARENT)).isEqualTo(parent);
    patch(plain, child, "{\"parent_incident\":\"INC9999999\"}");
    assertThat(plain.value(child, PARENT)).isEmpty();
  }

  @Test
  void findsTheChildrenOfAParent() throws IOException {
    String parent = incident(plain);
    String child = incident(plain);
    plain.as("ann").update(child, Map.of(PARENT, parent));

    assertThat(ids(PARENT + "=" + parent)).containsExactly(child);
    assertThat(ids(PARENT + ".number=" + plain.value(parent, "number"))).containsExactly(child);
    assertThat(ids(PARENT + "=")).containsExactly(parent);
  }

  @Test
  void leavesChildrenAloneUnlessToldOtherwise() {
    String parent = incident(plain);
    String child = child(plain, parent);
    plain.as("ann").addComment(parent, "hello");
    plain.as("ann").update(parent, resolved("6"));

    assertThat(plain.value(child, "state")).isEqualTo("1");
    assertThat(plain.journal(child)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2, '', 2, ''", // In Progress
    "3, 3,  3, 3", // On Hold, awaiting the problem
    "3, 1,  1, ''", // On Hold, awaiting the caller: "Not updated"
    "8, '', 1, ''", // Canceled
  })
  void takesChildrenAlong(String state, String reason, String childState, String childReason) {
    String parent = incident(leading);
    String child = child(leading, parent);

    leading.as("ann").update(parent, Map.of("state", state, "hold_reason", reason));

    assertThat(leading.value(child, "state")).isEqualTo(childState);
    assertThat(leading.value(child, "hold_reason")).isEqualTo(childReason);
  }

  @Test
  void resolvesAndReopensChildrenAndClosesNone() {
    String parent = incident(leading);
    String child = child(leading, parent);
    String grandchild = child(leading, child);
    ServiceNowPerson ann = leading.as("ann");

    ann.update(parent, resolved("6"));
    for (String below : List.of(child, grandchild)) {
      assertThat(leading.value(below, "state")).isEqualTo("6");
      assertThat(leading.value(below, "close_code")).isEqualTo("Duplicate");
      assertThat(leading.value(below, "close_notes")).isEqualTo("Restarted");
      assertThat(leading.journal(below))
          .extracting(JournalEntry::value)
          .containsExactly("Restarted");
    }

    ann.update(parent, Map.of("state", "2"));
    assertThat(leading.value(child, "state")).isEqualTo("2");

    ann.update(parent, resolved("6"));
    ann.update(parent, Map.of("state", "7"));
    assertThat(leading.value(child, "state")).isEqualTo("6");
  }

  @Test
  void leavesClosedAndCanceledChildrenAsTheyAre() {
    String parent = incident(leading);
    String closed = child(leading, parent);
    String canceled = child(leading, parent);
    leading.as("ann").update(closed, resolved("7"));
    leading.as("ann").update(canceled, Map.of("state", "8"));

    leading.as("ann").update(parent, Map.of("state", "2", "comments", "hello"));

    assertThat(leading.value(closed, "state")).isEqualTo("7");
    assertThat(leading.value(canceled, "state")).isEqualTo("8");
    assertThat(leading.journal(closed)).isEmpty();
  }

  @Test
  void copiesTheParentsJournalToItsChildrenWordForWord() throws IOException {
    String parent = incident(leading);
    String child = child(leading, parent);

    patch(leading, parent, "{\"comments\":\"hello\",\"work_notes\":\"among us\"}");

    assertThat(leading.journal(child))
        .extracting(entry -> entry.element() + ": " + entry.value())
        .containsExactly("work_notes: among us", "comments: hello");
    assertThat(leading.value(child, "sys_mod_count")).isEqualTo("2");
  }

  @Test
  void tellsOfParentAndChild() throws IOException {
    String parent = incident(plain);
    String child = incident(plain);
    plain.webhookTarget(URI.create("http://127.0.0.1:9/"));
    long before = plain.webhooks().undelivered();

    patch(plain, child, "{\"parent_incident\":\"" + parent + "\"}");

    await().until(plain::webhooksIdle);
    assertThat(plain.webhooks().undelivered()).isEqualTo(before + 2);
  }

  private static String incident(ServiceNowSimulator instance) {
    return instance.as("ann").create("incident", Map.of("short_description", "Mail is down"));
  }

  private static String child(ServiceNowSimulator instance, String parent) {
    String child = incident(instance);
    instance.as("ann").update(child, Map.of(PARENT, parent));
    return child;
  }

  private static Map<String, String> resolved(String state) {
    return Map.of("state", state, "close_code", "Duplicate", "close_notes", "Restarted");
  }

  private static ServiceNowClient api(ServiceNowSimulator instance) {
    return ServiceNowClient.basic(instance, "lockstep", "lockstep");
  }

  private static JsonNode patch(ServiceNowSimulator instance, String sysId, String body)
      throws IOException {
    return api(instance)
        .result("PATCH", TABLE + "/" + sysId + "?sysparm_exclude_reference_link=true", body);
  }

  private List<String> ids(String query) throws IOException {
    List<String> ids = new ArrayList<>();
    api(plain)
        .result(TABLE + "?sysparm_fields=sys_id&sysparm_query=" + ServiceNowClient.query(query))
        .forEach(record -> ids.add(record.path("sys_id").asText()));
    return ids;
  }
}
