package dev.lockstep.similarity;

import java.time.Instant;

/** Test tickets, and the model shared by all tests of this process. */
final class Tickets {
  static final Instant MORNING = Instant.parse("2026-03-09T08:00:00Z");
  static final SentenceEmbedding MODEL = new SentenceEmbedding();

  private Tickets() {}

  static Ticket ticket(String id, String title, String description) {
    return new Ticket(id, title, description, "", "", MORNING);
  }

  static Ticket about(String service, String id, String title, String description, int minutes) {
    return new Ticket(id, title, description, service, "", MORNING.plusSeconds(60L * minutes));
  }
}
