package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.CreatedId;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
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
  private final RecordSearch search;
  private volatile @Nullable String ownId;

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
    this.search =
        new RecordSearch(connector, records, calls, kind -> fields(kind, Set.of()), this::fetch);
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
  NativeRecord fetch(RecordRef ref, Set<String> more) {
    ApiCall call =
        ApiCall.read(connector, CallNames.fetch(connector.callKind(ref.kind())))
            .on(ref)
            .with("fields", fields(ref.kind(), more));
    return records.readRequested(connector, ref, calls.call(call));
  }

  NativeRecord create(String kind, JsonNode body, String correlation, String farKey) {
    KindDefinition declared = connector.kind(kind);
    String correlationId = storedCorrelation(kind, correlation);
    ObjectNode plain = body.deepCopy();
    ObjectNode later = FieldCalls.take(declared.writes(), plain);
    NamedRecords named = namedRecords(kind);
    if (named == null) {
      NativeRecord created = create(kind, plain, correlationId, farKey);
      return later.isEmpty() ? created : update(created.ref(), later);
    }
    NativeRecord created =
        named.create(plain, correlationId, each -> create(kind, each, correlationId, farKey));
    NativeRecord claimed = claim(created, correlationId, farKey);
    return later.isEmpty() ? claimed : update(claimed.ref(), later);
  }

  private NativeRecord create(String kind, ObjectNode body, String correlationId, String farKey) {
    ObjectNode inItsTimes = NativeTimes.write(connector, kind, body);
    JsonNode sent = RequestBodies.toCreate(connector.kind(kind), inItsTimes, correlationId, farKey);
    ApiCall call =
        ApiCall.write(connector, CallNames.create(connector.callKind(kind)), sent)
            .with("fields", fields(kind, Set.of()))
            .with("correlation", correlationId);
    try {
      ApiResponse answer =
          createGuard.attempt(connector.system(), kind, correlationId, () -> calls.call(call));
      return connector.kind(kind).appendOnly()
          ? accepted(kind, body, correlationId)
          : created(kind, answer);
    } catch (SystemClient.RecordExistsException e) {
      if (connector.kind(kind).names() != null) {
        // Only its name is taken.
        throw e;
      }
      return findExisting(call, kind, correlationId, e.answer());
    }
  }

  /** The answer says no more than that it was accepted. */
  private NativeRecord accepted(String kind, ObjectNode body, String correlationId) {
    ObjectNode record = body.deepCopy();
    for (String path : connector.kind(kind).send().correlation()) {
      RequestBodies.putMention(connector.kind(kind), record, path, correlationId, "", "");
    }
    return records.read(connector.system(), kind, record, calls.time().now());
  }

  private NativeRecord findExisting(
      ApiCall call, String kind, String correlationId, ApiResponse refusal) {
    return search
        .find(kind, correlationId)
        .orElseThrow(
            () ->
                calls.rejected(
                    call,
                    refusal,
                    "Another record has this correlation id but does not show it; find and"
                        + " resolve it, then retry."));
  }

  private @Nullable NamedRecords namedRecords(String kind) {
    KindDefinition.Names names = connector.kind(kind).names();
    return names == null
        ? null
        : new NamedRecords(connector, names, calls, () -> search.list(kind), this::ownId);
  }

  /** Who Lockstep is there; asked once. */
  private String ownId() {
    String known = ownId;
    if (known == null) {
      ConnectorDefinition.Self self = Objects.requireNonNull(connector.self());
      known = JsonPath.text(calls.call(ApiCall.read(connector, self.call())).json(), self.id());
      ownId = known;
    }
    return known;
  }

  /** Writes the correlation id to a record that was created without it. */
  private NativeRecord claim(NativeRecord created, String correlationId, String farKey) {
    return created.correlationId().equals(correlationId)
        ? created
        : link(created.ref(), correlationId, farKey).orElse(created);
  }

  /** The record of an earlier create with this body that does not show its correlation id yet. */
  Optional<NativeRecord> findCreated(
      String kind, JsonNode body, String correlation, String farKey) {
    NamedRecords named = namedRecords(kind);
    String correlationId = storedCorrelation(kind, correlation);
    return named == null
        ? Optional.empty()
        : named
            .findCreated(body, correlationId)
            .map(record -> claim(record, correlationId, farKey));
  }

  private NativeRecord created(String kind, ApiResponse answer) {
    CreatedId created = connector.kind(kind).answer().created();
    String id = created == null ? "" : created.read(answer.json(), answer::header);
    return id.isEmpty()
        ? records.learnOwnName(records.readOne(connector, kind, answer))
        : fetch(new RecordRef(connector.system(), kind, id));
  }

  NativeRecord update(RecordRef ref, JsonNode body) {
    KindDefinition kind = connector.kind(ref.kind());
    ObjectNode written = NativeTimes.write(connector, ref.kind(), body);
    if (!kind.writes().isEmpty()) {
      return updateByFields(ref, kind, written);
    }
    requireUpdate(ref, written);
    JsonNode sent = RequestBodies.toUpdate(kind, written);
    TransitionDefinition moves = kind.moves();
    return moves == null
        ? edit(ref, sent)
        : new TransitionExecutor(connector, moves, calls, new Edits(ref))
            .update(ref, (ObjectNode) sent);
  }

  private NativeRecord updateByFields(RecordRef ref, KindDefinition kind, ObjectNode body) {
    ObjectNode own = FieldCalls.take(kind.writes(), body);
    requireUpdate(ref, body);
    FieldCalls.Written written = new FieldCalls(connector, calls).write(ref, own);
    NativeRecord after =
        body.isEmpty() ? fetch(ref) : edit(ref, RequestBodies.toUpdate(kind, body));
    if (after.json() instanceof ObjectNode json) {
      written.unshown().forEach((path, value) -> JsonPath.put(json, path, value));
    }
    return after.refused(written.refused());
  }

  private void requireUpdate(RecordRef ref, ObjectNode body) {
    String update = CallNames.update(connector.callKind(ref.kind()));
    if (!body.isEmpty() && !connector.calls().containsKey(update)) {
      throw new RequestRejectedException(
          0,
          "update " + ref + " " + ApiCall.truncate(body.toString()),
          "not sent: %s cannot change these fields".formatted(connector.title()),
          "Let the mapping set them at creation only (`carried: at-creation`), or not at all.");
    }
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
    return search.find(kind, storedCorrelation(kind, correlation));
  }

  void requireFindable(String kind, String correlationId) {
    Duration after = connector.kind(kind).find().after();
    if (after != null) {
      createGuard.requireFindable(
          connector.system(), kind, storedCorrelation(kind, correlationId), after);
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
