package dev.lockstep.mapping.field;

import java.util.Optional;

/** What the placeholders in the texts and paths of a write stand for. */
public interface TemplateValues {

  /** The word that the tables list for a field on the written side. */
  Optional<String> word(String field);

  /** The id to which a reference refers on the written side. */
  Optional<String> id(String field);

  /** The id to which it referred before this write; empty if that is the same or unknown. */
  Optional<String> formerId(String field);
}
