package dev.lockstep.console;

import static dev.lockstep.console.ConsoleClient.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.console.ConsoleClient.Answer;
import dev.lockstep.pair.Pair;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API and the commands of texts that wait, against the whole service. */
class NotesApiTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TEXT = "Half of all requests fail";

  private final ConsoleRig rig = new ConsoleRig();
  private final ConsoleClient client = new ConsoleClient();
  private Pair pair;
  private String id;

  @BeforeEach
  void fill() {
    rig.empty();
    pair = rig.pair("Portal down", "Portal", "ann");
    id = rig.waitingText(pair, "bob.ray", TEXT);
  }

  private int run(String... arguments) {
    return client.run(ConsoleRig.TOKEN, true, 0, Path.of("."), arguments);
  }

  private List<String> deliveries() {
    return rig.jdbc
        .sql("select state || ' ' || text from note_delivery order by waiting_since, mark")
        .query(String.class)
        .list();
  }

  private List<String> audit(String what) {
    return rig.jdbc
        .sql("select actor || ': ' || text from audit where what = ?")
        .param(what)
        .query(String.class)
        .list();
  }

  @Test
  void listsWhatWaitsAsItWillBeDelivered() throws Exception {
    JsonNode listed = call("GET", "/api/notes").body();

    assertThat(listed.path("total").asInt()).isOne();
    JsonNode note = listed.at("/notes/0");
    assertThat(note.path("id").asText()).isEqualTo(id);
    assertThat(note.path("text").asText()).isEqualTo(TEXT);
    assertThat(note.path("author").asText()).isEqualTo("bob.ray");
    assertThat(note.path("fromKey").asText()).isEqualTo("INC0010001");
    assertThat(note.path("to").asText()).isEqualTo(pair.records().get(1).toString());
    assertThat(note.path("toKey").asText()).isEqualTo("#41");
    assertThat(note.path("visibility").asText()).isEqualTo("public");
    assertThat(call("GET", "/api/notes?limit=0").status()).isEqualTo(400);
  }

  @Test
  void approvesOnce() throws Exception {
    assertThat(call("POST", "/api/notes/" + id + "/approve").status()).isEqualTo(202);
    assertThat(deliveries()).containsExactly("READY " + TEXT);
    Answer again = call("POST", "/api/notes/" + id + "/reject?reason=late");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.body().path("detail").asText()).contains("decided on, or edited since");
    assertThat(deliveries()).containsExactly("READY " + TEXT);
    assertThat(audit("approved"))
        .containsExactly("local:ann: An operator approved a text of INC0010001 for #41");
    assertThat(rig.jdbc.sql("select subject from inbox_entry").query(String.class).list())
        .as("it is to be delivered")
        .containsExactly("correlation:" + pair.correlation());
  }

  @Test
  void nobodyApprovesWithoutARole() throws Exception {
    for (String path : List.of("/api/notes", "/api/notes/" + id + "/approve")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(ConsoleRig.address() + path))
              .method(path.endsWith("approve") ? "POST" : "GET", BodyPublishers.noBody())
              .build();
      assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
    assertThat(deliveries()).containsExactly("WAITING " + TEXT);
  }

  @Test
  void aTextOfAPairThatIsOverIsNotListedAndCannotBeApproved() throws Exception {
    rig.jdbc.sql("update pair set state = 'UNLINKED'").update();
    assertThat(call("GET", "/api/notes").body().path("notes")).isEmpty();
    assertThat(call("POST", "/api/notes/" + id + "/approve").status()).isEqualTo(404);
    assertThat(deliveries()).containsExactly("WAITING " + TEXT);
  }

  @Test
  void theCommandsListApproveAndReject() {
    String other = rig.waitingText(pair, "cy", "My number is 555");
    assertThat(run("notes", "list", "--no-json")).as(client.err.toString()).isZero();
    assertThat(client.out.toString())
        .contains(id, "INC0010001", "bob.ray", "#41", "public", TEXT, other);

    assertThat(run("notes", "approve", id, "--no-json")).isZero();
    assertThat(client.out.toString()).contains(id + " approved");
    assertThat(run("notes", "reject", other, "--reason", "a private number", "--no-json")).isZero();
    assertThat(client.out.toString()).contains(other + " rejected");
    assertThat(deliveries()).containsExactlyInAnyOrder("READY " + TEXT, "SKIPPED My number is 555");
    assertThat(audit("rejected")).singleElement().asString().contains("rejected a text of");

    assertThat(run("notes", "list", "--no-json")).isZero();
    assertThat(client.out.toString()).contains("No note waits for an approval.");
    assertThat(run("notes", "approve", id)).isEqualTo(1);
    assertThat(client.err.toString()).contains("decided on, or edited since");
    assertThat(run("notes")).isNotZero();
    assertThat(client.err.toString()).contains("use list, approve or reject");
  }

  @Test
  void hostileTextIsPrintedWithoutEffect() {
    rig.waitingText(pair, ConsoleRig.HOSTILE, ConsoleRig.HOSTILE);
    assertThat(run("notes", "list", "--no-json")).isZero();
    assertThat(client.out.toString()).doesNotContain("\u001b").doesNotContain("\u202e");
  }
}
