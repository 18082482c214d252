package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.CheckJudge.Verdict;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.json.JsonPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what transitions require with what mappings write with them. A system lists only the
 * transitions that a record has from where it is.
 */
final class TransitionCheck {
  /** Each costs a call. */
  private static final int MOST = 8;

  private final CheckDefinition check;
  private final KindDefinition declared;
  private final CheckedKind kind;

  /** The states to which transitions were found. */
  private final Set<String> seen = new TreeSet<>();

  private final Set<String> problems = new TreeSet<>();

  /** The states of the records that were asked about. */
  private final Set<String> from = new TreeSet<>();

  TransitionCheck(CheckDefinition check, KindDefinition declared, CheckedKind kind) {
    this.check = check;
    this.declared = declared;
    this.kind = kind;
  }

  /** Whether any mapping moves such records to states that it lists. */
  boolean isMoved() {
    return declared.moves() != null
        && kind.moved().values().stream().anyMatch(states -> !states.isEmpty());
  }

  /** Of each state one record, by its id. */
  Map<String, JsonNode> samples(List<JsonNode> records) {
    Map<String, JsonNode> samples = new LinkedHashMap<>();
    Set<String> states = new TreeSet<>();
    for (JsonNode record : records) {
      String id = JsonPath.text(record, declared.id());
      if (samples.size() < MOST && declared.isId(id) && states.add(state(record))) {
        samples.put(id, record);
      }
    }
    return samples;
  }

  private String state(JsonNode record) {
    return JsonPath.text(record, Objects.requireNonNull(declared.moves()).field());
  }

  /** The required fields of these transitions that some mapping may not write. */
  Set<String> unwritten(List<Move> moves) {
    Set<String> paths = new TreeSet<>();
    for (Move move : moves) {
      for (String path : move.required().keySet()) {
        if (!mappingsWithout(move, path).isEmpty()) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  /**
   * Adds what one record can do.
   *
   * @param shown the record with the fields that {@link #unwritten} named
   */
  void add(List<Move> moves, JsonNode shown) {
    from.add(state(shown));
    for (Move move : moves) {
      seen.add(move.to());
      List<String> missing = new ArrayList<>();
      Set<String> mappings = new TreeSet<>();
      move.required()
          .forEach(
              (path, field) -> {
                Set<String> without = mappingsWithout(move, path);
                if (!without.isEmpty() && Move.isEmpty(JsonPath.find(shown, path))) {
                  missing.add(title(path, field));
                  mappings.addAll(without);
                }
              });
      if (!missing.isEmpty()) {
        problems.add(
            "'%s' from %s to %s requires %s, which %s does not write with it"
                .formatted(
                    CheckJudge.truncate(move.name()),
                    state(shown),
                    move.to(),
                    String.join(", ", missing),
                    String.join(", ", mappings)));
      }
    }
  }

  /** The mappings that move records to where the transition leads, without writing this field. */
  private Set<String> mappingsWithout(Move move, String path) {
    Set<String> mappings = new TreeSet<>();
    kind.moved()
        .forEach(
            (mapping, states) -> {
              Set<String> written = states.get(move.to());
              if (written != null
                  && written.stream()
                      .noneMatch(one -> declared.fieldName(one).equals(declared.fieldName(path)))) {
                mappings.add(mapping);
              }
            });
    return mappings;
  }

  private String title(String path, JsonNode field) {
    String name = declared.fieldName(path).orElse(path);
    String title = JsonPath.text(field, "name");
    return title.isEmpty() || title.equals(name)
        ? name
        : "%s (%s)".formatted(CheckJudge.truncate(title), name);
  }

  Verdict judge() {
    Set<String> wanted = new TreeSet<>();
    kind.moved().values().forEach(states -> wanted.addAll(states.keySet()));
    Set<String> unseen = new TreeSet<>(wanted);
    unseen.removeAll(seen);
    if (!problems.isEmpty()) {
      return new Verdict(
          CheckJudge.status(check.otherwise()), String.join("; ", problems), check.advice());
    }
    if (from.isEmpty()) {
      return new Verdict(
          Status.WARNING, "not asked: nothing was found to ask about", check.advice());
    }
    if (!unseen.isEmpty()) {
      return new Verdict(
          Status.WARNING,
          "no transition to %s from %s"
              .formatted(String.join(", ", unseen), String.join(", ", from)),
          check.advice());
    }
    return new Verdict(
        Status.PASS,
        "transitions to %s need no other field".formatted(String.join(", ", wanted)),
        "");
  }
}
