package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.JiraClient.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How an issue gets from one status to another. */
class TransitionTest {

  private final Shop shop = new Shop();
  private final String key = shop.open("Down");
  private final String path = "/issue/" + key + "/transitions";

  @AfterEach
  void stop() {
    shop.close();
  }

  @Test
  void offersOnlyWhatLeavesThePresentStatus() {
    assertThat(names(shop.api.get(path))).containsExactly("Start progress");

    assertThat(move("11", "").status()).isEqualTo(204);

    assertThat(shop.jira.status(key)).isEqualTo("In Progress");
    assertThat(names(shop.api.get(path))).containsExactly("Wait", "Back to queue", "Resolve");
    assertThat(names(shop.api.get(path + "?transitionId=61"))).isEmpty();
  }

  @Test
  void refusesATransitionThatIsNotOpenOrNotThere() {
    assertThat(move("51", "").message())
        .startsWith("It seems that you have tried to perform a workflow operation (Resolve)")
        .contains("(" + key + ")");
    assertThat(move("999", "").message())
        .isEqualTo("Transition id '999' is not valid for this issue.");
    assertThat(shop.api.post(path, "{}").message()).isEqualTo("Missing 'transition' identifier");
    assertThat(shop.jira.status(key)).isEqualTo("Open");
  }

  @Test
  void resolvingNeedsAResolutionAndLeavingTakesItAway() {
    move("11", "");
    assertThat(move("51", "").error("resolution")).isEqualTo("Resolution is required.");
    assertThat(move("51", "'fields':{'resolution':{'name':'Fixed'}}").status()).isEqualTo(400);

    assertThat(move("51", "'fields':{'resolution':{'name':'Done'}}").status()).isEqualTo(204);

    JsonNode fields = shop.jira.issue(key).path("fields");
    assertThat(fields.at("/resolution/name").asText()).isEqualTo("Done");
    assertThat(fields.path("resolutiondate").asText()).isNotEmpty();
    move("71", "");
    assertThat(shop.jira.issue(key).at("/fields/resolution").isNull()).isTrue();
  }

  @Test
  void refusesFieldsThatAreNotOnTheScreen() {
    Reply refused = move("11", "'fields':{'summary':'New'}");
    Reply commented = move("11", "'update':{'comment':[{'add':{'body':" + Shop.doc("x") + "}}]}");

    assertThat(refused.error("summary")).contains("not on the appropriate screen");
    assertThat(commented.error("comment")).contains("not on the appropriate screen");
    assertThat(shop.jira.status(key)).isEqualTo("Open");
  }

  @Test
  void commentsOnTheWayIfTheScreenHasIt() {
    move("11", "");

    move(
        "51",
        "'fields':{'resolution':{'name':'Done'}},'update':{'comment':[{'add':{'body':%s}}]}"
            .formatted(Shop.doc("Restarted")));

    assertThat(shop.jira.comments(key)).extracting(Comment::text).containsExactly("Restarted");
  }

  @Test
  void describesTheFieldsOfAScreen() {
    move("11", "");

    JsonNode resolve =
        shop.api
            .get(path + "?expand=transitions.fields&transitionId=51")
            .json()
            .at("/transitions/0");

    assertThat(resolve.at("/fields/resolution/required").asBoolean()).isTrue();
    assertThat(resolve.at("/fields/resolution/allowedValues/0/name").asText()).isEqualTo("Done");
    assertThat(resolve.at("/fields/comment/operations/0").asText()).isEqualTo("add");
    assertThat(resolve.at("/to/statusCategory/key").asText()).isEqualTo("done");
  }

  @Test
  void canBeToldToRequireAnyField() {
    shop.jira.project(
        "SEC", "Security", Workflow.incidents().requires("Start progress", "customfield_10050"));
    String issue = shop.maya.create("SEC", "Bug", "Leak");

    assertThatThrownBy(() -> shop.maya.transition(issue, "Start progress"))
        .isInstanceOfSatisfying(
            JiraException.class,
            e ->
                assertThat(e.errors())
                    .containsEntry("customfield_10050", "Correlation is required."));
  }

  @Test
  void aSimpleWorkflowGoesEverywhereAndSetsTheResolution() {
    String issue = shop.maya.create("WEB", "Task", "Paint");

    shop.maya.transition(issue, "Done");

    assertThat(shop.jira.issue(issue).at("/fields/resolution/name").asText()).isEqualTo("Done");
    shop.maya.transition(issue, "To Do");
    assertThat(shop.jira.status(issue)).isEqualTo("To Do");
  }

  private Reply move(String id, String more) {
    String rest = more.isEmpty() ? "" : "," + more;
    return shop.api.post(path, "{'transition':{'id':'" + id + "'}" + rest + "}");
  }

  private static List<String> names(Reply reply) {
    List<String> names = new ArrayList<>();
    reply.json().path("transitions").forEach(each -> names.add(each.path("name").asText()));
    return names;
  }
}
