package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.pair.Pair;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API and the commands of texts that wait, against the whole service. */
class NotesApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TEXT = "Half of all requests fail";

  private final ConsoleRig rig = new ConsoleRig();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Pair pair;
  private String id;

  @BeforeEach
  void fill() {
    rig.empty();
    pair = rig.pair("Portal down", "Portal", "ann");
    id = rig.waitingText(pair, "bob.ray", TEXT);
  }

  private record Answer(int status, JsonNode body) {}

  private static Answer call(String method, String path) throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(ConsoleRig.address() + path))
                .header("Authorization", "Bearer " + ConsoleRig.TOKEN)
                .header("X-Lockstep-User", "ann")
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Map<String, String> environment =
        Map.of(
            "LOCKSTEP_PORT",
            String.valueOf(URI.create(ConsoleRig.address()).getPort()),
            "LOCKSTEP_API_TOKEN",
            ConsoleRig.TOKEN,
            "NO_COLOR",
            "1");
    return Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(environment, Path.of("."), true, 0, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
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
    assertThat(run("notes", "list", "--no-json")).as(err.toString()).isZero();
    assertThat(out.toString()).contains(id, "INC0010001", "bob.ray", "#41", "public", TEXT, other);

    assertThat(run("notes", "approve", id, "--no-json")).isZero();
    assertThat(out.toString()).contains(id + " approved");
    assertThat(run("notes", "reject", other, "--reason", "a private number", "--no-json")).isZero();
    assertThat(out.toString()).contains(other + " rejected");
    assertThat(deliveries()).containsExactlyInAnyOrder("READY " + TEXT, "SKIPPED My number is 555");
    assertThat(audit("rejected")).singleElement().asString().contains("rejected a text of");

    assertThat(run("notes", "list", "--no-json")).isZero();
    assertThat(out.toString()).contains("No note waits for an approval.");
    assertThat(run("notes", "approve", id)).isEqualTo(1);
    assertThat(err.toString()).contains("decided on, or edited since");
    assertThat(run("notes")).isNotZero();
    assertThat(err.toString()).contains("use list, approve or reject");
  }

  @Test
  void hostileTextIsPrintedWithoutEffect() {
    rig.waitingText(pair, ConsoleRig.HOSTILE, ConsoleRig.HOSTILE);
    assertThat(run("notes", "list", "--no-json")).isZero();
    assertThat(out.toString()).doesNotContain("\u001b").doesNotContain("\u202e");
  }
}
