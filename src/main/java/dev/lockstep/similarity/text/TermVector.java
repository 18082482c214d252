package dev.lockstep.similarity.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * The distinct words of a ticket, by hash, which takes a tenth of a word's memory. All arrays of
 * hashes are sorted.
 *
 * @param counts the occurrences of each; one in the title counts as two
 * @param names the words in the order of the hashes; empty after {@link #withoutNames}
 * @param title the hashes of the title's words
 * @param numbers those of the title that contain a digit: versions, rooms, stores, hosts
 */
public record TermVector(
    long[] hashes, byte[] counts, List<String> names, long[] title, long[] numbers) {
  private static final int TITLE = 2;

  public static TermVector of(String title, String description, Analyzer analyzer) {
    Map<Long, String> names = new TreeMap<>();
    Map<Long, Integer> inTitle = count(title, analyzer, names);
    long[] numbers =
        inTitle.keySet().stream()
            .filter(hash -> names.getOrDefault(hash, "").chars().anyMatch(Character::isDigit))
            .mapToLong(Long::longValue)
            .toArray();
    Map<Long, Integer> counts = count(description, analyzer, names);
    inTitle.forEach((hash, count) -> counts.merge(hash, TITLE * count, Integer::sum));
    long[] hashes = hashes(counts);
    byte[] times = new byte[hashes.length];
    int at = 0;
    for (int count : counts.values()) {
      times[at++] = (byte) Math.min(count, Byte.MAX_VALUE);
    }
    return new TermVector(hashes, times, List.copyOf(names.values()), hashes(inTitle), numbers);
  }

  /** Only the query needs the names. */
  public TermVector withoutNames() {
    return new TermVector(hashes, counts, List.of(), title, numbers);
  }

  public int size() {
    return hashes.length;
  }

  public boolean has(long hash) {
    return Arrays.binarySearch(hashes, hash) >= 0;
  }

  public boolean hasAll(long[] wanted) {
    return wanted.length > 0 && Arrays.stream(wanted).allMatch(this::has);
  }

  private static long[] hashes(Map<Long, ?> counts) {
    return counts.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  private static Map<Long, Integer> count(String text, Analyzer analyzer, Map<Long, String> names) {
    Map<Long, Integer> counts = new TreeMap<>();
    try (TokenStream stream = analyzer.tokenStream("words", text)) {
      CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        long hash = hash(word);
        counts.merge(hash, 1, Integer::sum);
        names.computeIfAbsent(hash, unseen -> word.toString());
      }
      stream.end();
      return counts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** FNV-1a with a final mix: 64 bits, so that collisions within an index are improbable. */
  static long hash(CharSequence word) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < word.length(); i++) {
      hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    return hash * 0x9e3779b97f4a7c15L;
  }
}
