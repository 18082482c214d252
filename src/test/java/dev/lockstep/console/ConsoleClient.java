package dev.lockstep.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;

/** A program, and commands in a terminal, that use the service of {@link ConsoleRig}. */
final class ConsoleClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** What the last command printed. */
  final StringWriter out = new StringWriter();

  final StringWriter err = new StringWriter();

  record Answer(int status, JsonNode body) {
    String detail() {
      return body.path("detail").asText();
    }
  }

  /** As an administrator, without a body. */
  static Answer call(String method, String path) throws IOException, InterruptedException {
    return send(request(path).method(method, BodyPublishers.noBody()));
  }

  /** As an administrator. */
  static Answer call(String method, String path, Object body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(ConsoleRig.address() + path))
        .header("Authorization", "Bearer " + ConsoleRig.TOKEN)
        .header("X-Lockstep-User", "ann");
  }

  private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }

  /**
   * @param folder in which files are found
   * @param columns of the terminal; 0: unknown
   */
  int run(String token, boolean terminal, int columns, Path folder, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Map<String, String> environment =
        Map.of(
            "LOCKSTEP_PORT",
            String.valueOf(URI.create(ConsoleRig.address()).getPort()),
            "LOCKSTEP_API_TOKEN",
            token,
            "NO_COLOR",
            "1");
    return Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(environment, folder, terminal, columns, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }
}
