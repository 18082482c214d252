package dev.lockstep.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TicketPreparerTest {
  private final TicketPreparer reader = new TicketPreparer(Embedding.none());

  @Test
  void removesMarkupAndMachineNoise() {
    Ticket clean =
        read(
            "INC0010007: disk full",
            "<p>Since 2026-03-09T08:14:31Z&nbsp;<b>node</b> 7f3a9c12e0 fails, see"
                + " https://example.org/x?y=1</p>{code}at org.acme.Disk.write(Disk.java:12){code}");

    assertThat(clean.title()).isEqualTo(": disk full");
    assertThat(clean.description())
        .contains("node", "fails")
        .doesNotContain("<", "nbsp", "08:14", "7f3a9c12e0", "example.org", "{code}");
  }

  @Test
  void keepsWhatOnlyLooksLikeMarkupOrTime() {
    assertThat(read("Update Jetty to 9.4.44, error 0x80070005, CVE-2021-44228", "List<String>"))
        .extracting(Ticket::title, Ticket::description)
        .containsExactly(
            "Update Jetty to 9.4.44, error 0x80070005, CVE-2021-44228", "List<String>");
  }

  @Test
  void quotedMailIsNotTheTicketsOwnText() {
    String said = "Since nine every meeting ends after one minute.";
    for (String quotation :
        new String[] {
          "> " + said + "\n>> " + said,
          "On Mon, 2 Mar 2026 at 09:14, Ann <ann@example.com> wrote:\n" + said,
          "Am 09.03.2026 um 08:31 schrieb Service Desk:\n> " + said,
          "-----Original Message-----\nFrom: a@example.com\nSubject: meetings\n" + said,
          "---------- Forwarded message ---------\n" + said,
          "Von: Ann\nGesendet: Montag\nBetreff: x\n" + said,
          "{quote}" + said + "{quote}",
          "-- \nAnn Example\n" + said
        }) {
      assertThat(read("Second screen", "May I have one?\n\n" + quotation).description())
          .as(quotation)
          .isEqualTo("May I have one?");
    }
    assertThat(
            read("t", "<p>May I have one?</p><blockquote><p>" + said + "</p></blockquote>")
                .description())
        .isEqualTo("May I have one?");
  }

  @Test
  void whatOnlyLooksLikeAQuotationStays() {
    String log = "Step failed:\n--- begin of log ---\nFrom: queue A to queue B\nvalue > 5";
    assertThat(read("t", log).description()).contains("begin of log", "queue B", "value > 5");
    assertThat(read("t", "Thanks to the update nothing works.\nOn Monday it did.").description())
        .contains("nothing works", "On Monday");
  }

  @Test
  void cutsLongTextsWithoutBreakingLetters() {
    assertThat(read("t", "😀".repeat(50_000)).description()).hasSizeLessThanOrEqualTo(4_000);
    assertThat(read("t", "😀".repeat(50_000)).description()).endsWith("😀");
  }

  @Test
  void emptyTextsHaveNoEmbeddingEvenWithAModel() {
    TicketPreparer asking =
        new TicketPreparer(
            text -> {
              throw new AssertionError("asked for the meaning of \"" + text + '"');
            });
    assertThat(asking.prepare(Tickets.ticket("1", "", "")).embedding()).isNull();
    assertThat(asking.prepare(Tickets.ticket("1", " <br> ", "&nbsp;")).embedding()).isNull();
  }

  @Test
  void aKnownEmbeddingIsNotComputedAgain() {
    float[] known = {1, 0};
    TicketPreparer never =
        new TicketPreparer(
            text -> {
              throw new AssertionError("computed again");
            });
    assertThat(never.prepare(Tickets.ticket("1", "VPN down", ""), known).embedding())
        .isSameAs(known);
  }

  @Test
  void theModelIsLoadedByTheFirstTextOnly() {
    SentenceEmbedding lazy = new SentenceEmbedding();
    new TicketPreparer(lazy).prepare(Tickets.ticket("1", "VPN down", ""), null);
    assertThat(lazy.isLoaded()).isFalse();
  }

  @Test
  void embeddingsOfOneSubjectAreCloser() {
    float[] one = Tickets.MODEL.embed("I can't log in to the portal");
    float[] same = Tickets.MODEL.embed("Sign-in to the website fails");
    float[] other = Tickets.MODEL.embed("The printer is out of toner");
    assertThat(dot(one, same)).isGreaterThan(dot(one, other) + 0.2);
    assertThat(dot(one, one)).isBetween(0.999, 1.001);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private Ticket read(String title, String description) {
    return reader.prepare(Tickets.ticket("1", title, description)).ticket();
  }
}
