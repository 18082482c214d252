package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Systems that take a record in another shape than they show it. */
final class SentRecordsTest {
  private static final RecordRef TICKET = new RecordRef("toy", "ticket", "7");

  private static final String RENAMED =
      """
          send:
            create: {kind: outage}
            update: {ticket: "{record}", notify: false}
            correlation: [once, "marks[mark.id=M1].values[0].text"]
            rename:
              state: state_id
              "people[].role.type": {to: "people[].role_id", values: {lead: R7}}
              "marks[].mark.id": "marks[].mark_id"
      """;

  private static final JsonNode BODY =
      ConnectorContract.json(
          """
          {"title":"x","state":"S2","people":[{"role":{"type":"lead"},"who":{"id":"U1"}}]}
          """);

  private static ConnectorKit kit(FakeSystem toy, Path folder, String... replaced)
      throws IOException {
    ToyConnector.copy(folder, replaced);
    return ToyConnector.kit(toy, folder);
  }

  private static JsonNode sent(FakeSystem toy) {
    return ConnectorContract.json(toy.onlyRequest().getBodyAsString());
  }

  @Test
  void aNewRecordHasTheNamesAndTheMarksOfTheRequest(@TempDir Path folder) throws IOException {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = kit(toy, folder, "    send: {correlation: far}\n", RENAMED)) {
      toy.answerAll(okJson(ToyConnector.ticket(7, "")));

      kit.connectors.create("toy", "ticket", BODY, "x/y/1/t", "1");

      assertThat(sent(toy))
          .isEqualTo(
              ConnectorContract.json(
                  """
                  {"title":"x","kind":"outage","once":"x/y/1/t","state_id":"S2",
                   "people":[{"who":{"id":"U1"},"role_id":"R7"}],
                   "marks":[{"values":[{"text":"x/y/1/t"}],"mark_id":"M1"}]}
                  """));
    }
  }

  @Test
  void anUpdateStandsWhereItsBodySays(@TempDir Path folder) throws IOException {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = kit(toy, folder, "    send: {correlation: far}\n", RENAMED)) {
      toy.answerAll(okJson(ToyConnector.ticket(7, "")));

      kit.connectors.update(TICKET, ConnectorContract.json("{\"state\":\"S3\"}"));

      assertThat(sent(toy))
          .isEqualTo(ConnectorContract.json("{\"ticket\":{\"state_id\":\"S3\"},\"notify\":false}"));
    }
  }

  /** Each refusal names the field of the request; what is left out is the one of the mapping. */
  @Test
  void aRefusalNamesTheFieldOfTheRequest(@TempDir Path folder) throws IOException {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit =
            kit(
                toy,
                folder,
                "    send: {correlation: far}\n",
                RENAMED,
                "\nlimits:",
                "\nrefused-fields: {texts: [\"errors[].source.field\"]}\n\nlimits:")) {
      toy.answerAll(
          aResponse()
              .withStatus(422)
              .withBody(
                  """
                  {"errors":[{"source":{"field":"nothing"}},{"source":{"field":"state_id"}}]}
                  """));

      for (Runnable call :
          new Runnable[] {
            () -> kit.connectors.create("toy", "ticket", BODY, "x/y/1", "1"),
            () -> kit.connectors.update(TICKET, BODY)
          }) {
        RequestRejectedException refused =
            catchThrowableOfType(RequestRejectedException.class, call::run);
        assertThat(refused.fields()).containsExactly("state");
        assertThat(refused.refusesFieldIn(BODY)).isTrue();
        assertThat(refused.refusesFieldIn(ConnectorContract.json("{\"title\":\"x\"}"))).isFalse();
      }
    }
  }

  @Test
  void aFieldThatIsLeftOutWhenItIsEmptyIsShownAsEmpty(@TempDir Path folder) throws IOException {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit =
            kit(
                toy,
                folder,
                "    correlation: far\n",
                "    correlation: far\n"
                    + "    empty-if-missing: [text, \"people[role.type=lead].who\"]\n")) {
      String people = ",\"people\":[{\"role\":{\"type\":\"lead\"}}]";
      toy.answerAll(okJson(ToyConnector.ticket(7, people)));
      JsonNode empty = kit.connectors.fetch(TICKET).json();
      assertThat(empty.path("text").isNull()).isTrue();
      assertThat(empty.at("/people/0/who").isNull()).isTrue();
      assertThat(empty.path("title").isMissingNode()).isTrue();

      toy.answerAll(okJson(ToyConnector.ticket(7, ",\"text\":\"t\",\"people\":[]")));
      JsonNode shown = kit.connectors.fetch(TICKET).json();
      assertThat(shown.path("text").asText()).isEqualTo("t");
      assertThat(shown.path("people")).isEmpty();
    }
  }
}
