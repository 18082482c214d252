package dev.lockstep.connector.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.record.PlainText;
import dev.lockstep.sandbox.jira.JiraOptions;
import dev.lockstep.sandbox.jira.JiraSimulator;
import dev.lockstep.sandbox.jira.Workflow;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * What people write elsewhere comes back as they wrote it, else a sync would never come to rest.
 */
class TextFormatPropertiesTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "word",
          " ",
          "  ",
          "\n",
          "\n\n",
          "\n\n\n",
          "*",
          "**",
          "_",
          "__",
          "~~",
          "`",
          "```",
          "[",
          "]",
          "(",
          ")",
          "](",
          "[a]: ",
          "http://x.example/a_b",
          "www.x.example",
          "<",
          ">",
          "> ",
          "- ",
          "* ",
          "+ ",
          "1. ",
          "12) ",
          "# ",
          "### ",
          "---",
          "===",
          "|",
          " | ",
          "| --- |",
          "\\",
          "&",
          "&amp;",
          "&nbsp;",
          "!",
          "![",
          "<b>",
          "</p>",
          "<br>",
          "<!--",
          "-->",
          "- [ ] ",
          "    ",
          "\t",
          "\r\n",
          "é",
          "😀",
          "@",
          "a@b.example",
          ":",
          ".",
          "\"",
          "'",
          "x",
          "0",
          "[code]",
          "[/code]",
          "[ code]",
          "[CODE]",
          "{{",
          "{noformat}",
          "{code}",
          "h1. ",
          "bq. ",
          "??",
          "\\\\",
          "!a.png!",
          "[a|http://x.example]",
          "[~ann]",
          "}}",
          "{text}",
          "$1",
          "\u200b",
          "\u3000",
          "\u001b[31m",
          "\u0000",
          "\u202e",
          "\u0085",
          "\ud800",
          "e\u0301");

  private static final JiraSimulator SITE = JiraSimulator.start(JiraOptions.defaults());
  private static final String ISSUE = issue();

  private static String issue() {
    SITE.user("ann", "ann@example.com");
    SITE.project("OPS", "Operations", Workflow.simple());
    return SITE.as("ann").create("OPS", "Task", "All documents");
  }

  @AfterContainer
  static void close() {
    SITE.close();
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(PIECES).list().ofMaxSize(14).map(list -> String.join("", list));
    return Arbitraries.oneOf(pieces, pieces.list().ofMaxSize(5).map(l -> String.join("\n", l)));
  }

  @Provide
  Arbitrary<TextFormat> formats() {
    return Arbitraries.of(TextFormat.class);
  }

  private static String read(TextFormat format, JsonNode value) {
    return format.read(value).orElse("");
  }

  /** What no format can be asked to keep; Markdown and HTML keep a little less. */
  private static String kept(TextFormat format, String text) {
    String normal = PlainText.normalize(text);
    return switch (format) {
      case MARKDOWN, WIKI -> normal.replaceAll("\n{3,}", "\n\n");
      default -> normal;
    };
  }

  @Property(tries = 1000)
  void comesBackAsItWent(@ForAll("formats") TextFormat format, @ForAll("texts") String text) {
    assertThat(kept(format, read(format, format.write(text)))).isEqualTo(kept(format, text));
  }

  /** Through two systems of any formats and back; the third pass would be the first of a loop. */
  @Property(tries = 1000)
  void anyTwoFormatsAgreeAfterOnePass(
      @ForAll("formats") TextFormat here,
      @ForAll("formats") TextFormat there,
      @ForAll("texts") String stored) {
    String clean = PlainText.clean(stored);
    String once =
        read(here, here == TextFormat.ADF ? Adf.fromPlain(clean) : TextNode.valueOf(clean));
    String far = read(there, there.write(once));
    String back = read(here, here.write(far));
    assertThat(kept(TextFormat.MARKDOWN, read(there, there.write(back))))
        .isEqualTo(kept(TextFormat.MARKDOWN, far));
    assertThat(kept(TextFormat.MARKDOWN, back)).isEqualTo(kept(TextFormat.MARKDOWN, far));
  }

  @Property(tries = 1000)
  void noTagOfCodeComesFromElsewhere(@ForAll("texts") String text) {
    assertThat(TextFormat.HTML_IN_CODE.write(text).textValue().toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("[code]", "[/code]");
  }

  /** The simulated site refuses what the format's documentation does not allow. */
  @Property(tries = 500)
  void documentsAreTaken(@ForAll("texts") String text) {
    if (!PlainText.normalize(text).isEmpty()) {
      assertThat(SITE.as("ann").comment(ISSUE, Adf.fromPlain(text))).isNotBlank();
    }
  }

  @Provide
  Arbitrary<JsonNode> documents() {
    Arbitrary<String> words =
        Arbitraries.of(PIECES).list().ofMinSize(1).ofMaxSize(4).map(l -> String.join("", l));
    Arbitrary<Set<String>> marks =
        Arbitraries.of("strong", "em", "code", "strike", "link", "underline").set().ofMaxSize(3);
    Arbitrary<ObjectNode> inline =
        Arbitraries.frequencyOf(
            Tuple.of(6, words.flatMap(w -> marks.map(m -> text(w, m)))),
            Tuple.of(1, Arbitraries.just("x").map(x -> node("hardBreak"))),
            Tuple.of(1, words.map(TextFormatPropertiesTest::mention)));
    Arbitrary<ObjectNode> leaf =
        inline
            .list()
            .ofMaxSize(4)
            .flatMap(
                content ->
                    Arbitraries.of("paragraph", "paragraph", "heading", "codeBlock", "taskItem")
                        .map(type -> with(node(type), content)));
    Arbitrary<ObjectNode> block =
        Arbitraries.recursive(() -> leaf, TextFormatPropertiesTest::around, 0, 3);
    return block.list().ofMaxSize(5).map(blocks -> with(node("doc"), blocks));
  }

  private static Arbitrary<ObjectNode> around(Arbitrary<ObjectNode> inner) {
    return inner
        .list()
        .ofMaxSize(3)
        .flatMap(
            content ->
                Arbitraries.of(
                        "bulletList",
                        "orderedList",
                        "taskList",
                        "blockquote",
                        "panel",
                        "table",
                        "expand",
                        "unheardOf")
                    .map(type -> wrapped(type, content)));
  }

  private static ObjectNode wrapped(String type, List<ObjectNode> content) {
    return switch (type) {
      case "bulletList", "orderedList" ->
          with(
              node(type),
              List.of(with(node("listItem"), content), with(node("listItem"), content)));
      case "table" ->
          with(
              node(type),
              List.of(
                  with(node("tableRow"), List.of(with(node("tableCell"), content))),
                  with(node("tableRow"), List.of(with(node("tableCell"), content)))));
      default -> with(node(type), content);
    };
  }

  /** Every visible character of the document's texts is there, in order; the rest is layout. */
  @Property(tries = 500)
  void documentsLoseNothingAndSettle(@ForAll("documents") JsonNode document) {
    String plain = Adf.toPlain(document);
    StringBuilder wanted = new StringBuilder();
    document.findParents("text").forEach(node -> wanted.append(node.path("text").asText()));
    assertThat(isSubsequence(visible(PlainText.clean(wanted.toString())), visible(plain)))
        .as("%s in %s", wanted, plain)
        .isTrue();
    assertThat(Adf.toPlain(Adf.fromPlain(plain))).isEqualTo(plain);
  }

  private static int[] visible(String text) {
    return text.codePoints().filter(c -> !Character.isWhitespace(c)).toArray();
  }

  private static boolean isSubsequence(int[] part, int[] whole) {
    int found = 0;
    for (int c : whole) {
      if (found < part.length && part[found] == c) {
        found++;
      }
    }
    return found == part.length;
  }

  private static ObjectNode node(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode with(ObjectNode node, List<ObjectNode> content) {
    ArrayNode array = node.putArray("content");
    content.forEach(array::add);
    return node;
  }

  private static ObjectNode text(String words, Set<String> marks) {
    ObjectNode text = node("text").put("text", words);
    if (!marks.isEmpty()) {
      ArrayNode array = text.putArray("marks");
      for (String mark : marks) {
        ObjectNode made = array.addObject().put("type", mark);
        if (mark.equals("link")) {
          made.putObject("attrs").put("href", "https://x.example/" + words.length());
        }
      }
    }
    return text;
  }

  private static ObjectNode mention(String name) {
    ObjectNode mention = node("mention");
    mention.putObject("attrs").put("id", "5b10").put("text", "@" + name);
    return mention;
  }
}
