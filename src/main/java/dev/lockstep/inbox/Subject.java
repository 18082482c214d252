package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.util.UUID;

/** Key of an inbox entry. At most one worker processes a subject at a time. */
public sealed interface Subject {

  /** A pair: both records share one entry, so their changes are processed one after the other. */
  record OfPair(UUID id) implements Subject {
    @Override
    public String toString() {
      return "pair:" + id;
    }
  }

  /** A record without a pair. */
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

  /** A note that a system rejected, identified by its source record and its id there. */
  record OfNote(RecordRef record, String id) implements Subject {
    @Override
    public String toString() {
      return "note:" + record + "#" + id;
    }
  }

  /** The inverse of {@code toString()}. */
  static Subject parse(String text) {
    int colon = text.indexOf(':');
    String what = text.substring(0, Math.max(colon, 0));
    String rest = text.substring(colon + 1);
    return switch (what) {
      case "pair" -> new OfPair(UUID.fromString(rest));
      case "record" -> new OfRecord(RecordRef.parse(rest));
      case "delivery" -> new OfDelivery(rest);
      case "note" -> {
        int hash = rest.indexOf('#');
        yield new OfNote(RecordRef.parse(rest.substring(0, hash)), rest.substring(hash + 1));
      }
      default -> throw new IllegalArgumentException("Not an inbox subject: " + text);
    };
  }
}
