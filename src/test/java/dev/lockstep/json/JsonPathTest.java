package dev.lockstep.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonPathTest {
  private static final String DOCUMENT =
      """
      {"assigned_to.email":"a@example.com",
       "assigned_to":{"email":"other@example.com","name":"Ana","manager":null},
       "assignments":[{"assignee":{"id":"P9","o.u":"net"}},{"assignee":null}],
       "labels":["x","y"],"grid":[["a","b"],["c"]],"empty":[],"count":3,"open":true,"none":null,
       "blank":" "}
      """;

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A key that contains dots comes first, at any depth.
        "assigned_to.email|a@example.com",
        "assigned_to.name|Ana",
        "assignments[0].assignee.o.u|net",
        "assignments[0].assignee.id|P9",
        "labels[1]|y",
        "grid[0][1]|b",
        "count|3",
        "open|true",
      })
  void findsKeysAndPositions(String path, String text) {
    assertThat(JsonPath.text(json(DOCUMENT), path)).isEqualTo(text);
    assertThat(new JsonPath(path).find(json(DOCUMENT)).asText()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "absent",
        "absent.deeper",
        "absent[0].id",
        "assigned_to.phone",
        "assigned_to[0]",
        "count.deeper",
        "labels.name",
        "labels[0].name"
      })
  void whatTheDocumentDoesNotShowIsMissing(String path) {
    assertThat(JsonPath.find(json(DOCUMENT), path).isMissingNode()).isTrue();
    assertThat(JsonPath.text(json(DOCUMENT), path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "none.deeper",
        "none[0].id",
        "assigned_to.manager.id",
        "assignments[1].assignee.id",
        "assignments[2].assignee.id",
        "empty[0]",
        "empty[0].id"
      })
  void nullOnTheWayAndAListTooShortSayThatThereIsNothing(String path) {
    assertThat(JsonPath.find(json(DOCUMENT), path).isNull()).isTrue();
    assertThat(JsonPath.text(json(DOCUMENT), path)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.incident_v2.incident.id|I1",
        "x.incident_v2.a.b|deep",
        "y.z|short",
        "x.incident_v2.none|",
        "x.incident_v3|"
      })
  void findsWhatIsUnderAKeyWithDots(String path, String text) {
    JsonNode event =
        json(
            "{\"x.incident_v2\":{\"incident\":{\"id\":\"I1\"},\"a.b\":\"deep\"},\"y\":{\"z\":\"short\"}}");
    assertThat(JsonPath.text(event, path)).isEqualTo(text == null ? "" : text);
  }

  private static final String ROLES =
      """
      {"roles":[{"role":{"id":"R1","type":"reporter"},"who":{"id":"U1"}},
                {"role":{"id":"R2","type":"lead"}}]}
      """;

  @Test
  void findsAnElementByAValueInsideIt() {
    assertThat(JsonPath.isValid("roles[role.type=lead].who.id")).isTrue();
    assertThat(JsonPath.isValid("roles[role.=lead].who")).isFalse();
    assertThat(JsonPath.text(json(ROLES), "roles[role.type=reporter].who.id")).isEqualTo("U1");
    assertThat(JsonPath.find(json(ROLES), "roles[role.type=lead].who").isMissingNode()).isTrue();
    assertThat(JsonPath.find(json(ROLES), "roles[role.type=scribe].who").isNull()).isTrue();
  }

  @Test
  void addsAnElementWithTheValueInsideItAndTakesItAway() {
    ObjectNode body = (ObjectNode) json("{\"name\":\"x\"}");
    JsonPath.put(body, "roles[role.type=lead].who", TextNode.valueOf("U2"));
    assertThat(body)
        .isEqualTo(
            json("{\"name\":\"x\",\"roles\":[{\"role\":{\"type\":\"lead\"},\"who\":\"U2\"}]}"));
    assertThat(JsonPath.take(body, "roles[role.type=lead].who").asText()).isEqualTo("U2");
    assertThat(body).isEqualTo(json("{\"name\":\"x\"}"));
  }

  private static final String FIELDS =
      """
      {"fields":[{"id":7,"value":null},{"id":360,"value":"first"},{"id":360,"value":"second"},"x",
                 {"name":"Customer Impact = how much","values":["high","low"]}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fields[id=360].value|first",
        "fields[name=Customer Impact = how much].values[1]|low",
      })
  void findsTheFirstElementInWhichAKeyHasAValue(String path, String text) {
    assertThat(JsonPath.text(json(FIELDS), path)).isEqualTo(text);
  }

  @Test
  void anElementThatIsNotThereSaysThatThereIsNothing() {
    assertThat(JsonPath.find(json(FIELDS), "fields[id=7].value").isNull()).isTrue();
    assertThat(JsonPath.find(json(FIELDS), "fields[id=36].value").isNull()).isTrue();
    assertThat(JsonPath.find(json(FIELDS), "others[id=36].value").isMissingNode()).isTrue();
    assertThat(
            JsonPath.find(json("{\"fields\":{\"id\":36}}"), "fields[id=36].value").isMissingNode())
        .isTrue();
  }

  @Test
  void emptyPathIsTheDocument() {
    assertThat(JsonPath.find(json(DOCUMENT), "")).isEqualTo(json(DOCUMENT));
    assertThat(JsonPath.text(json("[{\"id\":\"a\"}]"), "[0].id")).isEqualTo("a");
  }

  @Test
  void findsTextAndNumbersThatAreNotBlank() {
    assertThat(new JsonPath("labels[0]").findText(json(DOCUMENT))).contains("x");
    assertThat(new JsonPath("count").findText(json(DOCUMENT))).contains("3");
    for (String path : new String[] {"open", "none", "blank", "labels", "absent"}) {
      assertThat(new JsonPath(path).findText(json(DOCUMENT))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|a|{\"a\":\"v\"}",
        "{}|a.b.c|{\"a\":{\"b\":{\"c\":\"v\"}}}",
        "{\"a\":{\"x\":1}}|a.b|{\"a\":{\"x\":1,\"b\":\"v\"}}",
        "{\"a.b\":1}|a.b|{\"a.b\":\"v\"}",
        "{}|a[0].b|{\"a\":[{\"b\":\"v\"}]}",
        "{\"a\":[{\"x\":1}]}|a[0].b|{\"a\":[{\"x\":1,\"b\":\"v\"}]}",
        "{\"a\":[\"x\",\"y\"]}|a[0]|{\"a\":[\"v\"]}",
        "{\"a\":{}}|a.b[0]|{\"a\":{\"b\":[\"v\"]}}",
        "{}|a.b[]|{\"a\":{\"b\":[\"v\"]}}",
        "{\"a\":[\"x\"]}|a[]|{\"a\":[\"x\",\"v\"]}",
        "{}|a.b[id=36].c|{\"a\":{\"b\":[{\"id\":36,\"c\":\"v\"}]}}",
        "{\"a\":[{\"id\":7},{\"id\":36,\"c\":1}]}|a[id=36].c|{\"a\":[{\"id\":7},{\"id\":36,\"c\":\"v\"}]}",
        "{\"a\":[{\"n\":\"x\"}]}|a[n=y 07].c[0]|{\"a\":[{\"n\":\"x\"},{\"n\":\"y"
            + " 07\",\"c\":[\"v\"]}]}",
      })
  void putCreatesWhatIsMissingOnTheWay(String before, String path, String after) {
    ObjectNode document = (ObjectNode) json(before);
    JsonPath.put(document, path, TextNode.valueOf("v"));
    assertThat(document).isEqualTo(json(after));
    if (!path.endsWith("[]")) {
      assertThat(JsonPath.text(document, path)).isEqualTo("v");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"v\"}|a|{\"a\":\"\"}",
        "{}|a.b|{\"a\":{\"b\":\"\"}}",
        "{\"a.b\":1}|a.b|{\"a.b\":\"\"}",
        "{}|a[0].b|{\"a\":[]}",
        "{\"x\":{\"a\":[\"v\"]}}|x.a[0]|{\"x\":{\"a\":[]}}",
        "{}|a[id=36].c|{\"a\":[{\"id\":36,\"c\":\"\"}]}",
      })
  void clearSaysThatThereIsNothing(String before, String path, String after) {
    ObjectNode document = (ObjectNode) json(before);
    new JsonPath(path).clear(document);
    assertThat(document).isEqualTo(json(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"v\",\"b\":1}|a|{\"b\":1}|v",
        "{\"a\":{\"b\":\"v\"}}|a.b|{}|v",
        "{\"a\":{\"b\":\"v\",\"c\":1}}|a.b|{\"a\":{\"c\":1}}|v",
        "{\"a.b\":\"v\",\"a\":{\"b\":1}}|a.b|{\"a\":{\"b\":1}}|v",
        "{\"a\":[{\"b\":\"v\"}]}|a[0].b|{}|v",
        "{\"a\":[\"v\",\"w\"]}|a[0]|{\"a\":[\"w\"]}|v",
        "{\"a\":[{\"id\":7},{\"id\":36,\"c\":\"v\"}]}|a[id=36].c|{\"a\":[{\"id\":7}]}|v",
        "{\"a\":{\"c\":1}}|a.b|{\"a\":{\"c\":1}}|",
        "{\"a\":null}|a.b|{\"a\":null}|",
        "{\"a\":[]}|b[0]|{\"a\":[]}|",
      })
  void takeRemovesTheValueAndWhatIsEmptyWithoutIt(
      String before, String path, String after, String taken) {
    ObjectNode document = (ObjectNode) json(before);
    JsonNode value = JsonPath.take(document, path);
    assertThat(document).isEqualTo(json(after));
    assertThat(value.isMissingNode()).isEqualTo(taken == null);
    assertThat(value.asText("")).isEqualTo(taken == null ? "" : taken);
  }

  @ParameterizedTest
  @CsvSource({
    "a, true",
    "a-b.c_d.e1, true",
    "assignments[0].assignee.id, true",
    "a.0.b, false",
    "a..b, false",
    "a[], false",
    "a[x], false",
    "a[0, false",
    "'', false",
    "a b, false",
    "fields[id=360].value, true",
    "a.fields[name=Customer Impact].values[0], true",
    "fields[id=360], false",
    "fields[=360].value, false",
    "fields[id=].value, false",
  })
  void isValidAsConfigurationWritesIt(String path, boolean valid) {
    assertThat(JsonPath.isValid(path)).isEqualTo(valid);
  }
}
