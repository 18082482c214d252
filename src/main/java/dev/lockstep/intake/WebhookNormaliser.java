package dev.lockstep.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordMergedException;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.intake.definition.CommandRules;
import dev.lockstep.intake.definition.NotePaths;
import dev.lockstep.intake.definition.WebhookDefinition;
import dev.lockstep.intake.definition.WebhookParseException;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Step 2 of the intake route: converts a webhook into the event model shared by all systems. */
@Component
public final class WebhookNormaliser {
  private static final Logger log = LoggerFactory.getLogger(WebhookNormaliser.class);
  private static final int MAX_ID_LENGTH = 100;

  private final RecordReader records;

  WebhookNormaliser(RecordReader records) {
    this.records = records;
  }

  /** Never throws: an invalid webhook becomes a {@link ParsedWebhook.Unparseable}. */
  public ParsedWebhook normalise(VerifiedWebhook delivery) {
    WebhookDefinition webhook = delivery.definition();
    String id = "";
    String problem;
    try {
      CommandRules commands = webhook.commands();
      if (commands != null && FormBodyParser.isForm(delivery.body())) {
        return command(delivery, commands);
      }
      ObjectNode json = WebhookBodyParser.read(delivery.body());
      id = deliveryId(webhook, json);
      return parse(delivery, id, json);
    } catch (WebhookParseException e) {
      problem = e.problem();
    } catch (RuntimeException e) {
      // A bug must neither lose the delivery nor make its sender repeat it endlessly.
      log.error("A delivery of {} could not be parsed", webhook.system(), e);
      problem = "parsing it failed with " + e.getClass().getSimpleName();
    }
    if (id.isEmpty()) {
      id = "sha256:" + hash(delivery.body());
    }
    return new ParsedWebhook.Unparseable(webhook.system(), id, delivery.toUnparseable(id, problem));
  }

  private ParsedWebhook parse(VerifiedWebhook delivery, String id, ObjectNode json) {
    WebhookDefinition webhook = delivery.definition();
    WebhookDefinition.Challenge challenge = webhook.challenge();
    Optional<String> answer = challenge == null ? Optional.empty() : challenge.find(json);
    if (answer.isPresent()) {
      return new ParsedWebhook.Challenge(webhook.system(), id, answer.get());
    }
    String type = webhook.eventType(json).orElseThrow(() -> missing(webhook.eventTypes().get(0)));
    WebhookDefinition.EventRule rule = webhook.events().get(type);
    if (rule == null) {
      return new ParsedWebhook.Ignored(
          webhook.system(), id, printable(type), WebhookOutcome.UNKNOWN_EVENT);
    }
    if (rule instanceof WebhookDefinition.EventRule.FullRecord state) {
      return recordChanged(
          delivery, id, reportedState(webhook, state, json), state.notes(), false, json);
    }
    if (rule instanceof WebhookDefinition.EventRule.RecordReference reference
        && reference.filter().accepts(json)) {
      String record =
          reference.recordId().findText(json).orElseThrow(() -> missing(reference.recordId()));
      RecordRef ref = ref(webhook, reference, record, json);
      return recordChanged(
          delivery,
          id,
          new ReportedState(ref, null, noteIds(reference.noteId(), json)),
          reference.notes(),
          reference.ifKnown(),
          json);
    }
    if (rule instanceof WebhookDefinition.EventRule.ActionItem actionItem) {
      Instant at = Objects.requireNonNull(occurredAt(webhook, json));
      ReportedActionItem item =
          actionItem.paths().extract(webhook.system(), actionItem.kind(), id, at, json);
      return new ParsedWebhook.ActionItemReported(webhook.system(), id, item, delivery);
    }
    ParsedWebhook.Ignored ignored =
        new ParsedWebhook.Ignored(webhook.system(), id, printable(type), WebhookOutcome.IGNORED);
    return rule instanceof WebhookDefinition.EventRule.TestEvent
        ? test(delivery, id, json).orElse(ignored)
        : ignored;
  }

  private ParsedWebhook command(VerifiedWebhook delivery, CommandRules commands) {
    String system = delivery.definition().system();
    ObjectNode form = FormBodyParser.read(delivery.body(), commands.json());
    CommandRules.Rule rule = commands.find(form).orElse(null);
    if (rule == null) {
      return new ParsedWebhook.Ignored(system, "", "form", WebhookOutcome.UNKNOWN_EVENT);
    }
    String id = require(rule.id(), form);
    String text = rule.text().findText(form).orElse("");
    String answerTo = require(rule.answerTo(), form);
    if (!commands.isAnswerAddress(answerTo)) {
      throw new WebhookParseException(
          rule.answerTo() + " does not begin with " + commands.answers());
    }
    ReceivedCommand command =
        new ReceivedCommand(
            system,
            id,
            rule.isOurs(form) ? require(rule.sender(), form) : "",
            place(system, rule, form),
            rule.button() ? text : commands.plain(text),
            rule.button(),
            answerTo,
            delivery.receivedAt());
    return new ParsedWebhook.CommandReceived(system, printable(id), command, delivery);
  }

  private static String require(JsonPath path, ObjectNode json) {
    return path.findText(json).filter(text -> !text.isEmpty()).orElseThrow(() -> missing(path));
  }

  /** Null where the place is no record, such as a conversation of two. */
  private @Nullable RecordRef place(String system, CommandRules.Rule rule, ObjectNode form) {
    JsonPath path = rule.placeId();
    String id = path == null ? "" : path.findText(form).orElse("");
    try {
      return id.isEmpty() ? null : records.ref(system, rule.placeKind(), id);
    } catch (IllegalArgumentException noRecord) {
      return null;
    }
  }

  /** Empty if it does not say which one it is: it then proves nothing, and is no dead letter. */
  private static Optional<ParsedWebhook> test(
      VerifiedWebhook delivery, String id, ObjectNode json) {
    WebhookDefinition webhook = delivery.definition();
    try {
      Instant at = Objects.requireNonNull(occurredAt(webhook, json));
      return id.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new ParsedWebhook.TestReceived(
                  webhook.system(), id, at, delivery.sender(), delivery.receivedAt()));
    } catch (WebhookParseException incomplete) {
      log.debug("A test webhook of {}: {}", webhook.system(), incomplete.problem());
      return Optional.empty();
    }
  }

  private RecordRef ref(
      WebhookDefinition webhook,
      WebhookDefinition.EventRule.RecordReference reference,
      String id,
      ObjectNode json) {
    try {
      return records.ref(webhook.system(), reference.kind().select(json), id);
    } catch (IllegalArgumentException e) {
      throw new WebhookParseException(
          "the record at " + reference.recordId() + ": " + e.getMessage());
    }
  }

  private static Set<String> noteIds(@Nullable JsonPath path, ObjectNode json) {
    return path == null ? Set.of() : Set.of(path.findText(json).orElseThrow(() -> missing(path)));
  }

  /**
   * @param noteIds notes that the event names and does not contain
   */
  private record ReportedState(RecordRef ref, @Nullable NativeRecord state, Set<String> noteIds) {
    ReportedState(RecordRef ref, @Nullable NativeRecord state) {
      this(ref, state, Set.of());
    }
  }

  private ReportedState reportedState(
      WebhookDefinition webhook, WebhookDefinition.EventRule.FullRecord rule, ObjectNode json) {
    if (!(rule.record().find(json) instanceof ObjectNode reported)) {
      throw missing(rule.record());
    }
    ObjectNode record = webhook.renames().apply(reported);
    try {
      NativeRecord state =
          records.read(
              webhook.system(), rule.kind().select(json), record, occurredAt(webhook, json));
      return new ReportedState(
          state.ref(), actor(webhook, json).map(state::changedBy).orElse(state));
    } catch (RecordMergedException e) {
      // Handled when the record is fetched, like any record that no longer exists.
      return new ReportedState(e.ref(), null);
    } catch (IllegalArgumentException e) {
      throw new WebhookParseException("the record at " + rule.record() + ": " + e.getMessage());
    }
  }

  private static Optional<String> actor(WebhookDefinition webhook, ObjectNode json) {
    return Optional.ofNullable(webhook.actor())
        .flatMap(path -> path.findText(json))
        .filter(name -> !name.isBlank())
        .map(WebhookNormaliser::printable);
  }

  private static @Nullable Instant occurredAt(WebhookDefinition webhook, ObjectNode json) {
    JsonPath path = webhook.occurredAt();
    if (path == null) {
      return null;
    }
    try {
      return NotePaths.isoTime(path.findText(json).orElseThrow(() -> missing(path)));
    } catch (DateTimeException e) {
      throw new WebhookParseException(path + " is not a time");
    }
  }

  private ParsedWebhook recordChanged(
      VerifiedWebhook delivery,
      String id,
      ReportedState reported,
      @Nullable NotePaths paths,
      boolean ifKnown,
      ObjectNode json) {
    NotePaths.ExtractedNotes extracted =
        paths == null ? new NotePaths.ExtractedNotes(List.of(), false) : paths.extract(json);
    InboundEvent event =
        new InboundEvent(
            "webhook",
            id,
            reported.ref(),
            reported.state(),
            extracted.notes().stream().map(note -> plain(reported.ref(), note)).toList(),
            extracted.incomplete(),
            reported.noteIds(),
            ifKnown,
            delivery.receivedAt());
    return new ParsedWebhook.RecordChanged(delivery.definition().system(), id, event, delivery);
  }

  private WorkNote plain(RecordRef ref, WorkNote note) {
    return new WorkNote(
        note.id(),
        PlainText.oneLine(note.author()),
        note.createdAt(),
        records.noteText(ref.system(), ref.kind(), note.text()),
        note.visibility());
  }

  private static String deliveryId(WebhookDefinition webhook, JsonNode json) {
    return Optional.ofNullable(webhook.deliveryId())
        .flatMap(path -> path.findText(json))
        .map(WebhookNormaliser::printable)
        .orElse("");
  }

  /** For log lines: prevents forged lines by line breaks. */
  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > MAX_ID_LENGTH ? line.substring(0, MAX_ID_LENGTH) : line;
  }

  private static WebhookParseException missing(JsonPath path) {
    return new WebhookParseException(path + " is missing");
  }

  private static String hash(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
