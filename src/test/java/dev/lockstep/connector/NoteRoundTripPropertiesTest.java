package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.text.TextFormat;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.NoteMark;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** What systems make of a note, it is found again; what a person adds makes it another. */
class NoteRoundTripPropertiesTest {
  private static final String MARK = "0123456789abcdef";
  private static final List<String> PIECES =
      List.of(
          "word",
          "The PSU",
          " ",
          "\n",
          "\n\n",
          "- ",
          "* ",
          "1. ",
          "2) ",
          "> ",
          "# ",
          "```",
          "```sh",
          "~~~",
          "`",
          "**",
          "_",
          "| a | b |",
          "\n| --- | --- |\n",
          "    ",
          "\\",
          "&",
          "&amp;",
          "<b>",
          "<",
          ">",
          "http://x.example/a_b?c=d&e=f",
          "[KB 42](https://kb.example/42)",
          "![",
          "é",
          "😀",
          "C:\\temp\\*.log",
          "__init__.py",
          "…",
          "\u00a0",
          "---",
          "- [ ] ",
          "[lockstep:",
          "user_name");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(PIECES)
        .list()
        .ofMinSize(1)
        .ofMaxSize(14)
        .map(list -> String.join("", list));
  }

  private static String sent(String text) {
    return NoteFormat.formatOwn(text, MARK, 4000);
  }

  @Property(tries = 1000)
  void everyFormatShowsTheNoteWithItsMarkApart(
      @ForAll TextFormat format, @ForAll("texts") String text) {
    Assume.that(!text.isBlank());
    String shown = shown(format, sent(text));
    assertThat(NoteMark.findAll(shown)).containsExactly(MARK);
    // A no-break space alone is nothing in HTML.
    assertThat("\n\n" + shown).endsWith("\n\n[lockstep:" + MARK + "]");
    assertThat(NoteFormat.isSame(sent(text), shown)).isTrue();
    assertThat(shown(format, shown)).isEqualTo(shown);
  }

  private static String shown(TextFormat format, String text) {
    return format.read(format.write(text)).orElseThrow();
  }

  @Property
  void blanksLineEndsAndEntitiesMakeNoOtherNote(@ForAll("texts") String text) {
    String sent = sent(text);
    assertThat(NoteFormat.isSame(sent, sent.strip().replace("\n", "\r\n") + "\r\n")).isTrue();
    assertThat(NoteFormat.isSame(sent, escaped(sent))).isTrue();
    assertThat(NoteFormat.isSame(sent, "<p>" + escaped(sent).replace("\n", "<br/>") + "</p>"))
        .isTrue();
    assertThat(NoteFormat.isSame(sent, escaped(escaped(sent)).replace(" ", "&nbsp;"))).isTrue();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Property
  void aNoteThatWasCutIsFoundAgain(@ForAll @IntRange(min = 300, max = 900) int length) {
    String sent = sent("Replaced the power supply of rack 7, please check. ".repeat(30));
    assertThat(NoteFormat.isSame(sent, sent.substring(0, length))).isTrue();
    assertThat(NoteFormat.isSame(sent, sent.substring(0, length) + "...")).isTrue();
  }

  @Property
  void anyWordAddedMakesItAnotherNote(
      @ForAll("texts") String text,
      @ForAll @AlphaChars @StringLength(min = 1, max = 8) String word,
      @ForAll @IntRange(min = 0, max = 9) int at) {
    String sent = sent(text);
    List<String> lines = new ArrayList<>(sent.lines().toList());
    lines.add(at % (lines.size() + 1), word);
    assertThat(NoteFormat.isSame(sent, String.join("\n", lines))).isFalse();
    assertThat(NoteFormat.isSame(sent, word + "\n\n> " + sent.replace("\n", "\n> "))).isFalse();
    assertThat(NoteFormat.isSame(sent, "👍\n\n" + sent)).isFalse();
    assertThat(NoteFormat.isSame(sent, "?\n\n" + sent)).isFalse();
  }

  @Property
  void noMarkIsLeftInAQuotation(@ForAll("texts") String text) {
    String quoted = "> " + sent(text).replace("\n", "\n> ");
    assertThat(NoteMark.findAll(NoteMark.removeFrom(quoted))).isEmpty();
  }
}
