package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.CreatedId;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.ListingDefinition;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Fetches, creates, updates and finds the records of one system. */
final class SystemRecords {
  private final ConnectorDefinition connector;
  private final NativeRecords records;
  private final MappedFields mappedFields;
  private final SystemClient calls;
  private final CreateGuard createGuard;

  SystemRecords(
      ConnectorDefinition connector,
      NativeRecords records,
      MappedFields mappedFields,
      SystemClient calls,
      CreateGuard createGuard) {
    this.connector = connector;
    this.records = records;
    this.mappedFields = mappedFields;
    this.calls = calls;
    this.createGuard = createGuard;
  }

  NativeRecord fetch(RecordRef ref) {
    if (!connector.kind(ref.kind()).isId(ref.id())) {
      throw new RecordNotFoundException(ref);
    }
    return fetch(ref, Set.of());
  }

  /**
   * @param more paths to request in addition to the mapped ones
   */
  private NativeRecord fetch(RecordRef ref, Set<String> more) {
    ApiCall call =
        ApiCall.read(connector, CallNames.fetch(connector.callKind(ref.kind())))
            .on(ref)
            .with("fields", fields(ref.kind(), more));
    return records.readRequested(connector, ref, calls.call(call));
  }

  NativeRecord create(String kind, JsonNode body, String correlation, String farKey) {
    String correlationId = storedCorrelation(kind, correlation);
    JsonNode sent = RequestBodies.toCreate(connector.kind(kind), body, correlationId, farKey);
    ApiCall call =
        ApiCall.write(connector, CallNames.create(connector.callKind(kind)), sent)
            .with("fields", fields(kind, Set.of()))
            .with("correlation", correlationId);
    try {
      return created(
          kind,
          createGuard.attempt(connector.system(), kind, correlationId, () -> calls.call(call)));
    } catch (SystemClient.RecordExistsException e) {
      return findByCorrelation(kind, correlationId)
          .orElseThrow(
              () ->
                  calls.rejected(
                      call,
                      e.answer(),
                      "Another record has this correlation id but does not show it; find and"
                          + " resolve it, then retry."));
    }
  }

  private NativeRecord created(String kind, ApiResponse answer) {
    CreatedId created = connector.kind(kind).answer().created();
    String id = created == null ? "" : created.read(answer.json(), answer::header);
    return id.isEmpty()
        ? records.learnOwnName(records.readOne(connector, kind, answer))
        : fetch(new RecordRef(connector.system(), kind, id));
  }

  NativeRecord update(RecordRef ref, JsonNode body) {
    JsonNode sent = RequestBodies.toUpdate(connector.kind(ref.kind()), body);
    TransitionDefinition moves = connector.kind(ref.kind()).moves();
    return moves == null
        ? edit(ref, sent)
        : new TransitionExecutor(connector, moves, calls, new Edits(ref))
            .update(ref, (ObjectNode) sent);
  }

  private NativeRecord edit(RecordRef ref, JsonNode sent) {
    ApiCall call =
        ApiCall.write(connector, CallNames.update(connector.callKind(ref.kind())), sent)
            .on(ref)
            .with("fields", fields(ref.kind(), Set.of()));
    ApiResponse answer = calls.call(call);
    return records.learnOwnName(
        switch (connector.kind(ref.kind()).answer().updated()) {
          case ANSWERED -> records.readRequested(connector, ref, answer);
          case FETCH -> fetch(ref);
        });
  }

  private final class Edits implements TransitionExecutor.Edits {
    private final RecordRef ref;

    Edits(RecordRef ref) {
      this.ref = ref;
    }

    @Override
    public NativeRecord edit(ObjectNode body) {
      return SystemRecords.this.edit(ref, body);
    }

    @Override
    public NativeRecord fetch(Set<String> more) {
      return SystemRecords.this.fetch(ref, more);
    }
  }

  /** Empty when the kind's correlation is written at creation only. */
  Optional<NativeRecord> link(RecordRef ref, String correlationId, String farKey) {
    KindDefinition kind = connector.kind(ref.kind());
    KindDefinition.Link link = kind.link();
    if (link == null) {
      return Optional.empty();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    RequestBodies.putMention(kind, body, link.correlation(), correlationId, link.key(), farKey);
    return Optional.of(update(ref, body));
  }

  Optional<NativeRecord> findByCorrelation(String kind, String correlation) {
    String correlationId = storedCorrelation(kind, correlation);
    KindDefinition.Find find = connector.kind(kind).find();
    ListingDefinition.Page page = find == null ? null : find.page();
    return find == null || page == null
        ? search(kind, correlationId).or(() -> findLastSeen(kind, correlationId))
        : findLastSeen(kind, correlationId)
            .or(() -> findListed(kind, page, find.within(), correlationId));
  }

  private ApiCall find(String kind, String correlationId) {
    return ApiCall.read(connector, CallNames.find(connector.callKind(kind)))
        .with("fields", fields(kind, Set.of()))
        .with("correlation", correlationId);
  }

  private Optional<NativeRecord> search(String kind, String correlationId) {
    String path = connector.kind(kind).answer().many();
    // A loose search may return other records too. A record that shows no correlation id was still
    // found by it.
    return records.readAll(connector, kind, path, calls.call(find(kind, correlationId))).stream()
        .filter(
            record ->
                record.correlationId().isEmpty() || record.correlationId().equals(correlationId))
        .findFirst();
  }

  /** Where a system cannot search by correlation id, its newest records are compared with it. */
  private Optional<NativeRecord> findListed(
      String kind, ListingDefinition.Page page, @Nullable Duration within, String correlationId) {
    String path = connector.kind(kind).answer().many();
    Instant now = calls.time().now();
    Instant since = within == null ? Instant.EPOCH : now.minus(within);
    Pager pager = new Pager(page, connector.times());
    Optional<PageToken> next = Optional.of(pager.start(PageToken.FIRST, since, now));
    Set<PageToken> pages = new HashSet<>();
    while (next.isPresent()) {
      PageToken at = next.get();
      if (!pages.add(at)) {
        throw new SystemUnavailableException(
            connector.title() + " keeps returning the same page of its records of kind " + kind);
      }
      Pager.Read read = pager.read(calls::call, find(kind, correlationId), at, since, now);
      var found =
          records.readAll(connector, kind, path, read.answer()).stream()
              .filter(record -> record.correlationId().equals(correlationId))
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
      List<JsonNode> items = NativeRecords.requireList(connector, read.answer(), path);
      next = read.pager().next(at, read.answer(), items, "");
    }
    return Optional.empty();
  }

  /** A record just reported by a webhook or just created may not be searchable yet. */
  private Optional<NativeRecord> findLastSeen(String kind, String correlationId) {
    try {
      return records
          .lastSeen(connector.system(), kind, correlationId)
          .map(this::fetch)
          .filter(record -> record.correlationId().equals(correlationId));
    } catch (RecordNotFoundException e) {
      return Optional.empty();
    }
  }

  void requireFindable(String kind, String correlationId) {
    KindDefinition.Find find = connector.kind(kind).find();
    Duration after = find == null ? null : find.after();
    if (after != null) {
      createGuard.requireFindable(connector.system(), kind, correlationId, after);
    }
  }

  /**
   * Only Lockstep writes the correlation of such a kind, so it is stored without the token that
   * proves its origin; as a digest where others read it.
   */
  private String storedCorrelation(String kind, String correlationId) {
    KindDefinition declared = connector.kind(kind);
    String stored =
        declared.ownsCorrelation()
            ? Mention.parse(correlationId)
                .map(known -> known.ref().toString())
                .orElse(correlationId)
            : correlationId;
    return declared.correlationDigest() && !stored.isEmpty() ? digest(stored) : stored;
  }

  /** The first half of its SHA-256 in hex: enough to tell any two ids apart. */
  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, hash.length / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The mapped fields of a kind and its own, in the form that its calls take.
   *
   * @param more further paths
   */
  String fields(String kind, Set<String> more) {
    KindDefinition declared = connector.kind(kind);
    Set<String> fields = new TreeSet<>(declared.ownFields());
    fields.addAll(mappedFields.paths(connector.system(), kind));
    fields.addAll(more);
    return declared.fieldList(fields);
  }
}
