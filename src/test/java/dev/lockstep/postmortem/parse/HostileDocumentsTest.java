package dev.lockstep.postmortem.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be read, what must not get through, and what must not take long. */
final class HostileDocumentsTest {
  private final MarkdownReader reader = ShippedWords.reader();

  @Test
  void saysWhereAFileIsNotUtf8() {
    byte[] latin = "# P\n\nf\u00FCr\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> reader.read(latin))
        .isInstanceOf(PostmortemParseException.class)
        .hasMessage(
            "not UTF-8: the byte at offset 6 (line 3) begins no letter; save the file as UTF-8");
    byte[] cut = {'#', ' ', (byte) 0xE2, (byte) 0x82};
    assertThatThrownBy(() -> reader.read(cut))
        .isInstanceOf(PostmortemParseException.class)
        .hasMessageContaining("offset 2");
  }

  @Test
  void refusesWhatIsTooLargeAndSaysTheLimit() {
    byte[] large = new byte[10_000_000];
    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () ->
            assertThatThrownBy(() -> reader.read(large))
                .isInstanceOf(PostmortemParseException.class)
                .hasMessageContaining("larger than 256 kB"));
    assertThatThrownBy(() -> reader.read("x".repeat(MarkdownReader.LARGEST + 1)))
        .isInstanceOf(PostmortemParseException.class);
    assertThatThrownBy(() -> reader.read("€".repeat(MarkdownReader.LARGEST / 3 + 1)))
        .isInstanceOf(PostmortemParseException.class);
    assertThat(reader.read("x".repeat(MarkdownReader.LARGEST)).items()).isEmpty();
  }

  @Test
  void refusesWhatIsNoText() {
    assertThatThrownBy(() -> reader.read("# P\n\nab\0c"))
        .isInstanceOf(PostmortemParseException.class)
        .hasMessageContaining("line 3");
    assertThatThrownBy(() -> reader.read("# P".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(PostmortemParseException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\n\n", "---", "---\n---", "# ", "|", "- ", "```", "[", "\uFEFF"})
  void readsNextToNothing(String document) {
    Postmortem read = reader.read(document);
    assertThat(read.items()).isEmpty();
    assertThat(read.problems()).hasSize(1);
  }

  static String[] hostile() {
    String head = "## Action items\n\n";
    int n = 80_000;
    return new String[] {
      ">".repeat(10_000) + " x",
      head + "- ".repeat(10_000) + "x",
      head + "- " + "*".repeat(n) + "x",
      head + "- " + "*a **a ".repeat(30_000),
      head + "- " + "*a".repeat(60_000) + "a*".repeat(60_000),
      head + "- " + "_a__b***c".repeat(25_000),
      head + "- " + "[".repeat(n) + "]".repeat(n),
      head + "- " + "![".repeat(n),
      head + "- " + "[a](b) ".repeat(30_000),
      head + "- " + "[a](mailto:b) - ".repeat(15_000),
      head + "- " + "`".repeat(n),
      head + "- " + "`a``b".repeat(40_000),
      head + "- " + "<".repeat(n) + "script",
      head + "- " + "<!--".repeat(n / 2),
      head + "- " + "<a ".repeat(n),
      "<h1>".repeat(60_000),
      "<h1>a</h1>\n".repeat(20_000),
      head + "<h1 ".repeat(60_000),
      head + "- " + "(".repeat(n) + ")".repeat(n),
      head + "- " + "{{".repeat(n),
      head + "- " + "~~".repeat(n),
      head + "- " + "&#x".repeat(n),
      head + "- " + "Owner: ".repeat(30_000),
      head + "- " + "Owner: @a, ".repeat(20_000),
      head + "- " + "@a ".repeat(n),
      head + "- " + "@Ab Cd ".repeat(30_000),
      head + "- " + "Ab ".repeat(n),
      head + "- " + " - ".repeat(n),
      head + "- " + "a" + " ".repeat(n) + "b",
      head + "- " + "12/".repeat(n),
      head + "- " + "dec 1 ".repeat(40_000),
      head + "- " + "not done ".repeat(25_000),
      head + "| Action | Status |\n|---|---|\n| a | " + "not done ".repeat(25_000) + " |",
      head + "| Action | Due |\n|---|---|\n| a | " + "dec 1 - ".repeat(25_000) + " |",
      head + "| Action | Owner |\n|---|---|\n| a | " + "Ab, ".repeat(50_000) + " |",
      head + "| Action | " + "owner ".repeat(40_000) + " |\n|---|---|\n| a | b |",
      head + "- " + "https://github.com/a/b/issues/1 ".repeat(8_000),
      head + "- https://" + ")".repeat(n),
      head + "- https://" + "a/issues/".repeat(25_000),
      head + "- " + "a@".repeat(n),
      head + "- " + "a.".repeat(n) + "@",
      head + "- " + "OPS-1 ".repeat(40_000),
      head + "- " + "due Q4 ".repeat(30_000),
      head + "- x\n".repeat(20_000),
      head + "- x\n• y\n".repeat(20_000),
      head + "- x\n" + "• y\n".repeat(40_000),
      head + "| Action | Owner |\n|---|---|\n" + "| a | b |\n".repeat(1_990),
      head + "| Action | Owner |\n|---|---|\n" + "| a |\n".repeat(40_000),
      "| Time | What |\n|---|---|\n" + "| a |\n".repeat(40_000),
      head
          + "|".repeat(2000)
          + "\n"
          + "|-".repeat(2000)
          + "\n"
          + ("a|".repeat(1000) + "\n").repeat(100),
      head + "x\n".repeat(n),
      head + "Системный сбой привёл к отказу служб и потере данных ".repeat(40) + "API",
      head + "Системный сбой ".repeat(8_000) + "API",
      head + "障害".repeat(40_000),
      "**Action item:** x\n".repeat(1_900),
      "```\n#\n~~~\n#\n````\n#\n~~~~\n".repeat(1000),
      "# x\n".repeat(60_000),
      "# " + "action items ".repeat(19_000),
      "---\n" + "a: b\n".repeat(50_000),
      "---\n" + "a: b\n".repeat(40_000) + "---\n",
      "---\na: " + "b ".repeat(n) + "\n---\n",
      "Incident: " + "a".repeat(n),
      "a ".repeat(n) + ": INC0010001",
      "# " + "1".repeat(n),
      "\u00A0".repeat(n),
      "`\u00A0``".repeat(40_000),
      head + nested(200),
      "**Action items**\n\n- x\n\n".repeat(1_900),
    };
  }

  private static String nested(int depth) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      list.append("  ".repeat(i)).append("- level ").append(i).append('\n');
    }
    return list.toString();
  }

  /** On a stack as small as the launcher's; what is quadratic takes minutes. */
  @ParameterizedTest
  @MethodSource("hostile")
  void survivesWhatIsMeantToHurt(String document) throws InterruptedException {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread thread = new Thread(null, () -> readOrRefuse(document), "hostile", 512 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> failed.set(e));
    thread.setDaemon(true);
    thread.start();
    thread.join(20_000);
    assertThat(thread.isAlive()).as("still reading").isFalse();
    assertThat(failed.get()).isNull();
  }

  private void readOrRefuse(String document) {
    try {
      reader.read(document);
    } catch (PostmortemParseException e) {
      assertThat(e.getMessage()).containsAnyOf("too many <", "more than 2000 action items");
    }
  }

  @Test
  void refusesMoreItemsThanAnybodyFollows() {
    String rows = "| a | b |\n".repeat(MarkdownReader.MOST_ITEMS);
    String table = "## Action items\n\n| Action | Owner |\n|---|---|\n" + rows;
    assertThat(reader.read(table).items()).hasSize(MarkdownReader.MOST_ITEMS);
    assertThatThrownBy(() -> reader.read(table + "| a | b |\n"))
        .isInstanceOf(PostmortemParseException.class)
        .hasMessageContaining("more than 2000 action items");
  }

  @Test
  void stopsReadingWhenItIsInterrupted() throws InterruptedException {
    AtomicReference<Throwable> stopped = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              try {
                reader.read("## Action items\n\n- Add an index\n");
              } catch (PostmortemParseException e) {
                stopped.set(e);
              }
            });
    thread.start();
    thread.join();
    assertThat(stopped.get()).hasMessageContaining("takes too long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- Add <script>alert(1)</script> an index",
        "- Add <b onclick=alert(1)>an</b> index",
        "- <script>alert(1)</script>\n  Add an index",
        "- Add an index\n\n  <div><img src=x onerror=alert(1)></div>",
        "- Add an index <scr<b>ipt>alert(1)</script>",
        "- Add an index &lt;script&gt;",
        "- Add an index `<script>alert(1)</script>`",
        "- Add an index\n  - detail <iframe src=x>",
        "- Add an index\n  ```html\n  <script>alert(1)</script>\n  ```",
        "| Action | Owner |\n|---|---|\n| Add an <script>x</script> index | dana |",
        "| Action | Owner |\n|---|---|\n| Add an index | <img src=x> |",
        "**Action item:** Add an <u>index</u>",
        "- [ ] Add an index <!-- <script> -->"
      })
  void letsNoHtmlThrough(String markdown) {
    Postmortem read = reader.read("## Action items\n\n" + markdown + "\n");
    assertThat(read.items()).as("" + read.problems()).hasSize(1);
    ParsedItem item = read.items().get(0);
    for (String text : new String[] {item.title(), item.excerpt(), "" + item.owner()}) {
      assertThat(text).doesNotContainPattern("<[a-zA-Z/!?]").doesNotContain("onclick", "onerror");
    }
    assertThat(item.title()).contains("Add").contains("index");
  }

  @Test
  void saysThatHtmlWasLeftOut() {
    assertThat(item("- Add <b>an</b> index").problems()).containsExactly(ParseResult.HTML);
    assertThat(item("- Add <b>an</b> index").excerpt()).isEqualTo("- Add an index");
    assertThat(item("- Add an index <https://x.org/a>").excerpt())
        .isEqualTo("- Add an index <https://x.org/a>");
    assertThat(item("- Add an index <https://x.org/a>").problems()).isEmpty();
    assertThat(item("- Add an<br>index").title()).isEqualTo("Add an index");
    assertThat(item("- Add an<br>index").problems()).isEmpty();
    assertThat(item("- Keep p < 0.1 & `a<b>`").title()).isEqualTo("Keep p < 0.1 & a‹b›");
  }

  @Test
  void breaksLinksThatRunSomething() {
    for (String link :
        new String[] {
          "[index](javascript:alert(1))",
          "[index](java&#115;cript:alert)",
          "[index]( <JavaScript:alert>)",
          "[index](data:text/html,x)",
          "<javascript:index>"
        }) {
      ParsedItem item = item("- Add an " + link);
      assertThat(item.excerpt()).doesNotContainIgnoringCase("script:alert").doesNotContain("](");
      assertThat(item.title()).contains("index");
    }
    assertThat(item("- Add an [index](docs/x.md)").excerpt())
        .isEqualTo("- Add an [index](docs/x.md)");
  }

  @Test
  void reportsHtmlThatHoldsItems() {
    Postmortem read =
        reader.read("## Action items\n\n<ul>\n<li>Add an index</li>\n</ul>\n\n<!-- a hint -->\n");
    assertThat(read.items()).isEmpty();
    assertThat(read.problems())
        .containsExactly(
            new ParseProblem(
                3,
                "a block of HTML among the action items is not read; write it as a Markdown list or"
                    + " table"));
    assertThat(reader.read("<h2>Action items</h2>\n\n- one\n").problems())
        .anyMatch(p -> p.line() == 1 && p.text().contains("\"Action items\" is HTML"));
    assertThat(reader.read("## Action items\n<details>\n\n- one\n\n</details>\n").problems())
        .isEmpty();
  }

  @Test
  void reportsPlaceholders() {
    Postmortem read =
        reader.read(
            """
            # {{ date }}, {{ name }}
            ## Action items
            1. {{ summary }} [link to issue]
            2. Add {{ metric }} to the dashboard
            3. Add an index. Owner: {{ who }}
            """);
    assertThat(read.items()).extracting(ParsedItem::line).containsExactly(4, 5);
    assertThat(read.items())
        .allMatch(i -> i.problems().toString().contains("template placeholder"));
    assertThat(read.items().get(1).owner()).isNull();
    assertThat(read.problems()).extracting(ParseProblem::line).containsExactly(1, 3);
    assertThat(read.problems()).allMatch(p -> p.text().startsWith("template placeholder"));
  }

  @Test
  void reportsWhatLooksLikeAnItemOnly() {
    Postmortem read =
        reader.read(
            """
            ## Action items
            [ ] Add an index

            • Raise the limit

            Dana will look. Owner: @dana
            """);
    assertThat(read.items()).isEmpty();
    assertThat(read.problems()).extracting(ParseProblem::line).containsExactly(2, 4, 6);
    assertThat(reader.read("##Action items\n- one\n").problems())
        .singleElement()
        .satisfies(p -> assertThat(p.text()).contains("write a space"));
    assertThat(reader.read("## Action items\n\n    - indented\n").problems()).hasSize(1);
  }

  @Test
  void readsWhatAnOpenFenceSwallowsAndReportsWhatIsCode() {
    String rest = "# x\n```\nlog\n\n## Action items\n- Add an index\n";
    Postmortem open = reader.read(rest);
    assertThat(open.items()).singleElement().satisfies(i -> assertThat(i.line()).isEqualTo(6));
    assertThat(open.problems())
        .containsExactly(
            new ParseProblem(
                2,
                "the code block from line 2 is never closed and swallows \"Action items\" at line"
                    + " 5; close it before"));
    Postmortem closed = reader.read(rest + "```\n");
    assertThat(closed.items()).isEmpty();
    assertThat(closed.problems()).anyMatch(p -> p.line() == 2 && p.text().contains("move it out"));
  }

  private ParsedItem item(String bullet) {
    return reader.read("## Action items\n\n" + bullet + "\n").items().get(0);
  }
}
