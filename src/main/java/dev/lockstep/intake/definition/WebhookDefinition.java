package dev.lockstep.intake.definition;

import dev.lockstep.json.FieldRenames;
import dev.lockstep.json.JsonPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One system's {@code webhook.yaml}, with the secrets resolved.
 *
 * @param system the folder's name
 * @param senderHeader the header that names the subscription which sent it; empty if there is none
 * @param deliveryId null: the sender provides none
 * @param occurredAt null: the record's own timestamps are more precise
 * @param actor null: the sender does not report who made a change
 * @param events event type to its rule
 */
public record WebhookDefinition(
    String system,
    HmacSignature signature,
    String senderHeader,
    @Nullable JsonPath deliveryId,
    JsonPath eventType,
    @Nullable JsonPath occurredAt,
    @Nullable JsonPath actor,
    FieldRenames renames,
    Map<String, EventRule> events) {

  public WebhookDefinition {
    events = Map.copyOf(events);
  }

  /** Whether what is synced depends on events of this type. */
  public boolean uses(String eventType) {
    EventRule rule = events.get(eventType);
    return rule != null
        && !(rule instanceof EventRule.IgnoredEvent || rule instanceof EventRule.TestEvent);
  }

  /** Whether some event type is that of a test webhook. */
  public boolean recognisesTests() {
    return events.values().stream().anyMatch(EventRule.TestEvent.class::isInstance);
  }

  /** How an event type is interpreted. */
  public sealed interface EventRule {

    /** The event contains the complete record. */
    record FullRecord(KindSelector kind, JsonPath record, @Nullable NotePaths notes)
        implements EventRule {}

    /**
     * The event only identifies the record.
     *
     * @param ifKnown ignored unless the record is already known
     */
    record RecordReference(
        KindSelector kind, JsonPath recordId, @Nullable NotePaths notes, boolean ifKnown)
        implements EventRule {}

    /** The event contains a complete action item of an incident of that kind. */
    record ActionItem(String kind, ActionItemPaths paths) implements EventRule {}

    /** The system sends the event only to test the delivery; it changes nothing. */
    record TestEvent() implements EventRule {}

    /** The event affects nothing that is synced. */
    record IgnoredEvent() implements EventRule {}
  }
}
