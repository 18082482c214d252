package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.JiraClient.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Creating, reading and editing issues over HTTP, and what is refused. */
class IssueApiTest {

  private final Shop shop = new Shop();
  private final JiraClient api = shop.api;

  @AfterEach
  void stop() {
    shop.close();
  }

  @Test
  void createsAnIssueWithWhatItIsGivenAndDefaultsForTheRest() {
    String omar = shop.jira.findUser(Shop.OMAR).orElseThrow().accountId();
    Reply created =
        shop.create(
            (",'description':%s,'labels':['db','eu'],'duedate':'2026-12-01',"
                    + "'assignee':{'accountId':'%s'},'customfield_10053':{'value':'South'}")
                .formatted(Shop.doc("No answer"), omar));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().path("key").asText()).isEqualTo("OPS-1");
    JsonNode fields = api.get("/issue/ops-1").json().path("fields");
    assertThat(fields.at("/status/name").asText()).isEqualTo("Open");
    assertThat(fields.at("/status/statusCategory/key").asText()).isEqualTo("new");
    assertThat(fields.at("/priority/name").asText()).isEqualTo("Medium");
    assertThat(fields.at("/reporter/emailAddress").asText()).isEqualTo(Shop.BOT);
    assertThat(fields.at("/assignee/displayName").asText()).isEqualTo("Omar Odell");
    assertThat(fields.at("/description/content/0/content/0/text").asText()).isEqualTo("No answer");
    assertThat(fields.at("/customfield_10053/value").asText()).isEqualTo("South");
    assertThat(fields.path("updated").asText()).isEqualTo("2026-11-24T16:00:30.123+0000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'summary':''                             | summary     | You must specify a summary of the issue.
          'summary':'a\\nb'                        | summary     | The summary is invalid because it contains newline characters.
          'description':'text'                     | description | Operation value must be an Atlassian Document (see the Atlassian Document Format)
          'labels':['two words']                   | labels      | The label 'two words' contains spaces which is invalid.
          'duedate':'2026-02-30'                   | duedate     | Error parsing date string: 2026-02-30
          'duedate':'24.11.2026'                   | duedate     | Error parsing date string: 24.11.2026
          'priority':{'name':'P1'}                 | priority    | The priority selected is invalid.
          'assignee':{'accountId':'nobody'}        | assignee    | Specify a valid value for assignee
          'status':{'name':'Closed'}               | status      | Field 'status' cannot be set. It is not on the appropriate screen, or unknown.
          'resolution':{'name':'Done'}             | resolution  | Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown.
          'customfield_1':'x'                      | customfield_1 | Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown.
          'customfield_10050':5                    | customfield_10050 | Operation value must be a string
          'customfield_10054':'text'               | customfield_10054 | Operation value must be an Atlassian Document (see the Atlassian Document Format)
          'customfield_10053':{'value':'West'}     | customfield_10053 | Specify a valid 'id' or 'name' for Region
          """,
      quoteCharacter = '`')
  void refusesWhatAFieldDoesNotTake(String given, String field, String message) {
    String key = shop.open("Whole");

    Reply edited = api.put("/issue/" + key, "{'fields':{" + given + "}}");

    assertThat(edited.status()).isEqualTo(400);
    assertThat(edited.error(field)).isEqualTo(message);
    assertThat(edited.json().path("errorMessages").isArray()).isTrue();
    String overlapping = given.startsWith("'summary'") ? "" : "," + given;
    if (!overlapping.isEmpty()) {
      assertThat(shop.create(overlapping).error(field)).isEqualTo(message);
    }
    assertThat(shop.jira.issues()).hasSize(1);
  }

  @Test
  void refusesALongSummaryAndTellsEverythingThatIsWrongAtOnce() {
    Reply refused =
        api.put(
            "/issue/" + shop.open("x"),
            "{'fields':{'summary':'%s','priority':{'id':'9'}}}".formatted("s".repeat(256)));

    assertThat(refused.error("summary")).isEqualTo("Summary can't exceed 255 characters.");
    assertThat(refused.error("priority")).isNotEmpty();
  }

  @Test
  void needsProjectTypeAndSummary() {
    assertThat(api.post("/issue", "{'fields':{}}").error("project"))
        .isEqualTo("Specify a valid project ID or key");
    assertThat(api.post("/issue", "{'fields':{'project':{'key':'OPS'}}}").error("issuetype"))
        .isEqualTo("Specify an issue type");
    String typed = "{'fields':{'project':{'key':'OPS'},'issuetype':{'name':'%s'}}}";
    assertThat(api.post("/issue", typed.formatted("Outage")).error("issuetype"))
        .isEqualTo("Specify a valid issue type");
    assertThat(api.post("/issue", typed.formatted("Bug")).error("summary"))
        .isEqualTo("You must specify a summary of the issue.");
  }

  @Test
  void doesNotGiveIssuesToThoseWhoMayNotHaveThem() {
    String id = shop.jira.deactivate(Shop.OMAR).accountId();

    assertThat(shop.create(",'assignee':{'accountId':'%s'}".formatted(id)).error("assignee"))
        .isEqualTo("User '" + id + "' cannot be assigned issues.");
  }

  @Test
  void editsWithoutABodyOrWithTheIssue() {
    String key = shop.open("Slow");

    Reply quiet = api.put("/issue/" + key, "{'fields':{'summary':'Slower'}}");
    Reply told =
        api.put("/issue/" + key + "?returnIssue=true", "{'update':{'labels':[{'add':'db'}]}}");

    assertThat(quiet.status()).isEqualTo(204);
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.json().at("/fields/summary").asText()).isEqualTo("Slower");
    assertThat(told.json().at("/fields/labels/0").asText()).isEqualTo("db");
  }

  @Test
  void refusesAFieldInBothFieldsAndUpdate() {
    Reply refused =
        api.put(
            "/issue/" + shop.open("x"),
            "{'fields':{'labels':['a']},'update':{'labels':[{'add':'b'}]}}");

    assertThat(refused.error("labels")).contains("cannot appear in both");
  }

  @Test
  void anEditThatChangesNothingLeavesNoTrace() {
    String key = shop.open("Same");
    shop.clock.advance(Duration.ofMinutes(5));

    api.put("/issue/" + key, "{'fields':{'summary':'Same','labels':[]}}");

    assertThat(shop.jira.history(key)).hasSize(1);
    assertThat(shop.jira.issue(key).at("/fields/updated").asText()).contains("16:00:30.123");
  }

  @Test
  void showsOnlyTheFieldsThatAreAskedFor() {
    String key = shop.open("x");

    JsonNode few = api.get("/issue/" + key + "?fields=summary,status").json().path("fields");
    JsonNode less = api.get("/issue/" + key + "?fields=-description").json().path("fields");

    assertThat(few.fieldNames()).toIterable().containsExactly("status", "summary");
    assertThat(less.has("description")).isFalse();
    assertThat(less.has("summary")).isTrue();
  }

  @Test
  void answers404ForWhatIsNotThereAnd401ForStrangers() {
    Reply missing = api.get("/issue/OPS-99");
    Reply stranger = new JiraClient(shop.jira.url(), Shop.BOT, "wrong").get("/myself");

    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.message())
        .isEqualTo("Issue does not exist or you do not have permission to see it.");
    assertThat(stranger.status()).isEqualTo(401);
    assertThat(api.get("/myself").json().path("emailAddress").asText()).isEqualTo(Shop.BOT);
  }

  @Test
  void keepsPropertiesApartFromFields() {
    String key = shop.open("x");
    shop.clock.advance(Duration.ofMinutes(5));
    String path = "/issue/" + key + "/properties/lockstep";

    assertThat(api.put(path, "{'id':'c-1'}").status()).isEqualTo(201);
    assertThat(api.put(path, "{'id':'c-2'}").status()).isEqualTo(200);

    assertThat(api.get(path).json().at("/value/id").asText()).isEqualTo("c-2");
    assertThat(shop.jira.issue(key).at("/fields/updated").asText()).contains("16:00:30");
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).status()).isEqualTo(404);
    assertThat(api.delete(path).status()).isEqualTo(404);
    String properties = "/issue/" + key + "/properties/";
    assertThat(api.put(properties + "k".repeat(255), "1").status()).isEqualTo(201);
    assertThat(api.put(properties + "k".repeat(256), "1").status()).isEqualTo(400);
    assertThat(api.put(path, "'" + "x".repeat(32_768) + "'").status()).isEqualTo(400);
  }

  @Test
  void tellsWhoDidWhatWhen() {
    String key = shop.open("x");
    shop.maya.prioritize(key, "High");
    api.put("/issue/" + key, "{'fields':{'summary':'y'}}");

    assertThat(shop.jira.history(key))
        .extracting(IssueChange::by)
        .containsExactly(Shop.MAYA, Shop.MAYA, Shop.BOT);
    assertThat(shop.jira.changesBy(Shop.BOT)).hasSize(1).allMatch(IssueChange::overHttp);
    JsonNode newest = api.get("/issue/" + key + "?expand=changelog").json().at("/changelog");
    assertThat(newest.at("/histories/0/items/0/toString").asText()).isEqualTo("y");
    assertThat(newest.at("/histories/1/items/0/field").asText()).isEqualTo("priority");
    JsonNode oldest = api.get("/issue/" + key + "/changelog").json();
    assertThat(oldest.at("/values/0/items/0/toString").asText()).isEqualTo("High");
    assertThat(shop.jira.calls().byRoute())
        .containsEntry("PUT /rest/api/3/issue/{id}", 1L)
        .containsEntry("GET /rest/api/3/issue/{id}/changelog", 1L);
  }

  @Test
  void deletesAnIssueAndRemembersItsHistory() {
    String key = shop.open("x");

    assertThat(api.delete("/issue/" + key).status()).isEqualTo(204);

    assertThat(api.get("/issue/" + key).status()).isEqualTo(404);
    assertThat(shop.jira.history(key))
        .extracting(IssueChange::kind)
        .contains(IssueChange.Kind.DELETED);
    assertThat(shop.open("next")).isEqualTo("OPS-2");
    assertThat(List.copyOf(shop.jira.issues())).containsExactly("OPS-2");
  }

  @Test
  void createsNothingIfTheCommentThatComesWithItIsRefused() {
    Reply refused =
        api.post(
            "/issue",
            "{'fields':{'project':{'key':'OPS'},'issuetype':{'name':'Bug'},'summary':'x'},"
                + "'update':{'comment':[{'add':{'body':'text'}}]}}");

    assertThat(refused.error("comment")).isEqualTo("Comment body is not valid!");
    assertThat(shop.jira.issues()).isEmpty();
  }

  @Test
  void answersNonsenseWithARefusal() {
    String key = shop.open("x");

    assertThat(api.get("/issue/" + key + "/comment?startAt=-1").status()).isEqualTo(400);
    assertThat(api.post("/issue", "{'fields':").status()).isEqualTo(400);
    assertThat(api.post("/issue", "[]").status()).isEqualTo(400);
    assertThat(api.put("/issue/" + key, "{'fields':'x'}").status()).isEqualTo(400);
    assertThat(api.get("/nothing").status()).isEqualTo(404);
    assertThat(api.put("/issue/" + key + "/transitions", "{}").status()).isEqualTo(405);
    assertThat(api.put("/issue/" + key, "{'fields':{'priority':null}}").status()).isEqualTo(204);
    assertThat(shop.jira.issue(key).at("/fields/priority").isNull()).isTrue();
    assertThat(shop.search("updated > 99999999999999999999").status()).isEqualTo(400);
  }
}
