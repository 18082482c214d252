package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import java.util.UUID;

/** What a row of the inbox is about. No subject is ever worked on twice at the same time. */
public sealed interface Subject {

  /** A pair: both its records share one row, so what happens to either is done in turn. */
  record OfPair(UUID id) implements Subject {
    @Override
    public String toString() {
      return "pair:" + id;
    }
  }

  /** A record that belongs to no pair yet. */
  record OfRecord(RecordRef ref) implements Subject {
    @Override
    public String toString() {
      return "record:" + ref;
    }
  }

  /** A delivery nobody could make sense of. */
  record OfDelivery(String id) implements Subject {
    @Override
    public String toString() {
      return "delivery:" + id;
    }
  }

  /** A note that a system refused, by the record it is of and its id there. */
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
      default -> throw new IllegalArgumentException("Not a subject of the inbox: " + text);
    };
  }
}
