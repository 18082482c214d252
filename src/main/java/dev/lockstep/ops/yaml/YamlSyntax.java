package dev.lockstep.ops.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Explains YAML syntax errors to operators, with the fix. */
final class YamlSyntax {
  private YamlSyntax() {}

  static YamlProblem problem(String file, String yaml, MarkedYAMLException e) {
    int line = line(e.getProblemMark());
    String found = String.valueOf(e.getProblem());
    int opened = line(e.getContextMark());
    if (tabIndents(yaml, line)) {
      return new YamlProblem(
          file, line, "a tab indents this line; YAML takes spaces only: replace it by spaces");
    }
    if (found.contains("',' or '}'") || found.contains("',' or ']'")) {
      String closing = found.contains("'}'") ? "}" : "]";
      return new YamlProblem(
          file,
          opened,
          "'%s' of this line is not closed; add '%s'"
              .formatted(closing.equals("}") ? "{" : "[", closing));
    }
    if (found.contains("unexpected end of stream")) {
      return new YamlProblem(
          file, opened, "a quotation mark of this line is not closed; add the second one");
    }
    boolean isKeyWithoutColon = found.contains("could not find expected ':'") && opened > 0;
    return new YamlProblem(file, isKeyWithoutColon ? opened : line, cure(found));
  }

  /** Errors without a position: too deep nesting, too many aliases, a control character. */
  static YamlProblem problem(String file, String yaml, YAMLException e) {
    if (e instanceof ReaderException reader) {
      int end = Math.min(Math.max(reader.getPosition(), 0), yaml.length());
      int line = 1 + (int) yaml.substring(0, end).chars().filter(c -> c == '\n').count();
      return new YamlProblem(
          file,
          line,
          "this line has the control character U+%04X; remove it".formatted(reader.getCodePoint()));
    }
    String text = String.valueOf(e.getMessage());
    return text.contains("depth")
        ? new YamlProblem(file, 0, "this is nested too deeply")
        : new YamlProblem(file, 0, "this is not YAML: " + firstLine(text));
  }

  private static String cure(String found) {
    if (found.contains("mapping values are not allowed")) {
      return "a ':' is not allowed here; put quotes around a value that contains ': ', or align"
          + " this line with the keys above it";
    }
    if (found.contains("expected <block end>")) {
      return "this line is indented differently from the keys it belongs to; align it";
    }
    if (found.contains("could not find expected ':'")) {
      return "this line is not 'key: value'; add the colon, or indent it if it belongs to the value"
          + " above";
    }
    if (found.contains("undefined alias") || found.contains("alias")) {
      return "a value that begins with '*' refers to an anchor; put quotes around it";
    }
    if (found.contains("cannot start any token") || found.contains("directive")) {
      return "a value cannot begin with this character; put quotes around it";
    }
    return "this is not YAML: " + firstLine(found);
  }

  private static boolean tabIndents(String yaml, int line) {
    List<String> lines = yaml.lines().toList();
    return line >= 1 && line <= lines.size() && lines.get(line - 1).matches("[ ]*\\t.*");
  }

  private static int line(@Nullable Mark mark) {
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
