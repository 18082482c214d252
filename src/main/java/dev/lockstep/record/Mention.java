package dev.lockstep.record;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counterpart in a record's correlation id: {@code system/kind/id}, or {@code
 * system/kind/id/token} for a record created by Lockstep. Only Lockstep knows the token until the
 * record exists, so that nobody can forge a record that is taken for the one being created.
 *
 * @param token empty if there is none
 */
public record Mention(RecordRef ref, String token) {

  /** Empty when the text is not a record reference. */
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

  /** All references in a text, separated by blanks: a record of Lockstep's own may name several. */
  public static List<Mention> parseAll(@Nullable String text) {
    return text == null
        ? List.of()
        : Stream.of(text.split(" ", -1)).flatMap(one -> parse(one).stream()).toList();
  }

  /** Whether the text names this record. */
  public static boolean refersTo(@Nullable String text, RecordRef ref) {
    return parseAll(text).stream().anyMatch(mention -> mention.ref().equals(ref));
  }

  @Override
  public String toString() {
    return token.isEmpty() ? ref.toString() : ref + "/" + token;
  }
}
