package dev.lockstep.duplicates.ticket;

import static dev.lockstep.testkit.ExampleTickets.MORNING;
import static dev.lockstep.testkit.ExampleTickets.open;
import static dev.lockstep.testkit.ExampleTickets.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TableMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tickets are compared, and as what they are stored. */
final class ObservedTicketTest {
  private static final Instant NOW = MORNING.plusSeconds(3600);

  @ParameterizedTest
  @CsvSource({
    // in scope, closed, seconds from the start of the closed window to its last change
    "true, false, 1, true",
    "true, false, -1, true",
    "true, true, 1, true",
    "true, true, 0, false",
    "true, true, -1, false",
    "false, false, 1, false",
    "false, true, 1, false"
  })
  void aNewTicketIsComparedIfItIsInScopeAndOpenOrClosedWithinTheWindow(
      boolean inScope, boolean closed, int seconds, boolean compared) {
    ObservedTicket observed = observed(inScope, closed, MORNING);
    assertThat(observed.isComparable(MORNING.minusSeconds(seconds))).isEqualTo(compared);
  }

  @Test
  void aNewTicketThatIsClosedWasClosedWhenItLastChanged() {
    StoredTicket stored = observed(true, true, null).toStoredTicket(null, NOW);
    assertThat(stored.closedAt()).isEqualTo(MORNING);
    assertThat(stored.openedAt()).isEqualTo(NOW);
  }

  @Test
  void aKnownTicketIsClosedNowAndStaysClosedSinceThen() {
    StoredTicket open = observed(true, false, MORNING).toStoredTicket(null, NOW);
    StoredTicket closed = observed(true, true, MORNING).toStoredTicket(open, NOW);
    StoredTicket still = observed(true, true, null).toStoredTicket(closed, NOW.plusSeconds(60));
    StoredTicket reopened = observed(true, false, null).toStoredTicket(still, NOW.plusSeconds(90));
    assertThat(open.closedAt()).isNull();
    assertThat(closed.closedAt()).isEqualTo(NOW);
    assertThat(still).isEqualTo(closed);
    assertThat(reopened).isEqualTo(open);
  }

  @Test
  void whatIsNotInScopeIsSimilarToNothing() {
    StoredTicket stored = observed(false, false, MORNING).toStoredTicket(null, NOW);
    assertThat(stored.compared()).isEqualTo(TicketTextLimits.NOTHING);
  }

  @Test
  void whatIsNotComparedIsKept() {
    StoredTicket known =
        observed(true, false, MORNING)
            .toStoredTicket(null, NOW)
            .withEmbedding(new float[] {1})
            .markDeleted(NOW);
    StoredTicket stored = observed(true, false, null).toStoredTicket(known, NOW.plusSeconds(60));
    assertThat(stored.embedding()).isSameAs(known.embedding());
    assertThat(stored.state()).isSameAs(known.state());
    assertThat(stored.openedAt()).isEqualTo(MORNING);
    assertThat(stored.deleted()).isFalse();
    assertThat(stored.hasSameTextsAs(known)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // title, description, service
    "VPN is down, since eight, VPN, true",
    "VPN is down, since eight, Mail, true",
    "VPN is slow, since eight, VPN, false",
    "VPN is down, since nine, VPN, false"
  })
  void anotherTitleOrDescriptionIsAnotherText(
      String title, String description, String service, boolean same) {
    StoredTicket ticket = open("a");
    StoredTicket other =
        new StoredTicket(
            ticket.record(),
            ticket.mapping(),
            ticket.side(),
            new DuplicateRules.Compared(title, description, service, ""),
            ticket.openedAt(),
            ticket.closedAt(),
            ticket.starts(),
            ticket.due(),
            ticket.deleted(),
            ticket.state(),
            ticket.embedding(),
            ticket.revision());
    assertThat(ticket.hasSameTextsAs(other)).isEqualTo(same);
  }

  private static ObservedTicket observed(
      boolean inScope, boolean closed, @Nullable Instant openedAt) {
    Snapshot seen =
        new Snapshot(
            ref("a"),
            "a",
            "",
            new Version(1, 1),
            MORNING,
            "",
            Map.of("scope", String.valueOf(inScope), "closed", String.valueOf(closed)),
            openedAt,
            "",
            null);
    TableMapping mapping = new TableMapping(List.of(), Set.of()).comparing(new Rules());
    return new ObservedTicket(
        ref("a"), mapping, new Rules(), Side.LEFT, RecordState.of(mapping.name(), seen), true);
  }

  private static final class Rules implements DuplicateRules {
    @Override
    public Compared compared(Side side, Map<String, String> values) {
      return new Compared("VPN is down", "since eight", "VPN", "");
    }

    @Override
    public boolean inScope(Side side, Map<String, String> values) {
      return "true".equals(values.get("scope"));
    }

    @Override
    public boolean isResolvedOrClosed(Side side, Map<String, String> values) {
      return "true".equals(values.get("closed"));
    }

    @Override
    public boolean isResolved(Side side, Map<String, String> values) {
      return isResolvedOrClosed(side, values);
    }

    @Override
    public boolean follows(Side side) {
      return true;
    }

    @Override
    public Map<String, String> valuesFromPrimary(
        Side side, Map<String, String> primary, boolean texts) {
      return Map.of();
    }

    @Override
    public List<String> audience(Side side, Map<String, String> values) {
      return List.of();
    }
  }
}
