package dev.lockstep.ops.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ops.yaml.YamlFile.Scalars;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a file must be one line that names the place and the fix. */
final class YamlFileTest {
  @TempDir Path folder;

  /** In the texts {@code ~} is a line break and {@code >} a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: 1~>b: 2                      | 2 | a tab indents this line",
        "a:~  b: 1~>c: 2                 | 3 | a tab indents this line",
        "a: 1~b: {c: 1, d: 2~e: 3~       | 2 | '{' of this line is not closed; add '}'",
        "a: 1~b: [1, 2~e: 3~             | 2 | '[' of this line is not closed; add ']'",
        "a: 1~b: \"open~c: 1             | 2 | a quotation mark of this line is not closed",
        "a: b: c                         | 1 | put quotes around a value",
        "a: 1~  b: 2                     | 2 | put quotes around a value",
        "a:~   b: 1~  c: 2               | 3 | indented differently",
        "a: 1~just words~b: 2            | 2 | not 'key: value'",
        "a: *all                         | 1 | begins with '*'",
        "a: @home                        | 1 | cannot begin with this character",
        "a: 1~b: 2~a: 3                  | 3 | 'a' is duplicate, first used in line 1",
      })
  void saysWhereAndHowToFixWhatIsNoYaml(String text, int line, String cure) {
    String yaml = text.replace('~', '\n').replace('>', '\t');
    YamlFile file = YamlFile.of("x.yaml", Scalars.NUMBERS, yaml);
    assertThat(file.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.text()).contains(cure).doesNotContain("\n");
              assertThat(problem.toString()).startsWith("x.yaml:" + line + ": ");
            });
  }

  @Test
  void saysWhichLineIsNotUtf8() throws IOException {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, "a: 1\nb: Störung\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(YamlFile.read(file, Scalars.TEXT).problems())
        .singleElement()
        .hasToString(file + ":2: this line is not UTF-8; save the file as UTF-8");
  }

  @Test
  void saysWhichLineHasAControlCharacter() {
    assertThat(YamlFile.of("x.yaml", Scalars.TEXT, "a: 1\nb: \u0007\n").problems())
        .singleElement()
        .hasToString("x.yaml:2: this line has the control character U+0007; remove it");
  }

  @Test
  void saysThatThereIsNoFile() {
    Path file = folder.resolve("none.yaml");
    assertThat(YamlFile.read(file, Scalars.TEXT).problems())
        .singleElement()
        .hasToString(file + ": there is no such file");
  }

  @Test
  void refusesWhatIsNestedTooDeeplyOrRepeatsItself() {
    assertThat(YamlFile.of("x", Scalars.TEXT, "[".repeat(5000)).problems()).hasSize(1);
    assertThat(YamlFile.of("x", Scalars.TEXT, "a: &x [1]\nb: [*x, *x]\n").problems())
        .allSatisfy(problem -> assertThat(problem.text()).doesNotContain("\n"));
  }

  @Test
  void takesScalarsForWhatTheyLookLike() {
    String yaml = "a: 01\nb: no\nc: 10\nd: true\ne: 1.5\nf: '2'\nmax: 3\n";
    assertThat(YamlFile.of("x", Scalars.NUMBERS, yaml).root())
        .hasToString(
            "{\"a\":\"01\",\"b\":\"no\",\"c\":10,\"d\":true,\"e\":1.5,\"f\":\"2\",\"max\":3}");
    assertThat(YamlFile.of("x", Scalars.TEXT, yaml).root())
        .hasToString(
            "{\"a\":\"01\",\"b\":\"no\",\"c\":\"10\",\"d\":true,\"e\":\"1.5\",\"f\":\"2\",\"max\":3}");
  }
}
