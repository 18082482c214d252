package dev.lockstep.sandbox.demo;

import static dev.lockstep.sandbox.demo.AgreementCheckTest.incidentState;
import static dev.lockstep.sandbox.demo.AgreementCheckTest.ticketState;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What counts as carried, as late and as an echo. */
class SyncCounterTest {
  private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");

  private final List<ObservedChange> changes = new ArrayList<>();

  SyncCounterTest() {
    ticket(0, false, Map.of());
    incident(100, true, Map.of());
  }

  @Test
  void aCreationIsOneChange() {
    SyncCounter.Count count = count();

    assertThat(count.changes()).isEqualTo(Map.of(SystemSide.ITSM, 1));
    assertThat(count.delays())
        .extracting(SyncCounter.Delay::took)
        .containsExactly(Duration.ofMillis(100));
    assertThat(count.echoes()).isEmpty();
  }

  @Test
  void anEditIsCarriedOnceTheOtherSideShowsIt() {
    ticket(1000, false, Map.of("title", "New", "priority", "2"));
    incident(1300, true, Map.of("title", "New"));
    incident(1700, true, Map.of("title", "New", "priority", "P2"));

    assertThat(count().changes()).isEqualTo(Map.of(SystemSide.ITSM, 2));
    assertThat(count().delays())
        .extracting(SyncCounter.Delay::took)
        .endsWith(Duration.ofMillis(700));
    assertThat(count().echoes()).isEmpty();
  }

  @Test
  void anEditThatIsNeverFollowedIsNotCounted() {
    ticket(1000, false, Map.of("title", "New"));

    assertThat(count().changes()).isEqualTo(Map.of(SystemSide.ITSM, 1));
  }

  @Test
  void anEditTheOtherSideNeedNotHearOfIsNotCounted() {
    ticket(1000, false, Map.of("status", "3"));

    assertThat(count().changes()).isEqualTo(Map.of(SystemSide.ITSM, 1));
  }

  @Test
  void whatGaveWayInAConflictWasNotCarried() {
    ticket(1000, false, Map.of("title", "Mine"));
    incident(1001, false, Map.of("title", "Yours"));
    incident(1100, true, Map.of("title", "Mine"));

    assertThat(count().changes()).isEqualTo(Map.of(SystemSide.ITSM, 2));
    assertThat(count().echoes()).isEmpty();
  }

  @Test
  void writingASidesOwnOldValueBackIsAnEcho() {
    ticket(1000, false, Map.of("title", "One"));
    incident(1100, true, Map.of("title", "One"));
    ticket(1200, false, Map.of("title", "Two"));
    ticket(1300, true, Map.of("title", "One"));

    assertThat(count().echoes())
        .containsExactly(
            "ServiceNow: title from «Two» to «One», which nobody on the other side had made");
  }

  @Test
  void replacingAValueThatAgreedIsAnEcho() {
    ticket(1000, false, Map.of("status", "3"));
    ticket(1100, true, Map.of("status", "2"));

    assertThat(count().echoes()).hasSize(1);
  }

  @Test
  void aLateWriteThatIsMendedIsNoEcho() {
    ticket(1000, false, Map.of("title", "One"));
    ticket(1050, false, Map.of("title", "Two"));
    incident(1100, true, Map.of("title", "One"));
    incident(1200, true, Map.of("title", "Two"));

    assertThat(count().echoes()).isEmpty();
    assertThat(count().changes()).isEqualTo(Map.of(SystemSide.ITSM, 3));
  }

  @Test
  void whatASystemDoesByItselfIsCarriedAsNews() {
    ticket(1000, false, Map.of("group", "Network"));
    incident(1100, true, Map.of("group", "Network", "status", "triggered"));
    ticket(1200, true, Map.of("group", "Network", "status", "1"));

    assertThat(count().echoes()).isEmpty();
  }

  @Test
  void countsNotesByTheWayTheyWent() {
    note(SystemSide.ITSM, 1000, false, "a");
    note(
        SystemSide.PLATFORM,
        1200,
        true,
        "Maya on INC1, 2026-11-24 03:00:00 UTC:\na\n[lockstep:0123456789abcdef]");
    note(SystemSide.PLATFORM, 1300, true, "Kept in sync\n[lockstep:0123456789abcdee]");

    assertThat(count().notes()).isEqualTo(Map.of(SystemSide.ITSM, 1));
    assertThat(count().delays())
        .extracting(SyncCounter.Delay::took)
        .endsWith(Duration.ofMillis(200));
  }

  @Test
  void ranksLags() {
    List<Duration> lags = new ArrayList<>();
    for (int i = 200; i > 0; i--) {
      lags.add(Duration.ofMillis(i));
    }

    assertThat(Summary.Lag.of(lags)).isEqualTo(new Summary.Lag(100, 190, 198));
    assertThat(Summary.Lag.of(List.of())).isEqualTo(new Summary.Lag(0, 0, 0));
  }

  private SyncCounter.Count count() {
    ExpectedFields.Names everything = new ExpectedFields.Names((f, n) -> true, (f, n) -> true);
    return new SyncCounter(new ExpectedFields(everything)).count(changes);
  }

  private void ticket(long at, boolean ours, Map<String, String> but) {
    add(SystemSide.ITSM, at, ours, ticketState(but), List.of());
  }

  private void incident(long at, boolean ours, Map<String, String> but) {
    add(SystemSide.PLATFORM, at, ours, incidentState(but), List.of());
  }

  private void note(SystemSide place, long at, boolean ours, String text) {
    FieldState state = place == SystemSide.ITSM ? ticketState(Map.of()) : incidentState(Map.of());
    add(place, at, ours, state, List.of(new NoteLine(text, ours, false)));
  }

  private void add(
      SystemSide place, long at, boolean ours, FieldState state, List<NoteLine> lines) {
    changes.add(
        new ObservedChange(place, place.name(), START.plusMillis(at), ours, false, state, lines));
  }
}
