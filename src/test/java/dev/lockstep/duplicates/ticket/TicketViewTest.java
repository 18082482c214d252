package dev.lockstep.duplicates.ticket;

import static dev.lockstep.testkit.ExampleTickets.MORNING;
import static dev.lockstep.testkit.ExampleTickets.closed;
import static dev.lockstep.testkit.ExampleTickets.open;
import static dev.lockstep.testkit.ExampleTickets.paired;
import static dev.lockstep.testkit.ExampleTickets.starting;
import static dev.lockstep.testkit.ExampleTickets.state;
import static dev.lockstep.testkit.ExampleTickets.unpaired;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Which tickets some system can link to each other. */
final class TicketViewTest {
  private static final Predicate<RecordRef> ITSM = ref -> ref.system().equals("itsm");
  private static final Predicate<RecordRef> PLATFORM = ref -> ref.system().equals("platform");
  private static final RecordRef INCIDENT = new RecordRef("platform", "incident", "P1");

  @Test
  void twoRecordsOfASystemThatLinksThem() {
    TicketView one = unpaired(open("a"));
    assertThat(one.canBeLinkedTo(unpaired(open("b")), ITSM)).isTrue();
    assertThat(one.canBeLinkedTo(unpaired(closed("b")), ITSM)).isTrue();
    assertThat(one.canBeLinkedTo(unpaired(open("b")), PLATFORM)).isFalse();
  }

  @Test
  void notToADeletedPrimary() {
    TicketView deleted = unpaired(open("b").markDeleted(MORNING));
    assertThat(unpaired(open("a")).canBeLinkedTo(deleted, ITSM)).isFalse();
  }

  @Test
  void whereOneHasARecordAndTheOtherIsToGetOne() {
    TicketView starts = unpaired(starting("a", MORNING));
    TicketView linking = paired(open("a"), Pair.State.LINKING);
    TicketView startsNone = unpaired(open("a"));
    TicketView incident =
        new TicketView(
            open("b"),
            paired(open("b"), Pair.State.LINKED).pair().seen(Side.RIGHT, state(INCIDENT)));
    assertThat(starts.canBeLinkedTo(incident, PLATFORM)).isTrue();
    assertThat(incident.canBeLinkedTo(starts, PLATFORM)).isTrue();
    assertThat(linking.canBeLinkedTo(incident, PLATFORM)).isTrue();
    assertThat(startsNone.canBeLinkedTo(incident, PLATFORM)).isFalse();
    assertThat(incident.canBeLinkedTo(startsNone, PLATFORM)).isFalse();
  }

  @Test
  void notWhereNeitherHasARecordYet() {
    TicketView starts = unpaired(starting("a", MORNING));
    assertThat(starts.canBeLinkedTo(unpaired(starting("b", MORNING)), PLATFORM)).isFalse();
  }
}
