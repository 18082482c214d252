package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds what the simulator answers against the document that Atlassian publishes of its API. */
class JiraOpenApiTest {

  @Test
  void answersAsTheDocumentSays() {
    JiraDocument document = JiraDocument.load();
    List<Exchange> exchanges = new ArrayList<>();
    try (Shop shop = new Shop()) {
      shop.jira.onRequest(exchanges::add);
      callEverything(shop);
    }

    assertThat(exchanges).hasSizeGreaterThan(45);
    List<String> broken = new ArrayList<>();
    for (Exchange exchange : exchanges) {
      String call = exchange.method() + " " + exchange.url() + ": ";
      if (exchange.status() < 400) {
        document.brokenByRequest(exchange).forEach(each -> broken.add(call + each));
      }
      document.brokenByResponse(exchange).forEach(each -> broken.add(call + each));
    }
    assertThat(broken).isEmpty();
  }

  private static void callEverything(Shop shop) {
    JiraClient api = shop.api;
    List.of("/myself", "/serverInfo", "/project/OPS", "/priority", "/priority/search")
        .forEach(api::get);
    List.of("/status", "/field", "/issueLinkType").forEach(api::get);
    api.get("/mypermissions?projectKey=OPS&permissions=EDIT_ISSUES,LINK_ISSUES");
    api.get("/mypermissions?projectKey=NONE&permissions=EDIT_ISSUES");
    api.get("/mypermissions?permissions=UNKNOWN");
    String types = "/issue/createmeta/OPS/issuetypes";
    String type = api.get(types + "?maxResults=200").json().at("/issueTypes/0/id").asText();
    api.get(types + "/" + type);
    api.get(types + "/" + type + "?startAt=5&maxResults=3");
    api.get(types + "/" + type + "?maxResults=201");
    api.get(types + "/1");
    String maya = shop.jira.findUser(Shop.MAYA).orElseThrow().accountId();
    api.get("/user?accountId=" + Shop.encoded(maya));
    api.get("/user?accountId=nobody");
    api.get("/user/search?query=maya");
    api.get("/user/search");
    api.get("/user/assignable/search?project=OPS&query=m");
    shop.create(
        ",'description':%s,'labels':['a'],'duedate':'2026-12-01','assignee':{'accountId':'%s'},'customfield_10050':'LS-1','customfield_10053':{'value':'North'}"
            .formatted(Shop.doc("x"), maya));
    shop.create(",'status':{'name':'Open'}");
    shop.create("");
    String issue = "/issue/OPS-1";
    api.get(issue + "?expand=changelog&properties=*all");
    api.get("/issue/OPS-99");
    api.put(issue, "{'fields':{'summary':'y','priority':{'name':'High'}}}");
    api.put(issue + "?returnIssue=true", "{'update':{'labels':[{'add':'b'}]}}");
    api.put(issue, "{'fields':{'summary':''}}");
    api.get(issue + "/editmeta");
    api.get("/issue/OPS-99/editmeta");
    api.get(issue + "/transitions?expand=transitions.fields");
    api.post(issue + "/transitions", "{'transition':{'id':'11'}}");
    api.post(issue + "/transitions", "{'transition':{'id':'51'}}");
    api.get(issue + "/transitions?expand=transitions.fields");
    api.post(
        issue + "/transitions",
        "{'transition':{'id':'51'},'fields':{'resolution':{'name':'Done'}}}");
    api.post(
        issue + "/comment?expand=properties",
        "{'body':%s,'visibility':{'type':'role','value':'Administrators'},'properties':[{'key':'k','value':1}]}"
            .formatted(Shop.doc("c")));
    api.post(issue + "/comment", "{'body':'c'}");
    api.get(issue + "/comment?orderBy=-created&maxResults=10");
    String comment = issue + "/comment/" + shop.jira.comments("OPS-1").get(0).id();
    api.put(comment, "{'body':" + Shop.doc("d") + "}");
    api.get(comment);
    api.post(
        "/issueLink",
        "{'type':{'name':'Relates'},'inwardIssue':{'key':'OPS-1'},'outwardIssue':{'key':'OPS-2'}}");
    api.get(issue + "?fields=*all");
    String link = shop.jira.issue("OPS-1").at("/fields/issuelinks/0/id").asText();
    api.get("/issueLink/" + link);
    String remote = "{'globalId':'g','object':{'url':'https://example.com/1','title':'t'}}";
    int remoteId = api.post(issue + "/remotelink", remote).json().path("id").asInt();
    api.post(issue + "/remotelink", remote);
    api.post(issue + "/remotelink", "{'object':{'url':'https://example.com/1'}}");
    api.get(issue + "/remotelink?globalId=g");
    api.delete(issue + "/remotelink/" + remoteId);
    api.put(issue + "/properties/lockstep", "{'id':1}");
    api.put(issue + "/properties/lockstep", "{'id':2}");
    api.get(issue + "/properties");
    api.get(issue + "/properties/lockstep");
    api.delete(issue + "/properties/lockstep");
    api.get(issue + "/properties/lockstep");
    api.get(issue + "/changelog?maxResults=10");
    api.post("/search/jql", "{'jql':'project = OPS','fields':['*all'],'maxResults':1}");
    api.post("/search/jql", "{'jql':'project = OPS','reconcileIssues':[10000]}");
    api.get("/search/jql?fields=summary,status&jql=" + Shop.encoded("project = OPS"));
    api.post("/search/jql", "{'jql':'order by key'}");
    api.delete(comment);
    api.delete("/issueLink/" + link);
    api.delete("/issue/OPS-2");
    new JiraClient(shop.jira.url(), Shop.BOT, "wrong").get(issue);
  }
}
