package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of a system no Java knows of, as it is or changed for a test. */
final class ToyConnector {
  private ToyConnector() {}

  static ConnectorKit kit(FakeSystem toy) {
    return kit(toy, Path.of("src/test/resources/toy-connectors"));
  }

  static ConnectorKit kit(FakeSystem toy, Path directory) {
    return new ConnectorKit(
        List.of(Path.of("connectors"), directory),
        Map.of("TOY_URL", "http://localhost:" + toy.port(), "TOY_KEY", "k"),
        Clock.systemUTC(),
        Set.of());
  }

  /** Copies the folder and replaces texts of its connector.yaml, which must be there. */
  static void copy(Path folder, String... replaced) throws IOException {
    Path toy = Files.createDirectories(folder.resolve("toy"));
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/toy-connectors/toy"))) {
      for (Path file : files.toList()) {
        Files.copy(file, toy.resolve(file.getFileName()));
      }
    }
    String text = Files.readString(toy.resolve("connector.yaml"));
    for (int i = 0; i < replaced.length; i += 2) {
      assertThat(text).contains(replaced[i]);
      text = text.replace(replaced[i], replaced[i + 1]);
    }
    Files.writeString(toy.resolve("connector.yaml"), text);
  }

  static String ticket(int id, String more) {
    return "{\"id\":%d,\"number\":%d,\"revision\":3,\"changed\":\"2026-11-24T03:00:00Z\"%s}"
        .formatted(id, id, more);
  }

  /** Ids of all changed tickets, page by page. */
  static List<String> changed(ConnectorKit kit) {
    List<String> ids = new ArrayList<>();
    Optional<String> page = Optional.empty();
    do {
      ChangePage read =
          kit.connectors.listChanged(
              "toy", "ticket", "list-changed-ticket", Instant.parse("2026-11-24T03:00:00Z"), page);
      read.records().forEach(record -> ids.add(record.ref().id()));
      page = Optional.ofNullable(read.nextPage());
    } while (page.isPresent());
    return ids;
  }
}
