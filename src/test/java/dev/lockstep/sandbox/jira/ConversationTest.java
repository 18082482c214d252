package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.JiraClient.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Comments, links, remote links and users. */
class ConversationTest {

  private final Shop shop = new Shop();
  private final JiraClient api = shop.api;
  private final String key = shop.open("Down");

  @AfterEach
  void stop() {
    shop.close();
  }

  @Test
  void commentsBelongToWhomWroteThem() {
    shop.maya.comment(key, "first");
    Reply added =
        api.post(
            "/issue/" + key + "/comment?expand=properties",
            "{'body':%s,'properties':[{'key':'sd.public.comment','value':{'internal':true}}]}"
                .formatted(Shop.doc("second")));

    assertThat(added.status()).isEqualTo(201);
    assertThat(added.json().at("/author/emailAddress").asText()).isEqualTo(Shop.BOT);
    assertThat(added.json().path("jsdPublic").asBoolean(true)).isFalse();
    assertThat(added.json().at("/properties/0/key").asText()).isEqualTo("sd.public.comment");
    assertThat(shop.jira.comments(key)).extracting(Comment::isPublic).containsExactly(true, false);
    assertThat(shop.jira.comments(key).get(0).author().email()).isEqualTo(Shop.MAYA);
  }

  @Test
  void pagesCommentsInEitherOrder() {
    for (String text : List.of("a", "b", "c")) {
      shop.maya.comment(key, text);
    }

    Reply page = api.get("/issue/" + key + "/comment?startAt=1&maxResults=1");
    Reply newest = api.get("/issue/" + key + "/comment?orderBy=-created");

    assertThat(texts(page)).containsExactly("b");
    assertThat(page.json().path("total").asInt()).isEqualTo(3);
    assertThat(texts(newest)).containsExactly("c", "b", "a");
    assertThat(api.get("/issue/" + key + "/comment?orderBy=author").status()).isEqualTo(400);
  }

  @Test
  void editsAndDeletesComments() {
    String id = shop.maya.comment(key, "typo");
    String path = "/issue/" + key + "/comment/" + id;

    assertThat(api.put(path, "{'body':" + Shop.doc("right") + "}").status()).isEqualTo(200);

    assertThat(api.get(path).json().at("/updateAuthor/emailAddress").asText()).isEqualTo(Shop.BOT);
    assertThat(shop.jira.comments(key)).extracting(Comment::text).containsExactly("right");
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.get(path).status()).isEqualTo(404);
  }

  @Test
  void checksTheVisibilityOfAComment() {
    String body = "{'body':" + Shop.doc("x") + ",'visibility':{'type':'%s','value':'Admins'}}";

    assertThat(api.post("/issue/" + key + "/comment", body.formatted("role")).status())
        .isEqualTo(201);
    assertThat(api.post("/issue/" + key + "/comment", body.formatted("all")).status())
        .isEqualTo(400);
  }

  @Test
  void linksIssuesOnceAndShowsBothEnds() {
    String other = shop.open("Down too");
    String body =
        "{'type':{'name':'Duplicate'},'inwardIssue':{'key':'%s'},'outwardIssue':{'key':'%s'}}"
            .formatted(other, key);

    assertThat(api.post("/issueLink", body).status()).isEqualTo(201);
    assertThat(api.post("/issueLink", body).status()).isEqualTo(201);

    JsonNode duplicate = shop.jira.issue(other).at("/fields/issuelinks");
    JsonNode original = shop.jira.issue(key).at("/fields/issuelinks");
    assertThat(duplicate).hasSize(1);
    assertThat(duplicate.at("/0/outwardIssue/key").asText()).isEqualTo(key);
    assertThat(duplicate.at("/0/type/outward").asText()).isEqualTo("duplicates");
    assertThat(original.at("/0/inwardIssue/key").asText()).isEqualTo(other);
    String id = duplicate.at("/0/id").asText();
    assertThat(api.delete("/issueLink/" + id).status()).isEqualTo(204);
    assertThat(shop.jira.issue(key).at("/fields/issuelinks")).isEmpty();
  }

  @Test
  void refusesLinksThatMakeNoSense() {
    String body = "{'type':{'name':'%s'},'inwardIssue':{'key':'%s'},'outwardIssue':{'key':'%s'}}";

    assertThat(api.post("/issueLink", body.formatted("Twin", key, key)).status()).isEqualTo(404);
    assertThat(api.post("/issueLink", body.formatted("Relates", key, "OPS-9")).status())
        .isEqualTo(404);
    assertThat(api.post("/issueLink", body.formatted("Relates", key, key)).status()).isEqualTo(400);
    assertThat(api.delete("/issueLink/10042").status()).isEqualTo(404);
    assertThat(api.delete("/issueLink/that").status()).isEqualTo(400);
  }

  @Test
  void tellsAMissingPermissionToLinkAsNotFound() {
    String other = shop.open("Down too");
    shop.maya.link("Duplicate", other, key);
    String id = shop.jira.issue(other).at("/fields/issuelinks/0/id").asText();
    shop.jira.forbidLinking(Shop.BOT);
    String body =
        "{'type':{'name':'Relates'},'inwardIssue':{'key':'%s'},'outwardIssue':{'key':'%s'}}";

    assertThat(api.post("/issueLink", body.formatted(other, key)).status()).isEqualTo(404);
    assertThat(api.delete("/issueLink/" + id).status()).isEqualTo(404);
    shop.maya.unlink("Duplicate", other, key);
    assertThat(shop.jira.issue(other).at("/fields/issuelinks")).isEmpty();
  }

  @Test
  void aRemoteLinkWithAKnownGlobalIdIsReplaced() {
    String path = "/issue/" + key + "/remotelink";
    String body = "{'globalId':'lockstep:1','object':{'url':'https://example.com/1','title':'%s'}}";

    Reply first = api.post(path, body.formatted("INC1"));
    Reply second = api.post(path, body.formatted("INC1: down"));

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(shop.jira.remoteLinks(key)).hasSize(1);
    assertThat(api.get(path + "?globalId=lockstep:1").json().at("/object/title").asText())
        .isEqualTo("INC1: down");
    assertThat(api.post(path, "{'object':{'url':'https://example.com'}}").error("title"))
        .isEqualTo("'title' is required.");
  }

  @Test
  void findsUsersByTheBeginningOfNameOrAddress() {
    assertThat(names(api.get("/user/search?query=omar@ex"))).containsExactly("Omar Odell");
    assertThat(names(api.get("/user/search?query=odell"))).containsExactly("Omar Odell");
    assertThat(names(api.get("/user/search?query=mar"))).isEmpty();
    assertThat(api.get("/user/search").status()).isEqualTo(400);
  }

  @Test
  void hidesAnAddressThatItsOwnerHides() {
    shop.jira.hideEmail(Shop.OMAR);

    JsonNode found = api.get("/user/search?query=" + Shop.encoded(Shop.OMAR)).json().path(0);

    assertThat(found.path("displayName").asText()).isEqualTo("Omar Odell");
    assertThat(found.has("emailAddress")).isFalse();
  }

  @Test
  void findsTheInactiveByIdOnly() {
    String id = shop.jira.deactivate(Shop.OMAR).accountId();

    assertThat(names(api.get("/user/search?query=omar"))).isEmpty();
    JsonNode byId = api.get("/user?accountId=" + Shop.encoded(id)).json();
    assertThat(byId.path("active").asBoolean(true)).isFalse();
    assertThat(api.get("/user?accountId=nobody").status()).isEqualTo(404);
  }

  @Test
  void knowsWhoCanBeAssigned() {
    shop.jira.makeUnassignable(Shop.OMAR);

    assertThat(names(api.get("/user/assignable/search?project=OPS&query=omar"))).isEmpty();
    assertThat(names(api.get("/user/assignable/search?issueKey=" + key + "&query=maya")))
        .containsExactly("Maya Mills");
    assertThat(api.get("/user/assignable/search?query=maya").status()).isEqualTo(400);
  }

  private static List<String> texts(Reply reply) {
    List<String> texts = new ArrayList<>();
    reply
        .json()
        .path("comments")
        .forEach(c -> texts.add(c.at("/body/content/0/content/0/text").asText()));
    return texts;
  }

  private static List<String> names(Reply reply) {
    List<String> names = new ArrayList<>();
    reply.json().forEach(user -> names.add(user.path("displayName").asText()));
    return names;
  }

  @Test
  void showsAuthorsAsTheyAreNow() {
    shop.maya.comment(key, "x");
    shop.jira.hideEmail(Shop.MAYA);

    JsonNode author = api.get("/issue/" + key + "/comment").json().at("/comments/0/author");

    assertThat(author.path("displayName").asText()).isEqualTo("Maya Mills");
    assertThat(author.has("emailAddress")).isFalse();
  }
}
