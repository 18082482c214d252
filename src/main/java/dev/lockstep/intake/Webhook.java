package dev.lockstep.intake;

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
record Webhook(
    String system,
    SignatureScheme signature,
    @Nullable JsonPath deliveryId,
    JsonPath eventType,
    @Nullable JsonPath occurredAt,
    @Nullable JsonPath actor,
    Reshape reshape,
    Map<String, Tells> events) {

  Webhook {
    events = Map.copyOf(events);
  }

  /** What a type of event tells. */
  sealed interface Tells {

    /** The record's whole state. */
    record State(KindOf kind, JsonPath record, @Nullable Notes notes) implements Tells {}

    /**
     * Only which record it is about.
     *
     * @param ifKnown it matters only of one that is known already
     */
    record Look(KindOf kind, JsonPath recordId, @Nullable Notes notes, boolean ifKnown)
        implements Tells {}

    /** An action item about a record of that kind, whole. */
    record ActionItem(String kind, ActionItemPlaces places) implements Tells {}

    /** Nothing that is kept in step. */
    record Nothing() implements Tells {}
  }
}
