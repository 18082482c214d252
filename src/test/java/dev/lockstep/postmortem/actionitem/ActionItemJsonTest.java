package dev.lockstep.postmortem.actionitem;

import static dev.lockstep.testkit.ExampleItems.change;
import static dev.lockstep.testkit.ExampleItems.item;
import static dev.lockstep.testkit.ExampleItems.reported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionItemJsonTest {
  private static final LocalDate DUE = LocalDate.parse("2026-12-01");
  private static final ItemOrigin UNKNOWN = new ItemOrigin(Map.of(), "", "");
  private static final ItemOrigin ORIGIN =
      new ItemOrigin(Map.of("itsm", "42"), "INC1", "https://wiki/portal");

  private static final ActionItem ITEM =
      item(1, reported(null, "Do it", "OPS-1"))
          .edit()
          .description("On sessions")
          .owner("ann@example.com")
          .group("Database")
          .due(DUE)
          .counterpart("itsm/change/1")
          .change(change("CHG1", "closed", "unsuccessful"))
          .stage(ActionItemStatus.REOPENED)
          .done();

  private static final ActionItem SUCCEEDED =
      ITEM.edit()
          .title("Do it well")
          .earlier(List.of(EarlierChange.from(ITEM, "https://itsm/CHG1")))
          .counterpart("")
          .change(ChangeRequestState.NONE)
          .stage(ActionItemStatus.READY)
          .done();

  private final ActionItemJson json = new ActionItemJson(new ObjectMapper());

  private JsonNode parse(String body) {
    return json.parse(body.replace('\'', '"'));
  }

  private JsonNode shown(ActionItem item, int attempt, ItemOrigin origin) {
    return json.toJson(item, new LocalRecordId(item.id(), attempt), "itsm/change/1", origin);
  }

  private String progress(ActionItemStatus status) {
    ActionItem item = ITEM.edit().stage(status).done();
    return shown(item, 0, UNKNOWN).at("/item/progress").asText();
  }

  @Test
  void setsTheFieldsOfABodyAndKeepsTheOthers() {
    assertThat(ActionItemJson.withFields(ITEM, parse("{}"))).isEqualTo(ITEM);
    assertThat(
            ActionItemJson.withFields(
                ITEM,
                parse("{'title': 'Do that', 'owner': 'ben', 'group': 'Web', 'due': '2026-12-08'}")))
        .isEqualTo(
            ITEM.edit()
                .title("Do that")
                .owner("ben")
                .group("Web")
                .due(LocalDate.parse("2026-12-08"))
                .done());
  }

  @Test
  void clearsFieldsThatAreEmpty() {
    assertThat(ActionItemJson.withFields(ITEM, parse("{'owner': '', 'due': ''}")))
        .isEqualTo(ITEM.edit().owner("").due(null).done());
  }

  @Test
  void setsTheFieldsOfAChangeRequestAndKeepsItsKey() {
    ChangeRequestState before = new ChangeRequestState("CHG1", "new", "", "", "", "", false);

    assertThat(
            ActionItemJson.withFields(
                before, parse("{'key': 'CHG2', 'state': 'assess', 'by': 'ann', 'end': 'noon'}")))
        .isEqualTo(new ChangeRequestState("CHG1", "assess", "", "ann", "", "noon", false));
  }

  @Test
  void refusesWhatIsNoJsonOrNoDate() {
    assertThatThrownBy(() -> json.parse("title"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Not a JSON record: ");
    assertThatThrownBy(() -> ActionItemJson.withFields(ITEM, parse("{'due': 'soon'}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a date: soon");
  }

  @Test
  void readsAnItemThatWasStartedInItsIssue() {
    SourceItem item =
        ActionItemJson.toSourceItem(
            parse(
                "{'title': 'Do it', 'description': 'Soon', 'owner': ' ', 'due': '2026-12-01',"
                    + " 'priority': 'P1', 'done': true}"),
            "OPS-1");

    assertThat(item.title()).isEqualTo("Do it");
    assertThat(item.description()).isEqualTo("Soon");
    assertThat(item.owner()).as("blank").isNull();
    assertThat(item.due()).isEqualTo(DUE);
    assertThat(item.priority()).isEqualTo("P1");
    assertThat(item.ticket()).isEqualTo("OPS-1");
    assertThat(item.done()).isTrue();
  }

  @Test
  void theDescriptionNamesWhereTheItemComesFrom() {
    assertThat(shown(ITEM, 0, ORIGIN).path("description").asText())
        .isEqualTo(
            "On sessions\n\nAction item AI-1 of INC1, followed up in OPS-1: https://wiki/portal");
    ActionItem alone = item(2, reported("Do it"));
    assertThat(shown(alone, 0, UNKNOWN).path("description").asText())
        .isEqualTo("Action item AI-2.");
  }

  @Test
  void aRecordShowsItsOwnChangeRequestAndTheWholeItem() {
    JsonNode first = shown(SUCCEEDED, 0, ORIGIN);
    assertThat(first.path("id").asText()).isEqualTo("1");
    assertThat(first.path("title").asText()).isEqualTo("Do it");
    assertThat(first.path("stage").asText()).isEqualTo("reopened");
    assertThat(first.at("/change/closeCode").asText()).isEqualTo("unsuccessful");
    assertThat(first.at("/item/title").asText()).isEqualTo("Do it well");
    assertThat(first.at("/incidents/itsm").asText()).isEqualTo("42");

    JsonNode second = shown(SUCCEEDED, 1, ORIGIN);
    assertThat(second.path("id").asText()).isEqualTo("1-2");
    assertThat(second.path("title").asText()).isEqualTo("Do it well");
    assertThat(second.path("stage").asText()).isEqualTo("ready");
    assertThat(second.at("/change/closeCode").asText()).isEmpty();
    assertThat(second.path("description").asText())
        .endsWith("\nIt was reopened: CHG1 was closed unsuccessful: https://itsm/CHG1");
  }

  @Test
  void theIssueShowsNoStatusUntilThereIsAChangeRequest() {
    ActionItem planned = ITEM.edit().counterpart("").done();

    assertThat(shown(planned, 0, UNKNOWN).at("/item/status").asText()).isEmpty();
    assertThat(shown(ITEM, 0, UNKNOWN).at("/item/status").asText()).isEqualTo(ITEM.statusText());
    assertThat(shown(SUCCEEDED, 0, UNKNOWN).at("/item/status").asText())
        .isEqualTo(SUCCEEDED.statusText());
  }

  @Test
  void theIssueShowsTheProgressOfTheChangeRequest() {
    assertThat(progress(ActionItemStatus.READY)).isEmpty();
    assertThat(progress(ActionItemStatus.IN_CHANGE)).isEqualTo("in-progress");
    assertThat(progress(ActionItemStatus.DEPLOYED)).isEqualTo("done");
    assertThat(progress(ActionItemStatus.DONE)).isEqualTo("done");
    assertThat(progress(ActionItemStatus.REOPENED)).isEqualTo("open");
    assertThat(progress(ActionItemStatus.CANCELLED)).isEqualTo("cancelled");
  }
}
