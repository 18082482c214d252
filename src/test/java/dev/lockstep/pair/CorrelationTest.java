package dev.lockstep.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A ticket in two pairs: its state is that of both. */
class CorrelationTest {
  private static final UUID ID = UUID.randomUUID();
  private static final RecordRef TICKET = new RecordRef("itsm", "incident", "1");

  private final Pair first = Pair.start(UUID.randomUUID(), ID, "first", Side.LEFT, ticket("Down"));
  private final Pair second =
      Pair.start(UUID.randomUUID(), ID, "second", Side.RIGHT, ticket("Down"));

  private static RecordState ticket(String title) {
    Snapshot seen =
        new Snapshot(
            TICKET, "INC1", "", Version.count(1), Instant.EPOCH, "", Map.of("title", title));
    return RecordState.of("first", seen);
  }

  @Test
  void aRecordThatOnePairHasStoredIsNotStoredAgainByTheOther() {
    Correlation correlation = new Correlation(ID, List.of(first, second)).with(first.stored());

    Pair sharing = correlation.find(second.id()).orElseThrow();
    assertThat(sharing.unsaved()).isEmpty();
    assertThat(sharing.state(Side.RIGHT)).isEqualTo(first.stored().state(Side.LEFT));
  }

  @Test
  void aRecordThatOnePairHasReceivedIsToBeStoredByEither() {
    Correlation stored = new Correlation(ID, List.of(first.stored(), second)).with(first.stored());

    Correlation received = stored.with(first.stored().seen(Side.LEFT, ticket("Up")));

    assertThat(received.find(first.id()).orElseThrow().unsaved()).containsExactly(Side.LEFT);
    assertThat(received.find(second.id()).orElseThrow().unsaved()).containsExactly(Side.RIGHT);
  }

  @Test
  void aPairThatDoesNotShareTheRecordIsLeftAlone() {
    RecordState other =
        RecordState.of(
            "third",
            new Snapshot(
                new RecordRef("platform", "incident", "P1"),
                "#1",
                "",
                Version.count(1),
                Instant.EPOCH,
                "",
                Map.of()));
    Pair third = Pair.start(UUID.randomUUID(), ID, "third", Side.LEFT, other);

    assertThat(new Correlation(ID, List.of(third)).with(first).find(third.id())).hasValue(third);
  }
}
