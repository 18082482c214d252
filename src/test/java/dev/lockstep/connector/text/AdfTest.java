package dev.lockstep.connector.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdfTest {

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static String read(String content) {
    return Adf.toPlain(json("{'type':'doc','version':1,'content':[" + content + "]}"));
  }

  private static String paragraph(String inline) {
    return "{'type':'paragraph','content':[" + inline + "]}";
  }

  private static String words(String text) {
    return "{'type':'text','text':'" + text + "'}";
  }

  /** A command can be copied: no character is escaped, none is taken for markup. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2. double check user_name *prod* in C:\\temp\\x_y [a](b) #1 <tag> & 100% `tick` ~5 | pipe"
            + " __init__.py",
        "__init__.py fails in C:\\temp\\*.log with $PATH_A_B and 5 * 3 * 2",
        "# systemctl restart nginx\nActive: active (running)",
        "| host | up |\n|---|---|\n| db7 | no |",
        "```\ntrace line one",
        "    at a.B.c(B.java:7)\n\tat a.B.d(B.java:9)\n\n\n    Caused by: x",
        "- a\n  - b\n1. c\n> d\n---\n&amp; &#124; <b>x</b> \\_",
        "one\n\ntwo\n\n\n\nthree",
        "see https://x.example/a_b?c=*d*&e=1, or http://y.example.",
        "Ünïcödé 😀 👩‍👩‍👧"
      })
  void plainTextArrivesAndComesBackAsItIs(String text) {
    assertThat(Adf.toPlain(Adf.fromPlain(text))).isEqualTo(text);
  }

  @Test
  void breaksLinesAndParagraphsAndLinksAddresses() {
    JsonNode document = Adf.fromPlain("a\r\nhttps://x.example/b_c\n\nd");
    assertThat(document)
        .isEqualTo(
            json(
                "{'type':'doc','version':1,'content':["
                    + "{'type':'paragraph','content':[{'type':'text','text':'a'},{'type':'hardBreak'},"
                    + "{'type':'text','text':'https://x.example/b_c','marks':[{'type':'link',"
                    + "'attrs':{'href':'https://x.example/b_c'}}]}]},"
                    + "{'type':'paragraph','content':[{'type':'text','text':'d'}]}]}"));
    assertThat(Adf.fromPlain(" \n ").path("content")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "{'type':'mention','attrs':{'id':'5b','text':'@Ann Lee'}} | @Ann Lee",
        "{'type':'mention','attrs':{'id':'5b'}} | @5b",
        "{'type':'emoji','attrs':{'shortName':':fire:','text':'F'}} | F",
        "{'type':'emoji','attrs':{'shortName':':atlas:'}} | :atlas:",
        "{'type':'inlineCard','attrs':{'url':'https://x.example/c'}} | https://x.example/c",
        "{'type':'inlineCard','attrs':{'data':{'url':'https://x.example/d'}}} |"
            + " https://x.example/d",
        "{'type':'date','attrs':{'timestamp':'1764000000000'}} | 2025-11-24",
        "{'type':'status','attrs':{'text':'LATE','color':'red'}} | LATE",
        "{'type':'mediaInline','attrs':{'id':'m','alt':'plan.png'}} | (attachment: plan.png)",
        "{'type':'unheardOf','attrs':{'text':'kept'}} | kept",
        "{'type':'text','text':'under','marks':[{'type':'underline'}]} | under",
        "{'type':'text','text':'rm -rf *_old','marks':[{'type':'code'}]} | rm -rf *_old",
        "{'type':'text','text':'KB"
            + " 42','marks':[{'type':'link','attrs':{'href':'https://x.example/42'}}]} | KB 42"
            + " (https://x.example/42)",
        "{'type':'text','text':'https://x.example/','marks':[{'type':'link','attrs':{'href':'https://x.example/'}}]}"
            + " | https://x.example/",
        "{'type':'text','text':'a@b.example','marks':[{'type':'link','attrs':{'href':'mailto:a@b.example'}}]}"
            + " | a@b.example",
      })
  void readsWhatStandsInALine(String node, String text) {
    assertThat(read(paragraph(node))).isEqualTo(text);
  }

  @Test
  void aLinkOfSeveralStylesNamesItsAddressOnce() {
    String link = "'marks':[{'type':'link','attrs':{'href':'https://x.example'}}";
    assertThat(
            read(
                paragraph(
                    "{'type':'text','text':'a ',"
                        + link
                        + "]},{'type':'text','text':'b',"
                        + link
                        + ",{'type':'strong'}]},"
                        + words(" c"))))
        .isEqualTo("a b (https://x.example) c");
  }

  @Test
  void readsListsTasksAndDecisions() {
    String inner =
        "{'type':'orderedList','attrs':{'order':3},'content':[{'type':'listItem','content':["
            + paragraph(words("c"))
            + "]},{'type':'listItem','content':["
            + paragraph(words("d"))
            + "]}]}";
    assertThat(
            read(
                "{'type':'bulletList','content':[{'type':'listItem','content':["
                    + paragraph(words("a"))
                    + "]},{'type':'listItem','content':["
                    + paragraph(words("b"))
                    + ","
                    + inner
                    + "]}]}"))
        .isEqualTo("- a\n- b\n  3. c\n  4. d");
    assertThat(
            read(
                "{'type':'taskList','content':["
                    + "{'type':'taskItem','attrs':{'state':'DONE'},'content':["
                    + words("a")
                    + "]},{'type':'taskList','content':[{'type':'taskItem','attrs':{'state':'TODO'},'content':["
                    + words("b")
                    + "]}]}]}"))
        .isEqualTo("- [x] a\n  - [ ] b");
    assertThat(
            read(
                "{'type':'decisionList','content':[{'type':'decisionItem','content':["
                    + words("go")
                    + "]}]}"))
        .isEqualTo("- go");
  }

  @Test
  void readsCodeQuotesPanelsExpandsTablesAndFiles() {
    assertThat(
            read(
                paragraph(words("run"))
                    + ",{'type':'codeBlock','attrs':{'language':'bash'},'content':["
                    + words("  rm *_x\\n\\ttab")
                    + "]}"))
        .isEqualTo("run\n\n  rm *_x\n\ttab");
    assertThat(
            read(
                "{'type':'blockquote','content':["
                    + paragraph(words("a"))
                    + ","
                    + paragraph(words("b"))
                    + "]},{'type':'rule'},"
                    + paragraph(words("c"))))
        .isEqualTo("> a\n>\n> b\n\n---\n\nc");
    assertThat(
            read(
                "{'type':'panel','attrs':{'panelType':'warning'},'content':["
                    + paragraph(words("hot"))
                    + "]}"))
        .isEqualTo("Warning: hot");
    assertThat(
            read(
                "{'type':'expand','attrs':{'title':'More'},'content':["
                    + paragraph(words("inside"))
                    + "]}"))
        .isEqualTo("More\n\ninside");
    String row = "{'type':'tableRow','content':[";
    assertThat(
            read(
                "{'type':'table','content':["
                    + row
                    + "{'type':'tableHeader','content':["
                    + paragraph(words("host"))
                    + "]},{'type':'tableHeader','content':["
                    + paragraph(words("up"))
                    + "]}]},"
                    + row
                    + "{'type':'tableCell','content':["
                    + paragraph(words("db|7"))
                    + ","
                    + paragraph(words("x"))
                    + "]},{'type':'tableCell','content':["
                    + paragraph(words("no"))
                    + "]}]}]}"))
        .isEqualTo("host | up\ndb|7 x | no");
    assertThat(
            read(
                "{'type':'mediaSingle','content':[{'type':'media','attrs':{'id':'m','type':'file','alt':'plan.png'}},"
                    + "{'type':'caption','content':["
                    + words("the plan")
                    + "]}]}"))
        .isEqualTo("(attachment: plan.png)\n\nthe plan");
  }

  @Test
  void readsUnknownBlocksForTheirText() {
    assertThat(read("{'type':'later','content':[" + paragraph(words("x")) + "]}")).isEqualTo("x");
    assertThat(
            read(
                "{'type':'layoutSection','content':[{'type':'layoutColumn','content':["
                    + paragraph(words("x"))
                    + "]},{'type':'layoutColumn','content':["
                    + paragraph(words("y"))
                    + "]}]}"))
        .isEqualTo("x\n\ny");
  }

  @Test
  void aTextIsNoDocument() {
    assertThat(TextFormat.ADF.read(json("'h1. wiki'"))).isEmpty();
    assertThat(TextFormat.ADF.read(json("null"))).isEmpty();
    assertThat(TextFormat.ADF.write(" ").isNull()).isTrue();
  }
}
