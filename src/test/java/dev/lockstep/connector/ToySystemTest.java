package dev.lockstep.connector;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A system is a folder: here is one no Java knows of, and it can be read and written. */
final class ToySystemTest {
  private static final JsonNode BODY = ConnectorContract.json("{\"title\":\"x\"}");

  @Test
  void aFolderIsAllASystemNeeds() {
    String ticket =
        """
        {"id":"a b","number":7,"revision":3,"changed":"2026-11-24T03:00:00Z","far":"x/y/1"}""";
    try (FakeSystem toy = new FakeSystem();
        ConnectorKit kit =
            new ConnectorKit(
                List.of(Path.of("connectors"), Path.of("src/test/resources/toy-connectors")),
                Map.of("TOY_URL", "http://localhost:" + toy.port(), "TOY_KEY", "k"),
                Clock.systemUTC(),
                Set.of())) {
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
}
