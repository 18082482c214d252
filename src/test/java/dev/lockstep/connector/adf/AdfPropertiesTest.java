package dev.lockstep.connector.adf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Whatever people write, the second pass changes nothing: else a sync would never come to rest. */
class AdfPropertiesTest {
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
          "!",
          "![",
          "<b>",
          "<!--",
          "- [ ] ",
          "- [x] ",
          "[ ]",
          "    ",
          "\t",
          "é",
          "😀",
          "@",
          "a@b.example",
          ":",
          ".",
          "\"",
          "x",
          "0");

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
    return Arbitraries.of(PIECES).list().ofMaxSize(14).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.of(PIECES)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(list -> String.join("", list))
        .list()
        .ofMaxSize(6)
        .map(list -> String.join("\n", list));
  }

  @Property(tries = 1000)
  void markdownIsStableAfterOnePass(@ForAll("texts") String text) {
    assertStable(text);
  }

  @Property(tries = 1000)
  void linesAreStableAfterOnePass(@ForAll("lines") String text) {
    assertStable(text);
  }

  private static void assertStable(String text) {
    String once = Adf.toMarkdown(Adf.toDocument(text));
    assertThat(Adf.toMarkdown(Adf.toDocument(once))).isEqualTo(once);
  }

  /** The simulated site refuses what the format's documentation does not allow. */
  @Property(tries = 500)
  void documentsAreTaken(@ForAll("lines") String text) {
    JsonNode document = Adf.toDocument(text);
    if (!Adf.toMarkdown(document).isBlank()) {
      assertThat(SITE.as("ann").comment(ISSUE, document)).isNotBlank();
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
            Tuple.of(1, words.map(AdfPropertiesTest::mention)));
    Arbitrary<ObjectNode> leaf =
        inline
            .list()
            .ofMaxSize(4)
            .flatMap(
                content ->
                    Arbitraries.of("paragraph", "paragraph", "heading", "codeBlock", "taskItem")
                        .map(type -> with(node(type), content)));
    Arbitrary<ObjectNode> block =
        Arbitraries.recursive(() -> leaf, AdfPropertiesTest::around, 0, 3);
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

  @Property(tries = 300)
  void documentsGiveStableMarkdown(@ForAll("documents") JsonNode document) {
    assertStable(Adf.toMarkdown(document));
    assertThat(Adf.toMarkdown(Adf.toDocument(Adf.toMarkdown(document))))
        .isEqualTo(Adf.toMarkdown(document));
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
