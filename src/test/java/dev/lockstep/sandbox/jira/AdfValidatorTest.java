package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents are well formed. */
class AdfValidatorTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{'type':'paragraph'}",
        "{'type':'paragraph','content':[{'type':'text','text':'a','marks':[{'type':'strong'},{'type':'em'}]},{'type':'hardBreak'}]}",
        "{'type':'paragraph','content':[{'type':'text','text':'a','marks':[{'type':'code'},{'type':'link','attrs':{'href':'https://example.com'}}]}]}",
        "{'type':'heading','attrs':{'level':2},'content':[{'type':'text','text':'a'}]}",
        "{'type':'bulletList','content':[{'type':'listItem','content':[{'type':'paragraph'},{'type':'orderedList','content':[{'type':'listItem','content':[{'type':'paragraph'}]}]}]}]}",
        "{'type':'codeBlock','attrs':{'language':'java'},'content':[{'type':'text','text':'a\\n"
            + "b'}]}",
        "{'type':'table','content':[{'type':'tableRow','content':[{'type':'tableHeader','content':[{'type':'paragraph'}]}]}]}",
        "{'type':'panel','attrs':{'panelType':'info'},'content':[{'type':'paragraph'}]}",
        "{'type':'rule'}",
        "{'type':'paragraph','content':[{'type':'mention','attrs':{'id':'1','text':'@a'}}]}"
      })
  void takesWhatTheDocumentationShows(String content) {
    assertThat(AdfValidator.fault(document(content))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'text','text':'not in a paragraph'}",
        "{'type':'paragraph','content':[{'type':'text','text':''}]}",
        "{'type':'paragraph','content':[{'type':'text'}]}",
        "{'type':'paragraph','content':[{'type':'paragraph'}]}",
        "{'type':'paragraph','content':[{'type':'text','text':'a','marks':[{'type':'bold'}]}]}",
        "{'type':'paragraph','content':[{'type':'text','text':'a','marks':[{'type':'code'},{'type':'strong'}]}]}",
        "{'type':'paragraph','content':[{'type':'text','text':'a','marks':[{'type':'link'}]}]}",
        "{'type':'paragraph','content':'a'}",
        "{'type':'paragraph','text':'a'}",
        "{'type':'paragraph','style':'wide'}",
        "{'type':'heading','attrs':{'level':7}}",
        "{'type':'heading'}",
        "{'type':'bulletList','content':[{'type':'paragraph'}]}",
        "{'type':'bulletList'}",
        "{'type':'bulletList','content':[{'type':'listItem','content':[{'type':'bulletList','content':[{'type':'listItem','content':[{'type':'paragraph'}]}]}]}]}",
        "{'type':'codeBlock','content':[{'type':'text','text':'a','marks':[{'type':'strong'}]}]}",
        "{'type':'panel','attrs':{'panelType':'loud'},'content':[{'type':'paragraph'}]}",
        "{'type':'tableRow','content':[]}",
        "{'type':'blink'}",
        "{}",
        "'text'"
      })
  void refusesWhatTheDocumentationDoesNotShow(String content) {
    assertThat(AdfValidator.fault(document(content))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'doc','content':[]}",
        "{'type':'doc','version':2,'content':[]}",
        "{'type':'doc','version':'1','content':[]}",
        "{'type':'doc','version':1}",
        "{'type':'doc','version':1,'content':[],'attrs':{}}",
        "{'type':'paragraph','version':1,'content':[]}",
        "[]"
      })
  void refusesWhatIsNoDocument(String document) {
    assertThat(AdfValidator.fault(read(JiraClient.quoted(document)))).isPresent();
  }

  @Test
  void refusesABadDocumentInAFieldAndInAComment() {
    try (Shop shop = new Shop()) {
      String bad = "{'type':'doc','version':1,'content':[{'type':'blink'}]}";
      String key = shop.open("x");

      assertThat(shop.create(",'description':" + bad).message()).isEqualTo("INVALID_INPUT");
      for (String body : new String[] {bad, "'text'", "{'type':'doc','version':1,'content':[]}"}) {
        JiraClient.Reply reply =
            shop.api.post("/issue/" + key + "/comment", "{'body':" + body + "}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error("comment")).startsWith("Comment body");
      }
      assertThat(shop.jira.comments(key)).isEmpty();
      String tooLong = Shop.doc("x".repeat(32_768));
      assertThat(shop.create(",'description':" + tooLong).error("description"))
          .isEqualTo("CONTENT_LIMIT_EXCEEDED");
    }
  }

  @Test
  void turnsIntoWikiMarkup() {
    JsonNode document =
        document(
            "{'type':'heading','attrs':{'level':2},'content':[{'type':'text','text':'Why'}]},"
                + "{'type':'paragraph','content':[{'type':'text','text':'so','marks':[{'type':'strong'}]},{'type':'hardBreak'},{'type':'mention','attrs':{'id':'7','text':'@eva'}}]},"
                + "{'type':'bulletList','content':[{'type':'listItem','content':[{'type':'paragraph','content':[{'type':'text','text':'one'}]},{'type':'bulletList','content':[{'type':'listItem','content':[{'type':'paragraph','content':[{'type':'text','text':'two'}]}]}]}]}]},{'type':'codeBlock','attrs':{'language':'sql'},'content':[{'type':'text','text':'select"
                + " 1'}]}");

    assertThat(AdfText.wiki(document))
        .isEqualTo("h2. Why\n\n*so*\n[~accountid:7]\n\n* one\n** two\n\n{code:sql}select 1{code}");
    assertThat(AdfText.plain(document)).contains("Why\nso\n@eva").doesNotContain("*so*");
  }

  private static JsonNode document(String content) {
    return read(JiraClient.quoted("{'type':'doc','version':1,'content':[" + content + "]}"));
  }

  private static JsonNode read(String json) {
    return Json.read(json).orElseThrow();
  }
}
