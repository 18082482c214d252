package dev.lockstep.intake;

import dev.lockstep.json.JsonPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one system's webhooks: its {@code webhook.yaml}, with the secrets filled in.
 *
 * @param system the folder's name
 * @param deliveryId null: the sender gives none
 * @param occurredAt null: the record itself tells best when its state was true
 * @param actor null: the sender does not tell who made a change
 * @param events event type to what it tells
 */
record WebhookDefinition(
    String system,
    HmacSignature signature,
    @Nullable JsonPath deliveryId,
    JsonPath eventType,
    @Nullable JsonPath occurredAt,
    @Nullable JsonPath actor,
    FieldRenames renames,
    Map<String, EventRule> events) {

  WebhookDefinition {
    events = Map.copyOf(events);
  }

  /** What a type of event tells. */
  sealed interface EventRule {

    /** The record's whole state. */
    record FullRecord(KindSelector kind, JsonPath record, @Nullable NotePaths notes)
        implements EventRule {}

    /**
     * Only which record it is about.
     *
     * @param ifKnown it matters only of one that is known already
     */
    record RecordReference(
        KindSelector kind, JsonPath recordId, @Nullable NotePaths notes, boolean ifKnown)
        implements EventRule {}

    /** An action item about a record of that kind, whole. */
    record ActionItem(String kind, ActionItemPaths paths) implements EventRule {}

    /** Nothing that is kept in step. */
    record IgnoredEvent() implements EventRule {}
  }
}
