package dev.lockstep.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.OnCall;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.dryrun.PlannedWrite.Operation;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the systems and records writes instead of sending them. What was written is shown by
 * every later read, as if the system had kept all of it. Records to be created have the id {@code
 * planned-1} and so on.
 *
 * <p>A system may keep less than it is sent, refuse a transition or compute a field: only the real
 * write shows that.
 */
final class RecordingConnectors implements Connectors {
  private static final String PLANNED = "planned-";

  private final Connectors systems;
  private final ConnectorCatalog catalog;
  private final Set<String> own;
  private final Clock clock;
  private final Map<RecordRef, NativeRecord> written = new ConcurrentHashMap<>();
  private final Map<RecordRef, List<WorkNote>> addedNotes = new ConcurrentHashMap<>();
  private final Map<RecordRef, Version> versions = new ConcurrentHashMap<>();
  private final List<PlannedWrite> writes = new CopyOnWriteArrayList<>();
  private final ListingLimit listing = new ListingLimit();
  private final AtomicInteger created = new AtomicInteger();
  private final AtomicInteger notes = new AtomicInteger();

  /**
   * @param own systems that are Lockstep's own tables; they are written to
   */
  RecordingConnectors(Connectors systems, ConnectorCatalog catalog, Set<String> own, Clock clock) {
    this.systems = systems;
    this.catalog = catalog;
    this.own = own;
    this.clock = clock;
  }

  /** Which records are listed. */
  ListingLimit listing() {
    return listing;
  }

  /** In the order in which they were planned. */
  List<PlannedWrite> writes() {
    return List.copyOf(writes);
  }

  /** Whether the record does not exist yet. */
  static boolean isPlanned(RecordRef ref) {
    return ref.id().startsWith(PLANNED);
  }

  /** The version that the plan is based on; empty if the record was not fetched. */
  Optional<Version> version(RecordRef ref) {
    return Optional.ofNullable(versions.get(ref));
  }

  @Override
  public NativeRecord fetch(RecordRef ref) {
    NativeRecord known = written.get(ref);
    if (known != null) {
      return known;
    }
    NativeRecord fetched = systems.fetch(ref);
    versions.put(ref, fetched.version());
    return fetched;
  }

  @Override
  public NativeRecord create(
      String system, String kind, JsonNode body, String correlationId, String farKey) {
    if (own.contains(system)) {
      return systems.create(system, kind, body, correlationId, farKey);
    }
    String id = PLANNED + created.incrementAndGet();
    Instant now = clock.instant();
    NativeRecord record =
        new NativeRecord(
            new RecordRef(system, kind, id),
            "(new " + id.substring(PLANNED.length()) + ")",
            "",
            Version.exactly(now),
            now,
            correlationId,
            body.deepCopy(),
            now,
            "",
            null,
            false);
    written.put(record.ref(), record);
    record(Operation.CREATE, record, body, "");
    return record;
  }

  @Override
  public NativeRecord update(RecordRef ref, JsonNode body) {
    if (own.contains(ref.system())) {
      return systems.update(ref, body);
    }
    NativeRecord after = change(ref, before -> withFields(before, body));
    record(Operation.UPDATE, after, body, "");
    return after;
  }

  private NativeRecord withFields(NativeRecord before, JsonNode body) {
    KindDefinition kind = kind(before.ref());
    JsonNode json = before.json().deepCopy();
    // A value may be an object, such as a reference with its name beside it: it is replaced whole.
    JsonNode fields = kind.fieldsUnder().isEmpty() ? body : body.path(kind.fieldsUnder());
    if ((kind.fieldsUnder().isEmpty() ? json : json.path(kind.fieldsUnder()))
        instanceof ObjectNode into) {
      fields.properties().forEach(field -> into.set(field.getKey(), field.getValue().deepCopy()));
    }
    return with(before, json, before.correlationId(), before.primaryId());
  }

  @Override
  public Optional<NativeRecord> findByCorrelation(
      String system, String kind, String correlationId) {
    Optional<NativeRecord> planned =
        written.values().stream()
            .filter(record -> record.ref().system().equals(system))
            .filter(record -> record.ref().kind().equals(kind))
            .filter(record -> record.correlationId().equals(correlationId))
            .findFirst();
    return planned.isPresent()
        ? planned
        : systems
            .findByCorrelation(system, kind, correlationId)
            .map(r -> written.getOrDefault(r.ref(), r));
  }

  @Override
  public void requireFindable(String system, String kind, String correlationId) {
    // No create was sent that a search could miss.
  }

  @Override
  public Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey) {
    if (own.contains(ref.system())) {
      return systems.link(ref, correlationId, farKey);
    }
    if (kind(ref).link() == null) {
      return Optional.empty();
    }
    NativeRecord after =
        change(ref, before -> with(before, before.json(), correlationId, before.primaryId()));
    record(Operation.LINK, after, null, farKey);
    return Optional.of(after);
  }

  @Override
  public Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary) {
    NativeRecord after =
        change(
            duplicate, before -> with(before, before.json(), before.correlationId(), primary.id()));
    record(Operation.CONSOLIDATE, after, null, fetch(primary).key());
    return Optional.of(after);
  }

  @Override
  public NativeRecord separate(RecordRef duplicate, String formerPrimaryId) {
    NativeRecord after =
        change(
            duplicate,
            before -> with(before, before.json(), before.correlationId(), formerPrimaryId));
    record(Operation.SEPARATE, after, null, "");
    return after;
  }

  private NativeRecord change(RecordRef ref, UnaryOperator<NativeRecord> change) {
    NativeRecord before = fetch(ref);
    return written.merge(ref, change.apply(before), (known, first) -> change.apply(known));
  }

  /** A later version, so that it counts as the newer state. */
  private NativeRecord with(
      NativeRecord before, JsonNode json, String correlationId, @Nullable String primaryId) {
    return new NativeRecord(
        before.ref(),
        before.key(),
        before.url(),
        new Version(before.version().to() + 1, before.version().to() + 1),
        clock.instant(),
        correlationId,
        json,
        before.openedAt(),
        primaryId,
        null,
        false);
  }

  @Override
  public Optional<String> addNote(RecordRef ref, String text, Visibility visibility) {
    if (own.contains(ref.system())) {
      return systems.addNote(ref, text, visibility);
    }
    WorkNote note =
        new WorkNote(
            PLANNED + "note-" + notes.incrementAndGet(),
            "Lockstep",
            clock.instant(),
            systems.shown(ref, text),
            visibility);
    addedNotes.computeIfAbsent(ref, record -> new CopyOnWriteArrayList<>()).add(note);
    record(
        visibility == Visibility.PUBLIC ? Operation.PUBLIC_NOTE : Operation.INTERNAL_NOTE,
        fetch(ref),
        null,
        text);
    return Optional.of(note.id());
  }

  @Override
  public List<WorkNote> notes(RecordRef ref) {
    List<WorkNote> all = new ArrayList<>(isPlanned(ref) ? List.of() : systems.notes(ref));
    all.addAll(addedNotes.getOrDefault(ref, List.of()));
    return all;
  }

  @Override
  public Optional<WorkNote> note(RecordRef ref, String id) {
    return systems.note(ref, id);
  }

  private void record(
      Operation operation, NativeRecord record, @Nullable JsonNode body, String text) {
    writes.add(new PlannedWrite(operation, record.ref(), record.key(), body, text));
  }

  private KindDefinition kind(RecordRef ref) {
    return catalog.connector(ref.system()).kind(ref.kind());
  }

  @Override
  public Set<String> systems() {
    return systems.systems();
  }

  @Override
  public String title(String system) {
    return systems.title(system);
  }

  @Override
  public boolean ownsCorrelation(String system, String kind) {
    return systems.ownsCorrelation(system, kind);
  }

  @Override
  public Set<RecordRef> aliases(RecordRef ref) {
    return systems.aliases(ref);
  }

  @Override
  public boolean consolidates(String system, String kind) {
    return systems.consolidates(system, kind);
  }

  @Override
  public boolean separates(String system, String kind) {
    return systems.separates(system, kind);
  }

  @Override
  public String shown(RecordRef ref, String text) {
    return systems.shown(ref, text);
  }

  @Override
  public boolean takesNotes(RecordRef ref, Visibility visibility) {
    return systems.takesNotes(ref, visibility);
  }

  @Override
  public boolean addsTextOnly(String system, String kind) {
    return systems.addsTextOnly(system, kind);
  }

  @Override
  public ObjectNode withUrl(String system, String kind, ObjectNode body, String url) {
    return systems.withUrl(system, kind, body, url);
  }

  @Override
  public String memberField(String system, String kind, String of) {
    return systems.memberField(system, kind, of);
  }

  @Override
  public boolean isAppendOnly(String system, String kind) {
    return systems.isAppendOnly(system, kind);
  }

  @Override
  public String noteField(String system, String kind) {
    return systems.noteField(system, kind);
  }

  @Override
  public boolean showsNotes(RecordRef ref, Visibility visibility) {
    return systems.showsNotes(ref, visibility);
  }

  @Override
  public List<String> feeds(String system, String kind) {
    return systems.feeds(system, kind);
  }

  @Override
  public List<String> noteFeeds(String system, String kind) {
    return systems.noteFeeds(system, kind);
  }

  @Override
  public List<WorkNote> notesSince(RecordRef ref, String feed, Instant since) {
    return systems.notesSince(ref, feed, since);
  }

  @Override
  public boolean listsNotes(String system, String kind) {
    return systems.listsNotes(system, kind);
  }

  @Override
  public ChangePage listChanged(
      String system, String kind, String feed, Instant since, Optional<String> page) {
    String query = listing.query();
    if (query.isEmpty()) {
      return listing.limit(systems.listChanged(system, kind, feed, since, page));
    }
    return systems.takesQuery(system, kind, feed)
        ? listing.limit(systems.listMatching(system, kind, feed, query, since, page))
        : new ChangePage(List.of(), Map.of(), Set.of(), null);
  }

  @Override
  public Instant now(String system) {
    return systems.now(system);
  }

  @Override
  public List<OnCall> onCall(String system, String kind, String id) {
    return systems.onCall(system, kind, id);
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return systems.keyOf(system, reference, id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return systems.idOf(system, reference, key);
  }

  @Override
  public List<String> idsOf(String system, String reference, String key) {
    return systems.idsOf(system, reference, key);
  }
}
