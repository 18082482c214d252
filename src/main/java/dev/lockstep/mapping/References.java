package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Resolves references to users, groups and the like, which have different ids in each system. */
public interface References {

  /** A lookup was rejected, or its result is ambiguous. */
  final class ReferenceLookupException extends RuntimeException {

    /**
     * @param reason one line for operators: request, response and the required permission
     */
    public ReferenceLookupException(String reason, Throwable cause) {
      super(reason, cause);
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * The key (e-mail address or name) that is the same in all systems, for an id of {@code system}.
   *
   * @throws ReferenceLookupException when the system rejects the lookup
   */
  Optional<String> keyOf(String system, String reference, String id);

  /**
   * The id in {@code system} for this key.
   *
   * @throws ReferenceLookupException when the system rejects the lookup, or several entries have
   *     this key
   */
  Optional<String> idOf(String system, String reference, String key);

  /**
   * The JSON that {@code system} expects for a reference to {@code id}, for example {@code
   * {"id":..,"type":..}}.
   */
  JsonNode form(String system, String reference, String id);

  /** The id that stands for none, where {@code system} has no empty field of this type. */
  default Optional<String> nobody(String system, String reference) {
    return Optional.empty();
  }

  /** The path of the key of a field of this reference type, if records contain it. */
  Optional<String> keyPath(String system, String reference, String fieldPath);

  /** The path of the id of a field of this reference type. */
  String idPath(String system, String reference, String fieldPath);
}
