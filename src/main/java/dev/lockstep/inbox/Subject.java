package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.util.UUID;

/** Key of an inbox entry. At most one worker processes a subject at a time. */
public sealed interface Subject {

  /**
   * A correlation: all its records share one entry, so their changes are processed one after the
   * other.
   */
  record OfCorrelation(UUID id) implements Subject {
    @Override
    public String toString() {
      return "correlation:" + id;
    }
  }

  /** A record that is in no pair. */
  record OfRecord(RecordRef ref) implements Subject {
    @Override
    public String toString() {
      return "record:" + ref;
    }
  }

  /** A webhook delivery that could not be parsed. */
  record OfDelivery(String id) implements Subject {
    @Override
    public String toString() {
      return "delivery:" + id;
    }
  }

  /**
   * A note that a system rejected.
   *
   * @param record the record it is stored under, and {@code id} its id there
   * @param target the record it was for
   */
  record OfNote(RecordRef record, String id, RecordRef target) implements Subject {
    @Override
    public String toString() {
      return "note:" + record + "#" + target + "#" + id;
    }
  }

  /** A message to people, in the outbox. */
  record OfMessage(UUID id) implements Subject {
    @Override
    public String toString() {
      return "message:" + id;
    }
  }

  /** What somebody asked for in a chat. */
  record OfCommand(UUID id) implements Subject {
    @Override
    public String toString() {
      return "command:" + id;
    }
  }

  /** The inverse of {@code toString()}. */
  static Subject parse(String text) {
    int colon = text.indexOf(':');
    String what = text.substring(0, Math.max(colon, 0));
    String rest = text.substring(colon + 1);
    return switch (what) {
      case "correlation" -> new OfCorrelation(UUID.fromString(rest));
      case "record" -> new OfRecord(RecordRef.parse(rest));
      case "delivery" -> new OfDelivery(rest);
      case "note" -> {
        String[] parts = rest.split("#", 3);
        yield new OfNote(RecordRef.parse(parts[0]), parts[2], RecordRef.parse(parts[1]));
      }
      case "message" -> new OfMessage(UUID.fromString(rest));
      case "command" -> new OfCommand(UUID.fromString(rest));
      default -> throw new IllegalArgumentException("Not an inbox subject: " + text);
    };
  }
}
