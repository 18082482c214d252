package dev.lockstep.likeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When an alert needs no operator, whose words no caller uses. */
final class GroupLikenessTest {
  private static final double AUTOMATIC = Thresholds.defaults().automatic();
  private static final double PROPOSE = Thresholds.defaults().propose();
  private static final String ALERT = "dock-gateway-2: connection failures 93%";

  private final TicketIndex index = new LuceneTicketIndex();
  private final Reader reader = new Reader(Tickets.MODEL);

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void anAlertJoinsTheOutageThatCallersReport() {
    List<Likeness> callers = alike(ALERT, 3, "Nobody can book a lorry", "Booking is down for all");
    assertThat(callers).noneMatch(like -> like.isSure(AUTOMATIC));
    assertThat(isSure(callers, 0)).isTrue();
    Likeness best = new GroupLikeness(callers, 0).best();
    assertThat(best.score()).isGreaterThanOrEqualTo(AUTOMATIC);
    assertThat(best.reasons())
        .extracting(Reason::text)
        .contains("an alert while callers report an outage of this service");
  }

  @Test
  void notIfItCouldBelongToAnotherOutage() {
    List<Likeness> callers = alike(ALERT, 3, "Nobody can book a lorry", "Booking is down for all");
    assertThat(isSure(callers, GroupLikeness.outage(callers))).isFalse();
  }

  @Test
  void notAnHourLater() {
    assertThat(isSure(alike(ALERT, 90, "Nobody can book", "Booking is down for all"), 0)).isFalse();
  }

  @Test
  void notIfItOnlyWarns() {
    for (String warning :
        new String[] {
          "dock-gateway-2: certificate expires in 12 days", "dock-report-1: disk 87% full"
        }) {
      assertThat(isSure(alike(warning, 3, "Nobody can book", "Booking is down for all"), 0))
          .as(warning)
          .isFalse();
    }
  }

  @Test
  void notIfPeopleOnlyAskForSomething() {
    assertThat(isSure(alike(ALERT, 3, "Please add a new dock", "I need an account"), 0)).isFalse();
  }

  private static boolean isSure(List<Likeness> members, int elsewhere) {
    return new GroupLikeness(members, elsewhere).isSure(AUTOMATIC, PROPOSE, Optional::empty);
  }

  /** How alike the alert and each of the callers' tickets are. */
  private List<Likeness> alike(String alert, int minutes, String... callers) {
    for (String caller : callers) {
      index.put(reader.read(Tickets.about("Dock Booking", caller, caller, "", 0)));
    }
    return index
        .alike(reader.read(Tickets.about("Dock Booking", "alert", alert, "", minutes)), 10)
        .stream()
        .map(Match::likeness)
        .toList();
  }
}
