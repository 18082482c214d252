package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lockstep.connector.SystemClient.RecordExistsException;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition.Names;
import dev.lockstep.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Creates records whose names are unique. The correlation id is written only after the create, so a
 * record that Lockstep created and that has none may be the one of an earlier attempt: it is taken
 * up if it has the name of that attempt. A name that belongs to anything else is replaced by the
 * next candidate, which no other record has.
 */
final class NamedRecords {
  private static final int CANDIDATES = 5;
  private static final int SUFFIX = 6;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern HYPHENS = Pattern.compile("-{2,}");
  private static final Pattern OUTER = Pattern.compile("^[-_]+|[-_]+$");

  private final ConnectorDefinition connector;
  private final Names names;
  private final SystemClient calls;
  private final Supplier<List<NativeRecord>> listing;
  private final Supplier<String> ownId;

  /**
   * @param listing all records that Lockstep can see
   * @param ownId who Lockstep is in this system
   */
  NamedRecords(
      ConnectorDefinition connector,
      Names names,
      SystemClient calls,
      Supplier<List<NativeRecord>> listing,
      Supplier<String> ownId) {
    this.connector = connector;
    this.names = names;
    this.calls = calls;
    this.listing = listing;
    this.ownId = ownId;
  }

  /**
   * @param create creates a record from a body; throws {@link RecordExistsException} if its name is
   *     taken
   * @return the record, created or taken up; it may lack its correlation id
   * @throws RequestRejectedException if each of the names is taken
   */
  NativeRecord create(
      ObjectNode body, String correlationId, Function<ObjectNode, NativeRecord> create) {
    RecordExistsException last = null;
    for (String name : candidates(body, correlationId)) {
      ObjectNode named = body.deepCopy();
      JsonPath.put(named, names.field(), TextNode.valueOf(name));
      try {
        return create.apply(named);
      } catch (RecordExistsException e) {
        last = e;
        Optional<NativeRecord> own = find(List.of(name), correlationId);
        if (own.isPresent()) {
          return own.get();
        }
      }
    }
    throw new RequestRejectedException(
        Objects.requireNonNull(last).answer().status(),
        "create " + String.join(" or ", candidates(body, correlationId)),
        ApiCall.truncate(last.answer().text()),
        "Each of these names is taken in %s; rename or delete one of its records, then retry."
            .formatted(connector.title()));
  }

  /** The record that an earlier create with this body left behind, if it did. */
  Optional<NativeRecord> findCreated(JsonNode body, String correlationId) {
    return find(candidates(body, correlationId), correlationId);
  }

  private Optional<NativeRecord> find(List<String> candidates, String correlationId) {
    return listing.get().stream()
        .filter(record -> candidates.contains(JsonPath.text(record.json(), names.field())))
        .filter(
            record ->
                record.correlationId().equals(correlationId)
                    || record.correlationId().isEmpty() && isUnclaimed(record))
        .findFirst();
  }

  /** Another attempt, for another record, may be about to claim it. */
  private boolean isUnclaimed(NativeRecord record) {
    if (!JsonPath.text(record.json(), names.creator()).equals(ownId.get())) {
      return false;
    }
    Instant opened = record.openedAt();
    if (opened != null && opened.plus(names.claimedWithin()).isAfter(calls.time().now())) {
      throw new RetryLaterException(
          SOON, record.ref() + " was just created and may belong to another record");
    }
    return true;
  }

  /** The name itself, then the name with a suffix that only this correlation id has. */
  private List<String> candidates(JsonNode body, String correlationId) {
    String name = allowed(JsonPath.text(body, names.field()));
    return Stream.iterate(0, i -> i < CANDIDATES, i -> i + 1)
        .map(
            i ->
                i == 0 && !name.isEmpty()
                    ? cut(name, names.most())
                    : suffixed(name, correlationId, i))
        .toList();
  }

  private String suffixed(String name, String correlationId, int number) {
    String seed = correlationId + "#" + number;
    String suffix =
        UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8))
            .toString()
            .substring(0, SUFFIX);
    String start = cut(name, names.most() - SUFFIX - 1);
    return start.isEmpty() ? suffix : start + "-" + suffix;
  }

  private String allowed(String text) {
    Pattern replaced = names.replace();
    // By way of upper case, ß becomes ss.
    String cased =
        names.lowerCase() ? text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : text;
    if (replaced == null) {
      return cased.strip();
    }
    String plain = MARKS.matcher(Normalizer.normalize(cased, Normalizer.Form.NFKD)).replaceAll("");
    return OUTER
        .matcher(HYPHENS.matcher(replaced.matcher(plain).replaceAll("-")).replaceAll("-"))
        .replaceAll("");
  }

  private static String cut(String name, int most) {
    return name.length() <= most
        ? name
        : OUTER.matcher(name.substring(0, Math.max(0, most))).replaceAll("");
  }
}
