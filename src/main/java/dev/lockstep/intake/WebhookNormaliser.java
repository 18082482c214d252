package dev.lockstep.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordMergedException;
import dev.lockstep.connector.RecordReader;
import dev.lockstep.inbox.InboundEvent;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Second step of taking a webhook in: what does it say, in the words all systems share? */
public final class WebhookNormaliser {
  private static final Logger log = LoggerFactory.getLogger(WebhookNormaliser.class);
  private static final int MAX_ID_LENGTH = 100;

  private final RecordReader records;

  WebhookNormaliser(RecordReader records) {
    this.records = records;
  }

  /** Never fails: what can't be understood becomes a {@link ParsedWebhook.Unparseable}. */
  public ParsedWebhook normalise(VerifiedWebhook delivery) {
    WebhookDefinition webhook = delivery.definition();
    String id = "";
    String problem;
    try {
      ObjectNode json = WebhookBodyParser.read(delivery.body());
      id = deliveryId(webhook, json);
      return parse(delivery, id, json);
    } catch (WebhookParseException e) {
      problem = e.problem();
    } catch (RuntimeException e) {
      // A fault of ours must not lose the delivery, nor make its sender repeat it for ever.
      log.error("A delivery of {} could not be read", webhook.system(), e);
      problem = "reading it failed with " + e.getClass().getSimpleName();
    }
    if (id.isEmpty()) {
      id = "sha256:" + hash(delivery.body());
    }
    return new ParsedWebhook.Unparseable(webhook.system(), id, delivery.toUnparseable(id, problem));
  }

  private ParsedWebhook parse(VerifiedWebhook delivery, String id, ObjectNode json) {
    WebhookDefinition webhook = delivery.definition();
    String type =
        webhook.eventType().findText(json).orElseThrow(() -> missing(webhook.eventType()));
    WebhookDefinition.EventRule tells = webhook.events().get(type);
    if (tells == null) {
      return new ParsedWebhook.Ignored(
          webhook.system(), id, printable(type), WebhookOutcome.UNKNOWN_EVENT);
    }
    if (tells instanceof WebhookDefinition.EventRule.FullRecord state) {
      return recordChanged(
          delivery, id, reportedState(webhook, state, json), state.notes(), false, json);
    }
    if (tells instanceof WebhookDefinition.EventRule.RecordReference look) {
      String record = look.recordId().findText(json).orElseThrow(() -> missing(look.recordId()));
      RecordRef ref = ref(webhook, look, record, json);
      return recordChanged(
          delivery, id, new ReportedState(ref, null), look.notes(), look.ifKnown(), json);
    }
    if (tells instanceof WebhookDefinition.EventRule.ActionItem told) {
      Instant at = Objects.requireNonNull(occurredAt(webhook, json));
      ReportedActionItem item = told.paths().extract(webhook.system(), told.kind(), id, at, json);
      return new ParsedWebhook.ActionItemReported(webhook.system(), id, item, delivery);
    }
    return new ParsedWebhook.Ignored(webhook.system(), id, printable(type), WebhookOutcome.IGNORED);
  }

  private RecordRef ref(
      WebhookDefinition webhook,
      WebhookDefinition.EventRule.RecordReference look,
      String id,
      ObjectNode json) {
    try {
      return records.ref(webhook.system(), look.kind().select(json), id);
    } catch (IllegalArgumentException e) {
      throw new WebhookParseException("the record at " + look.recordId() + ": " + e.getMessage());
    }
  }

  private record ReportedState(RecordRef ref, @Nullable NativeRecord state) {}

  private ReportedState reportedState(
      WebhookDefinition webhook, WebhookDefinition.EventRule.FullRecord tells, ObjectNode json) {
    if (!(tells.record().find(json) instanceof ObjectNode told)) {
      throw missing(tells.record());
    }
    ObjectNode record = webhook.renames().apply(told);
    try {
      NativeRecord state =
          records.read(
              webhook.system(), tells.kind().select(json), record, occurredAt(webhook, json));
      return new ReportedState(
          state.ref(), actor(webhook, json).map(state::changedBy).orElse(state));
    } catch (RecordMergedException e) {
      // What is to be done about it is found out by asking, as for any record that is gone.
      return new ReportedState(e.ref(), null);
    } catch (IllegalArgumentException e) {
      throw new WebhookParseException("the record at " + tells.record() + ": " + e.getMessage());
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
      throw new WebhookParseException(path + " is no time");
    }
  }

  private ParsedWebhook recordChanged(
      VerifiedWebhook delivery,
      String id,
      ReportedState seen,
      @Nullable NotePaths places,
      boolean ifKnown,
      ObjectNode json) {
    NotePaths.ExtractedNotes told =
        places == null ? new NotePaths.ExtractedNotes(List.of(), false) : places.extract(json);
    InboundEvent event =
        new InboundEvent(
            "webhook",
            id,
            seen.ref(),
            seen.state(),
            told.notes().stream().map(note -> plain(seen.ref(), note)).toList(),
            told.incomplete(),
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

  /** For log lines: a line break in it could fake one. */
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
