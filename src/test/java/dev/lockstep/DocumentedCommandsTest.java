package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cli.CliEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Every command line that a document prints is understood; none is executed. */
@TestInstance(Lifecycle.PER_CLASS)
final class DocumentedCommandsTest {
  private static final Pattern IN_A_SENTENCE = Pattern.compile("`(\\./lockstep[^`]*)`");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```\\w*\\n(.*?)^ *```");
  private static final Pattern INDENTED = Pattern.compile("(?m)^ {4}(\\./lockstep.*)$");

  private final CommandLine all =
      Sandbox.everyCommand(
          new CliEnvironment(Map.of(), Path.of(""), false, 0, ""),
          new PrintWriter(new StringWriter()),
          new PrintWriter(new StringWriter()));

  /**
   * @param isWhole whether it is shown as something to type; in a sentence, a command may be named
   *     without what it needs
   */
  private record Printed(Path document, String line, boolean isWhole) {
    @Override
    public String toString() {
      return document + ": " + line;
    }
  }

  static Stream<Printed> commands() throws IOException {
    List<Printed> found = new ArrayList<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      Matcher named = IN_A_SENTENCE.matcher(text);
      while (named.find()) {
        alternatives(oneLine(named.group(1)))
            .forEach(line -> found.add(new Printed(document, line, false)));
      }
      Matcher fenced = FENCED.matcher(text);
      while (fenced.find()) {
        fenced
            .group(1)
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("./lockstep"))
            .forEach(line -> found.add(new Printed(document, oneLine(line), true)));
      }
      Matcher indented = INDENTED.matcher(text);
      while (indented.find()) {
        found.add(new Printed(document, oneLine(indented.group(1)), true));
      }
    }
    return found.stream().distinct();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : List.of("docs", "connectors", "bench", "packaging")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    for (String name : List.of("README.md", "CONTRIBUTING.md")) {
      documents.add(Path.of(name));
    }
    return documents;
  }

  /** Without a comment, and without what marks a part as optional or repeatable. */
  private static String oneLine(String printed) {
    return printed
        .replaceAll("\\s+#\\s.*", "")
        .replaceAll("\\s+", " ")
        .replaceAll("[\\[\\]]|\\.\\.\\.", "")
        .strip();
  }

  /** {@code pairs list | show ID} names two commands. */
  private static List<String> alternatives(String line) {
    List<String> parts = List.of(line.split(" \\| "));
    String common = parts.get(0).replaceAll("^(\\./lockstep \\S+).*", "$1 ");
    List<String> lines = new ArrayList<>(List.of(parts.get(0)));
    parts.subList(1, parts.size()).forEach(part -> lines.add(common + part));
    return lines;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isUnderstood(Printed printed) {
    List<String> words =
        Stream.of(printed.line().split(" ")).skip(1).filter(word -> !word.isEmpty()).toList();
    try {
      all.parseArgs(words.toArray(String[]::new));
    } catch (MissingParameterException missing) {
      assertThat(printed.isWhole()).as(missing.getMessage()).isFalse();
    } catch (ParameterException wrong) {
      throw new AssertionError(printed + ": " + wrong.getMessage(), wrong);
    }
  }

  /** The first commands that a newcomer types. */
  @Test
  void theQuickStartCallsWhatExists() throws IOException {
    Matcher block =
        Pattern.compile("(?s)## Try it.*?```sh\\n(.*?)```")
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).isTrue();
    Set<String> called = new TreeSet<>();
    block.group(1).lines().forEach(line -> called.add(line.replaceAll(" .*", "")));
    assertThat(called).containsExactly("./lockstep", "mvn");
    assertThat(Path.of("lockstep").toFile().canExecute()).isTrue();
    assertThat(Path.of("pom.xml")).exists();
  }
}
