package dev.lockstep.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.CallGate;
import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.OnCall;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two systems in memory, {@code itsm} and {@code platform}: the latter refuses a second open record
 * with the same correlation id, the former does not. In the former a duplicate names its primary in
 * a field, in the latter it is merged: resolved for good. Every change counts the version up; each
 * record is opened a second after the one before.
 */
public final class FakeSystems implements Connectors {

  private static final class Entry {
    final ObjectNode json = JsonNodeFactory.instance.objectNode();
    final List<WorkNote> notes = new ArrayList<>();
    String correlation = "";

    /** The record it is a duplicate of; empty for none. */
    String primary = "";

    /** Who made its last change; null where its system does not tell. */
    String changedBy;

    /** A person may make it older or newer than it is. */
    Instant opened;

    long version;

    /** How far the version went back while the clock went on. */
    long restored;

    Entry(Instant opened) {
      this.opened = opened;
    }

    boolean resolved() {
      return RESOLVED.equals(json.path("status").asText());
    }
  }

  private static final String RESOLVED = "resolved";

  private final Map<RecordRef, Entry> records = new TreeMap<>();
  private final Map<RecordRef, Entry> deleted = new TreeMap<>();
  private final Map<String, Integer> calls = new TreeMap<>();
  private final Set<String> hidden = new HashSet<>();

  /** System and visibility of the notes that no listing contains. */
  private final Set<String> unlisted = new HashSet<>();

  private final Set<String> noteless = new HashSet<>();
  private final Set<String> events = new HashSet<>();
  private final Map<String, List<OnCall>> onCall = new TreeMap<>();

  /** Systems whose notes anyone may read. */
  private final Set<String> published = new HashSet<>();

  private String actor;
  private int ids;
  private int noteIds;

  /** When the first record was opened: just now. */
  private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private String owned = "";

  /** How far the machines' clocks are apart: closer versions leave open which is the later. */
  private long apart;

  private Duration sinceLastChange = Duration.ofHours(1);

  /** System and field of what a write does not change, and of what no answer shows. */
  private final Set<String> dropped = new TreeSet<>();

  private final Set<String> hiddenFields = new TreeSet<>();

  /** Told after each change, by whomever, with the record changed. */
  private BiConsumer<RecordRef, NativeRecord> listener = (ref, state) -> {};

  /** Called before (and after) each call made through {@link Connectors}; may throw. */
  private Consumer<String> before = call -> {};

  private Consumer<String> after = call -> {};
  private CallGate gate = system -> {};

  public void onChange(BiConsumer<RecordRef, NativeRecord> told) {
    listener = told;
  }

  public synchronized void failBefore(Consumer<String> failure) {
    before = failure;
  }

  /** Asked before each call is counted, as the client of a real system does. */
  public synchronized void gate(CallGate asked) {
    gate = asked;
  }

  public synchronized void failAfter(Consumer<String> failure) {
    after = failure;
  }

  /** Its system was restored from a backup: the version counts on from there. */
  public synchronized void restore(RecordRef ref, long version) {
    Entry entry = entry(ref);
    entry.restored += entry.version - version + 1;
    entry.version = version;
  }

  /** The system takes writes of the field without a word, and keeps what was there before. */
  public synchronized void drop(String system, String field) {
    dropped.add(system + " " + field);
  }

  /** The system has no call that adds a note. */
  public synchronized void takeNoNotes(String system) {
    noteless.add(system);
  }

  /** The system's records are created once, and found by their correlation id alone. */
  public synchronized void takesEvents(String system) {
    owned = system;
    events.add(system);
    noteless.add(system);
  }

  @Override
  public synchronized boolean isAppendOnly(String system, String kind) {
    return events.contains(system);
  }

  @Override
  public synchronized boolean takesNotes(RecordRef ref, Visibility visibility) {
    return !noteless.contains(ref.system())
        && (visibility == Visibility.PUBLIC || !published.contains(ref.system()));
  }

  /** The system shows the field to nobody. */
  public synchronized void hide(String system, String field) {
    hiddenFields.add(system + " " + field);
  }

  public synchronized void dropAndHideNothing() {
    dropped.clear();
    hiddenFields.clear();
  }

  private void write(String system, Entry entry, JsonNode body) {
    body.properties()
        .forEach(
            e -> {
              if (!dropped.contains(system + " " + e.getKey())) {
                entry.json.set(e.getKey(), e.getValue());
              } else if (!entry.json.has(e.getKey())) {
                entry.json.put(e.getKey(), "");
              }
            });
  }

  /** From now on that system lists no notes, as if there were none; as an access rule does. */
  public synchronized void hideNotes(String system) {
    hidden.add(system);
  }

  /** That system has no listing of notes of that visibility; as PagerDuty of status updates. */
  public synchronized void listNo(Visibility visibility, String system) {
    unlisted.add(system + " " + visibility);
  }

  /** From now on that system takes public notes only, as their text alone; as a status page. */
  public synchronized void publish(String system) {
    published.add(system);
  }

  @Override
  public synchronized boolean addsTextOnly(String system, String kind) {
    return published.contains(system);
  }

  /** A person edits the notes with this text in them. */
  public void editNotes(RecordRef ref, String part, String text, Visibility visibility) {
    NativeRecord state;
    synchronized (this) {
      Entry entry = entry(ref);
      entry.notes.replaceAll(
          note ->
              note.text().contains(part)
                  ? new WorkNote(note.id(), note.author(), note.createdAt(), text, visibility)
                  : note);
      entry.version++;
      state = view(ref, entry);
    }
    listener.accept(ref, state);
  }

  /** A person deletes the notes with this text in them. */
  public synchronized void deleteNotes(RecordRef ref, String part) {
    entry(ref).notes.removeIf(note -> note.text().contains(part));
  }

  public synchronized void showNotes(String system) {
    hidden.remove(system);
  }

  public synchronized void apart(long versions) {
    apart = versions;
  }

  /** Somebody writes which far record is a record's counterpart. */
  public void names(RecordRef ref, String correlation) {
    NativeRecord state;
    synchronized (this) {
      Entry entry = entry(ref);
      entry.correlation = correlation;
      entry.version++;
      state = view(ref, entry);
    }
    listener.accept(ref, state);
  }

  /** As on the first day. */
  public synchronized void forget() {
    apart = 0;
    sinceLastChange = Duration.ofHours(1);
    owned = "";
    dropAndHideNothing();
    hidden.clear();
    noteless.clear();
    events.clear();
    onCall.clear();
    unlisted.clear();
    published.clear();
    records.clear();
    calls.clear();
    before = call -> {};
    after = call -> {};
  }

  /** One clock for records and notes: what is written later is dated later. */
  private Instant now() {
    return began.plusSeconds(ids + noteIds);
  }

  /** How long ago the newest change was made, by the systems' clocks. */
  public synchronized void sinceLastChange(Duration passed) {
    sinceLastChange = passed;
  }

  /** A person makes a record. */
  public RecordRef person(String system, Map<String, String> fields) {
    RecordRef ref;
    synchronized (this) {
      ref = new RecordRef(system, "incident", system.substring(0, 1) + ++ids);
      records.put(ref, new Entry(now()));
    }
    person(ref, fields);
    return ref;
  }

  /** A person edits a record. */
  public void person(RecordRef ref, Map<String, String> fields) {
    NativeRecord state;
    synchronized (this) {
      Entry entry = entry(ref);
      fields.forEach(entry.json::put);
      entry.version++;
      entry.changedBy = actor;
      state = view(ref, entry);
    }
    listener.accept(ref, state);
  }

  /** Who the systems say makes the changes from now on. */
  public void actor(String name) {
    actor = name;
  }

  public void personNotes(RecordRef ref, String text, Visibility visibility) {
    NativeRecord state;
    synchronized (this) {
      state = note(ref, "person", text, visibility);
    }
    listener.accept(ref, state);
  }

  /** It was opened then, whenever it was made. */
  public synchronized void opened(RecordRef ref, Instant at) {
    entry(ref).opened = at;
  }

  /**
   * A person says what the record is a duplicate of, as in the system's own pages; null: of none.
   */
  public void personConsolidates(RecordRef duplicate, @Nullable RecordRef primary) {
    told(() -> hang(duplicate, primary == null ? "" : primary.id()));
  }

  /** The id of what the record is a duplicate of; empty for none. */
  public synchronized String primaryOf(RecordRef ref) {
    return entry(ref).primary;
  }

  /** As on the first day. */
  public synchronized void clear() {
    records.clear();
    calls.clear();
  }

  public synchronized void delete(RecordRef ref) {
    deleted.put(ref, entry(ref));
    records.remove(ref);
  }

  public synchronized void undelete(RecordRef ref) {
    records.put(ref, deleted.remove(ref));
  }

  public synchronized Map<String, String> values(RecordRef ref) {
    Map<String, String> values = new TreeMap<>();
    entry(ref).json.properties().forEach(e -> values.put(e.getKey(), e.getValue().asText()));
    return values;
  }

  public synchronized List<String> noteTexts(RecordRef ref) {
    return entry(ref).notes.stream().map(WorkNote::text).toList();
  }

  public synchronized String correlationOf(RecordRef ref) {
    return entry(ref).correlation;
  }

  public synchronized List<RecordRef> all(String system) {
    return records.keySet().stream().filter(ref -> ref.system().equals(system)).toList();
  }

  /** How often a call was made, by {@code "verb system"}. */
  public synchronized int calls(String call) {
    return calls.getOrDefault(call, 0);
  }

  public synchronized NativeRecord peek(RecordRef ref) {
    return view(ref, entry(ref));
  }

  private Entry entry(RecordRef ref) {
    Entry entry = records.get(ref);
    if (entry == null) {
      throw new RecordNotFoundException(ref);
    }
    return entry;
  }

  private NativeRecord view(RecordRef ref, Entry entry) {
    ObjectNode shown = entry.json.deepCopy();
    shown.properties().removeIf(e -> hiddenFields.contains(ref.system() + " " + e.getKey()));
    return new NativeRecord(
        ref,
        ref.id().toUpperCase(java.util.Locale.ROOT),
        "",
        new Version(entry.version - apart, entry.version + apart),
        updatedAt(entry),
        entry.correlation,
        shown,
        entry.opened,
        entry.primary,
        entry.changedBy,
        false);
  }

  private static Instant updatedAt(Entry entry) {
    return Instant.ofEpochSecond(entry.version + entry.restored);
  }

  private NativeRecord note(RecordRef ref, String author, String text, Visibility visibility) {
    Entry entry = entry(ref);
    entry.notes.add(new WorkNote("note" + ++noteIds, author, now(), text, visibility));
    entry.version++;
    return view(ref, entry);
  }

  private void begin(String call) {
    gate.requireOpen(call.substring(call.lastIndexOf(' ') + 1));
    calls.merge(call, 1, Integer::sum);
    before.accept(call);
  }

  @Override
  public Set<String> systems() {
    return Set.of("itsm", "platform");
  }

  @Override
  public String title(String system) {
    return system;
  }

  @Override
  public NativeRecord fetch(RecordRef ref) {
    NativeRecord state;
    synchronized (this) {
      if (events.contains(ref.system())) {
        throw new IllegalStateException("an event cannot be fetched");
      }
      begin("fetch " + ref.system());
      state = view(ref, entry(ref));
    }
    after.accept("fetch " + ref.system());
    return state;
  }

  @Override
  public NativeRecord create(
      String system, String kind, JsonNode body, String correlation, String farKey) {
    NativeRecord state;
    synchronized (this) {
      String correlationId = mention(system, correlation);
      begin("create " + system);
      if (system.equals("platform") && isTaken(system, correlationId)) {
        throw new RequestRejectedException(400, "create", "already exists", "look it up");
      }
      var ref = new RecordRef(system, kind, system.substring(0, 1) + ++ids);
      Entry entry = new Entry(now());
      entry.correlation = correlationId;
      write(ref.system(), entry, body);
      entry.version = 1;
      records.put(ref, entry);
      state = view(ref, entry);
    }
    listener.accept(state.ref(), state);
    after.accept("create " + system);
    return state;
  }

  @Override
  public NativeRecord update(RecordRef ref, JsonNode body) {
    NativeRecord state;
    synchronized (this) {
      begin("update " + ref.system());
      Entry entry = entry(ref);
      write(ref.system(), entry, body);
      entry.version++;
      state = view(ref, entry);
    }
    listener.accept(ref, state);
    after.accept("update " + ref.system());
    return state;
  }

  private Optional<NativeRecord> find(String system, String correlationId) {
    return records.entrySet().stream()
        .filter(e -> e.getKey().system().equals(system))
        .filter(e -> e.getValue().correlation.equals(correlationId))
        .map(e -> view(e.getKey(), e.getValue()))
        .max(Comparator.comparing(NativeRecord::openedAt));
  }

  /** As documented for PagerDuty, a resolved record's correlation id is free again. */
  private boolean isTaken(String system, String correlationId) {
    return find(system, correlationId)
        .filter(found -> !"resolved".equals(found.json().path("status").asText()))
        .isPresent();
  }

  @Override
  public void requireFindable(String system, String kind, String correlationId) {}

  @Override
  public Optional<NativeRecord> findByCorrelation(
      String system, String kind, String correlationId) {
    Optional<NativeRecord> found;
    synchronized (this) {
      begin("find " + system);
      found = find(system, mention(system, correlationId));
    }
    after.accept("find " + system);
    return found;
  }

  /** A system of Lockstep's own keeps no token. */
  private String mention(String system, String correlationId) {
    return system.equals(owned)
        ? Mention.parse(correlationId).map(known -> known.ref().toString()).orElse(correlationId)
        : correlationId;
  }

  @Override
  public Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey) {
    if (ref.system().equals("platform")) {
      return Optional.empty();
    }
    NativeRecord state;
    synchronized (this) {
      begin("link " + ref.system());
      Entry entry = entry(ref);
      if ("closed".equals(entry.json.path("status").asText())) {
        throw new RequestRejectedException(403, "link", "it is closed", "reopen it");
      }
      entry.correlation = correlationId;
      entry.version++;
      state = view(ref, entry);
    }
    listener.accept(ref, state);
    after.accept("link " + ref.system());
    return Optional.of(state);
  }

  /** Nobody but Lockstep writes what this system's records name. */
  public synchronized void ownCorrelation(String system) {
    owned = system;
  }

  @Override
  public synchronized boolean ownsCorrelation(String system, String kind) {
    return system.equals(owned);
  }

  /** The records of a system are known as this kind too. */
  @Override
  public Set<RecordRef> aliases(RecordRef ref) {
    return ref.kind().equals("incident")
        ? Set.of(new RecordRef(ref.system(), "issue", ref.id()))
        : Set.of();
  }

  @Override
  public boolean consolidates(String system, String kind) {
    return true;
  }

  @Override
  public boolean separates(String system, String kind) {
    return system.equals("itsm");
  }

  @Override
  public Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary) {
    String call = "consolidate " + duplicate.system();
    NativeRecord state =
        told(
            () -> {
              begin(call);
              return hang(duplicate, primary.id());
            });
    after.accept(call);
    return duplicate.system().equals("itsm") ? Optional.of(state) : Optional.empty();
  }

  @Override
  public NativeRecord separate(RecordRef duplicate, String formerPrimaryId) {
    if (!separates(duplicate.system(), duplicate.kind())) {
      throw new IllegalArgumentException("can't be taken back: " + duplicate);
    }
    String call = "separate " + duplicate.system();
    NativeRecord state =
        told(
            () -> {
              begin(call);
              return hang(duplicate, formerPrimaryId);
            });
    after.accept(call);
    return state;
  }

  private NativeRecord told(Supplier<NativeRecord> change) {
    NativeRecord state;
    synchronized (this) {
      state = change.get();
    }
    listener.accept(state.ref(), state);
    return state;
  }

  private NativeRecord hang(RecordRef duplicate, String primaryId) {
    Entry entry = entry(duplicate);
    if (duplicate.system().equals("platform")) {
      Entry primary = entry(new RecordRef("platform", duplicate.kind(), primaryId));
      if (primary.resolved()) {
        throw new RequestRejectedException(400, "merge", "Incident Already Resolved", "reopen it");
      }
      if (!entry.primary.isEmpty()) {
        throw new RequestRejectedException(400, "merge", "Incident Already Merged", "all is done");
      }
      entry.json.put("status", RESOLVED);
    }
    if (!entry.primary.equals(primaryId)) {
      entry.primary = primaryId;
      entry.version++;
    }
    return view(duplicate, entry);
  }

  @Override
  public Optional<String> addNote(RecordRef ref, String text, Visibility visibility) {
    NativeRecord state;
    String id;
    synchronized (this) {
      if (noteless.contains(ref.system())) {
        throw new IllegalArgumentException(ref.system() + " takes no notes");
      }
      begin("note " + ref.system());
      state = note(ref, "lockstep", text, visibility);
      id = "note" + noteIds;
    }
    listener.accept(ref, state);
    after.accept("note " + ref.system());
    boolean isTold = !ref.system().equals("itsm") && !addsTextOnly(ref.system(), ref.kind());
    return isTold ? Optional.of(id) : Optional.empty();
  }

  @Override
  public synchronized List<WorkNote> notes(RecordRef ref) {
    begin("notes " + ref.system());
    List<WorkNote> all =
        entry(ref).notes.stream().filter(note -> showsNotes(ref, note.visibility())).toList();
    return hidden.contains(ref.system()) ? List.of() : all;
  }

  @Override
  public synchronized Optional<WorkNote> note(RecordRef ref, String id) {
    begin("note of " + ref.system());
    return entry(ref).notes.stream().filter(note -> note.id().equals(id)).findFirst();
  }

  @Override
  public synchronized boolean showsNotes(RecordRef ref, Visibility visibility) {
    return !unlisted.contains(ref.system() + " " + visibility);
  }

  /** Without a call being counted: what a webhook would carry along. */
  public synchronized List<WorkNote> peekNotes(RecordRef ref) {
    return List.copyOf(entry(ref).notes);
  }

  @Override
  public List<String> feeds(String system, String kind) {
    return List.of("list-changed-" + kind);
  }

  @Override
  public synchronized Instant now(String system) {
    return records.values().stream()
        .map(FakeSystems::updatedAt)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH)
        .plus(sinceLastChange);
  }

  @Override
  public synchronized ChangePage listChanged(
      String system, String kind, String feed, Instant since, Optional<String> page) {
    begin("list " + system);
    var found = all(system).stream().map(ref -> view(ref, entry(ref))).toList();
    var notes = new TreeMap<RecordRef, List<WorkNote>>();
    all(system).forEach(ref -> notes.put(ref, peekNotes(ref)));
    return new ChangePage(found, notes, Set.of(), null);
  }

  /** From now on these are on call, the first one first. */
  public synchronized void putOnCall(String policy, String... people) {
    List<OnCall> levels = new ArrayList<>();
    for (String person : people) {
      levels.add(new OnCall(person, levels.size() + 1));
    }
    onCall.put(policy, levels);
  }

  @Override
  public synchronized List<OnCall> onCall(String system, String kind, String id) {
    begin("on-call " + system);
    return onCall.getOrDefault(id, List.of());
  }

  @Override
  public Optional<String> keyOf(String system, String reference, String id) {
    return Optional.of(id);
  }

  @Override
  public Optional<String> idOf(String system, String reference, String key) {
    return Optional.of(key);
  }

  @Override
  public List<String> idsOf(String system, String reference, String key) {
    return List.of(key);
  }
}
