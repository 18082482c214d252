package dev.lockstep.similarity;

import dev.lockstep.similarity.text.SubjectTokens;
import dev.lockstep.similarity.text.TermVector;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.lucene.analysis.Analyzer;
import org.jspecify.annotations.Nullable;

/**
 * The compared features of a prepared ticket, without its texts.
 *
 * @param serviceWords the hashes of the service's name
 */
record TicketFeatures(
    String service,
    String category,
    Instant openedAt,
    TermVector words,
    SubjectTokens subject,
    long[] serviceWords,
    float @Nullable [] embedding,
    ReportKind report) {
  /** Lucene's limit. */
  private static final int DIMENSIONS_AT_MOST = 1_024;

  static TicketFeatures extract(PreparedTicket prepared, Analyzer analyzer) {
    Ticket ticket = prepared.ticket();
    float[] embedding = usable(prepared.embedding());
    return new TicketFeatures(
        ticket.service(),
        ticket.category(),
        ticket.openedAt(),
        TermVector.of(ticket.title(), ticket.description(), analyzer),
        SubjectTokens.of(prepared.subject(), ticket.service()),
        TermVector.of(ticket.service(), "", analyzer).hashes(),
        embedding,
        ReportKind.of(prepared, embedding));
  }

  private static float @Nullable [] usable(float @Nullable [] embedding) {
    return embedding == null || embedding.length == 0 || embedding.length > DIMENSIONS_AT_MOST
        ? null
        : embedding;
  }

  TicketFeatures withoutNames() {
    return new TicketFeatures(
        service,
        category,
        openedAt,
        words.withoutNames(),
        subject,
        serviceWords,
        embedding,
        report);
  }

  /** The same texts with another opening time. */
  TicketFeatures withOpenedAt(Instant time) {
    return new TicketFeatures(
        service, category, time, words, subject, serviceWords, embedding, report);
  }

  boolean isSameService(TicketFeatures other) {
    return service.isEmpty() || other.service.isEmpty()
        ? namesServiceOf(other) || other.namesServiceOf(this)
        : service.equalsIgnoreCase(other.service);
  }

  /**
   * Whether this ticket has no service but names that of the other. A one-word name, such as
   * "mail", is often used in another sense, so it must be in the title.
   */
  private boolean namesServiceOf(TicketFeatures other) {
    long[] name = other.serviceWords;
    return service.isEmpty()
        && words.hasAll(name)
        && (name.length > 1 || Arrays.binarySearch(words.title(), name[0]) >= 0);
  }

  Duration timeBetween(TicketFeatures other) {
    return Duration.between(openedAt, other.openedAt).abs();
  }
}
