package dev.lockstep.similarity;

import static dev.lockstep.similarity.Tickets.about;
import static dev.lockstep.similarity.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LuceneTicketIndexTest {
  private final TicketIndex index = new LuceneTicketIndex();
  private final TicketPreparer words = new TicketPreparer(Embedding.none());
  private final TicketPreparer meanings = new TicketPreparer(Tickets.MODEL);

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void findsWhatWasJustPut() {
    for (int i = 0; i < 200; i++) {
      PreparedTicket reading =
          words.prepare(ticket("t" + i, "sensor" + i + " lost", "hall" + i + " east"));
      index.put(reading);
      assertThat(ids(words.prepare(ticket("asks", "sensor" + i + " lost", "hall" + i + " east"))))
          .as("right after put %d", i)
          .startsWith("t" + i);
    }
    assertThat(index.size()).isEqualTo(200);
  }

  @Test
  void neverFindsItselfNorWhatWasRemoved() {
    for (int i = 0; i < 100; i++) {
      index.put(words.prepare(ticket("t" + i, "badge reader door" + i, "beeps twice")));
    }
    assertThat(ids(words.prepare(ticket("t5", "badge reader door5", "beeps twice"))))
        .doesNotContain("t5");
    index.remove("t5");
    index.remove("unknown");
    assertThat(ids(words.prepare(ticket("asks", "badge reader door5", "beeps twice"))))
        .doesNotContain("t5");
    assertThat(index.size()).isEqualTo(99);
  }

  @Test
  void aTicketPutAgainIsFoundByItsNewTextOnly() {
    index.put(words.prepare(ticket("1", "coffee machine leaks", "")));
    index.put(words.prepare(ticket("1", "projector flickers", "")));
    assertThat(index.size()).isEqualTo(1);
    PreparedTicket coffee = words.prepare(ticket("asks", "coffee machine leaks", ""));
    assertThat(index.findSimilar(coffee, 5).stream().map(m -> m.similarity().score()))
        .allMatch(score -> score < 0.1);
  }

  @Test
  void equalTicketsOfAMachineHideNoOther() {
    for (int i = 0; i < 1_000; i++) {
      String text = "ALERT id=" + Integer.toHexString(0x7a000000 + i) + " queue full on mx-02";
      index.put(words.prepare(about("Mail", "alert" + i, text, "", i / 600)));
    }
    index.put(
        words.prepare(about("Mail", "person", "mail queue full on mx-02", "nothing arrives", 1)));
    List<String> found =
        ids(words.prepare(about("Mail", "asks", "ALERT id=7a00ffff queue full on mx-02", "", 1)));
    assertThat(found).contains("alert0", "person").hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void tenEqualAutomaticTicketsAreSurelyTheSame() {
    for (int i = 0; i < 10; i++) {
      PreparedTicket alert =
          meanings.prepare(
              about(
                  "Mail",
                  "a" + i,
                  "[ALERT] mx-02 smtp queue above limit",
                  "at 2026-03-09T08:00:0" + i + "Z id 9b1e77d2-40aa-4d9a-8c1e-52e7c6a0f1a" + i,
                  0));
      if (i > 0) {
        assertThat(index.findSimilar(alert, 1).get(0).similarity().score()).isGreaterThan(0.95);
      }
      index.put(alert);
    }
  }

  @Test
  void emptyAndShortAndLongAndForeignTextsAreHeld() {
    List<Ticket> odd =
        List.of(
            ticket("empty", "", ""),
            ticket("two", "VPN down", ""),
            ticket("long", "log", "java.lang.IllegalStateException at line\n".repeat(2_500)),
            ticket("mixed", "Ошибка входа 登录失败", "Fehler beim Anmelden, error de inicio"),
            ticket("html", "<b>VPN</b> down", "<p>".repeat(5_000)));
    odd.forEach(ticket -> index.put(meanings.prepare(ticket)));
    assertThat(index.size()).isEqualTo(odd.size());
    assertThat(ids(meanings.prepare(ticket("asks", "VPN  down!", ""))))
        .as("one of the two that say the same")
        .startsWith("html");
    assertThat(ids(words.prepare(ticket("asks", "登录失败", "")))).startsWith("mixed");
    assertThat(index.findSimilar(meanings.prepare(ticket("asks", "", "")), 5))
        .allMatch(match -> match.similarity().score() < 0.5);
  }

  @Test
  void reasonsAddUpToTheScoreAndComeStrongestFirst() {
    index.put(meanings.prepare(about("Mail", "1", "Mail queue stuck", "nothing is sent", 0)));
    index.put(meanings.prepare(about("Payments", "2", "Card declined", "at each till", 3)));
    List<Match> found =
        index.findSimilar(
            meanings.prepare(about("Mail", "asks", "Mails stay in the queue", "", 2)), 5);
    assertThat(found).extracting(Match::id).containsExactly("1", "2");
    for (Match match : found) {
      List<Reason> reasons = match.similarity().reasons();
      double points = reasons.stream().mapToDouble(Reason::points).sum();
      assertThat(match.similarity().score()).isCloseTo(Scorer.score(points), within(1e-9));
      assertThat(reasons)
          .isSortedAccordingTo(
              (a, b) -> Double.compare(Math.abs(b.points()), Math.abs(a.points())));
    }
    assertThat(found.get(1).similarity().reasons())
        .filteredOn(reason -> reason.signal() == Signal.SERVICE)
        .singleElement()
        .satisfies(reason -> assertThat(reason.points()).isNegative());
  }

  @Test
  void reasonsContainNoWordOfTheOtherTicketOnly() {
    String secret = "zanzibar merger quinoa Executives";
    index.put(words.prepare(about(secret, "1", "Login portal timeout " + secret, secret, 0)));
    Similarity likeness =
        index
            .findSimilar(words.prepare(about("Own", "asks", "Portal login timeout", "", 0)), 1)
            .get(0)
            .similarity();
    assertThat(likeness.reasons())
        .extracting(Reason::text)
        .anyMatch(text -> text.contains("login") && text.contains("portal"))
        .noneMatch(
            text ->
                List.of(secret.toLowerCase().split(" ")).stream()
                    .anyMatch(text.toLowerCase()::contains));
  }

  @Test
  void comparesWithOneThatIsHeld() {
    index.put(words.prepare(ticket("1", "VPN gateway unreachable", "")));
    PreparedTicket asks = words.prepare(ticket("asks", "VPN gateway unreachable", ""));
    assertThat(index.compare(asks, "1")).contains(index.findSimilar(asks, 1).get(0).similarity());
    assertThat(index.compare(asks, "unknown")).isEmpty();
  }

  @Test
  void vectorsOfAnotherModelLeaveTheWords() {
    Ticket ticket = ticket("1", "VPN gateway unreachable", "since this morning");
    index.put(words.prepare(ticket, new float[] {0.6f, 0.8f}));
    index.put(words.prepare(ticket("2", "Projector flickers", "in hall 4"), new float[2_000]));
    index.put(words.prepare(ticket("3", "Badge reader beeps", "at the gate"), new float[0]));
    for (int i = 0; i < 40; i++) {
      index.put(meanings.prepare(ticket("more" + i, "sensor" + i + " lost", "hall" + i)));
    }
    Ticket asks = ticket("asks", "VPN gateway unreachable", "since this morning");
    Match found = index.findSimilar(meanings.prepare(asks), 1).get(0);
    assertThat(found.id()).isEqualTo("1");
    assertThat(found.similarity()).isEqualTo(index.compare(words.prepare(asks), "1").orElseThrow());
    assertThat(ids(words.prepare(asks, new float[] {1, 0, 0}))).startsWith("1");
    assertThat(ids(words.prepare(ticket("asks", "Projector flickers", "")))).startsWith("2");
  }

  @Test
  void aRecurringReportIsNeverCertainlyTheSame() {
    for (TicketPreparer reader : List.of(words, meanings)) {
      for (int days : new int[] {4, 7, 30}) {
        int later = days * 24 * 60;
        index.put(reader.prepare(about("Mail", "first", "mx-02 queue full", "smtp says 452", 0)));
        PreparedTicket again =
            reader.prepare(about("Mail", "again", "mx-02 queue full", "smtp says 452", later));
        assertThat(index.findSimilar(again, 1).get(0).similarity().score())
            .as("%d days", days)
            .isBetween(Thresholds.defaults().propose(), Thresholds.defaults().automatic() - 0.01);
      }
    }
  }

  @Test
  void slotsOfATemplateAreForAnOperator() {
    for (String[] two :
        new String[][] {
          {"Password reset for Jana Holt", "Password reset for Omar Reyes"},
          {"Low disk space on /var at web-07", "Low disk space on /opt at web-07"},
          {"Certificate expires: shop.example.com", "Certificate expires: pay.example.com"},
          {"Toner empty, floor 2", "Toner empty, floor 5"},
          {"Order 4711823 was charged twice", "Order 4712077 was charged twice"},
          {"Ping of 198.51.100.7 lost", "Ping of 198.51.100.93 lost"},
          {"Alert", "Alert"},
          {"Problem with Some Service", "Problem with Some Service"},
          {"RE: mail queue stuck at the hub", "RE: mail queue stuck at the hub"}
        }) {
      for (TicketPreparer reader : List.of(words, meanings)) {
        index.put(reader.prepare(about("Some Service", "first", two[0], "", 0)));
        PreparedTicket second = reader.prepare(about("Some Service", "second", two[1], "", 1));
        assertThat(index.compare(second, "first").orElseThrow().score())
            .as(two[1])
            .isLessThan(Thresholds.defaults().automatic());
      }
    }
  }

  @Test
  void peoplesOwnOrderOfEqualWordsIsNoTemplate() {
    index.put(
        meanings.prepare(
            about("Scans", "1", "Viewer black", "No images on the ward for all patients", 0)));
    PreparedTicket second =
        meanings.prepare(
            about("Scans", "2", "No images in the viewer", "It stays black for every patient", 4));
    Similarity likeness = index.compare(second, "1").orElseThrow();
    assertThat(likeness.differentSubjects()).isFalse();
    assertThat(isSure(second)).isTrue();
  }

  @Test
  void aShortTitleInCommonIsNotEnough() {
    index.put(
        meanings.prepare(about("Desk", "1", "computer problem", "Please help me with it", 0)));
    index.put(meanings.prepare(about("Desk", "3", "radio", "is slow today", 1)));
    PreparedTicket second =
        meanings.prepare(about("Desk", "2", "computer problem", "It smells of smoke", 5));
    assertThat(isSure(second)).isFalse();
  }

  @Test
  void aSingleFaultDuringAnOutageIsForAnOperator() {
    index.put(meanings.prepare(about("Tills", "1", "No till works in any store", "", 0)));
    for (String single :
        new String[] {"The till prints the wrong address", "Drawer of my till is bent"}) {
      PreparedTicket second = meanings.prepare(about("Tills", "2", single, "", 5));
      assertThat(isSure(second)).as(single).isFalse();
    }
  }

  @Test
  void anAlertThatComesAgainWithAnotherTimeIdAndValueIsTheSame() {
    index.put(
        meanings.prepare(
            about("Queues", "1", "orders queue stuck on mq-02", "at 08:14Z value=12", 0)));
    PreparedTicket again =
        meanings.prepare(
            about("Queues", "2", "orders queue stuck on mq-02", "at 08:19Z value=14", 5));
    assertThat(isSure(again)).isTrue();
  }

  @Test
  void tasksOfASeriesAreNotSurelyTheSame() {
    String text = "The class still uses the old library. Replace its calls by those of ours, ";
    index.put(
        meanings.prepare(ticket("1", "Replace old library in PaymentGateway", text + "please")));
    PreparedTicket next =
        meanings.prepare(ticket("2", "Replace old library in LedgerExport", text + "now"));
    assertThat(index.findSimilar(next, 1).get(0).similarity().score())
        .isLessThan(Thresholds.defaults().automatic());
  }

  @Test
  void severalThreadsMayUseItAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(thread -> threads.submit(() -> putAndAsk(thread)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(index.size()).isEqualTo(4 * 75);
  }

  private void putAndAsk(int thread) {
    for (int i = 0; i < 150; i++) {
      String id = thread + "-" + i;
      PreparedTicket reading = words.prepare(ticket(id, "machine" + id + " stopped", "hall" + i));
      index.put(reading);
      assertThat(index.compare(reading, id)).isPresent();
      index.findSimilar(reading, 3);
      if (i % 2 == 0) {
        index.remove(id);
      }
    }
  }

  /** Whether it is linked to the only other ticket, {@code 1}, without an operator. */
  private boolean isSure(PreparedTicket asks) {
    Similarity likeness = index.compare(asks, "1").orElseThrow();
    Thresholds thresholds = Thresholds.defaults();
    return new GroupSimilarity(List.of(likeness))
        .isSure(thresholds.automatic(), thresholds.propose(), () -> Optional.of(likeness));
  }

  private List<String> ids(PreparedTicket reading) {
    return index.findSimilar(reading, 10).stream().map(Match::id).toList();
  }
}
