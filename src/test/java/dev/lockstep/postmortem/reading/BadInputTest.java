package dev.lockstep.postmortem.reading;

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
final class BadInputTest {
  private final MarkdownReader reader = new MarkdownReader();

  @Test
  void saysWhereAFileIsNotUtf8() {
    byte[] latin = "# P\n\nf\u00FCr\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> reader.read(latin))
        .isInstanceOf(UnreadablePostmortem.class)
        .hasMessage(
            "not UTF-8: the byte at offset 6 (line 3) begins no letter; save the file as UTF-8");
    byte[] cut = {'#', ' ', (byte) 0xE2, (byte) 0x82};
    assertThatThrownBy(() -> reader.read(cut))
        .isInstanceOf(UnreadablePostmortem.class)
        .hasMessageContaining("offset 2");
  }

  @Test
  void refusesWhatIsTooLargeAndSaysTheLimit() {
    byte[] large = new byte[10_000_000];
    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () ->
            assertThatThrownBy(() -> reader.read(large))
                .isInstanceOf(UnreadablePostmortem.class)
                .hasMessageContaining("larger than 2 MB"));
    assertThatThrownBy(() -> reader.read("x".repeat(MarkdownReader.LARGEST + 1)))
        .isInstanceOf(UnreadablePostmortem.class);
    assertThatThrownBy(() -> reader.read("€".repeat(MarkdownReader.LARGEST / 3 + 1)))
        .isInstanceOf(UnreadablePostmortem.class);
    assertThat(reader.read("x".repeat(MarkdownReader.LARGEST)).items()).isEmpty();
  }

  @Test
  void refusesWhatIsNoText() {
    assertThatThrownBy(() -> reader.read("# P\n\nab\0c"))
        .isInstanceOf(UnreadablePostmortem.class)
        .hasMessageContaining("line 3");
    assertThatThrownBy(() -> reader.read("# P".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(UnreadablePostmortem.class);
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
    int n = 100_000;
    return new String[] {
      ">".repeat(10_000) + " x",
      head + "- ".repeat(10_000) + "x",
      head + "- " + "*".repeat(10_000) + "x",
      head + "- " + "*a **a ".repeat(5_000),
      head + "- " + "*a".repeat(10_000) + "a*".repeat(10_000),
      head + "- " + "[".repeat(n) + "]".repeat(n),
      head + "- " + "![".repeat(n),
      head + "- " + "`".repeat(n),
      head + "- " + "<".repeat(n) + "script",
      head + "- " + "<!--".repeat(n),
      head + "- " + "<a ".repeat(n),
      head + "- " + "(".repeat(n) + ")".repeat(n),
      head + "- " + "{{".repeat(n),
      head + "- " + "Owner: ".repeat(n),
      head + "- " + "Owner: @a, ".repeat(n),
      head + "- " + "@a ".repeat(n),
      head + "- " + "https://github.com/a/b/issues/1 ".repeat(10_000),
      head + "- https://" + ")".repeat(n),
      head + "- " + "OPS-1 ".repeat(n),
      head + "- " + "due Q4 ".repeat(n),
      head + "- x\n".repeat(20_000),
      head + "| Action | Owner |\n|---|---|\n" + "| a | b |\n".repeat(10_000),
      head
          + "|".repeat(2000)
          + "\n"
          + "|-".repeat(2000)
          + "\n"
          + ("a|".repeat(1000) + "\n").repeat(100),
      head + "x\n".repeat(n),
      "**Action item:** x\n".repeat(10_000),
      "```\n#\n~~~\n#\n````\n#\n~~~~\n".repeat(1000),
      "# x\n".repeat(20_000),
      "---\n" + "a: b\n".repeat(n),
      head + nested(200),
      "**Action items**\n\n- x\n\n".repeat(10_000),
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
    } catch (UnreadablePostmortem e) {
      assertThat(e).hasMessageContaining("too many <");
    }
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
    Item item = read.items().get(0);
    for (String text : new String[] {item.title(), item.excerpt(), "" + item.owner()}) {
      assertThat(text).doesNotContainPattern("<[a-zA-Z/!?]").doesNotContain("onclick", "onerror");
    }
    assertThat(item.title()).contains("Add").contains("index");
  }

  @Test
  void saysThatHtmlWasLeftOut() {
    assertThat(item("- Add <b>an</b> index").problems()).containsExactly(Findings.HTML);
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
      Item item = item("- Add an " + link);
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
            new Problem(
                3,
                "a block of HTML among the action items is not read; write it as a Markdown list or table"));
    assertThat(reader.read("<h2>Action items</h2>\n\n- one\n").problems())
        .anyMatch(p -> p.line() == 1 && p.text().contains("«Action items» is HTML"));
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
    assertThat(read.items()).extracting(Item::line).containsExactly(4, 5);
    assertThat(read.items())
        .allMatch(i -> i.problems().toString().contains("template placeholder"));
    assertThat(read.items().get(1).owner()).isNull();
    assertThat(read.problems()).extracting(Problem::line).containsExactly(1, 3);
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
    assertThat(read.problems()).extracting(Problem::line).containsExactly(2, 4, 6);
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
            new Problem(
                2,
                "the code block from line 2 is never closed and swallows «Action items» at line 5; close it before"));
    Postmortem closed = reader.read(rest + "```\n");
    assertThat(closed.items()).isEmpty();
    assertThat(closed.problems()).anyMatch(p -> p.line() == 2 && p.text().contains("take it out"));
  }

  private Item item(String bullet) {
    return reader.read("## Action items\n\n" + bullet + "\n").items().get(0);
  }
}
