package dev.lockstep.record;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a record names its counterpart in its correlation id: {@code system/kind/id}, or {@code
 * system/kind/id/token} where Lockstep created it. The token is known to Lockstep alone until the
 * record exists, so that nobody can prepare a record that passes for the one being created.
 *
 * @param token empty if there is none
 */
public record Mention(RecordRef ref, String token) {

  /** Empty when the text names no record. */
  public static Optional<Mention> parse(@Nullable String text) {
    String[] parts = text == null ? new String[0] : text.split("/", -1);
    if (parts.length < 3 || parts.length > 4) {
      return Optional.empty();
    }
    for (String part : parts) {
      if (part.isBlank()) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Mention(
            new RecordRef(parts[0], parts[1], parts[2]), parts.length == 4 ? parts[3] : ""));
  }

  /** Whether the text names this record. */
  public static boolean refersTo(@Nullable String text, RecordRef ref) {
    return parse(text).filter(mention -> mention.ref().equals(ref)).isPresent();
  }

  @Override
  public String toString() {
    return token.isEmpty() ? ref.toString() : ref + "/" + token;
  }
}
