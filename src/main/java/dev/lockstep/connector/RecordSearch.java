package dev.lockstep.connector;

import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Finds the records of one system by their correlation ids. */
final class RecordSearch {
  private final ConnectorDefinition connector;
  private final NativeRecords records;
  private final SystemClient calls;
  private final UnaryOperator<String> fields;
  private final Function<RecordRef, NativeRecord> fetch;

  /**
   * @param fields to request of a kind, in the form that its calls take
   */
  RecordSearch(
      ConnectorDefinition connector,
      NativeRecords records,
      SystemClient calls,
      UnaryOperator<String> fields,
      Function<RecordRef, NativeRecord> fetch) {
    this.connector = connector;
    this.records = records;
    this.calls = calls;
    this.fields = fields;
    this.fetch = fetch;
  }

  /**
   * @param correlationId as the system stores it
   */
  Optional<NativeRecord> find(String kind, String correlationId) {
    if (connector.kind(kind).appendOnly()) {
      return findListed(kind, correlationId);
    }
    return connector.kind(kind).find().page() == null
        ? search(kind, correlationId).or(() -> findLastSeen(kind, correlationId))
        : findLastSeen(kind, correlationId).or(() -> findListed(kind, correlationId));
  }

  /** All records that the call lists; only for kinds with {@code find.page}. */
  List<NativeRecord> list(String kind) {
    List<NativeRecord> found = new ArrayList<>();
    readListing(
        kind,
        "",
        page -> {
          found.addAll(read(kind, page));
          return true;
        });
    return found;
  }

  private Optional<NativeRecord> search(String kind, String correlationId) {
    // A loose search may return other records too. A record that shows no correlation id was still
    // found by it.
    return read(kind, calls.call(call(kind, correlationId))).stream()
        .filter(
            record ->
                record.correlationId().isEmpty() || record.correlationId().equals(correlationId))
        .findFirst();
  }

  /**
   * Where a system cannot search by correlation id, those of its records are compared. Others are
   * not read: what other programs created may lack what Lockstep's own records have.
   */
  private Optional<NativeRecord> findListed(String kind, String correlationId) {
    KindDefinition declared = connector.kind(kind);
    List<NativeRecord> found = new ArrayList<>();
    readListing(
        kind,
        correlationId,
        page -> {
          NativeRecords.requireList(connector, page, declared.answer().many()).stream()
              .filter(json -> declared.correlationIn(json).equals(correlationId))
              .forEach(json -> records.readListed(connector, kind, json).ifPresent(found::add));
          return found.isEmpty();
        });
    return found.stream().findFirst();
  }

  /**
   * @param next takes a page; false: no further page is needed
   */
  private void readListing(String kind, String correlationId, Predicate<ApiResponse> next) {
    KindDefinition.Find find = connector.kind(kind).find();
    Instant now = calls.time().now();
    Instant since = find.within() == null ? Instant.EPOCH : now.minus(find.within());
    String path = connector.kind(kind).answer().many();
    new Pager(Objects.requireNonNull(find.page()), connector.times())
        .readAll(
            calls::call,
            call(kind, correlationId),
            since,
            now,
            page -> next.test(page) ? NativeRecords.requireList(connector, page, path) : null);
  }

  private ApiCall call(String kind, String correlationId) {
    return ApiCall.read(connector, CallNames.find(connector.callKind(kind)))
        .with("fields", fields.apply(kind))
        .with("correlation", correlationId);
  }

  private List<NativeRecord> read(String kind, ApiResponse answer) {
    return records.readAll(connector, kind, connector.kind(kind).answer().many(), answer);
  }

  /** A record just reported by a webhook or just created may not be searchable yet. */
  private Optional<NativeRecord> findLastSeen(String kind, String correlationId) {
    try {
      return records
          .lastSeen(connector.system(), kind, correlationId)
          .map(fetch)
          .filter(record -> record.correlationId().equals(correlationId));
    } catch (RecordNotFoundException e) {
      return Optional.empty();
    }
  }
}
