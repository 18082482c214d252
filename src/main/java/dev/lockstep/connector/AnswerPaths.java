package dev.lockstep.connector;

import static dev.lockstep.connector.ConnectorDefinition.orEmpty;

/**
 * Paths of one record and of a list of records in an answer. Empty: the answer itself.
 *
 * @param created path of the new record's id, for a create that returns nothing else
 */
record AnswerPaths(String one, String many, String created) {
  static final AnswerPaths ROOT = new AnswerPaths("", "", "");

  AnswerPaths {
    created = orEmpty(created);
    one = orEmpty(one);
    many = orEmpty(many);
  }
}
