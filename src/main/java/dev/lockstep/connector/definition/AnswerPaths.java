package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Paths of one record and of a list of records in an answer. Empty: the answer itself.
 *
 * @param created where the new record's id is, for a create that returns nothing else
 * @param updated how the record is read after an update
 */
public record AnswerPaths(
    String one, String many, @Nullable CreatedId created, AfterUpdate updated) {
  static final AnswerPaths ROOT = new AnswerPaths("", "", null, AfterUpdate.ANSWERED);

  /** How the record is read after an update. */
  public enum AfterUpdate {
    /** From the answer to the update. */
    ANSWERED,
    /** With a call of its own: the answer does not contain it. */
    FETCH;

    @JsonCreator
    static AfterUpdate of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  public AnswerPaths {
    one = orEmpty(one);
    many = orEmpty(many);
    updated = updated == null ? AfterUpdate.ANSWERED : updated;
  }
}
