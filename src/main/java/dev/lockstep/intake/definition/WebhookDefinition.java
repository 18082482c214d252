package dev.lockstep.intake.definition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.json.FieldRenames;
import dev.lockstep.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One system's {@code webhook.yaml}, with the secrets resolved.
 *
 * @param system the name of the folder, or of the instance
 * @param challenge how the sender asks whether this address is right; null: it does not
 * @param commands what people ask for; null: nothing
 * @param senderHeader the header that names the subscription which sent it; empty if there is none
 * @param deliveryId null: the sender provides none
 * @param occurredAt null: the record's own timestamps are more precise
 * @param actor null: the sender does not report who made a change
 * @param eventTypes paths of the event type; the first that has a value is used
 * @param events event type to its rule
 */
public record WebhookDefinition(
    String system,
    HmacSignature signature,
    @Nullable Challenge challenge,
    @Nullable CommandRules commands,
    String senderHeader,
    @Nullable JsonPath deliveryId,
    List<JsonPath> eventTypes,
    @Nullable JsonPath occurredAt,
    @Nullable JsonPath actor,
    FieldRenames renames,
    Map<String, EventRule> events) {

  public WebhookDefinition {
    eventTypes = List.copyOf(eventTypes);
    events = Map.copyOf(events);
  }

  /** The event type; empty if the event has none. */
  public Optional<String> eventType(JsonNode event) {
    return eventTypes.stream().flatMap(path -> path.findText(event).stream()).findFirst();
  }

  /**
   * A request that is no event: its answer must contain a text of it.
   *
   * @param when path of what distinguishes it
   * @param is the value there
   * @param answer path of the text
   */
  public record Challenge(JsonPath when, String is, JsonPath answer) {

    /** What to answer; empty if this is an event. */
    public Optional<String> find(JsonNode request) {
      return when.findText(request).filter(is::equals).flatMap(found -> answer.findText(request));
    }
  }

  /**
   * What an event must be to matter.
   *
   * @param accepted by path, the values that matter; an empty one stands for none
   */
  public record Filter(Map<JsonPath, Set<String>> accepted) {
    static final Filter NONE = new Filter(Map.of());

    public Filter {
      accepted = Map.copyOf(accepted);
    }

    public boolean accepts(JsonNode event) {
      return accepted.entrySet().stream()
          .allMatch(one -> one.getValue().contains(one.getKey().findText(event).orElse("")));
    }
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
     * @param noteId path of the id of a note that must be fetched; null: it names none
     * @param filter an event that it does not accept is ignored
     * @param ifKnown ignored unless the record is already known
     */
    record RecordReference(
        KindSelector kind,
        JsonPath recordId,
        @Nullable NotePaths notes,
        @Nullable JsonPath noteId,
        Filter filter,
        boolean ifKnown)
        implements EventRule {}

    /** The event contains a complete action item of an incident of that kind. */
    record ActionItem(String kind, ActionItemPaths paths) implements EventRule {}

    /** The system sends the event only to test the delivery; it changes nothing. */
    record TestEvent() implements EventRule {}

    /** The event affects nothing that is synced. */
    record IgnoredEvent() implements EventRule {}
  }
}
