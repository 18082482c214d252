package dev.lockstep.record;

/**
 * Identifies one record in one system, for example {@code
 * servicenow/incident/9d385017c611228701d22104cc95c371}.
 *
 * @param system the connector's name, as its folder under {@code connectors/}
 * @param kind the record kind as that connector declares it, for example {@code incident}
 * @param id the system's own immutable id
 */
public record RecordRef(String system, String kind, String id) implements Comparable<RecordRef> {

  public RecordRef {
    if (system.isBlank() || kind.isBlank() || id.isBlank()) {
      throw new IllegalArgumentException(
          "A record needs system, kind and id: " + system + "/" + kind + "/" + id);
    }
  }

  /** The inverse of {@link #toString()}. */
  public static RecordRef parse(String text) {
    String[] parts = text.split("/", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("Not a record reference (system/kind/id): " + text);
    }
    return new RecordRef(parts[0], parts[1], parts[2]);
  }

  @Override
  public int compareTo(RecordRef other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return system + "/" + kind + "/" + id;
  }
}
