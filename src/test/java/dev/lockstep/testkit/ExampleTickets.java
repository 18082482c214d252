package dev.lockstep.testkit;

import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tickets that no database knows: ITSM incidents named by a letter. */
public final class ExampleTickets {
  public static final String MAPPING = "incident";
  public static final Instant MORNING = Instant.parse("2026-11-24T08:00:00Z");

  private ExampleTickets() {}

  public static RecordRef ref(String id) {
    return new RecordRef("itsm", "incident", id);
  }

  public static RecordState state(RecordRef ref) {
    Snapshot seen = new Snapshot(ref, ref.id(), "", new Version(1, 1), MORNING, "", Map.of());
    return RecordState.of(MAPPING, seen);
  }

  /** An open ticket that starts no pair, opened in the morning. */
  public static StoredTicket open(String id) {
    return ticket(id, MORNING, null, false);
  }

  public static StoredTicket openedAt(String id, Instant at) {
    return ticket(id, at, null, false);
  }

  public static StoredTicket starting(String id, Instant openedAt) {
    return ticket(id, openedAt, null, true);
  }

  public static StoredTicket closed(String id) {
    return ticket(id, MORNING, MORNING.plusSeconds(60), false);
  }

  private static StoredTicket ticket(
      String id, Instant openedAt, @Nullable Instant closedAt, boolean starts) {
    return new StoredTicket(
        ref(id),
        MAPPING,
        Side.LEFT,
        new DuplicateRules.Compared("VPN is down", "since eight", "VPN", ""),
        openedAt,
        closedAt,
        starts,
        false,
        false,
        state(ref(id)),
        null,
        1);
  }

  public static TicketView unpaired(StoredTicket ticket) {
    return new TicketView(ticket, null);
  }

  /** A ticket whose pair knows the ITSM record only, or has moved on from there. */
  public static TicketView paired(StoredTicket ticket, Pair.State state) {
    Pair pair =
        Pair.start(new UUID(0, 1), new UUID(0, 2), MAPPING, ticket.side(), ticket.state())
            .withState(state);
    return new TicketView(ticket, pair);
  }
}
