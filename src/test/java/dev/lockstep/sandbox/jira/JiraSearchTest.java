package dev.lockstep.sandbox.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.jira.JiraClient.Reply;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searching by JQL, page by page. */
class JiraSearchTest {

  private final Shop shop = new Shop();

  /** OPS-1 at 16:00:30, OPS-2 at 16:10:30, WEB-1 at 16:20:30. */
  @BeforeEach
  void open() {
    shop.open("Payment times out");
    shop.clock.advance(Duration.ofMinutes(10));
    shop.open("Login fails");
    shop.maya.prioritize("OPS-2", "High");
    shop.maya.transition("OPS-2", "Start progress");
    shop.maya.assign("OPS-2", Shop.OMAR);
    shop.maya.edit("OPS-2", "labels", Json.array().add("Auth"));
    shop.maya.edit("OPS-2", "customfield_10050", Json.text("LS-4711 north"));
    shop.maya.edit("OPS-2", "customfield_10051", Json.text("LS-4711"));
    shop.clock.advance(Duration.ofMinutes(10));
    shop.maya.create("WEB", "Task", "Paint");
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          project = OPS                                                | OPS-1 OPS-2
          project in (WEB, "Operations")                               | OPS-1 OPS-2 WEB-1
          issuetype = Task                                             | WEB-1
          labels = auth                                                | OPS-2
          labels = "aut"                                               |
          key = ops-2                                                  | OPS-2
          key in (OPS-1, WEB-1)                                        | OPS-1 WEB-1
          (project = OPS AND issuetype = Task)                         |
          (project = WEB) AND issuetype = "Task" AND updated >= "-1m"  | WEB-1
          updated >= "2026-11-24 16:10"                                | OPS-2 WEB-1
          updated > "2026-11-24 16:10"                                 | WEB-1
          updated <= "2026-11-24 16:10"                                | OPS-1 OPS-2
          updated < "2026-11-24 16:10"                                 | OPS-1
          updated >= -10m                                              | OPS-2 WEB-1
          created >= "-65m"                                            | OPS-1 OPS-2 WEB-1
          """)
  void finds(String jql, String keys) {
    List<String> expected = keys == null ? List.of() : List.of(keys.split(" "));

    Reply found = shop.search(jql + " ORDER BY key ASC");

    assertThat(found.status()).describedAs("%s", found.json()).isEqualTo(200);
    assertThat(Shop.keys(found)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          project = NOPE             | The value 'NOPE' does not exist for the field 'project'.
          issuetype = Lost           | The value 'Lost' does not exist for the field 'issuetype'.
          ORDER BY updated           | Unbounded JQL queries are not allowed here. Please add a search restriction to your query.
          status = Open              | The simulator knows no 'status' in JQL; see its Jql.
          labels != auth             | The simulator knows no '!=' in JQL; see its Jql.
          key = a OR key = b         | The simulator knows no 'OR' in JQL; see its Jql.
          updated >= startOfDay()    | The simulator knows no 'startOfDay(' in JQL; see its Jql.
          key = a ORDER BY priority  | The simulator knows no 'ORDER BY priority' in JQL; see its Jql.
          """)
  void refuses(String jql, String message) {
    Reply refused = shop.search(jql);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "project =",
        "project OPS",
        "project = OPS AND",
        "(project = OPS",
        "project = OPS key = OPS-1",
        "project in OPS",
        "project = \"open",
        "updated >= \"24 Nov\"",
        "updated >= \"2026-11-24 16:10:30\"",
        "project = OPS ORDER BY"
      })
  void refusesWhatIsNoJql(String jql) {
    assertThat(shop.search(jql).status()).isEqualTo(400);
    assertThat(shop.search(jql).message()).isNotEmpty();
  }

  @Test
  void readsTimesInTheCallersZone() {
    shop.jira.user("Kay", "kay@example.com", ZoneId.of("Asia/Tokyo"));
    JiraClient kay = new JiraClient(shop.jira.url(), "kay@example.com", "secret");

    Reply found =
        kay.get("/search/jql?fields=key&jql=" + Shop.encoded("created >= '2026-11-25 01:20'"));

    assertThat(Shop.keys(found)).containsExactly("WEB-1");
  }

  @Test
  void givesIdsOnlyUnlessAskedForMore() {
    Reply bare = shop.api.post("/search/jql", "{'jql':'key = OPS-1'}");

    assertThat(bare.json().at("/issues/0").fieldNames()).toIterable().containsExactly("id");
    assertThat(bare.json().path("isLast").asBoolean()).isTrue();
    assertThat(bare.json().has("nextPageToken")).isFalse();
    assertThat(bare.json().has("total")).isFalse();
  }

  @Test
  void refusesTheOldSearchAndItsParameters() {
    assertThat(shop.api.post("/search", "{'jql':'project = OPS'}").status()).isEqualTo(410);
    assertThat(shop.api.get("/search?jql=x").message()).contains("/rest/api/3/search/jql");
    assertThat(shop.api.post("/search/jql", "{'jql':'project = OPS','startAt':0}").status())
        .isEqualTo(400);
  }

  @Test
  void pagesWithoutLosingOrRepeatingWhatStandsStill() {
    for (int i = 0; i < 7; i++) {
      shop.open("more " + i);
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      Reply page = page("project = OPS ORDER BY updated ASC", token, 2);
      seen.addAll(Shop.keys(page));
      token = page.json().path("nextPageToken").asText();
      if (seen.size() == 4) {
        // One behind and one before the cursor: both move to the end.
        shop.clock.advance(Duration.ofMinutes(1));
        shop.maya.summarize("OPS-1", "changed");
        shop.maya.summarize("OPS-9", "changed");
      }
    } while (!token.isEmpty());

    assertThat(seen)
        .containsExactly(
            "OPS-1", "OPS-2", "OPS-3", "OPS-4", "OPS-5", "OPS-6", "OPS-7", "OPS-8", "OPS-1",
            "OPS-9");
  }

  @Test
  void newestFirstLosesWhatIsChangedWhilePaging() {
    Reply first = page("project = OPS ORDER BY updated DESC", "", 1);
    shop.clock.advance(Duration.ofMinutes(1));
    shop.maya.summarize("OPS-1", "changed");

    Reply second =
        page("project = OPS ORDER BY updated DESC", first.json().path("nextPageToken").asText(), 5);

    assertThat(Shop.keys(first)).containsExactly("OPS-2");
    assertThat(Shop.keys(second)).isEmpty();
  }

  @Test
  void aTokenBelongsToItsQueryAndEnds() {
    String token = page("project = OPS ORDER BY key", "", 1).json().path("nextPageToken").asText();

    assertThat(page("project in (OPS)", token, 1).status()).isEqualTo(400);
    assertThat(page("project = OPS ORDER BY key", "nonsense", 1).status()).isEqualTo(400);
    shop.clock.advance(Duration.ofDays(8));
    assertThat(page("project = OPS ORDER BY key", token, 1).status()).isEqualTo(400);
  }

  @Test
  void mayGiveSmallerPagesThanAskedFor() {
    try (Shop small = new Shop(options -> options.largestPage(1))) {
      small.open("a");
      small.open("b");

      Reply page = small.search("project = OPS");

      assertThat(Shop.keys(page)).hasSize(1);
      assertThat(page.json().path("isLast").asBoolean(true)).isFalse();
    }
  }

  @Test
  void showsWritesLateUnlessTheyAreReconciled() {
    try (Shop late = new Shop(options -> options.searchLag(Duration.ofSeconds(20)))) {
      late.open("new");
      String reconciled = "{'jql':'project = OPS','fields':['summary'],'reconcileIssues':[10000]}";

      assertThat(late.keys("project = OPS")).isEmpty();
      assertThat(Shop.keys(late.api.post("/search/jql", reconciled))).containsExactly("OPS-1");
      assertThat(late.api.get("/issue/OPS-1").status()).isEqualTo(200);

      late.clock.advance(Duration.ofSeconds(20));
      late.maya.summarize("OPS-1", "newer");
      String stale = "{'jql':'project = OPS','fields':['summary']}";
      assertThat(summary(late.api.post("/search/jql", stale))).isEqualTo("new");
      assertThat(summary(late.api.post("/search/jql", reconciled))).isEqualTo("newer");
      late.clock.advance(Duration.ofSeconds(20));
      assertThat(summary(late.api.post("/search/jql", stale))).isEqualTo("newer");
    }
  }

  private static String summary(Reply reply) {
    return reply.json().at("/issues/0/fields/summary").asText();
  }

  private Reply page(String jql, String token, int size) {
    String next = token.isEmpty() ? "" : ",'nextPageToken':'" + token + "'";
    return shop.api.post(
        "/search/jql",
        "{'jql':'%s','fields':['key'],'maxResults':%d%s}".formatted(jql, size, next));
  }
}
