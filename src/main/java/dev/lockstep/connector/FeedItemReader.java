package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.ListingDefinition.Feed;
import dev.lockstep.connector.definition.NoteDefinition.Notes;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the items of a feed: records, notes, or entries of a log. */
final class FeedItemReader {
  private final ConnectorDefinition connector;
  private final NativeRecords records;
  private final NoteReader.Authors authors;

  FeedItemReader(ConnectorDefinition connector, NativeRecords records, NoteReader.Authors authors) {
    this.connector = connector;
    this.records = records;
    this.authors = authors;
  }

  PageContent read(String kind, Feed feed, Instant since, List<JsonNode> items) {
    KindDefinition declared = connector.kind(kind);
    return switch (feed.gives()) {
      case RECORDS -> readRecords(kind, declared, feed, since, items);
      case NOTES -> readNotes(kind, declared, feed, items);
      case LOG -> readLog(kind, feed, items);
    };
  }

  /** Skips records that can't be read; when none can, the listing itself is considered faulty. */
  private PageContent readRecords(
      String kind, KindDefinition declared, Feed feed, Instant since, List<JsonNode> items) {
    Instant from = since.truncatedTo(ChronoUnit.SECONDS);
    PageContent found = new PageContent();
    for (JsonNode item : items) {
      try {
        NativeRecord record = records.read(connector.system(), kind, item, null);
        if (!feed.onlyChanged() || !record.updatedAt().isBefore(from)) {
          found.records.add(record);
          found.addShown(record.ref(), item);
          if (feed.fetchNotes()) {
            found.toFetch.add(record.ref());
          }
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
      addNotes(found, feed, reader(declared, declared.notes()));
    }
    return found;
  }

  private NoteReader reader(KindDefinition declared, Notes notes) {
    return new NoteReader(declared, notes, connector.times(), authors);
  }

  /** The record's key and id, for a message about it. */
  static String label(KindDefinition declared, JsonNode item) {
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

  private PageContent readNotes(
      String kind, KindDefinition declared, Feed feed, List<JsonNode> entries) {
    PageContent found = new PageContent();
    if (declared.notes() == null) {
      return found;
    }
    NoteReader reader = reader(declared, declared.notes());
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
        found.noteFingerprints.computeIfAbsent(ref, r -> new ArrayList<>()).add(trace.get());
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
