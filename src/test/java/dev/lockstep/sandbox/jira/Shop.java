package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.CustomField.Type;
import dev.lockstep.testkit.SettableClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A site with two projects, as most tests need one. */
final class Shop implements AutoCloseable {

  static final String BOT = "lockstep@example.com";
  static final String MAYA = "maya@example.com";
  static final String OMAR = "omar@example.com";

  final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T16:00:30.123Z"));
  final JiraSimulator jira;
  final JiraPerson maya;
  final JiraClient api;

  Shop() {
    this(options -> options);
  }

  Shop(UnaryOperator<JiraOptions> with) {
    jira =
        JiraSimulator.start(with.apply(JiraOptions.defaults().clock(clock).account(BOT, "secret")));
    jira.user("Maya Mills", MAYA);
    jira.user("Omar Odell", OMAR);
    jira.project("OPS", "Operations", Workflow.incidents());
    jira.project("WEB", "Web shop", Workflow.simple());
    jira.customField("customfield_10050", "Correlation", Type.TEXT);
    jira.customField("customfield_10051", "External id", Type.EXACT_TEXT);
    jira.customField("customfield_10052", "Due in shop", Type.DATE);
    jira.customField("customfield_10053", "Region", Type.SELECT, "North", "South");
    jira.customField("customfield_10054", "Analysis", Type.TEXTAREA);
    maya = jira.as("maya");
    api = new JiraClient(jira.url(), BOT, "secret");
  }

  String open(String summary) {
    return maya.create("OPS", "Incident", summary);
  }

  /** A creation with more fields such as {@code ,'labels':['a']}. */
  JiraClient.Reply create(String more) {
    return api.post(
        "/issue",
        "{'fields':{'project':{'key':'OPS'},'issuetype':{'name':'Incident'},'summary':'Down'%s}}"
            .formatted(more));
  }

  /** A document of one paragraph. */
  static String doc(String text) {
    return "{'type':'doc','version':1,'content':[{'type':'paragraph','content':[{'type':'text','text':'%s'}]}]}"
        .formatted(text);
  }

  JiraClient.Reply search(String jql) {
    String escaped = jql.replace("\\", "\\\\").replace("\"", "\\\"");
    return api.post("/search/jql", "{\"jql\":\"" + escaped + "\",\"fields\":[\"key\"]}");
  }

  List<String> keys(String jql) {
    return keys(search(jql));
  }

  static List<String> keys(JiraClient.Reply reply) {
    List<String> keys = new ArrayList<>();
    for (JsonNode issue : reply.json().path("issues")) {
      keys.add(issue.path("key").asText());
    }
    return keys;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    jira.close();
  }
}
