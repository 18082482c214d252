package dev.lockstep.bench;

import dev.lockstep.likeness.Embedding;
import dev.lockstep.likeness.LuceneTicketIndex;
import dev.lockstep.likeness.Reader;
import dev.lockstep.likeness.Reading;
import dev.lockstep.likeness.Ticket;
import dev.lockstep.likeness.TicketIndex;
import java.util.List;

/** What Lockstep runs. */
final class Engine implements Method {
  private final Reader reader;
  private final TicketIndex index = new LuceneTicketIndex();

  Engine(Embedding embedding) {
    reader = new Reader(embedding);
  }

  @Override
  public List<Found> ask(Ticket ticket) {
    Reading reading = reader.read(ticket);
    List<Found> found =
        index.alike(reading, MOST).stream()
            .map(match -> new Found(match.id(), match.likeness().score()))
            .toList();
    index.put(reading);
    return found;
  }

  @Override
  public void close() {
    index.close();
  }
}
