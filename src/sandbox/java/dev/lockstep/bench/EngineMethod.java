package dev.lockstep.bench;

import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Ticket;
import dev.lockstep.similarity.TicketIndex;
import dev.lockstep.similarity.TicketPreparer;
import java.util.List;

/** What Lockstep runs. */
final class EngineMethod implements Method {
  private final TicketPreparer reader;
  private final TicketIndex index = new LuceneTicketIndex();

  EngineMethod(Embedding embedding) {
    reader = new TicketPreparer(embedding);
  }

  @Override
  public List<Found> ask(Ticket ticket) {
    PreparedTicket reading = reader.prepare(ticket);
    List<Found> found =
        index.findSimilar(reading, MOST).stream()
            .map(match -> new Found(match.id(), match.similarity().score()))
            .toList();
    index.put(reading);
    return found;
  }

  @Override
  public void close() {
    index.close();
  }
}
