package dev.lockstep.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Looks up people, groups and the like, which each system names by ids of its own. */
public interface References {

  /** A look-up that was refused, or whose answer names several things: nothing is known by it. */
  final class ReferenceLookupException extends RuntimeException {

    /**
     * @param reason one line for operators: what was asked, what was answered, what is needed
     */
    public ReferenceLookupException(String reason, Throwable cause) {
      super(reason, cause);
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * The key systems share (an e-mail address, a name) of what {@code id} names in {@code system}.
   *
   * @throws ReferenceLookupException when the system does not answer that
   */
  Optional<String> keyOf(String system, String reference, String id);

  /**
   * The id in {@code system} of what has this key there.
   *
   * @throws ReferenceLookupException when the system does not answer that, or several have this key
   */
  Optional<String> idOf(String system, String reference, String key);

  /**
   * The JSON form in which {@code system} takes a reference to {@code id}, for example {@code
   * {"id":..,"type":..}}.
   */
  JsonNode form(String system, String reference, String id);

  /**
   * Where in a record the key stands beside a field of this reference type, if the system shows it
   * there.
   */
  Optional<String> keyPath(String system, String reference, String fieldPath);

  /** Where in a record the id stands for a field of this reference type. */
  String idPath(String system, String reference, String fieldPath);
}
