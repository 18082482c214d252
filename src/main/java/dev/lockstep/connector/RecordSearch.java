package dev.lockstep.connector;

import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ListingDefinition;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
    boolean listing = connector.kind(kind).find().listing();
    // A loose search may return other records too. A record that shows no correlation id was still
    // found by it, unless the call lists all of them.
    return list(kind, correlationId).stream()
        .filter(
            record ->
                record.correlationId().isEmpty() && !listing
                    || record.correlationId().equals(correlationId))
        .findFirst()
        .or(() -> findLastSeen(kind, correlationId));
  }

  /** All pages of what the search returns. */
  List<NativeRecord> list(String kind, String correlationId) {
    ApiCall call =
        ApiCall.read(connector, CallNames.find(connector.callKind(kind)))
            .with("fields", fields.apply(kind))
            .with("correlation", correlationId);
    String path = connector.kind(kind).answer().many();
    ListingDefinition.Page page = connector.kind(kind).find().page();
    if (page == null) {
      return records.readAll(connector, kind, path, calls.call(call));
    }
    List<NativeRecord> found = new ArrayList<>();
    new Pager(page, connector.times())
        .readAll(
            calls::call,
            call,
            Instant.EPOCH,
            calls.time().now(),
            answer -> {
              found.addAll(records.readAll(connector, kind, path, answer));
              return NativeRecords.items(answer.json(), path);
            });
    return found;
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
