package dev.lockstep.connector.adf;

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
    return Adf.toMarkdown(json("{'type':'doc','version':1,'content':[" + content + "]}"));
  }

  /** What people write comes back as they wrote it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "one line",
        "two\nlines",
        "a paragraph\n\nand another",
        "# Heading\n\n### Smaller",
        "- a\n- b\n  - c\n    1. d\n    2. e\n- f",
        "3. three\n4. four",
        "- [ ] open\n- [x] done",
        "> said\n> twice",
        "```java\nint i = 0;\n\n  i++;\n```",
        "````\n```\n````",
        "a `b` c **d** *e* ~~f~~ ***g***",
        "[a link](https://x.example/a?b=c&d) and https://x.example/bare_one",
        "| a | b |\n| --- | --- |\n| 1 | `x` |",
        "---",
        "5 * 3 < 20 & a_b_c = <host> 100% #1 [x] ~/.ssh C:\\dir",
        "Kept in step with PagerDuty #42: https://x.example/i/42\n[lockstep:0123456789abcdef]",
        "Ünïcödé 😀"
      })
  void comesBackAsItWent(String markdown) {
    assertThat(Adf.toMarkdown(Adf.toDocument(markdown))).isEqualTo(markdown);
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
        "{'type':'date','attrs':{'timestamp':'1764000000000'}} | 2025-11-24",
        "{'type':'status','attrs':{'text':'LATE','color':'red'}} | LATE",
        "{'type':'unheardOf','attrs':{'text':'kept'}} | kept",
        "{'type':'text','text':'under','marks':[{'type':'underline'}]} | under",
      })
  void readsWhatStandsInALine(String node, String text) {
    assertThat(read("{'type':'paragraph','content':[" + node + "]}")).isEqualTo(text);
  }

  @Test
  void readsTasksPanelsExpandsAndFiles() {
    String tasks =
        "{'type':'taskList','attrs':{'localId':'1'},'content':["
            + "{'type':'taskItem','attrs':{'localId':'2','state':'DONE'},'content':[{'type':'text','text':'a'}]},"
            + "{'type':'taskList','attrs':{'localId':'3'},'content':["
            + "{'type':'taskItem','attrs':{'localId':'4','state':'TODO'},'content':[{'type':'text','text':'b'}]}]}]}";
    String panel =
        "{'type':'panel','attrs':{'panelType':'info'},'content':[{'type':'paragraph','content':[{'type':'text','text':'Mind'}]}]}";
    String expand =
        "{'type':'expand','attrs':{'title':'More'},'content':[{'type':'paragraph','content':[{'type':'text','text':'inside'}]}]}";
    String file =
        "{'type':'mediaSingle','content':[{'type':'media','attrs':{'id':'m','type':'file','collection':'','alt':'plan.png'}}]}";
    assertThat(read(tasks)).isEqualTo("- [x] a\n  - [ ] b");
    assertThat(read(panel)).isEqualTo("Mind");
    assertThat(read(expand)).isEqualTo("**More**\n\ninside");
    assertThat(read(file)).isEqualTo("(attachment: plan.png)");
  }

  @Test
  void readsUnknownBlocksForTheirText() {
    assertThat(
            read(
                "{'type':'later','content':[{'type':'paragraph','content':[{'type':'text','text':'x'}]}]}"))
        .isEqualTo("x");
  }

  @Test
  void sendsLineBreaksOfPlainTextAsSuch() {
    JsonNode paragraph = Adf.toDocument("a\r\nb").path("content").path(0);
    assertThat(paragraph.at("/content/1/type").asText()).isEqualTo("hardBreak");
    assertThat(Adf.toDocument("  ").path("content")).isEmpty();
  }

  @Test
  void escapesOnlyWhatWouldBeReadAsMarkup() {
    assertThat(read("{'type':'paragraph','content':[{'type':'text','text':'- no list'}]}"))
        .isEqualTo("\\- no list");
    assertThat(read("{'type':'paragraph','content':[{'type':'text','text':'3 * 4 _ 5'}]}"))
        .isEqualTo("3 * 4 _ 5");
  }
}
