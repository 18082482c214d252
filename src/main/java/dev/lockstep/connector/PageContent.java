package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What the items of one page of a feed contain. */
final class PageContent {
  final List<NativeRecord> records = new ArrayList<>();
  final Map<RecordRef, List<WorkNote>> notes = new LinkedHashMap<>();
  final Set<RecordRef> toFetch = new LinkedHashSet<>();
  final Map<RecordRef, List<NoteFingerprint>> noteFingerprints = new LinkedHashMap<>();
  final Map<RecordRef, List<JsonNode>> shown = new LinkedHashMap<>();
  final List<String> skipped = new ArrayList<>();

  void addShown(RecordRef ref, JsonNode item) {
    shown.computeIfAbsent(ref, r -> new ArrayList<>()).add(item);
  }

  Map<RecordRef, UUID> fingerprints() {
    Map<RecordRef, UUID> prints = new LinkedHashMap<>();
    shown.forEach((ref, items) -> prints.put(ref, fingerprint(items)));
    return prints;
  }

  /** Equal for equal content. */
  static UUID fingerprint(Object shown) {
    return UUID.nameUUIDFromBytes(String.valueOf(shown).getBytes(StandardCharsets.UTF_8));
  }
}
