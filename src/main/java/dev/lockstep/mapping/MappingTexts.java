package dev.lockstep.mapping;

import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.TextTemplate;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The texts that a mapping's author wrote, to be filled with words of its tables and values. */
record MappingTexts(List<MappedField> fields, Map<Side, List<CreationValue>> creationValues) {

  /** Adds the values of the fields that a side composes of its other fields. */
  void compose(Side side, Map<String, String> values) {
    for (MappedField field : fields) {
      TextTemplate composed = field.rule(side).composed();
      if (composed != null && isShown(composed, values)) {
        values.put(field.name(), composed.fill(name -> word(side, name, values)));
      }
    }
  }

  /** A text is not composed of what the record does not show: it would seem to have changed. */
  private boolean isShown(TextTemplate text, Map<String, String> values) {
    return text.names().stream()
        .allMatch(
            name -> {
              String value = values.get(TextTemplate.field(name));
              return value != null
                  && (TextTemplate.isValue(name) || !MappedField.isUnresolved(value));
            });
  }

  private Optional<String> word(Side side, String name, Map<String, String> values) {
    String value = values.get(TextTemplate.field(name));
    return value == null
        ? Optional.empty()
        : find(TextTemplate.field(name))
            .flatMap(
                field ->
                    TextTemplate.isValue(name)
                        ? field.wordOrValue(side, value)
                        : field.word(side, value));
  }

  /** Whether that text may have been written at that path together with some field. */
  boolean write(Side side, String path, String text) {
    Stream<TextTemplate> atCreation =
        creationValues.getOrDefault(side, List.of()).stream()
            .filter(value -> value.path().equals(path))
            .map(CreationValue::text);
    Stream<TextTemplate> withFields =
        fields.stream()
            .flatMap(field -> field.rule(side).form().all())
            .filter(entry -> entry.getKey().equals(path))
            .map(entry -> new TextTemplate(entry.getValue()));
    return Stream.concat(atCreation, withFields)
        .anyMatch(template -> template.matches(text, name -> words(side, name)));
  }

  private Set<String> words(Side side, String name) {
    return find(name).map(field -> field.valueMapping().words(side.other())).orElse(Set.of());
  }

  private Optional<MappedField> find(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }
}
