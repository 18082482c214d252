package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.JiraClient.Reply;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the screens show is what creates and edits accept. */
class ScreensTest {
  private final Shop shop = new Shop();
  private final JiraClient api = shop.api;

  @AfterEach
  void stop() {
    shop.close();
  }

  private String incidentType() {
    JsonNode types = api.get("/issue/createmeta/OPS/issuetypes?maxResults=200").json();
    return StreamSupport.stream(types.path("issueTypes").spliterator(), false)
        .filter(type -> type.path("name").asText().equals("Incident"))
        .findFirst()
        .orElseThrow()
        .path("id")
        .asText();
  }

  private JsonNode createFields(String query) {
    return api.get("/issue/createmeta/OPS/issuetypes/" + incidentType() + query).json();
  }

  private static JsonNode field(JsonNode page, String name) {
    return StreamSupport.stream(page.path("fields").spliterator(), false)
        .filter(field -> field.path("fieldId").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean shows(JsonNode page, String name) {
    return page.path("fields").findValuesAsText("fieldId").contains(name);
  }

  @Test
  void createsWithWhatTheCreateScreenShows() {
    JsonNode page = createFields("");
    assertThat(field(page, "summary").path("required").asBoolean()).isTrue();
    assertThat(field(page, "summary").path("hasDefaultValue").asBoolean()).isFalse();
    assertThat(field(page, "reporter").path("hasDefaultValue").asBoolean()).isTrue();
    assertThat(field(page, "labels").path("required").asBoolean()).isFalse();
    assertThat(field(page, "customfield_10053").path("name").asText()).isEqualTo("Region");
    assertThat(shows(page, "status")).isFalse();

    shop.jira.screens().takeOffCreate("labels");
    assertThat(shows(createFields(""), "labels")).isFalse();
    Reply refused = shop.create(",'labels':['a']");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/errors/labels").asText()).contains("not on the appropriate");
    assertThat(shop.create("").status()).isEqualTo(201);
    assertThat(api.put("/issue/OPS-1", "{'fields':{'labels':['a']}}").status()).isEqualTo(204);
  }

  @Test
  void refusesToCreateWithoutWhatIsRequired() {
    shop.jira.screens().require("customfield_10053");
    assertThat(field(createFields(""), "customfield_10053").path("required").asBoolean()).isTrue();
    Reply refused = shop.create("");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/errors/customfield_10053").asText())
        .isEqualTo("Region is required.");
    assertThat(shop.create(",'customfield_10053':{'value':'North'}").status()).isEqualTo(201);
  }

  @Test
  void editsWhatTheEditScreenShows() {
    String key = shop.open("Down");
    String path = "/issue/" + key;
    assertThat(api.get(path + "/editmeta").json().path("fields").has("duedate")).isTrue();
    assertThat(api.get(path + "/editmeta").json().path("fields").has("project")).isFalse();
    shop.jira.screens().takeOffEdit("duedate");
    assertThat(api.get(path + "/editmeta").json().path("fields").has("duedate")).isFalse();
    assertThat(api.put(path, "{'fields':{'duedate':'2026-12-01'}}").status()).isEqualTo(400);
    assertThat(shop.create(",'duedate':'2026-12-01'").status()).isEqualTo(201);
    assertThat(api.get("/issue/OPS-99/editmeta").status()).isEqualTo(404);
  }

  @Test
  void showsNothingToWhomMayWriteNothing() {
    String type = incidentType();
    String key = shop.open("Down");
    shop.jira.takePermission(Shop.BOT, "CREATE_ISSUES");
    shop.jira.takePermission(Shop.BOT, "EDIT_ISSUES");
    assertThat(api.get("/issue/createmeta/OPS/issuetypes/" + type).json().path("fields")).isEmpty();
    assertThat(api.get("/issue/" + key + "/editmeta").json().path("fields")).isEmpty();
  }

  @Test
  void hasPagesOfAtMostTwoHundred() {
    JsonNode page = createFields("?maxResults=2&startAt=1");
    assertThat(page.path("fields")).hasSize(2);
    assertThat(page.path("total").asInt()).isGreaterThan(10);
    String path = "/issue/createmeta/OPS/issuetypes/" + incidentType();
    assertThat(api.get(path + "?maxResults=201").status()).isEqualTo(400);
    assertThat(api.get("/issue/createmeta/OPS/issuetypes/1").status()).isEqualTo(400);
    assertThat(api.get("/issue/createmeta/NONE/issuetypes/1").status()).isEqualTo(404);
  }
}
