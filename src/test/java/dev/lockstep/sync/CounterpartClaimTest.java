package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.pair.Pair;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.sync.CounterpartClaim.Verdict;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A record of the platform names the ticket of a pair. */
class CounterpartClaimTest {
  private static final RecordRef TICKET = new RecordRef("itsm", "incident", "1");
  private static final RecordRef COUNTERPART = new RecordRef("platform", "incident", "P1");
  private static final RecordRef OTHER = new RecordRef("platform", "incident", "P2");

  private static final Pair LINKING =
      Pair.start(UUID.randomUUID(), UUID.randomUUID(), "m", Side.LEFT, record(TICKET));
  private static final Pair LINKED =
      LINKING.seen(Side.RIGHT, record(COUNTERPART)).withState(Pair.State.LINKED);

  private static RecordState record(RecordRef ref) {
    return RecordState.of(
        "m", new Snapshot(ref, ref.id(), "", Version.count(1), Instant.EPOCH, "", Map.of()));
  }

  private static CounterpartClaim withToken(RecordRef record, Pair pair) {
    return new CounterpartClaim(record, pair.mention(TICKET), pair, false);
  }

  private static CounterpartClaim withoutToken(RecordRef record, Pair pair, boolean owned) {
    return new CounterpartClaim(record, new Mention(TICKET, ""), pair, owned);
  }

  @Test
  void theRecordCreatedForThePairIsOfThePairWhileItIsBeingLinked() {
    assertThat(withToken(COUNTERPART, LINKING).isOfThePair()).isTrue();
  }

  @Test
  void onceThePairIsLinkedOnlyItsMembersAreOfThePair() {
    assertThat(withToken(COUNTERPART, LINKED).isOfThePair()).isTrue();
    assertThat(withToken(OTHER, LINKED).isOfThePair()).isFalse();
  }

  @Test
  void aMemberIsOfThePairWithoutAToken() {
    assertThat(withoutToken(COUNTERPART, LINKED, false).isOfThePair()).isTrue();
  }

  @Test
  void aRecordWithoutTheTokenIsNotOfThePairThatIsBeingLinked() {
    Mention guessed = new Mention(TICKET, "0123456789abcdef");

    assertThat(withoutToken(COUNTERPART, LINKING, false).isOfThePair()).isFalse();
    assertThat(withoutToken(COUNTERPART, LINKING, true).isOfThePair()).isFalse();
    assertThat(new CounterpartClaim(COUNTERPART, guessed, LINKING, false).isOfThePair()).isFalse();
  }

  @Test
  void aRecordWhoseClaimOnlyLockstepWritesWaitsUntilThePairIsLinked() {
    assertThat(withoutToken(OTHER, LINKING, true).verdict()).isEqualTo(Verdict.WAIT);
    assertThat(withoutToken(OTHER, LINKED, true).verdict()).isEqualTo(Verdict.CONFLICT);
  }

  @Test
  void aRecordThatWasLinkedToThePairMeanwhileDoesNotConflictWithIt() {
    assertThat(withoutToken(COUNTERPART, LINKED, true).verdict()).isEqualTo(Verdict.WAIT);
    assertThat(withoutToken(COUNTERPART, LINKED, false).verdict()).isEqualTo(Verdict.WAIT);
    assertThat(withToken(COUNTERPART, LINKED).verdict()).isEqualTo(Verdict.WAIT);
    assertThat(withToken(COUNTERPART, LINKING).verdict()).isEqualTo(Verdict.WAIT);
  }

  @Test
  void aCopyOfTheCounterpartConflictsWithIt() {
    assertThat(withToken(OTHER, LINKED).verdict()).isEqualTo(Verdict.CONFLICT);
  }

  @Test
  void aClaimThatAnyoneCanWriteIsUnproven() {
    assertThat(withoutToken(OTHER, LINKING, false).verdict()).isEqualTo(Verdict.UNPROVEN);
    assertThat(withoutToken(OTHER, LINKED, false).verdict()).isEqualTo(Verdict.UNPROVEN);
  }
}
