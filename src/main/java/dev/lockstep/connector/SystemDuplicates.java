package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.DuplicateDefinition;
import dev.lockstep.connector.definition.DuplicateDefinition.Joining;
import dev.lockstep.record.RecordRef;
import java.util.Optional;

/** Consolidates and separates the duplicates of one system. */
final class SystemDuplicates {
  private final ConnectorDefinition connector;
  private final SystemRecords records;
  private final SystemClient calls;

  SystemDuplicates(ConnectorDefinition connector, SystemRecords records, SystemClient calls) {
    this.connector = connector;
    this.records = records;
    this.calls = calls;
  }

  /** The updated duplicate; empty when the system returns only the primary. */
  Optional<NativeRecord> consolidate(RecordRef duplicate, RecordRef primary) {
    if (!duplicate.system().equals(primary.system()) || !duplicate.kind().equals(primary.kind())) {
      throw new IllegalArgumentException(duplicate + " can't be a duplicate of " + primary);
    }
    DuplicateDefinition how = connector.kind(primary.kind()).duplicate();
    if (how == null) {
      throw new IllegalArgumentException(
          primary.system() + " takes no duplicates of " + primary.kind());
    }
    return switch (how.by()) {
      case UPDATE ->
          Optional.of(records.update(duplicate, RequestBodies.primaryUpdate(how, primary.id())));
      case LINK -> Optional.of(links(how).put(duplicate, primary));
      case MERGE -> {
        JsonNode body = RequestBodies.duplicateBody(how, duplicate, primary);
        String name = CallNames.merge(connector.callKind(primary.kind()));
        calls.call(ApiCall.write(connector, name, body).on(primary));
        yield Optional.empty();
      }
    };
  }

  /** The updated duplicate. */
  NativeRecord separate(RecordRef duplicate, String formerPrimaryId) {
    DuplicateDefinition how = connector.kind(duplicate.kind()).duplicate();
    if (how == null || how.by() == Joining.MERGE) {
      throw new IllegalArgumentException(
          duplicate.system() + " can't take a duplicate out again: " + duplicate);
    }
    return how.by() == Joining.LINK
        ? links(how).restore(duplicate, formerPrimaryId)
        : records.update(duplicate, RequestBodies.primaryUpdate(how, formerPrimaryId));
  }

  private DuplicateLinks links(DuplicateDefinition how) {
    return new DuplicateLinks(connector, how, calls, records::fetch);
  }
}
