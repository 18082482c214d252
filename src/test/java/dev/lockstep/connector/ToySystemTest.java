package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.ConnectorDefinitionException;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system is a folder: here is one no Java knows of, and it can be read and written. */
final class ToySystemTest {
  private static final JsonNode BODY = ConnectorContract.json("{\"title\":\"x\"}");

  /** As systems do that merge records: the old number leads to the other record. */
  @Test
  void aRecordThatAnswersAsAnotherWasMergedAway() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy)) {
      toy.answer(get(urlPathEqualTo("/114")), okJson(ToyConnector.ticket(113, "")));
      toy.answer(put(urlPathEqualTo("/114")), okJson(ToyConnector.ticket(113, "")));
      toy.answer(
          get(urlPathEqualTo("/115")), okJson(ToyConnector.ticket(115, ",\"merged\":\"113\"")));
      toy.answer(
          get(urlPathEqualTo("/116")), okJson(ToyConnector.ticket(116, ",\"merged\":\"116\"")));
      toy.answer(get(urlPathEqualTo("/117")), okJson(ToyConnector.ticket(117, ",\"merged\":null")));

      for (String id : List.of("114", "115")) {
        RecordRef ref = new RecordRef("toy", "ticket", id);
        assertThatThrownBy(() -> kit.connectors.fetch(ref))
            .isInstanceOf(RecordMergedException.class)
            .hasMessageContaining("toy/ticket/" + id + " answered as 113: it was merged");
      }
      assertThatThrownBy(() -> kit.connectors.update(new RecordRef("toy", "ticket", "114"), BODY))
          .isInstanceOf(RecordMergedException.class);
      for (String id : List.of("116", "117")) {
        RecordRef ref = new RecordRef("toy", "ticket", id);
        assertThat(kit.connectors.fetch(ref).ref()).isEqualTo(ref);
      }
    }
  }

  @Test
  void aMergedRecordAmongOthersIsLeftOut() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy)) {
      toy.answer(
          get(urlPathEqualTo("/")),
          okJson(
              "["
                  + ToyConnector.ticket(115, ",\"merged\":\"113\"")
                  + ","
                  + ToyConnector.ticket(7, "")
                  + "]"));

      assertThat(kit.connectors.findByCorrelation("toy", "ticket", "x/y/1"))
          .map(record -> record.ref().id())
          .contains("7");
    }
  }

  /** No database and no other system takes them. */
  @Test
  void textsAreCleanInAnyAnswer() {
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy)) {
      String more = ",\"title\":\"a\\u0000b\\ud800c\\ud83d\\ude00\",\"k\\u0000\":[\"\\u0000\"]";
      toy.answer(get(urlPathEqualTo("/7")), okJson(ToyConnector.ticket(7, more)));

      JsonNode json = kit.connectors.fetch(new RecordRef("toy", "ticket", "7")).json();

      assertThat(json.path("title").asText()).isEqualTo("ab\ufffdc\ud83d\ude00");
      assertThat(json.toString()).doesNotContain("\\u0000");
    }
  }

  @Test
  void aFolderIsAllASystemNeeds() {
    String ticket =
        """
        {"id":"a b","number":7,"revision":3,"changed":"2026-11-24T03:00:00Z","far":"x/y/1"}\
        """;
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy)) {
      toy.answer(get(urlPathEqualTo("/a%20b")), okJson(ticket));
      toy.answer(get(urlPathEqualTo("/a+b")), okJson(ticket));
      toy.answer(get(urlPathEqualTo("/")), okJson("[" + ticket + "]"));
      toy.answer(post(urlPathEqualTo("/")), okJson(ticket));
      toy.answer(put(urlPathEqualTo("/a+b")), okJson(ticket));
      toy.answer(put(urlPathEqualTo("/a%20b")), okJson(ticket));
      RecordRef ref = new RecordRef("toy", "ticket", "a b");

      assertThat(kit.connectors.systems()).contains("toy");
      assertThat(kit.connectors.create("toy", "ticket", BODY, "x/y/1", "1").ref()).isEqualTo(ref);
      assertThat(kit.connectors.fetch(ref).version()).isEqualTo(Version.count(3));
      assertThat(kit.connectors.update(ref, BODY).key()).isEqualTo("T-7");
      assertThat(kit.connectors.consolidates("toy", "ticket")).isFalse();
      assertThat(kit.connectors.fetch(ref).primaryId()).isNull();
      assertThatThrownBy(() -> kit.connectors.consolidate(ref, ref))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(kit.connectors.findByCorrelation("toy", "ticket", "x/y/1")).isPresent();
      assertThat(toy.requests())
          .allSatisfy(request -> assertThat(request.getHeader("Authorization")).isEqualTo("Key k"));
      assertThat(ConnectorContract.json(toy.requests().get(0).getBodyAsString()))
          .isEqualTo(ConnectorContract.json("{\"title\":\"x\",\"far\":\"x/y/1\"}"));
    }
  }

  /** Whatever form a system keeps its texts in, they are plain on this side. */
  @Test
  void textsAreInTheFormatThatTheFolderSays(@TempDir Path folder) throws IOException {
    ToyConnector.copy(
        folder,
        "updated-at: changed\n",
        """
        updated-at: changed
            formats: {body.details: html, summary: markdown}
            neutralize: ["@everyone"]
        """,
        "text: text\n",
        "text: text\n      format: html\n");
    String ticket =
        """
        {"id":"7","number":7,"revision":3,"changed":"2026-11-24T03:00:00Z","far":"",
         "title":"a_b & <i> \\u001b[31m@ everyone\\u202e",
         "summary":"**up**\\\\_x","body":{"details":"<p>one &amp; <b>two</b></p>"}}\
        """;
    String comment =
        """
        [{"id":"1","by":"Ann\\nx","at":"2026-11-24T03:00:00Z","text":"<p>@ everyone &lt;</p>"}]\
        """;
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit = ToyConnector.kit(toy, folder)) {
      toy.answerAll(okJson(ticket));
      RecordRef ref = new RecordRef("toy", "ticket", "7");

      JsonNode read = kit.connectors.fetch(ref).json();
      assertThat(read.path("title").asText()).isEqualTo("a_b & <i> @everyone");
      assertThat(read.path("summary").asText()).isEqualTo("up_x");
      assertThat(read.at("/body/details").asText()).isEqualTo("one & two");

      kit.connectors.update(
          ref,
          ConnectorContract.json(
              """
              {"title":"@Everyone <b>","summary":"a_b","body":{"details":"1 < 2\\n\\ttab"}}\
              """));
      assertThat(sent(toy))
          .isEqualTo(
              ConnectorContract.json(
                  """
                  {"title":"@ Everyone <b>","summary":"a\\\\_b",
                   "body":{"details":"<pre>\\n1 &lt; 2\\n\\ttab</pre>"}}\
                  """));

      kit.connectors.addNote(ref, "<script> @everyone", Visibility.INTERNAL);
      assertThat(sent(toy))
          .isEqualTo(ConnectorContract.json("{\"text\":\"<p>&lt;script&gt; @ everyone</p>\"}"));

      toy.answerAll(okJson("{\"comments\":" + comment + "}"));
      assertThat(kit.connectors.notes(ref))
          .extracting(WorkNote::author, WorkNote::text)
          .containsExactly(tuple("Ann x", "@everyone <"));
    }
  }

  @Test
  void refusesAFormatThatIsNone(@TempDir Path folder) throws IOException {
    ToyConnector.copy(folder, "text: text\n", "text: text\n      format: rtf\n");
    assertThatThrownBy(
            () ->
                new ConnectorKit(
                    List.of(Path.of("connectors"), folder), Map.of(), Clock.systemUTC(), Set.of()))
        .isInstanceOf(ConnectorDefinitionException.class)
        .hasMessageContaining("format");
  }

  private static JsonNode sent(FakeSystem toy) {
    return ConnectorContract.json(toy.requests().get(toy.requests().size() - 1).getBodyAsString());
  }
}
