package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.testkit.DocumentedCommands;
import dev.lockstep.testkit.DocumentedCommands.Printed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Every command line that a document prints is understood. */
@TestInstance(Lifecycle.PER_CLASS)
final class DocumentedCommandsTest {
  private final CommandLine all =
      Sandbox.everyCommand(
          new CliEnvironment(Map.of(), Path.of(""), false, 0, ""),
          new PrintWriter(new StringWriter()),
          new PrintWriter(new StringWriter()));

  static Stream<Printed> commands() throws IOException {
    return DocumentedCommands.read();
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
