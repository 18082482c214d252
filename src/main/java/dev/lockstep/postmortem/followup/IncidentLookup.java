package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordMergedException;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.SnapshotReader;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds incidents, first in the database, then by calling the systems. */
@Component
public class IncidentLookup {
  /** Limits what may be sent to a system as a record's name. */
  private static final Pattern NAME = Pattern.compile("#?[\\p{Alnum}._-]{1,64}");

  private final MappingCatalog mappings;
  private final RecordStore records;
  private final PairStore pairs;
  private final TicketStore tickets;
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final JdbcClient jdbc;

  public IncidentLookup(
      MappingCatalog mappings,
      RecordStore records,
      PairStore pairs,
      TicketStore tickets,
      Connectors connectors,
      SnapshotReader snapshots,
      JdbcClient jdbc) {
    this.mappings = mappings;
    this.records = records;
    this.pairs = pairs;
    this.tickets = tickets;
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.jdbc = jdbc;
  }

  /** Searches only the database. */
  public Optional<Incident> findKnown(RecordRef ref) {
    Optional<Incident> paired =
        records.correlationOf(ref).map(pairs::load).flatMap(this::toIncident);
    return paired.isPresent() ? paired : tickets.findFirst(List.of(ref)).flatMap(this::toIncident);
  }

  /**
   * @throws dev.lockstep.connector.RetryLaterException or {@link
   *     dev.lockstep.connector.SystemUnavailableException} if its system must be called and does
   *     not respond
   */
  public Optional<Incident> find(RecordRef ref) {
    Optional<Incident> known = findKnown(ref);
    return known.isPresent() ? known : fetch(ref);
  }

  /**
   * Whether anything is stored that may have to be followed up: an action item, a postmortem, a
   * closure, or a note that was not sent. One statement, since most incidents have none of these.
   */
  boolean hasFollowUp(Incident incident) {
    return jdbc.sql(
            """
            select exists (select 1 from action_item where incident = any(:records))
              or exists (select 1 from postmortem where incident = any(:records))
              or exists (select 1 from closure where incident = :ref)
              or exists (select 1 from note where record = any(:sources) and state = 'OPEN')
            """)
        .param("records", RecordStore.names(incident.records()))
        .param("ref", incident.ref().toString())
        .param("sources", RecordStore.names(incident.noteSources()))
        .query(Boolean.class)
        .single();
  }

  /** The incident of a correlation; empty if it is about something else. */
  public Optional<Incident> toIncident(Correlation correlation) {
    List<Pair> ofIncidents =
        correlation.pairs().stream()
            .filter(
                pair ->
                    mappings
                        .findByName(pair.mapping())
                        .filter(IncidentLookup::isOfIncidents)
                        .isPresent())
            .sorted(Comparator.comparing(this::rank))
            .toList();
    if (ofIncidents.isEmpty()) {
      return Optional.empty();
    }
    Pair main = ofIncidents.get(0);
    Mapping mapping = mappings.findByName(main.mapping()).orElseThrow();
    List<RecordRef> all =
        ofIncidents.stream().flatMap(pair -> pair.records().stream()).distinct().toList();
    return seen(main).map(seen -> new Incident(all, seen, sideOf(mapping, seen.ref()), mapping));
  }

  /** The pair with the ticket that is closed and gets the notes comes first. */
  private int rank(Pair pair) {
    boolean closes = mappings.findByName(pair.mapping()).flatMap(Mapping::closure).isPresent();
    return (pair.state() == Pair.State.ENDED ? 2 : 0) + (closes ? 0 : 1);
  }

  /** For a pair that ended because one of its records was merged, only the ticket sends events. */
  private Optional<Snapshot> seen(Pair pair) {
    Snapshot last =
        Stream.of(Optional.ofNullable(pair.leftSeen()), Optional.ofNullable(pair.rightSeen()))
            .flatMap(Optional::stream)
            .filter(one -> !isElsewhere(one.ref()))
            .findFirst()
            .orElse(null);
    return pair.state() == Pair.State.ENDED
        ? tickets
            .findFirst(pair.records())
            .map(StoredTicket::seen)
            .or(() -> Optional.ofNullable(last))
        : Optional.ofNullable(last);
  }

  private Optional<Incident> toIncident(StoredTicket ticket) {
    Snapshot seen = ticket.seen();
    return mappings
        .findByName(ticket.mapping())
        .map(
            mapping ->
                new Incident(List.of(seen.ref()), seen, sideOf(mapping, seen.ref()), mapping));
  }

  private static Side sideOf(Mapping mapping, RecordRef ref) {
    return mapping.system(Side.LEFT).equals(ref.system()) ? Side.LEFT : Side.RIGHT;
  }

  private Optional<Incident> fetch(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind()).stream()
        .filter(place -> isOfIncidents(place.mapping()) && !isElsewhere(ref))
        .findFirst()
        .flatMap(place -> fetchFrom(place, ref));
  }

  private Optional<Incident> fetchFrom(Mappings.MappedSide place, RecordRef ref) {
    try {
      return Optional.of(incident(place, ref));
    } catch (RecordMergedException e) {
      // Records may be named by their key, and merged ones by their old number.
      return fetchIfAvailable(place, e.into());
    } catch (RecordNotFoundException | RequestRejectedException e) {
      return Optional.empty();
    }
  }

  private Optional<Incident> fetchIfAvailable(Mappings.MappedSide place, RecordRef ref) {
    try {
      return Optional.of(incident(place, ref));
    } catch (RecordNotFoundException | RequestRejectedException e) {
      return Optional.empty();
    }
  }

  private Incident incident(Mappings.MappedSide place, RecordRef ref) {
    RecordState state = snapshots.read(connectors.fetch(ref), null);
    Snapshot seen = state.in(place.mapping().name());
    return new Incident(List.of(seen.ref()), seen, place.side(), place.mapping());
  }

  private static boolean isOfIncidents(Mapping mapping) {
    return !mapping.system(Side.LEFT).equals(ActionItem.SYSTEM)
        && !mapping.system(Side.RIGHT).equals(ActionItem.SYSTEM);
  }

  /**
   * Whether a record is in a system where Lockstep writes nothing of its own, such as a vendor's:
   * it is no incident of this house, and may be numbered like one.
   */
  private boolean isElsewhere(RecordRef ref) {
    return mappings.forRecord(ref.system(), ref.kind()).stream()
        .anyMatch(place -> !place.mapping().notes().takesOwn(place.side()));
  }

  /**
   * Finds an incident by its key or id in any system; in a vendor's only by its key after the
   * system and a colon.
   *
   * @throws dev.lockstep.connector.RetryLaterException or {@link
   *     dev.lockstep.connector.SystemUnavailableException} if the systems must be called and one
   *     does not respond
   */
  public Optional<Incident> findByName(String name) {
    String text = name.strip();
    Optional<Incident> known = findKnownByName(text);
    return known.isPresent() || !NAME.matcher(text).matches() ? known : fetch(text);
  }

  /** Finds an incident by its key or id, only in the database. */
  public Optional<Incident> findKnownByName(String name) {
    return jdbc
        .sql(
            """
            select ref from record where key = :name
              or key = substring(:name from '^[a-z0-9-]+:(.+)$')
                and split_part(ref, '/', 1) = split_part(:name, ':', 1)
            order by not exists (select 1 from incident i where i.record = ref),
              correlation is null, state ->> 'updatedAt' desc
            """)
        .param("name", name)
        .query(String.class)
        .list()
        .stream()
        .map(RecordRef::parse)
        .filter(ref -> !isElsewhere(ref) || name.startsWith(ref.system() + ":"))
        .flatMap(ref -> findKnown(ref).stream())
        .findFirst();
  }

  private Optional<Incident> fetch(String name) {
    for (Mapping mapping : mappings.all().stream().filter(IncidentLookup::isOfIncidents).toList()) {
      for (Side side : Side.values()) {
        String system = mapping.system(side);
        String kind = mapping.kind(side);
        String id = id(system, kind, name);
        Optional<Incident> found =
            id == null ? Optional.empty() : find(new RecordRef(system, kind, id));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Systems whose record ids are not shown to users define a reference for their numbers. */
  private @Nullable String id(String system, String kind, String name) {
    try {
      return connectors.idOf(system, kind + "-number", name).orElse(null);
    } catch (IllegalArgumentException e) {
      return name.startsWith("#") ? null : name;
    }
  }
}
