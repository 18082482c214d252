package dev.lockstep.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command lines that documents print. */
public final class DocumentedCommands {
  private static final Pattern IN_A_SENTENCE = Pattern.compile("`(\\./lockstep[^`]*)`");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```\\w*\\n(.*?)^ *```");
  private static final Pattern INDENTED = Pattern.compile("(?m)^ {4}(\\./lockstep.*)$");

  private DocumentedCommands() {}

  /**
   * @param isWhole whether it is shown as something to type; in a sentence, a command may be named
   *     without what it needs
   */
  public record Printed(Path document, String line, boolean isWhole) {
    @Override
    public String toString() {
      return document + ": " + line;
    }
  }

  public static Stream<Printed> read() throws IOException {
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
}
