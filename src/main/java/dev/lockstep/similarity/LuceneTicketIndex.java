package dev.lockstep.similarity;

import dev.lockstep.similarity.text.InverseDocumentFrequency;
import dev.lockstep.similarity.text.WordAnalyzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.jspecify.annotations.Nullable;

/**
 * Finds candidates by rare words and by embedding, then scores each exactly. Tickets with identical
 * texts are indexed, found and counted once, so that a thousand equal ones from a machine neither
 * slow the search nor hide other candidates; of each such set, the first and those nearest in time
 * are scored.
 */
public final class LuceneTicketIndex implements TicketIndex {
  private static final Duration BURST = Duration.ofHours(1);
  private static final int MAX_BURST = 10;

  /**
   * New texts are scored one by one until there are this many, since a Lucene refresh costs more.
   */
  private static final int FRESH = 32;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Analyzer analyzer = new WordAnalyzer();
  private final InverseDocumentFrequency idf = new InverseDocumentFrequency();
  private final Scorer scorer = new Scorer(idf);
  private final CandidateIndex candidates = new CandidateIndex(analyzer);

  private final Map<String, Held> held = new HashMap<>();
  private final Map<Text, IdenticalTexts> byText = new HashMap<>();
  private final Map<Long, IdenticalTexts> byNumber = new HashMap<>();
  private final Map<Long, Ticket> fresh = new LinkedHashMap<>();
  private final Map<String, NavigableSet<Opened>> services = new HashMap<>();
  private long lastNumber;

  /** The fields in which identical tickets agree; only their times differ. */
  private record Text(
      String title,
      String description,
      long subject,
      String service,
      String category,
      int dimensions) {}

  private record Opened(Instant at, String id) implements Comparable<Opened> {
    private static final Comparator<Opened> ORDER =
        Comparator.comparing(Opened::at).thenComparing(Opened::id);

    @Override
    public int compareTo(Opened other) {
      return ORDER.compare(this, other);
    }
  }

  private record IdenticalTexts(
      long number, Text text, TicketFeatures features, NavigableSet<Opened> members) {}

  private record Held(IdenticalTexts texts, Opened opened) {
    TicketFeatures features() {
      return texts.features().withOpenedAt(opened.at());
    }
  }

  @Override
  public void put(PreparedTicket prepared) {
    Ticket ticket = prepared.ticket();
    // Outside of the lock, since it is most of the work.
    TicketFeatures features = TicketFeatures.extract(prepared, analyzer).withoutNames();
    float[] embedding = features.embedding();
    Text text =
        new Text(
            ticket.title(),
            ticket.description(),
            features.subject().fingerprint(),
            ticket.service(),
            ticket.category(),
            embedding == null ? 0 : embedding.length);
    locked(
        () -> {
          removeHeld(ticket.id());
          IdenticalTexts texts =
              byText.computeIfAbsent(text, unseen -> addTexts(text, features, ticket));
          Opened opened = new Opened(ticket.openedAt(), ticket.id());
          texts.members().add(opened);
          held.put(ticket.id(), new Held(texts, opened));
          services.computeIfAbsent(service(features), unseen -> new TreeSet<>()).add(opened);
          if (fresh.size() >= FRESH) {
            indexFresh();
          }
          return held;
        });
  }

  private IdenticalTexts addTexts(Text text, TicketFeatures features, Ticket ticket) {
    IdenticalTexts texts = new IdenticalTexts(++lastNumber, text, features, new TreeSet<>());
    byNumber.put(texts.number(), texts);
    fresh.put(texts.number(), ticket);
    idf.add(features.words());
    return texts;
  }

  private void indexFresh() {
    fresh.forEach(
        (number, ticket) -> {
          IdenticalTexts texts = byNumber.get(number);
          if (texts != null) {
            candidates.add(number, ticket, texts.features().embedding());
          }
        });
    fresh.clear();
    candidates.refresh();
  }

  @Override
  public void remove(String id) {
    locked(() -> removeHeld(id));
  }

  private @Nullable Held removeHeld(String id) {
    Held gone = held.remove(id);
    if (gone == null) {
      return null;
    }
    IdenticalTexts texts = gone.texts();
    texts.members().remove(gone.opened());
    NavigableSet<Opened> service = services.get(service(texts.features()));
    if (service != null && service.remove(gone.opened()) && service.isEmpty()) {
      services.remove(service(texts.features()));
    }
    if (texts.members().isEmpty()) {
      byText.remove(texts.text());
      byNumber.remove(texts.number());
      idf.remove(texts.features().words());
      if (fresh.remove(texts.number()) == null) {
        candidates.remove(texts.number());
      }
    }
    return gone;
  }

  @Override
  public int size() {
    lock.readLock().lock();
    try {
      return held.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public List<Match> findSimilar(PreparedTicket prepared, int limit) {
    TicketFeatures query = TicketFeatures.extract(prepared, analyzer);
    lock.readLock().lock();
    try {
      Set<Long> near = new LinkedHashSet<>(candidates.findCandidates(query, idf));
      near.addAll(fresh.keySet());
      List<Match> found = new ArrayList<>();
      for (long number : near) {
        IdenticalTexts texts = byNumber.get(number);
        if (texts != null) {
          scoreTexts(prepared.ticket(), query, texts, found);
        }
      }
      found.sort(
          Comparator.comparingDouble((Match match) -> -match.similarity().score())
              .thenComparing(Match::id));
      return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Optional<Similarity> compare(PreparedTicket prepared, String id) {
    TicketFeatures query = TicketFeatures.extract(prepared, analyzer);
    lock.readLock().lock();
    try {
      return Optional.ofNullable(held.get(id))
          .map(other -> compare(prepared.ticket(), query, other.features()));
    } finally {
      lock.readLock().unlock();
    }
  }

  private void scoreTexts(
      Ticket ticket, TicketFeatures query, IdenticalTexts texts, Collection<Match> found) {
    for (Opened opened : representatives(texts.members(), ticket)) {
      TicketFeatures other = texts.features().withOpenedAt(opened.at());
      found.add(new Match(opened.id(), compare(ticket, query, other)));
    }
  }

  private Similarity compare(Ticket ticket, TicketFeatures query, TicketFeatures other) {
    return scorer.compare(query, other, countBurst(ticket, other));
  }

  /** The first, which may be the primary, and the nearest in time on either side. */
  private static Set<Opened> representatives(NavigableSet<Opened> members, Ticket ticket) {
    Opened self = new Opened(ticket.openedAt(), ticket.id());
    Set<Opened> chosen = new LinkedHashSet<>();
    for (Opened opened : members) {
      if (!opened.id().equals(ticket.id())) {
        chosen.add(opened);
        break;
      }
    }
    Optional.ofNullable(members.lower(self)).ifPresent(chosen::add);
    Optional.ofNullable(members.higher(self)).ifPresent(chosen::add);
    chosen.removeIf(opened -> opened.id().equals(ticket.id()));
    return chosen;
  }

  /** The number of other tickets about that service opened at about the same time. */
  private int countBurst(Ticket ticket, TicketFeatures other) {
    NavigableSet<Opened> all = services.get(service(other));
    if (all == null) {
      return 0;
    }
    int count = 0;
    Opened from = new Opened(ticket.openedAt().minus(BURST), "");
    for (Opened opened : all.tailSet(from)) {
      if (count == MAX_BURST || opened.at().isAfter(ticket.openedAt().plus(BURST))) {
        break;
      }
      count += opened.id().equals(ticket.id()) ? 0 : 1;
    }
    return count;
  }

  private static String service(TicketFeatures features) {
    return features.service().toLowerCase(java.util.Locale.ROOT);
  }

  private <T> T locked(Supplier<T> change) {
    lock.writeLock().lock();
    try {
      return change.get();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      candidates.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.writeLock().unlock();
    }
  }
}
