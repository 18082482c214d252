package dev.lockstep.mapping;

import dev.lockstep.mapping.Mapping.Present;
import dev.lockstep.mapping.field.FieldAccess;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.mapping.field.TemplateValues;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Fills templates from the records of a pair.
 *
 * @param side that is written
 * @param written the values that are written
 * @param access to the fields of that side
 */
record PairTemplates(
    List<MappedField> fields,
    Side side,
    Map<String, String> written,
    Present present,
    Function<MappedField, FieldAccess> access)
    implements TemplateValues {

  @Override
  public Optional<String> word(String field) {
    return find(field)
        .flatMap(
            found ->
                Optional.ofNullable(present.there().get(field))
                    .flatMap(value -> found.word(side.other(), value)));
  }

  @Override
  public Optional<String> id(String field) {
    return find(field).flatMap(found -> key(found).flatMap(key -> id(found, key)));
  }

  /** The key that is written, or that the written side should have. */
  private Optional<String> key(MappedField field) {
    String sent = written.get(field.name());
    String there = present.there().get(field.name());
    return Optional.ofNullable(sent)
        .or(() -> Optional.ofNullable(there).flatMap(value -> field.mapped(side.other(), value)))
        .or(() -> Optional.ofNullable(present.here().get(field.name())));
  }

  @Override
  public Optional<String> formerId(String field) {
    String former = present.here().getOrDefault(field, "");
    String now = written.getOrDefault(field, former);
    return former.equalsIgnoreCase(now)
        ? Optional.empty()
        : find(field).flatMap(found -> id(found, former));
  }

  private Optional<String> id(MappedField field, String key) {
    try {
      return access.apply(field).findId(key);
    } catch (References.ReferenceLookupException e) {
      // A gap of the field itself says so.
      return Optional.empty();
    }
  }

  private Optional<MappedField> find(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }
}
