package dev.lockstep.connector.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.RequestTemplate.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What varies in a request comes from tickets, and must stay a value there. */
final class RequestTemplateTest {
  private static final Map<String, String> ARGUMENTS =
      Map.of("key", "a/b&c+ü {key}^", "fields", "x,y", "limit", "200", "page", "");
  private static final Map<String, String> ESCAPED =
      Map.of("key", "ESCAPED", "fields", "ESCAPED", "limit", "ESCAPED", "page", "ESCAPED");

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Request fill(String declared) {
    JsonNode call = json(declared.replace('\'', '"'));
    return RequestTemplate.of((ObjectNode) call).fill(ARGUMENTS, ESCAPED);
  }

  @Test
  void isUrlEncodedInAPathAndInAQuery() {
    assertThat(
            fill("{'method':'GET','path':'/users/{key}','query':'q={key}&l={limit}'}").variables())
        .isEqualTo(
            Map.of(
                "method", "GET",
                "path", "/users/a%2Fb%26c%2B%C3%BC%20%7Bkey%7D%5E",
                "query", "q=a%2Fb%26c%2B%C3%BC%20%7Bkey%7D%5E&l=200"));
  }

  /** An empty token is no token, which an API may refuse. */
  @Test
  void theTokenOfAPageIsOmittedOnTheFirst() {
    assertThat(fill("{'query':'q={limit}&after={pageToken}&q2={page}'}").variables())
        .containsEntry("query", "q=200&q2=");
    assertThat(fill("{'query':'after={pageToken}&q={limit}'}").variables())
        .containsEntry("query", "q=200");
    assertThat(
            RequestTemplate.of((ObjectNode) json("{\"query\":\"after={pageToken}&q={limit}\"}"))
                .fill(Map.of("pageToken", "a b", "limit", "7"), Map.of())
                .variables())
        .containsEntry("query", "after=a%20b&q=7");
  }

  @Test
  void isEscapedInsideAnyOtherText() {
    assertThat(fill("{'sysparm_query':'name={key}^active=true'}").variables())
        .containsEntry("sysparm_query", "name=ESCAPED^active=true");
    assertThat(fill("{'body':{'jql':['label = \\\"{key}\\\"']}}").body())
        .isEqualTo(json("{\"jql\":[\"label = \\\"ESCAPED\\\"\"]}"));
  }

  @Test
  void isAsItIsWhereItIsTheWholeText() {
    Request request =
        fill("{'sys_id':'{key}','sysparm_limit':1,'body':{'id':'{key}','n':7,'more':null}}");
    assertThat(request.variables())
        .isEqualTo(Map.of("sys_id", ARGUMENTS.get("key"), "sysparm_limit", "1"));
    assertThat(request.body())
        .isEqualTo(json("{'id':'a/b&c+ü {key}^','n':7,'more':null}".replace('\'', '"')));
  }

  @Test
  void canBeAListOrANumberInABody() {
    assertThat(fill("{'body':{'fields':'{list:fields}','max':'{number:limit}'}}").body())
        .hasToString("{\"fields\":[\"x\",\"y\"],\"max\":200}");
  }

  @Test
  void leavesOutAPropertyOfTheBodyWhoseArgumentIsEmpty() {
    assertThat(fill("{'body':{'token':'{page}','n':'{number:page}','text':'p{page}'}}").body())
        .isEqualTo(json("{\"text\":\"pESCAPED\"}"));
  }

  @Test
  void hasNoBodyUnlessOneIsDeclared() {
    assertThat(fill("{'method':'GET'}").body()).isNull();
  }
}
