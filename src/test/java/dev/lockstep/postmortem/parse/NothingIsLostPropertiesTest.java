package dev.lockstep.postmortem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A bullet or a row below an action heading is an item, part of one, or reported. */
class NothingIsLostPropertiesTest {
  private static final Lexicon LEXICON = new Lexicon(ShippedWords.words());
  private final MarkdownReader reader = ShippedWords.reader();

  /** A bullet with its own word, so that it can be found again. */
  record Bullet(int depth, String before, String after) {
    String line(int number) {
      return "  ".repeat(depth) + "- " + before + word(number) + after;
    }

    static String word(int number) {
      return "Fix" + number + "x";
    }
  }

  @Provide
  Arbitrary<List<Bullet>> lists() {
    Arbitrary<String> before =
        Arbitraries.of(
            "",
            "",
            "",
            "[ ] ",
            "[x] ",
            "✅ ",
            "**",
            "AI-7: ",
            "OPS-3: ",
            "Q: ",
            "A: ",
            "Owner: ",
            "Due: ",
            "Done: ",
            "see ",
            "@dana: ",
            "~~",
            "> ",
            "# ",
            "`",
            "[",
            "<b>",
            "1. ",
            "Note: ",
            "Action item: ",
            "Ticket: ",
            "Status: ",
            "Type: ",
            "{{ x }} ",
            "https://x.org/issues/1 ",
            "Priority: ",
            "Who: ");
    Arbitrary<String> after =
        Arbitraries.of(
            "",
            "",
            "",
            ":",
            "?",
            " (@dana, 2026-12-01)",
            " Owner: @dana, @bo",
            "**",
            "**:",
            "~~",
            " - OPS-12",
            " due next sprint",
            " due 2026-13-45",
            " (done)",
            " ✅",
            "</b>",
            "`",
            "]",
            " (https://github.com/a/b/issues/4)",
            " | x |",
            " @dana",
            "\\",
            " {{ y }}",
            ".");
    return Combinators.combine(Arbitraries.integers().between(0, 3), before, after)
        .as(Bullet::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(NothingIsLostPropertiesTest::nested);
  }

  /** No bullet is more than one level below the one above it: else it would be no bullet. */
  private static List<Bullet> nested(List<Bullet> bullets) {
    List<Bullet> nested = new ArrayList<>();
    int above = -1;
    for (Bullet bullet : bullets) {
      int depth = Math.min(bullet.depth(), above + 1);
      // Below a heading, a quotation or a numbered list two spaces nest differently.
      nested.add(new Bullet(depth, bullet.before(), bullet.after()));
      above = depth;
    }
    return nested;
  }

  @Property(tries = 1000)
  void noBulletIsLost(@ForAll("lists") List<Bullet> bullets) {
    StringBuilder document = new StringBuilder("# Outage\n\n## Action items\n\n");
    for (int i = 0; i < bullets.size(); i++) {
      document.append(bullets.get(i).line(i)).append('\n');
    }
    Postmortem read = reader.read(document.toString());
    Set<Integer> covered = new HashSet<>();
    read.problems().forEach(problem -> covered.add(problem.line()));
    for (int i = 0; i < bullets.size(); i++) {
      String word = Bullet.word(i);
      boolean kept =
          read.items().stream()
              .anyMatch(
                  item ->
                      item.title().contains(word)
                          || item.excerpt().contains(word)
                          || item.labels().toString().contains(word)
                          || item.problems().toString().contains(word));
      // What stands below a reported bullet is reported with it.
      boolean reported = false;
      int depth = bullets.get(i).depth() + 1;
      for (int above = i; above >= 0 && depth > 0 && !reported; above--) {
        if (bullets.get(above).depth() < depth) {
          depth = bullets.get(above).depth();
          reported = covered.contains(above + 5);
        }
      }
      assertThat(kept || reported)
          .as("%s of%n%s%n%s%n%s", word, document, read.items(), read.problems())
          .isTrue();
    }
  }

  @Property(tries = 400)
  void readsTheSameTwiceAndNothingUnreadable(@ForAll("lists") List<Bullet> bullets) {
    StringBuilder document = new StringBuilder("## Follow-ups\n");
    for (int i = 0; i < bullets.size(); i++) {
      document.append(bullets.get(i).line(i)).append("\r\n");
    }
    Postmortem read = reader.read(document.toString());
    assertThat(ShippedWords.reader().read(document.toString())).isEqualTo(read);
    assertThat(read.toString())
        .isEqualTo(ShippedWords.reader().read(document.toString()).toString());
    for (ParsedItem item : read.items()) {
      assertThat(item.title()).isNotBlank().doesNotContain("\n", "<b>");
      assertThat(item.excerpt()).isNotBlank().doesNotContain("<b>");
      assertThat(item.line()).isBetween(2, bullets.size() + 1);
    }
    assertThat(read.items()).isSortedAccordingTo((a, b) -> Integer.compare(a.line(), b.line()));
  }

  @Provide
  Arbitrary<List<List<String>>> rows() {
    Arbitrary<String> cell =
        Arbitraries.of(
            "",
            " ",
            "Fix it",
            "@dana",
            "2026-12-01",
            "Q4",
            "OPS-1",
            "`a",
            "a\\|b",
            "<b>x</b>",
            "TBD",
            "~~y~~",
            "{{ x }}",
            "*",
            "done",
            "https://github.com/a/b/pull/1");
    return cell.list().ofMinSize(1).ofMaxSize(6).list().ofMinSize(1).ofMaxSize(6);
  }

  @Property(tries = 700)
  void noRowThatSaysWhatToDoIsLost(@ForAll("rows") List<List<String>> rows) {
    StringBuilder document =
        new StringBuilder(
            "## Action items\n| Owner | Action | Due | Ticket |\n|---|---|---|---|\n");
    for (List<String> row : rows) {
      document.append("| ").append(String.join(" | ", row)).append(" |\n");
    }
    Postmortem read = reader.read(document.toString());
    for (int i = 0; i < rows.size(); i++) {
      int line = i + 4;
      List<String> row = rows.get(i);
      boolean says = row.size() > 1 && !row.get(1).isBlank() && !LEXICON.isEmptyValue(row.get(1));
      boolean found =
          read.items().stream().anyMatch(item -> item.line() == line)
              || read.problems().stream().anyMatch(problem -> problem.line() == line);
      assertThat(found || !says).as("line %d of%n%s%n%s", line, document, read).isTrue();
      if (row.size() > 4 && says) {
        assertThat(read.toString()).contains("the row has " + row.size() + " cells");
      }
    }
  }

  private static final List<String> FRAGMENTS =
      List.of(
          " ",
          "\n",
          "\n\n",
          "- ",
          "[ ] ",
          "[x]",
          "* ",
          "**",
          "_",
          "~~",
          "`",
          "```\n",
          "|",
          "| a |\n",
          "|---|---|\n",
          "# ",
          "## Action items\n",
          "<h1>",
          "</h1>",
          "<!--",
          "<a href=",
          "(",
          ")",
          "[",
          "](",
          "{{",
          "}}",
          "@dana",
          "@Dana Scully",
          "dana@example.com",
          "mailto:",
          "https://",
          "x/issues/1",
          "OPS-1",
          "INC0010001",
          "Owner: ",
          "due ",
          "by ",
          "2026-12-01",
          "12/1/2026",
          "Dec 1",
          ", 2026",
          "P1",
          "done",
          "not done",
          "100%",
          " - ",
          " → ",
          ":",
          ", ",
          ". ",
          "Ab ",
          "\u00A0",
          "\u200B",
          "\u2028",
          "сбой ",
          "障害",
          "期限：",
          "---\n",
          "a: b\n",
          "&nbsp;",
          "\\",
          "✅",
          "Status: ",
          "within 7 days",
          "\t");

  @Provide
  Arbitrary<String> fuzz() {
    Arbitrary<String> part =
        Combinators.combine(
                Arbitraries.of(FRAGMENTS).list().ofMinSize(1).ofMaxSize(4),
                Arbitraries.of(1, 1, 1, 2, 50, 2_000))
            .as((fragments, times) -> String.join("", fragments).repeat(times));
    return part.list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(parts -> String.join("", parts))
        .filter(document -> document.length() < 60_000);
  }

  /** Whatever is written, reading it ends soon, and with an answer. */
  @Property(tries = 100)
  void anythingIsReadOrRefusedSoon(@ForAll("fuzz") String document) {
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        java.time.Duration.ofSeconds(20),
        () -> {
          try {
            assertThat(reader.read("## Action items\n\n" + document).title()).isNotNull();
          } catch (PostmortemParseException e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }
}
