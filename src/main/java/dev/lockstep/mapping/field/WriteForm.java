package dev.lockstep.mapping.field;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is written with a value of a field. Paths may contain {@code {{field.id}}}, the id to which
 * a reference refers; texts may be {@linkplain TextTemplate templates}.
 *
 * @param writtenAt where the value is written if it is read elsewhere; empty: where it is read
 * @param alsoSets path to text, written together with any value
 * @param alsoSetsFor value of this field, to path, to the text written with it
 * @param leaves path to text, written when a reference changes; its id is the former one
 * @param together fields whose value is sent along with this one
 */
public record WriteForm(
    String writtenAt,
    Map<String, String> alsoSets,
    Map<String, Map<String, String>> alsoSetsFor,
    Map<String, String> leaves,
    Set<String> together) {

  /** All paths and texts that accompany some value. */
  public Stream<Map.Entry<String, String>> all() {
    return Stream.concat(Stream.of(alsoSets, leaves), alsoSetsFor.values().stream())
        .flatMap(sets -> sets.entrySet().stream());
  }

  /** The paths and texts that accompany this value; what lacks an id is left out. */
  Map<String, String> with(String value, TemplateValues values) {
    Map<String, String> sets = new LinkedHashMap<>();
    fill(leaves, values, values::formerId, sets);
    fill(alsoSets, values, values::id, sets);
    sets.putAll(withOnly(value, values));
    return sets;
  }

  /** Those of a certain value, which are written even if the value itself cannot be. */
  Map<String, String> withOnly(String value, TemplateValues values) {
    Map<String, String> sets = new LinkedHashMap<>();
    fill(alsoSetsFor.getOrDefault(value, Map.of()), values, values::id, sets);
    return sets;
  }

  private static void fill(
      Map<String, String> from,
      TemplateValues values,
      Function<String, Optional<String>> ids,
      Map<String, String> into) {
    from.forEach(
        (path, text) ->
            fillPath(path, ids)
                .ifPresent(at -> into.put(at, new TextTemplate(text).fill(values::word))));
  }

  /** Empty if a reference in it has no id. */
  static Optional<String> fillPath(String path, Function<String, Optional<String>> ids) {
    return new TextTemplate(path)
        .fillAll(
            name ->
                name.endsWith(TextTemplate.ID)
                    ? ids.apply(TextTemplate.field(name))
                    : Optional.empty());
  }
}
