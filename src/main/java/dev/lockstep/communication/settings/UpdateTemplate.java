package dev.lockstep.communication.settings;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.MustacheParseException;
import com.samskivert.mustache.Template;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlProblem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A draft in the syntax of Mustache. Values are plain text and are inserted as they are, so that
 * nothing in them is taken for a part of the template.
 */
public final class UpdateTemplate {
  /** The names that templates may use; {@code docs/communications.md} explains them. */
  public static final Set<String> NAMES =
      Set.of(
          "audience",
          "changes",
          "duration",
          "from",
          "key",
          "last-by",
          "last-update",
          "level",
          "major",
          "manager",
          "next",
          "next-due",
          "number",
          "opened",
          "record-key",
          "record-url",
          "records",
          "resolved",
          "service",
          "stage",
          "system",
          "team",
          "title",
          "to",
          "url",
          "what");

  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .defaultValue("")
          .emptyStringIsFalse(true)
          .withLoader(
              name -> {
                throw new MustacheException("templates cannot include others: " + name);
              });

  private final Template template;

  private UpdateTemplate(Template template) {
    this.template = template;
  }

  /**
   * @param file for problems
   * @param line where the text begins
   * @param refused takes each problem
   */
  public static UpdateTemplate compile(
      String file, int line, String text, Consumer<YamlProblem> refused) {
    try {
      Template template = COMPILER.compile(text);
      Set<String> unknown = new LinkedHashSet<>();
      Set<String> included = new LinkedHashSet<>();
      template.visit(new Names(unknown, included));
      for (String name : unknown) {
        String problem = "{{%s}}: no such value%s".formatted(name, Suggestion.of(name, NAMES));
        refused.accept(new YamlProblem(file, line + lineOf(name, text), problem));
      }
      for (String name : included) {
        String problem = "{{>%s}}: templates cannot include others".formatted(name);
        refused.accept(new YamlProblem(file, line + lineOf(name, text), problem));
      }
      return new UpdateTemplate(template);
    } catch (MustacheParseException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      Matcher at = Pattern.compile("(.*?) @ line (\\d+)").matcher(message);
      boolean hasLine = at.lookingAt();
      refused.accept(
          new YamlProblem(
              file,
              line + (hasLine ? Integer.parseInt(at.group(2)) - 1 : 0),
              "not a template: " + (hasLine ? at.group(1) : message)));
      return new UpdateTemplate(COMPILER.compile(""));
    }
  }

  /** Lines from the first one; {@code {{name}}}, or a section of it. */
  private static int lineOf(String name, String text) {
    Matcher place =
        Pattern.compile("\\{\\{[{#^/&>]?\\s*" + Pattern.quote(name) + "\\s*}").matcher(text);
    int start = place.find() ? place.start() : 0;
    return (int) text.substring(0, start).chars().filter(unit -> unit == '\n').count();
  }

  /**
   * @param values by name; what is absent is empty. Values are texts, booleans, and lists of such
   *     maps.
   */
  public String render(Map<String, Object> values) {
    return template.execute(values);
  }

  /** Collects names that no value has. */
  private record Names(Set<String> unknown, Set<String> included) implements Mustache.Visitor {
    private static final List<String> OF_LISTS = List.of("-first", "-last", "-index", ".", "this");

    @Override
    public void visitText(String text) {
      // Texts are free.
    }

    @Override
    public void visitVariable(String name) {
      if (!NAMES.contains(name) && !OF_LISTS.contains(name)) {
        unknown.add(name);
      }
    }

    @Override
    public boolean visitInclude(String name) {
      included.add(name);
      return false;
    }

    @Override
    public boolean visitSection(String name) {
      visitVariable(name);
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      visitVariable(name);
      return true;
    }
  }
}
