package dev.lockstep.dryrun;

import dev.lockstep.connector.ChangePage;
import dev.lockstep.record.RecordRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which records a dry run lists, and how many. Thread-safe. */
final class ListingLimit {
  private final Set<RecordRef> listed = new HashSet<>();
  private String query = "";
  private int most = Integer.MAX_VALUE;

  /**
   * @param wanted in the language of the systems that are listed; empty for all
   * @param records no more than so many, over all feeds
   */
  synchronized void set(String wanted, int records) {
    this.query = wanted;
    this.most = records;
  }

  synchronized String query() {
    return query;
  }

  /** How many records were listed. */
  synchronized int count() {
    return listed.size();
  }

  /** Without what exceeds the limit; the last page ends there. */
  synchronized ChangePage limit(ChangePage page) {
    Set<RecordRef> shown = new LinkedHashSet<>();
    page.records().forEach(record -> shown.add(record.ref()));
    shown.addAll(page.toFetch());
    shown.addAll(page.notes().keySet());
    for (RecordRef ref : shown) {
      if (listed.size() < most) {
        listed.add(ref);
      }
    }
    return new ChangePage(
        page.records().stream().filter(record -> listed.contains(record.ref())).toList(),
        listedOnly(page.notes()),
        page.toFetch().stream().filter(listed::contains).collect(Collectors.toSet()),
        listedOnly(page.noteFingerprints()),
        listed.size() < most ? page.nextPage() : null,
        page.page());
  }

  private <T> Map<RecordRef, T> listedOnly(Map<RecordRef, T> byRecord) {
    Map<RecordRef, T> kept = new HashMap<>(byRecord);
    kept.keySet().retainAll(listed);
    return kept;
  }
}
