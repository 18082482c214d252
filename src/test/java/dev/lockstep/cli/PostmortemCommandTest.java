package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostmortemCommandTest {
  private static final String GOOD =
      """
      # INC0010001: portal down

      ## Action items

      | Action | Owner | Due | Ticket | Status |
      |---|---|---|---|---|
      | Add an index | @dana | 2026-12-01 | OPS-12 | done |
      """;
  private static final String POOR =
      """
      # Portal \u001B[31mdown

      ## Action items

      - Add an index to the table of sessions, as the one of users has had since the spring. Owner: @dana
      - Raise the limit, due next sprint
      - Q: why?
      """;

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private boolean terminal = true;
  private int columns = 80;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(dir.resolve("good.md"), GOOD);
    Files.writeString(dir.resolve("poor.md"), POOR);
  }

  @Test
  void showsWhatWasReadAndWhatWasNotBeneathIt() {
    assertThat(run("good.md")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "",
            "good.md",
            "incident  INC0010001",
            "LINE  TITLE         OWNER  DUE         TICKET  STATUS",
            "7     Add an index  dana   2026-12-01  OPS-12  done",
            "1 action item, 1 done; no problems.");
    out.getBuffer().setLength(0);
    assertThat(run("poor.md")).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "",
            "poor.md",
            "incident  –",
            "LINE  TITLE                                         OWNER  DUE  TICKET  STATUS",
            "5     Add an index to the table of sessions, as t…  dana   –    –       open",
            "6     Raise the limit                               –      –    –       open",
            "      ! the due date \"next sprint\" is not a day; write it as 2026-12-01",
            "line 7: \"Q: why?\" is a question and not read as an action item; write what is to be"
                + " done",
            "line 1: it names no incident; add one to its front matter (incident: INC0010001) or"
                + " its first heading",
            "2 action items, 0 done; 3 problems.");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void printsOneObjectForEachFileOnItsLine() throws Exception {
    assertThat(run("good.md", "poor.md", "--json")).isEqualTo(1);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode good = new ObjectMapper().readTree(lines.get(0));
    assertThat(good)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"file":"good.md","incident":"INC0010001","title":"INC0010001: portal down",
                     "items":[{"line":7,"id":null,"title":"Add an index","owner":"dana",
                       "due":"2026-12-01","ticket":"OPS-12","priority":null,"done":true,"status":"done",
                       "labels":[],"problems":[]}],
                     "problems":[]}\
                    """));
    JsonNode poor = new ObjectMapper().readTree(lines.get(1));
    assertThat(poor.path("incident").isNull()).isTrue();
    assertThat(poor.at("/items/1/due").isNull()).isTrue();
    assertThat(poor.at("/items/1/problems/0").asText()).contains("next sprint");
    assertThat(poor.at("/problems/0/line").asInt()).isEqualTo(7);
    assertThat(poor.at("/problems/0/text").asText()).contains("question");
  }

  @Test
  void printsJsonIntoAPipeAsTheOthersDo() {
    terminal = false;
    assertThat(run("good.md")).isZero();
    assertThat(out.toString()).startsWith("{\"file\":\"good.md\"");
    out.getBuffer().setLength(0);
    assertThat(run("good.md", "--no-json")).isZero();
    assertThat(out.toString()).contains("LINE").doesNotContain("\u001B");
  }

  @Test
  void goesOnBehindAFileThatCannotBeRead() throws IOException {
    Files.createDirectory(dir.resolve("folder"));
    Files.write(dir.resolve("latin.md"), "f\u00FCr".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(dir.resolve("large.md"), new byte[3_000_000]);
    assertThat(run("absent.md", "folder", "latin.md", "large.md", "\0", "good.md", "--json"))
        .isEqualTo(2);
    assertThat(out.toString().lines()).singleElement().asString().contains("good.md");
    assertThat(err.toString().lines()).hasSize(5).allMatch(line -> line.startsWith("lockstep: "));
    assertThat(err.toString())
        .contains("absent.md: file not found")
        .contains("folder: is a folder")
        .contains("latin.md: not UTF-8: the byte at offset 1 (line 1)")
        .contains("large.md: the document is larger than 256 kB");
  }

  @Test
  void anUnreadableFileWeighsMoreThanAProblem() {
    assertThat(run("absent.md", "poor.md", "--json")).isEqualTo(2);
    assertThat(run("poor.md", "good.md", "--json")).isEqualTo(1);
  }

  @Test
  void checksJsonAsTheServiceReadsIt() throws IOException {
    Files.writeString(
        dir.resolve("good.json"),
        "{\"incident\": \"INC0010001\", \"items\": [{\"title\": \"Add an index\"}]}");
    Files.writeString(dir.resolve("poor.json"), "{\"items\": [{\"title\": \"Add an index\"}]}");
    Files.writeString(dir.resolve("wrong.json"), "{\"incident\": \"INC1\", \"items\": 5}");
    Files.writeString(dir.resolve("json.md"), "{\"incident\": \"INC1\", \"items\": []}");
    assertThat(run("good.json", "--json")).isZero();
    assertThat(run("poor.json", "--json")).isEqualTo(1);
    assertThat(run("poor.json", "--json", "--incident", "INC0010001")).isEqualTo(1);
    assertThat(run("wrong.json", "json.md", "--json")).isEqualTo(2);
    assertThat(err.toString())
        .contains("wrong.json: items: not a list")
        .contains("json.md: line 1: this is JSON, not Markdown");
  }

  @Test
  void anIncidentMayBeGivenToTheCheckAsToSend() {
    assertThat(run("poor.md", "--json", "--incident", "INC0010001")).isEqualTo(1);
    assertThat(out.toString()).doesNotContain("names no incident").contains("INC0010001");
  }

  @Test
  void refusesWrongUse() {
    assertThat(execute("postmortem")).isEqualTo(2);
    assertThat(err.toString()).contains("use check");
    assertThat(run()).isEqualTo(2);
    assertThat(run("--nonsense", "good.md")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "postmortem";
    all[1] = "check";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return execute(all);
  }

  private int execute(String... arguments) {
    return Commands.create(
            warmUp -> {},
            (running, within) -> MissingNode.getInstance(),
            (request, observer) -> MissingNode.getInstance(),
            new CliEnvironment(Map.of("NO_COLOR", "1"), dir, terminal, columns, "ann"),
            new PrintWriter(out, true),
            new PrintWriter(err, true))
        .execute(arguments);
  }
}
