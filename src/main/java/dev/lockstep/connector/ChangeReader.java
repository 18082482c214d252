package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.ConnectorDefinition.Kind;
import dev.lockstep.connector.ListingDefinition.Feed;
import dev.lockstep.connector.ListingDefinition.PageKind;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Reads the changes of one system: one feed of a record kind, page by page. */
final class ChangeReader {
  /** A smaller difference between two clocks does not change the request. */
  private static final Duration SAME_TIME = Duration.ofSeconds(30);

  private final ConnectorDefinition connector;
  private final NativeRecords records;
  private final Function<ApiCall, ApiResponse> calls;
  private final SystemClock time;
  private final TimeZoneCheck checks;

  ChangeReader(
      ConnectorDefinition connector,
      NativeRecords records,
      Function<ApiCall, ApiResponse> calls,
      SystemClock time,
      TimeZoneCheck checks) {
    this.connector = connector;
    this.records = records;
    this.calls = calls;
    this.time = time;
    this.checks = checks;
  }

  /**
   * What to request of each record.
   *
   * @param all every field that is needed
   * @param own the fields that identify and date a record
   */
  record Fields(String all, String own) {}

  /**
   * @param name of the feed
   */
  ChangePage page(String kind, String name, Fields fields, Instant since, Optional<String> page) {
    Kind declared = connector.kind(kind);
    Feed feed =
        declared.changes().stream()
            .filter(candidate -> candidate.call().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("No feed " + name + " of " + kind));
    ApiCall call = ApiCall.read(connector, feed.call());
    if (page.isEmpty()) {
      checks.check(
          connector, feed, call.with("fields", fields.own()), calls, timePath(declared, feed));
    }
    PageToken start = page.map(PageToken::parse).orElse(PageToken.FIRST);
    try {
      PageResponse reading = read(feed, call.with("fields", fields.all()), start, since);
      return toPage(declared, feed, reading, readContent(kind, declared, feed, since, reading));
    } catch (ResponseTooLargeException e) {
      ApiCall least = call.with("fields", fields.own());
      return skipOversized(kind, declared, feed, least, start, since, e);
    }
  }

  private PageContent readContent(
      String kind, Kind declared, Feed feed, Instant since, PageResponse reading) {
    return switch (feed.gives()) {
      case RECORDS -> readRecords(kind, declared, feed, since, items(feed, reading));
      case NOTES -> readNotes(kind, declared, feed, items(feed, reading));
      case LOG -> readLog(kind, feed, items(feed, reading));
    };
  }

  private List<JsonNode> items(Feed feed, PageResponse reading) {
    return NativeRecords.requireList(connector, reading.answer(), feed.answer());
  }

  private ChangePage toPage(Kind declared, Feed feed, PageResponse reading, PageContent found) {
    List<JsonNode> items = items(feed, reading);
    String next =
        reading
            .pager()
            .next(reading.token(), reading.answer().json(), items, feed.time())
            .map(PageToken::toString)
            .orElse(null);
    return new ChangePage(
        found.records,
        found.notes,
        found.toFetch,
        found.fingerprints,
        next,
        new ChangePage.Page(
            times(items, timePath(declared, feed), connector.times()).stream()
                .max(Instant::compareTo)
                .orElse(null),
            items.isEmpty() ? null : fingerprint(items),
            found.fingerprints(),
            found.skipped));
  }

  /**
   * Continues after a single record that exceeds the answer limit. Where a system returns only
   * requested fields, the record is listed with its identifying fields and fetched separately;
   * where pages have offsets, it is skipped and reported.
   *
   * @param least the call that requests only the identifying fields
   * @throws ResponseTooLargeException when neither is possible
   */
  private ChangePage skipOversized(
      String kind,
      Kind declared,
      Feed feed,
      ApiCall least,
      PageToken start,
      Instant since,
      ResponseTooLargeException oversized) {
    boolean shrinks =
        feed.gives() == ListingDefinition.Gives.RECORDS && declared.showsFieldsOnRequest();
    if (shrinks) {
      PageResponse reading = read(feed.sized(1), least, start, since);
      PageContent found = new PageContent();
      for (JsonNode item : items(feed, reading)) {
        String id = JsonPath.text(item, declared.id());
        if (declared.isId(id)) {
          RecordRef ref = new RecordRef(connector.system(), kind, id);
          found.toFetch.add(ref);
          found.addShown(ref, item);
        } else {
          found.skipped.add(label(declared, item) + oversized.answer());
        }
      }
      return toPage(declared, feed, reading, found);
    }
    PageToken next =
        new Pager(feed.page(), connector.times()).skipOne(start).orElseThrow(() -> oversized);
    String left =
        "Item "
            + next.position()
            + " of "
            + feed.call()
            + ": "
            + oversized.answer()
            + ". "
            + oversized.advice();
    return new ChangePage(
        List.of(),
        Map.of(),
        Set.of(),
        Map.of(),
        next.toString(),
        new ChangePage.Page(null, null, Map.of(), List.of(left)));
  }

  private record PageResponse(Pager pager, PageToken token, ApiResponse answer) {}

  /**
   * A request that contains the current time is repeated once when the answer shows that the
   * system's clock differs, as after a start.
   */
  private PageResponse read(Feed feed, ApiCall call, PageToken start, Instant since) {
    boolean knewTime = time.known();
    Instant now = time.now();
    PageResponse reading = read(feed, call, start, since, now);
    boolean asksNow = feed.page().by() != PageKind.KEY && start.after().isEmpty();
    boolean apart = Duration.between(now, time.now()).abs().compareTo(SAME_TIME) > 0;
    return asksNow && !knewTime && apart ? read(feed, call, start, since, time.now()) : reading;
  }

  private PageResponse read(Feed feed, ApiCall call, PageToken start, Instant since, Instant now) {
    Pager pager = new Pager(feed.page(), connector.times());
    PageToken token = pager.start(start, since, now);
    Pager.Read read = pager.read(calls, call, token, since, now);
    return new PageResponse(read.pager(), token, read.answer());
  }

  /** Path, in an item, of the time by which the feed is filtered. */
  private static String timePath(Kind kind, Feed feed) {
    if (!feed.time().isEmpty()) {
      return feed.time();
    }
    return feed.gives() == ListingDefinition.Gives.RECORDS ? kind.updatedAt() : feed.page().time();
  }

  static List<Instant> times(List<JsonNode> items, String path, TimeFormat format) {
    List<Instant> times = new ArrayList<>();
    for (JsonNode item : path.isEmpty() ? List.<JsonNode>of() : items) {
      try {
        times.add(format.parse(JsonPath.text(item, path)));
      } catch (IllegalArgumentException noTime) {
        // The item itself is reported where it is read.
      }
    }
    return times;
  }

  private static UUID fingerprint(Object shown) {
    return UUID.nameUUIDFromBytes(String.valueOf(shown).getBytes(StandardCharsets.UTF_8));
  }

  /** What the items of a page contain. */
  private static final class PageContent {
    private final List<NativeRecord> records = new ArrayList<>();
    private final Map<RecordRef, List<WorkNote>> notes = new LinkedHashMap<>();
    private final Set<RecordRef> toFetch = new LinkedHashSet<>();
    private final Map<RecordRef, List<NoteFingerprint>> fingerprints = new LinkedHashMap<>();
    private final Map<RecordRef, List<JsonNode>> shown = new LinkedHashMap<>();
    private final List<String> skipped = new ArrayList<>();

    private void addShown(RecordRef ref, JsonNode item) {
      shown.computeIfAbsent(ref, r -> new ArrayList<>()).add(item);
    }

    private Map<RecordRef, UUID> fingerprints() {
      Map<RecordRef, UUID> prints = new LinkedHashMap<>();
      shown.forEach((ref, items) -> prints.put(ref, fingerprint(items)));
      return prints;
    }
  }

  /** Skips records that can't be read; when none can, the listing itself is considered faulty. */
  private PageContent readRecords(
      String kind, Kind declared, Feed feed, Instant since, List<JsonNode> items) {
    Instant from = since.truncatedTo(ChronoUnit.SECONDS);
    PageContent found = new PageContent();
    for (JsonNode item : items) {
      try {
        NativeRecord record = records.read(connector.system(), kind, item, null);
        if (!feed.onlyChanged() || !record.updatedAt().isBefore(from)) {
          found.records.add(record);
          found.addShown(record.ref(), item);
        }
      } catch (RecordMergedException e) {
        // Fetching the record determines its current state.
        found.toFetch.add(e.ref());
        found.addShown(e.ref(), item);
      } catch (IllegalArgumentException e) {
        found.skipped.add(label(declared, item) + e.getMessage());
      }
    }
    if (!items.isEmpty() && found.skipped.size() == items.size()) {
      throw new SystemUnavailableException(
          connector.title()
              + " listed "
              + items.size()
              + " records, none of which can be read: "
              + found.skipped.get(0));
    }
    if (!feed.notes().isEmpty() && declared.notes() != null) {
      addNotes(found, feed, new NoteReader(declared, declared.notes(), connector.times()));
    }
    return found;
  }

  private static String label(Kind declared, JsonNode item) {
    String key = Placeholders.fill(declared.key(), item);
    String id = JsonPath.text(item, declared.id());
    if (key.isEmpty() && id.isEmpty()) {
      return "";
    }
    return key + (id.isEmpty() || id.equals(key) ? "" : " (" + id + ")") + ": ";
  }

  /** Schedules a fetch for a record that shows only some of its notes, or unreadable ones. */
  private static void addNotes(PageContent found, Feed feed, NoteReader reader) {
    for (NativeRecord record : found.records) {
      JsonNode entries = JsonPath.find(record.json(), feed.notes());
      JsonNode total = JsonPath.find(record.json(), feed.notesTotal());
      if (!entries.isArray() || total.asInt(entries.size()) > entries.size()) {
        found.toFetch.add(record.ref());
        continue;
      }
      List<WorkNote> notes = new ArrayList<>();
      try {
        entries.forEach(entry -> reader.read(entry).ifPresent(notes::add));
      } catch (IllegalArgumentException e) {
        found.toFetch.add(record.ref());
        continue;
      }
      if (!notes.isEmpty()) {
        found.notes.put(record.ref(), notes);
      }
    }
  }

  private PageContent readNotes(String kind, Kind declared, Feed feed, List<JsonNode> entries) {
    PageContent found = new PageContent();
    if (declared.notes() == null) {
      return found;
    }
    NoteReader reader = new NoteReader(declared, declared.notes(), connector.times());
    for (JsonNode entry : entries) {
      String id = JsonPath.text(entry, feed.record());
      if (!declared.isId(id)) {
        found.skipped.add(
            "A note without the record it is on: " + feed.record() + " is missing or no id");
        continue;
      }
      RecordRef ref = new RecordRef(connector.system(), kind, id);
      try {
        reader
            .read(entry)
            .ifPresent(
                note -> {
                  found.notes.computeIfAbsent(ref, r -> new ArrayList<>()).add(note);
                  found.addShown(ref, entry);
                });
      } catch (IllegalArgumentException e) {
        found.skipped.add("A note on " + ref + ": " + e.getMessage());
      }
    }
    return found;
  }

  private PageContent readLog(String kind, Feed feed, List<JsonNode> entries) {
    PageContent found = new PageContent();
    Map<RecordRef, NativeRecord> whole = new LinkedHashMap<>();
    for (JsonNode entry : entries) {
      String type = JsonPath.text(entry, feed.type());
      JsonNode json = JsonPath.find(entry, feed.record());
      String id = JsonPath.text(json, connector.kind(kind).id());
      if (feed.ignore().contains(type) || !connector.kind(kind).isId(id)) {
        continue;
      }
      RecordRef ref = new RecordRef(connector.system(), kind, id);
      found.addShown(ref, entry);
      Optional<NativeRecord> record = completeRecord(kind, feed, json);
      Optional<NoteFingerprint> trace =
          feed.look().contains(type) ? noteFingerprint(kind, feed, entry) : Optional.empty();
      if (trace.isPresent()) {
        found.fingerprints.computeIfAbsent(ref, r -> new ArrayList<>()).add(trace.get());
        record.ifPresent(shown -> whole.putIfAbsent(ref, shown));
      } else if (feed.look().contains(type) || record.isEmpty()) {
        found.toFetch.add(ref);
      } else {
        whole.putIfAbsent(ref, record.get());
      }
    }
    whole.keySet().removeAll(found.toFetch);
    found.records.addAll(whole.values());
    return found;
  }

  private Optional<NoteFingerprint> noteFingerprint(String kind, Feed feed, JsonNode entry) {
    if (feed.noteText().isEmpty() || JsonPath.text(entry, feed.noteText()).isBlank()) {
      return Optional.empty();
    }
    try {
      Instant at = connector.times().parse(JsonPath.text(entry, feed.time()));
      String text = JsonPath.text(entry, feed.noteText());
      String entryId = feed.entryId().isEmpty() ? "" : JsonPath.text(entry, feed.entryId());
      return Optional.of(
          new NoteFingerprint(entryId, at, records.noteText(connector.system(), kind, text)));
    } catch (IllegalArgumentException noTime) {
      return Optional.empty();
    }
  }

  private Optional<NativeRecord> completeRecord(String kind, Feed feed, JsonNode json) {
    if (feed.whole().isEmpty() || JsonPath.text(json, feed.whole()).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(records.read(connector.system(), kind, json, null));
    } catch (RecordMergedException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
