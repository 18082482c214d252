package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.ConnectorDefinition.Duplicate;
import dev.lockstep.connector.ConnectorDefinition.Joining;
import dev.lockstep.connector.ConnectorDefinition.Kind;
import dev.lockstep.connector.NoteDefinition.Notes;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The {@link Connectors} of all systems: each {@code connector.yaml} configures the one generic
 * client.
 */
final class RecordGateway implements Connectors, ConnectorHealth {
  private final ConnectorCatalog catalog;
  private final NativeRecords records;
  private final MappedFields mappedFields;
  private final Clock clock;
  private final CreateGuard createGuard;
  private final TimeZoneCheck timeZoneCheck;
  private final Map<String, SystemClient> clients = new TreeMap<>();
  private final Map<String, ReferenceCache> lookups = new TreeMap<>();

  RecordGateway(
      ConnectorCatalog catalog,
      NativeRecords records,
      MappedFields wanted,
      CamelHttpClient kamelets,
      MeterRegistry metrics,
      Clock clock) {
    this.catalog = catalog;
    this.records = records;
    this.mappedFields = wanted;
    this.clock = clock;
    this.createGuard = new CreateGuard(clock);
    this.timeZoneCheck = new TimeZoneCheck(clock);
    catalog
        .connectors()
        .forEach(
            (system, connector) -> {
              SystemClient own = new SystemClient(connector, kamelets, metrics, clock);
              clients.put(system, own);
              lookups.put(system, new ReferenceCache(connector, own::call, metrics, clock));
            });
  }

  @Override
  public String title(String system) {
    return catalog.connector(system).title();
  }

  @Override
  public Set<String> systems() {
    return catalog.systems();
  }

  @Override
  public NativeRecord fetch(RecordRef ref) {
    ConnectorDefinition connector = catalog.connector(ref.system());
    if (!connector.kind(ref.kind()).isId(ref.id())) {
      throw new RecordNotFoundException(ref);
    }
    return fetch(connector, ref, Set.of());
  }

  /**
   * @param more paths to request in addition to the mapped ones
   */
  private NativeRecord fetch(ConnectorDefinition connector, RecordRef ref, Set<String> more) {
    ApiCall call = ApiCall.read(connector, CallNames.fetch(connector.callKind(ref.kind()))).on(ref);
    return records.readRequested(
        connector, ref, call(call.with("fields", fields(connector, ref.kind(), more))));
  }

  @Override
  public NativeRecord create(
      String system, String kind, JsonNode body, String correlation, String farKey) {
    ConnectorDefinition connector = catalog.connector(system);
    String correlationId = storedCorrelation(system, kind, correlation);
    JsonNode sent = NativeRecords.toCreate(connector.kind(kind), body, correlationId, farKey);
    ApiCall call =
        withFields(ApiCall.write(connector, CallNames.create(connector.callKind(kind)), sent), kind)
            .with("correlation", correlationId);
    try {
      ApiResponse answer = createGuard.attempt(system, kind, correlationId, () -> call(call));
      return created(connector, kind, answer);
    } catch (SystemClient.RecordExistsException e) {
      return findByCorrelation(system, kind, correlationId)
          .orElseThrow(
              () ->
                  client(system)
                      .rejected(
                          call,
                          e.answer(),
                          "Another record has this correlation id but does not show it; find and"
                              + " resolve it, then retry."));
    }
  }

  private NativeRecord created(ConnectorDefinition connector, String kind, ApiResponse answer) {
    String path = connector.kind(kind).answer().created();
    String id = path.isEmpty() ? "" : JsonPath.text(answer.json(), path);
    return id.isEmpty()
        ? records.learnOwnName(records.readOne(connector, kind, answer))
        : fetch(new RecordRef(connector.system(), kind, id));
  }

  @Override
  public NativeRecord update(RecordRef ref, JsonNode body) {
    ConnectorDefinition connector = catalog.connector(ref.system());
    JsonNode sent = NativeRecords.toUpdate(connector.kind(ref.kind()), body);
    ConnectorDefinition.Transitions moves = connector.kind(ref.kind()).moves();
    return moves == null
        ? edit(connector, ref, sent)
        : new TransitionExecutor(connector, moves, client(ref.system()), new Edits(connector, ref))
            .update(ref, (ObjectNode) sent);
  }

  private NativeRecord edit(ConnectorDefinition connector, RecordRef ref, JsonNode sent) {
    ApiCall call =
        ApiCall.write(connector, CallNames.update(connector.callKind(ref.kind())), sent).on(ref);
    return records.learnOwnName(
        records.readRequested(connector, ref, call(withFields(call, ref.kind()))));
  }

  private final class Edits implements TransitionExecutor.Edits {
    private final ConnectorDefinition connector;
    private final RecordRef ref;

    Edits(ConnectorDefinition connector, RecordRef ref) {
      this.connector = connector;
      this.ref = ref;
    }

    @Override
    public NativeRecord edit(ObjectNode body) {
      return RecordGateway.this.edit(connector, ref, body);
    }

    @Override
    public NativeRecord fetch(Set<String> more) {
      return RecordGateway.this.fetch(connector, ref, more);
    }
  }

  @Override
  public Optional<NativeRecord> findByCorrelation(String system, String kind, String correlation) {
    ConnectorDefinition connector = catalog.connector(system);
    String correlationId = storedCorrelation(system, kind, correlation);
    ApiCall call =
        withFields(ApiCall.read(connector, CallNames.find(connector.callKind(kind))), kind)
            .with("correlation", correlationId);
    String path = connector.kind(kind).answer().many();
    // A loose search may return other records too. A record that shows no correlation id was still
    // found by it.
    return records.readAll(connector, kind, path, call(call)).stream()
        .filter(
            record ->
                record.correlationId().isEmpty() || record.correlationId().equals(correlationId))
        .findFirst()
        .or(() -> findLastSeen(system, kind, correlationId));
  }

  /** A record just reported by a webhook or just created may not be searchable yet. */
  private Optional<NativeRecord> findLastSeen(String system, String kind, String correlationId) {
    try {
      return records
          .lastSeen(system, kind, correlationId)
          .map(this::fetch)
          .filter(record -> record.correlationId().equals(correlationId));
    } catch (RecordNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public void requireFindable(String system, String kind, String correlationId) {
    ConnectorDefinition.Find find = catalog.connector(system).kind(kind).find();
    if (find != null && find.after() != null) {
      createGuard.requireFindable(system, kind, correlationId, find.after());
    }
  }

  @Override
  public Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey) {
    ConnectorDefinition.Link link = catalog.connector(ref.system()).kind(ref.kind()).link();
    if (link == null) {
      return Optional.empty();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    NativeRecords.putMention(
        catalog.connector(ref.system()).kind(ref.kind()),
        body,
        link.correlation(),
        correlationId,
        link.key(),
        farKey);
    return Optional.of(update(ref, body));
  }

  @Override
  public boolean ownsCorrelation(String system, String kind) {
    return catalog.connector(system).kind(kind).ownsCorrelation();
  }

  @Override
  public Set<RecordRef> aliases(RecordRef ref) {
    ConnectorDefinition connector = catalog.connector(ref.system());
    String thing = connector.callKind(ref.kind());
    return connector.kinds().keySet().stream()
        .filter(kind -> !kind.equals(ref.kind()) && connector.callKind(kind).equals(thing))
        .map(kind -> new RecordRef(ref.system(), kind, ref.id()))
        .collect(Collectors.toSet());
  }

  /**
   * Only Lockstep writes the correlation of such a kind, so it is stored without the token that
   * proves its origin.
   */
  private String storedCorrelation(String system, String kind, String correlationId) {
    return ownsCorrelation(system, kind)
        ? Mention.parse(correlationId).map(known -> known.ref().toString()).orElse(correlationId)
        : correlationId;
  }

  @Override
  public boolean consolidates(String system, String kind) {
    return catalog.connector(system).kind(kind).duplicate() != null;
  }

  @Override
  public boolean separates(String system, String kind) {
    return catalog.separates(system, kind);
  }

  @Override
  public Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary) {
    if (!duplicate.system().equals(primary.system()) || !duplicate.kind().equals(primary.kind())) {
      throw new IllegalArgumentException(duplicate + " can't be a duplicate of " + primary);
    }
    ConnectorDefinition connector = catalog.connector(primary.system());
    Duplicate how = connector.kind(primary.kind()).duplicate();
    if (how == null) {
      throw new IllegalArgumentException(
          primary.system() + " takes no duplicates of " + primary.kind());
    }
    return switch (how.by()) {
      case UPDATE -> Optional.of(update(duplicate, NativeRecords.primaryUpdate(how, primary.id())));
      case LINK -> Optional.of(links(connector, how).put(duplicate, primary));
      case MERGE -> {
        JsonNode body = NativeRecords.duplicateBody(how, duplicate, primary);
        call(
            ApiCall.write(connector, CallNames.merge(connector.callKind(primary.kind())), body)
                .on(primary));
        yield Optional.empty();
      }
    };
  }

  @Override
  public NativeRecord separate(RecordRef duplicate, String formerPrimaryId) {
    ConnectorDefinition connector = catalog.connector(duplicate.system());
    Duplicate how = connector.kind(duplicate.kind()).duplicate();
    if (how == null || how.by() == Joining.MERGE) {
      throw new IllegalArgumentException(
          duplicate.system() + " can't take a duplicate out again: " + duplicate);
    }
    return how.by() == Joining.LINK
        ? links(connector, how).restore(duplicate, formerPrimaryId)
        : update(duplicate, NativeRecords.primaryUpdate(how, formerPrimaryId));
  }

  private DuplicateLinks links(ConnectorDefinition connector, Duplicate how) {
    return new DuplicateLinks(connector, how, client(connector.system()), this::fetch);
  }

  @Override
  public Optional<String> addNote(RecordRef ref, String text, Visibility visibility) {
    ConnectorDefinition connector = catalog.connector(ref.system());
    Notes declared = declaredNotes(connector, ref);
    NoteDefinition.AddNote how =
        declared
            .add(visibility)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        ref.system() + " takes no " + visibility + " notes on " + ref.kind()));
    JsonNode body = TextConverter.noteBody(connector.kind(ref.kind()), declared, how.body(), text);
    String shown = visibility.name().toLowerCase(Locale.ROOT);
    ApiResponse answer =
        call(
            ApiCall.write(connector, CallNames.addNote(connector.callKind(ref.kind()), shown), body)
                .on(ref));
    return Optional.of(how.id())
        .filter(path -> !path.isEmpty())
        .map(path -> JsonPath.text(answer.json(), path))
        .filter(id -> !id.isEmpty());
  }

  @Override
  public String shown(RecordRef ref, String text) {
    ConnectorDefinition connector = catalog.connector(ref.system());
    return TextConverter.toShownText(
        connector.kind(ref.kind()), declaredNotes(connector, ref), text);
  }

  @Override
  public boolean showsNotes(RecordRef ref, Visibility visibility) {
    return declaredNotes(catalog.connector(ref.system()), ref).visibility().canBe(visibility);
  }

  @Override
  public List<WorkNote> notes(RecordRef ref) {
    ConnectorDefinition connector = catalog.connector(ref.system());
    Notes declared = declaredNotes(connector, ref);
    NoteReader reader = new NoteReader(connector.kind(ref.kind()), declared, connector.times());
    ApiCall call =
        ApiCall.read(connector, CallNames.listNotes(connector.callKind(ref.kind()))).on(ref);
    List<WorkNote> notes = new ArrayList<>();
    Pager pager = declared.page() == null ? null : new Pager(declared.page(), connector.times());
    Optional<PageToken> token = Optional.of(PageToken.FIRST);
    Set<PageToken> pages = new HashSet<>();
    while (token.isPresent()) {
      PageToken at = token.get();
      if (!pages.add(at)) {
        throw new SystemUnavailableException(
            connector.title() + " keeps returning the same page of the notes of " + ref);
      }
      Pager.Read read =
          pager == null ? null : pager.read(this::call, call, at, Instant.EPOCH, clock.instant());
      ApiResponse answer = read == null ? call(call) : read.answer();
      List<JsonNode> entries = NativeRecords.requireList(connector, answer, declared.answer());
      entries.forEach(entry -> reader.read(entry).ifPresent(notes::add));
      token = read == null ? Optional.empty() : read.pager().next(at, answer.json(), entries, "");
    }
    notes.sort(Comparator.comparing(WorkNote::createdAt));
    return notes;
  }

  @Override
  public boolean listsNotes(String system, String kind) {
    return catalog.connector(system).kind(kind).changes().stream()
        .anyMatch(feed -> feed.gives() == ListingDefinition.Gives.NOTES);
  }

  @Override
  public List<String> feeds(String system, String kind) {
    return catalog.connector(system).kind(kind).changes().stream()
        .map(ListingDefinition.Feed::call)
        .toList();
  }

  @Override
  public ChangePage listChanged(
      String system, String kind, String feed, Instant since, Optional<String> page) {
    ConnectorDefinition connector = catalog.connector(system);
    return new ChangeReader(connector, records, this::call, client(system).time(), timeZoneCheck)
        .page(
            kind,
            feed,
            new ChangeReader.Fields(
                fields(connector, kind, listedNotePaths(connector.kind(kind))),
                joinFields(connector.kind(kind), NativeRecords.ownFields(connector.kind(kind)))),
            since,
            page);
  }

  @Override
  public Instant now(String system) {
    return client(system).time().now();
  }

  /**
   * Note lists that a feed requests with the records, which saves a call for each record's notes.
   */
  private static Set<String> listedNotePaths(Kind kind) {
    return kind.changes().stream()
        .map(ListingDefinition.Feed::notes)
        .filter(path -> !path.isEmpty())
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return lookups(system).keyOf(reference, id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return lookups(system).idOf(reference, key);
  }

  @Override
  public List<String> idsOf(String system, String reference, String key) {
    return lookups(system).idsOf(reference, key);
  }

  @Override
  public List<Health> health() {
    return clients.values().stream().map(SystemClient::health).toList();
  }

  private ApiResponse call(ApiCall call) {
    return client(call.connector().system()).call(call);
  }

  private SystemClient client(String system) {
    SystemClient own = clients.get(system);
    if (own == null) {
      throw new IllegalArgumentException("No connector for " + system);
    }
    return own;
  }

  private ReferenceCache lookups(String system) {
    ReferenceCache own = lookups.get(system);
    if (own == null) {
      throw new IllegalArgumentException("No connector for " + system);
    }
    return own;
  }

  private static Notes declaredNotes(ConnectorDefinition connector, RecordRef ref) {
    Kind kind = connector.kind(ref.kind());
    if (kind.notes() == null) {
      throw new IllegalArgumentException(ref.system() + " has no notes on " + ref.kind());
    }
    return kind.notes();
  }

  private ApiCall withFields(ApiCall call, String kind) {
    return call.with("fields", fields(call.connector(), kind));
  }

  private String fields(ConnectorDefinition connector, String kind) {
    return fields(connector, kind, Set.of());
  }

  private String fields(ConnectorDefinition connector, String kind, Set<String> more) {
    Kind declared = connector.kind(kind);
    Set<String> fields = new TreeSet<>(NativeRecords.ownFields(declared));
    fields.addAll(mappedFields.paths(connector.system(), kind));
    fields.addAll(more);
    return joinFields(declared, fields);
  }

  /** The field list in the form the kind's calls take. */
  private static String joinFields(Kind declared, Set<String> fields) {
    if (declared.fieldsUnder().isEmpty()) {
      return String.join(",", fields);
    }
    String under = declared.fieldsUnder() + ".";
    return fields.stream()
        .filter(path -> path.startsWith(under))
        .map(path -> path.substring(under.length()).replaceFirst("[.\\[].*", ""))
        .distinct()
        .collect(Collectors.joining(","));
  }
}
