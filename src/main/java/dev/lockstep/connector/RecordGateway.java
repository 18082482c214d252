package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.ListingDefinition;
import dev.lockstep.connector.definition.NoteDefinition;
import dev.lockstep.ops.spans.Spans;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * The {@link Connectors} of all systems: each {@code connector.yaml} configures the one generic
 * client.
 */
@Component
final class RecordGateway implements Connectors, ConnectorHealth {
  private final ConnectorCatalog catalog;
  private final Map<String, Access> systems = new TreeMap<>();

  /** How one system is reached. */
  private record Access(
      ConnectorDefinition connector,
      SystemClient client,
      SystemRecords records,
      SystemNotes notes,
      SystemDuplicates duplicates,
      ChangeReader changes,
      ReferenceCache references) {}

  RecordGateway(
      ConnectorCatalog catalog,
      NativeRecords records,
      // Mappings are loaded after the connectors they are validated against.
      @Lazy MappedFields wanted,
      CamelHttpClient kamelets,
      ObjectProvider<CallGate> gates,
      MeterRegistry metrics,
      Spans spans,
      Clock clock) {
    this.catalog = catalog;
    // Resolved at the first call: it needs the database, which a check before the start lacks.
    CallGate gate = system -> gates.ifAvailable(open -> open.requireOpen(system));
    CreateGuard createGuard = new CreateGuard(clock);
    TimeZoneCheck timeZoneCheck = new TimeZoneCheck(clock);
    catalog
        .connectors()
        .forEach(
            (system, connector) -> {
              SystemClient client =
                  new SystemClient(connector, kamelets, gate, metrics, spans, clock);
              ReferenceCache references =
                  new ReferenceCache(connector, client::call, metrics, clock);
              SystemRecords own =
                  new SystemRecords(connector, records, wanted, client, createGuard);
              systems.put(
                  system,
                  new Access(
                      connector,
                      client,
                      own,
                      new SystemNotes(connector, client, references::nameOf, clock),
                      new SystemDuplicates(connector, own, client),
                      new ChangeReader(
                          connector,
                          records,
                          client::call,
                          client.time(),
                          timeZoneCheck,
                          references::nameOf),
                      references));
            });
  }

  private Access access(String system) {
    Access access = systems.get(system);
    if (access == null) {
      // Of a record that was synced before: an instance or a mapping was taken out of the settings.
      throw new RequestRejectedException(
          0,
          "call " + system,
          "not sent: no mapping in use names a system '%s'".formatted(system),
          "Restore it in LOCKSTEP_INSTANCES and LOCKSTEP_MAPPINGS, restart and retry; or unlink the pairs of its records.");
    }
    return access;
  }

  SystemClient client(String system) {
    return access(system).client();
  }

  private KindDefinition kind(String system, String kind) {
    return access(system).connector().kind(kind);
  }

  @Override
  public String title(String system) {
    // Timelines and drafts name what was synced before, too.
    Access known = systems.get(system);
    return known == null ? system : known.connector().title();
  }

  @Override
  public Set<String> systems() {
    return catalog.systems();
  }

  @Override
  public NativeRecord fetch(RecordRef ref) {
    return access(ref.system()).records().fetch(ref);
  }

  /**
   * @param more paths of fields besides those that mappings read
   */
  NativeRecord fetch(RecordRef ref, Set<String> more) {
    return access(ref.system()).records().fetch(ref, more);
  }

  @Override
  public NativeRecord create(
      String system, String kind, JsonNode body, String correlationId, String farKey) {
    return access(system).records().create(kind, body, correlationId, farKey);
  }

  @Override
  public NativeRecord update(RecordRef ref, JsonNode body) {
    return access(ref.system()).records().update(ref, body);
  }

  @Override
  public Optional<NativeRecord> findByCorrelation(
      String system, String kind, String correlationId) {
    return access(system).records().findByCorrelation(kind, correlationId);
  }

  @Override
  public Optional<NativeRecord> findCreated(
      String system, String kind, JsonNode body, String correlationId, String farKey) {
    return access(system).records().findCreated(kind, body, correlationId, farKey);
  }

  @Override
  public void requireFindable(String system, String kind, String correlationId) {
    access(system).records().requireFindable(kind, correlationId);
  }

  @Override
  public Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey) {
    return access(ref.system()).records().link(ref, correlationId, farKey);
  }

  @Override
  public boolean ownsCorrelation(String system, String kind) {
    return kind(system, kind).ownsCorrelation();
  }

  @Override
  public ObjectNode withUrl(String system, String kind, ObjectNode body, String url) {
    return RequestBodies.withUrl(kind(system, kind), body, url);
  }

  @Override
  public String memberField(String system, String kind, String of) {
    return kind(system, kind).memberOf().getOrDefault(of, "");
  }

  @Override
  public boolean isAppendOnly(String system, String kind) {
    return systems.containsKey(system) && kind(system, kind).appendOnly();
  }

  @Override
  public Set<RecordRef> aliases(RecordRef ref) {
    ConnectorDefinition connector = access(ref.system()).connector();
    String thing = connector.callKind(ref.kind());
    return connector.kinds().keySet().stream()
        .filter(kind -> !kind.equals(ref.kind()) && connector.callKind(kind).equals(thing))
        .map(kind -> new RecordRef(ref.system(), kind, ref.id()))
        .collect(Collectors.toSet());
  }

  @Override
  public boolean consolidates(String system, String kind) {
    return kind(system, kind).duplicate() != null;
  }

  @Override
  public boolean separates(String system, String kind) {
    return catalog.separates(system, kind);
  }

  @Override
  public Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary) {
    return access(duplicate.system()).duplicates().consolidate(duplicate, primary);
  }

  @Override
  public NativeRecord separate(RecordRef duplicate, String formerPrimaryId) {
    return access(duplicate.system()).duplicates().separate(duplicate, formerPrimaryId);
  }

  @Override
  public Optional<String> addNote(RecordRef ref, String text, Visibility visibility) {
    return access(ref.system()).notes().add(ref, text, visibility);
  }

  @Override
  public String shown(RecordRef ref, String text) {
    return access(ref.system()).notes().shown(ref, text);
  }

  @Override
  public boolean addsTextOnly(String system, String kind) {
    return access(system).notes().areTextOnly(kind);
  }

  @Override
  public String noteField(String system, String kind) {
    return access(system).notes().writtenWith(kind);
  }

  @Override
  public boolean showsNotes(RecordRef ref, Visibility visibility) {
    return access(ref.system()).notes().shows(ref, visibility);
  }

  @Override
  public boolean takesNotes(RecordRef ref, Visibility visibility) {
    if (!systems.containsKey(ref.system())) {
      return false;
    }
    NoteDefinition.Notes notes = kind(ref.system(), ref.kind()).notes();
    return notes != null && notes.add(visibility).isPresent();
  }

  @Override
  public List<WorkNote> notes(RecordRef ref) {
    return access(ref.system()).notes().list(ref);
  }

  @Override
  public boolean listsNotes(String system, String kind) {
    return kind(system, kind).changes().stream()
        .anyMatch(feed -> feed.gives() == ListingDefinition.Gives.NOTES);
  }

  @Override
  public List<String> feeds(String system, String kind) {
    return feeds(system, kind, false).map(ListingDefinition.Feed::call).toList();
  }

  @Override
  public List<String> noteFeeds(String system, String kind) {
    return feeds(system, kind, true).map(ListingDefinition.Feed::call).toList();
  }

  private Stream<ListingDefinition.Feed> feeds(String system, String kind, boolean perRecord) {
    return kind(system, kind).changes().stream().filter(feed -> feed.perRecord() == perRecord);
  }

  @Override
  public List<WorkNote> notesSince(RecordRef ref, String feed, Instant since) {
    ListingDefinition.Feed declared =
        feeds(ref.system(), ref.kind(), true)
            .filter(one -> one.call().equals(feed))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("No feed " + feed + " of a " + ref));
    return access(ref.system()).notes().list(ref, declared, since);
  }

  @Override
  public Optional<WorkNote> note(RecordRef ref, String id) {
    return access(ref.system()).notes().find(ref, id);
  }

  @Override
  public boolean pinsNotes(String system, String kind) {
    return access(system).notes().pins(kind);
  }

  @Override
  public void pinNote(RecordRef ref, String id) {
    access(ref.system()).notes().pin(ref, id);
  }

  @Override
  public ChangePage listChanged(
      String system, String kind, String feed, Instant since, Optional<String> page) {
    return listMatching(system, kind, feed, "", since, page);
  }

  @Override
  public boolean takesQuery(String system, String kind, String feed) {
    return kind(system, kind).changes().stream()
        .anyMatch(one -> one.call().equals(feed) && one.takesQuery());
  }

  @Override
  public ChangePage listMatching(
      String system, String kind, String feed, String query, Instant since, Optional<String> page) {
    Access access = access(system);
    KindDefinition declared = kind(system, kind);
    // Note lists that a feed requests with the records save a call for each record's notes.
    Set<String> listedNotes =
        declared.changes().stream()
            .map(ListingDefinition.Feed::notes)
            .filter(path -> !path.isEmpty())
            .collect(Collectors.toSet());
    return access
        .changes()
        .page(
            kind,
            feed,
            new ChangeReader.Fields(
                access.records().fields(kind, listedNotes),
                declared.fieldList(declared.ownFields())),
            query,
            since,
            page);
  }

  @Override
  public Instant now(String system) {
    return access(system).client().time().now();
  }

  @Override
  public List<OnCall> onCall(String system, String kind, String id) {
    return access(system).references().onCall(kind, id);
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return access(system).references().keyOf(reference, id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return access(system).references().idOf(reference, key);
  }

  @Override
  public List<String> idsOf(String system, String reference, String key) {
    return access(system).references().idsOf(reference, key);
  }

  @Override
  public List<Health> health() {
    return systems.values().stream().map(access -> access.client().health()).toList();
  }
}
