package dev.lockstep.connector.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextFormatTest {

  private static String read(TextFormat format, String text) {
    return format.read(TextNode.valueOf(text)).orElseThrow();
  }

  private static String write(TextFormat format, String text) {
    return format.write(text).textValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '$',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "<p>Vendor says: <b>replace&nbsp;PSU</b> &amp; restart</p><ul><li>step one</li><li>step"
            + " two</li></ul><a href='https://kb.example.com/42'>KB 42</a> ~ Vendor says: replace"
            + " PSU & restart\\n"
            + "\\n"
            + "- step one\\n"
            + "- step two\\n"
            + "\\n"
            + "KB 42 (https://kb.example.com/42)",
        "<div>a</div><div><br></div><div>b</div> ~ a\\n\\nb",
        "a<br>b<br/>c ~ a\\nb\\nc",
        "<ol start=3><li>x<ul><li>y</li></ul></li><li>z</li></ol> ~ 3. x\\n   - y\\n4. z",
        "<table><tr><th>host</th><th>up</th></tr><tr><td>db7</td><td>no</td></tr></table> ~ host |"
            + " up\\n"
            + "db7 | no",
        "<table><tr><td><p>mail</p><p>body</p></td></tr></table> ~ mail\\n\\nbody",
        "<pre>  a\\n\\tb</pre> ~ a\\n\\tb",
        "<p>x</p><pre>  a\\n\\tb</pre> ~ x\\n\\n  a\\n\\tb",
        "<blockquote>q<br>r</blockquote>s ~ > q\\n> r\\n\\ns",
        "<a href='https://x.example/'>https://x.example/</a> ~ https://x.example/",
        "<a href='javascript:alert(1)'>run</a><script>alert(2)</script><style>p{}</style> ~ run",
        "<img src='data:image/png;base64,AAAA' alt='chart'><img src='cid:1'> ~ (image:"
            + " chart)(image)",
        "5 &lt; 6 &#39;x&#39; &eacute; ~ 5 < 6 'x' é",
        "<h2>Title</h2>text<hr>more ~ Title\\n\\ntext\\n\\n---\\n\\nmore",
        "no markup at all ~ no markup at all",
        "<p>unclosed <b>bold<p>next ~ unclosed bold\\n\\nnext",
        "<p>see <a href='https://x.example/y'> KB </a>now</p> ~ see KB (https://x.example/y) now",
      })
  void readsHtmlAsABrowserShowsIt(String html, String text) {
    // The first line of a text is stripped where it is compared; a row of this table begins there.
    assertThat(read(TextFormat.HTML, html.replace("\\n", "\n").replace("\\t", "\t")).strip())
        .isEqualTo(text.replace("\\n", "\n").replace("\\t", "\t"));
  }

  @Test
  void writesHtmlThatShowsTheTextAsItIs() {
    assertThat(write(TextFormat.HTML, "if a<b && c>d:\nnext  one\n\n  indented"))
        .isEqualTo(
            "<p>if a&lt;b &amp;&amp; c&gt;d:<br>\nnext&nbsp; one</p>\n<pre>\n  indented</pre>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '$',
      value = {
        "[code]<p>Vendor says: <b>replace&nbsp;PSU</b> &amp;"
            + " restart</p><ul><li>one</li></ul>[/code] ~ Vendor says: replace PSU & restart\\n"
            + "\\n"
            + "- one",
        "see [code]<a href=\"https://kb.example.com/42\">KB 42</a>[/code] please ~ see KB 42"
            + " (https://kb.example.com/42) please",
        "before [CODE]<p>a</p><p>b</p>[/Code] after ~ before \\na\\n\\nb\\n after",
        "[code]a[/code] and [code]b[/code] ~ a and b",
        "[code] never closed <b> ~ [code] never closed <b>",
        "closed only [/code] ~ closed only [/code]",
        "a &amp; b <b> *c* _d_ ~ a &amp; b <b> *c* _d_",
        "İ [code]<i>x</i>[/code] ~ İ x",
      })
  void readsHtmlInCodeAndLeavesTheRestAlone(String stored, String text) {
    assertThat(read(TextFormat.HTML_IN_CODE, stored)).isEqualTo(text.replace("\\n", "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "[code]<script>alert(1)</script>[/code],[ code]<script>alert(1)</script>[ /code]",
    "[CoDe]x[/cOdE],[ CoDe]x[ /cOdE]",
    "[ code] is typed,[  code] is typed",
    "[co\u202ede]x[/code],[ code]x[ /code]",
    "[[code]code],[[ code]code]"
  })
  void nobodyWritesHtmlIntoCodeFromElsewhere(String text, String stored) {
    assertThat(write(TextFormat.HTML_IN_CODE, text)).isEqualTo(stored);
    assertThat(read(TextFormat.HTML_IN_CODE, stored)).isEqualTo(text.replace("\u202e", ""));
  }

  @Test
  void readsMarkdownWithoutItsSigns() {
    assertThat(
            read(
                TextFormat.MARKDOWN,
                "# Title\n\n"
                    + "soft\n"
                    + "break **bold** `a_b*c` [KB](https://x.example/1) \\* &amp;\n\n"
                    + "- a\n"
                    + "  - b\n\n"
                    + "```\n"
                    + "  code *\n"
                    + "```\n\n"
                    + "<b>html</b>"))
        .isEqualTo(
            "Title\n\n"
                + "soft\n"
                + "break bold a_b*c KB (https://x.example/1) * &\n\n"
                + "- a\n"
                + "  - b\n\n"
                + "  code *\n\n"
                + "<b>html</b>");
  }

  @Test
  void readsWikiMarkupWithoutItsSigns() {
    assertThat(
            read(
                TextFormat.WIKI,
                "h1. Title\n"
                    + "*bold* _it_ {{a_b*c}} a_b_c *.log C:\\temp 5 * 3 * 2\\\\\n"
                    + "next \\*lit\\* &amp;\n"
                    + "* one\n"
                    + "** two\n"
                    + "# n\n"
                    + "-- no list\n"
                    + "||host||up||\n"
                    + "|db7|no|\n"
                    + "[KB|https://x.example/1] [https://x.example/2] [~ann] [x]"
                    + " !plan.png|thumbnail! wow! so! !\n"
                    + "{quote}q{quote}{color:red}r{color}\n"
                    + "{code:java}\n"
                    + "  rm *x*\n"
                    + "{code}after"))
        .isEqualTo(
            "Title\n"
                + "bold it a_b*c a_b_c *.log C:\\temp 5 * 3 * 2\n\n"
                + "next *lit* &\n"
                + "- one\n"
                + "  - two\n"
                + "1. n\n"
                + "-- no list\n"
                + "host | up\n"
                + "db7 | no\n"
                + "KB (https://x.example/1) https://x.example/2 @ann [x] (attachment: plan.png)"
                + " wow! so! !\n"
                + "qr\n\n"
                + "  rm *x*\n\n"
                + "after");
    assertThat(write(TextFormat.WIKI, "a_b *c* C:\\x {code} [d|e]"))
        .isEqualTo("a\\_b \\*c\\* C:&#92;x \\{code\\} \\[d\\|e\\]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "<@U012AB3CD> see <#C012|ops> ~ @U012AB3CD see #ops",
        "<@U012|ann> and <!here> and <!subteam^S1|@oncall> ~ @ann and @here and @oncall",
        "<!date^1392734382^{date}|Feb 18> ~ Feb 18",
        "<https://x.example/a?b=1&amp;c=2> ~ https://x.example/a?b=1&c=2",
        "<https://x.example|the page> ~ the page (https://x.example)",
        "<http://x.example|x.example> <mailto:a@b.example|a@b.example> ~ x.example a@b.example",
        "a &lt;b&gt; &amp;amp; *c* `d` ~ a <b> &amp; *c* `d`",
        "<> <|x> 1 < 2 > 0 ~ <> <|x> 1 < 2 > 0"
      })
  void readsChatsAsTheyAreShown(String stored, String shown) {
    assertThat(read(TextFormat.MRKDWN, stored)).isEqualTo(shown);
  }

  @Test
  void nobodyIsNotifiedFromElsewhere() {
    String text = "<!channel> <!here> <@U012> &lt;!everyone&gt; <https://x.example|y>";
    String written = write(TextFormat.MRKDWN, text);
    assertThat(written).doesNotContain("<", ">").contains("&amp;lt;!everyone");
    assertThat(read(TextFormat.MRKDWN, written)).isEqualTo(text);
  }

  @Test
  void wordsThatDoSomethingAreWrittenWithoutEffect() {
    Neutralizer words = new Neutralizer(List.of("@everyone", "<!", "<!channel>"));
    String text = "@Everyone < !x <!channel> @ everyone mail@everyone.example";
    String written = words.neutralized(text);
    assertThat(written.toLowerCase(java.util.Locale.ROOT)).doesNotContain("@everyone", "<!");
    assertThat(words.restored(written)).isEqualTo(text);
  }
}
