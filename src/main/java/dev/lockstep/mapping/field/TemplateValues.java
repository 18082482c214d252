package dev.lockstep.mapping.field;

import java.util.Optional;

/** What the placeholders in the texts and paths of a write stand for. */
public interface TemplateValues {

  /** Nothing is known of the two records. */
  TemplateValues NONE =
      new TemplateValues() {
        @Override
        public Optional<String> word(String field) {
          return Optional.empty();
        }

        @Override
        public Optional<String> id(String field) {
          return Optional.empty();
        }

        @Override
        public Optional<String> formerId(String field) {
          return Optional.empty();
        }
      };

  /** The word that the tables list for a field on the written side. */
  Optional<String> word(String field);

  /** The id to which a reference refers on the written side. */
  Optional<String> id(String field);

  /** The id to which it referred before this write; empty if that is the same or unknown. */
  Optional<String> formerId(String field);
}
