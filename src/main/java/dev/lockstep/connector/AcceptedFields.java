package dev.lockstep.connector;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.CheckJudge.Verdict;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.CheckDefinition.Accepts;
import dev.lockstep.connector.definition.CheckDefinition.Occasion;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.json.JsonPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares the fields that a system accepts, as its answer lists them, with those that mappings
 * write to records of one kind.
 */
final class AcceptedFields {
  private final CheckDefinition check;
  private final Accepts how;
  private final KindDefinition declared;

  /** By mapping, the names of the fields that it writes, with those that every mapping writes. */
  private final Map<String, Set<String>> written = new TreeMap<>();

  /** Fields that are in every write although no mapping writes them. */
  private final Set<String> added;

  AcceptedFields(CheckDefinition check, Accepts how, KindDefinition declared, CheckedKind kind) {
    this.check = check;
    this.how = how;
    this.declared = declared;
    boolean creates = how.on() == Occasion.CREATE;
    this.added = creates ? declared.fieldsOfEachCreate() : Set.of();
    (creates ? kind.created() : kind.updated())
        .forEach((mapping, paths) -> written.put(mapping, names(paths, creates)));
  }

  private Set<String> names(Set<String> paths, boolean creates) {
    Set<String> names = new TreeSet<>();
    paths.stream().flatMap(path -> declared.fieldName(path).stream()).forEach(names::add);
    TransitionDefinition moves = declared.moves();
    if (!creates && moves != null) {
      // Written by transitions, which have screens of their own.
      Stream.concat(Stream.of(moves.field()), moves.onlyWith().stream())
          .flatMap(path -> declared.fieldName(path).stream())
          .forEach(names::remove);
    }
    Stream<String> mention =
        creates
            ? Stream.concat(
                declared.send().correlation().stream(), Stream.of(declared.send().key()))
            : declared.link() == null
                ? Stream.of()
                : Stream.of(declared.link().correlation(), declared.link().key());
    mention
        .filter(path -> !path.isEmpty())
        .flatMap(path -> declared.fieldName(path).stream())
        .forEach(names::add);
    return names;
  }

  /** Whether any mapping makes such writes. */
  boolean isWritten() {
    return !written.isEmpty();
  }

  /** What one answer lacks; nothing if it shows no field at all, which proves nothing. */
  private record Comparison(boolean empty, List<String> problems, String incomplete) {}

  /** The best answer decides; that others lack something is a warning. */
  Verdict judge(List<JsonNode> answers) {
    List<Comparison> compared =
        answers.stream().map(this::compare).filter(one -> !one.empty()).toList();
    if (compared.isEmpty()) {
      return new Verdict(Status.WARNING, "no field is accepted, or shown", check.advice());
    }
    Comparison best =
        compared.stream().min(Comparator.comparingInt(one -> one.problems().size())).orElseThrow();
    if (!best.incomplete().isEmpty() && !best.problems().isEmpty()) {
      return new Verdict(
          Status.WARNING,
          best.incomplete() + "; of these: " + String.join("; ", best.problems()),
          check.advice());
    }
    if (!best.problems().isEmpty()) {
      return new Verdict(
          CheckJudge.status(check.otherwise()), String.join("; ", best.problems()), check.advice());
    }
    if (!best.incomplete().isEmpty()) {
      return new Verdict(Status.WARNING, best.incomplete(), check.advice());
    }
    List<Comparison> lacking = compared.stream().filter(c -> !c.problems().isEmpty()).toList();
    return lacking.isEmpty()
        ? new Verdict(Status.PASS, "all %d written fields are accepted".formatted(count()), "")
        : new Verdict(
            Status.WARNING,
            "%d of %d: %s"
                .formatted(
                    lacking.size(),
                    compared.size(),
                    lacking.stream()
                        .flatMap(one -> one.problems().stream())
                        .distinct()
                        .collect(joining("; "))),
            check.advice());
  }

  private long count() {
    return written.values().stream().flatMap(Set::stream).distinct().count();
  }

  private Comparison compare(JsonNode answer) {
    Map<String, JsonNode> accepted = accepted(JsonPath.find(answer, check.among()));
    long total = JsonPath.find(answer, how.total()).asLong();
    boolean whole = how.total().isEmpty() || total <= accepted.size();
    List<String> problems = new ArrayList<>();
    List<String> refused = byMapping(accepted.keySet());
    if (!refused.isEmpty()) {
      problems.add("does not accept " + String.join(", ", refused));
    }
    List<String> unfilled = unfilled(accepted);
    if (!unfilled.isEmpty()) {
      problems.add("requires " + String.join(", ", unfilled));
    }
    return new Comparison(
        accepted.isEmpty(),
        problems,
        whole ? "" : "only %d of %d fields are shown".formatted(accepted.size(), total));
  }

  private Map<String, JsonNode> accepted(JsonNode fields) {
    Map<String, JsonNode> accepted = new LinkedHashMap<>();
    if (fields.isObject()) {
      fields
          .properties()
          .forEach(
              field ->
                  accepted.put(
                      how.name().isEmpty()
                          ? field.getKey()
                          : JsonPath.text(field.getValue(), how.name()),
                      field.getValue()));
    } else {
      fields.forEach(field -> accepted.put(JsonPath.text(field, how.name()), field));
    }
    return accepted;
  }

  private List<String> byMapping(Set<String> accepted) {
    Map<String, Set<String>> missing = new TreeMap<>();
    written.forEach(
        (mapping, names) ->
            names.stream()
                .filter(name -> !accepted.contains(name))
                .forEach(name -> missing.computeIfAbsent(name, n -> new TreeSet<>()).add(mapping)));
    return missing.entrySet().stream()
        .map(
            field ->
                "%s (mapping %s)".formatted(field.getKey(), String.join(", ", field.getValue())))
        .toList();
  }

  /** Each mapping must fill what is required: one that does not has its creates refused. */
  private List<String> unfilled(Map<String, JsonNode> accepted) {
    if (how.required().isEmpty()) {
      return List.of();
    }
    List<String> unfilled = new ArrayList<>();
    CheckJudge judge = new CheckJudge(check, Map.of());
    accepted.forEach(
        (name, field) -> {
          if (!added.contains(name) && judge.meets(field, how.required())) {
            String mappings =
                written.entrySet().stream()
                    .filter(mapping -> !mapping.getValue().contains(name))
                    .map(Map.Entry::getKey)
                    .collect(joining(", "));
            if (!mappings.isEmpty()) {
              unfilled.add("%s, which %s does not write".formatted(title(name, field), mappings));
            }
          }
        });
    return unfilled;
  }

  private String title(String name, JsonNode field) {
    String title = how.title().isEmpty() ? "" : JsonPath.text(field, how.title());
    return title.isEmpty() || title.equals(name)
        ? name
        : "%s (%s)".formatted(CheckJudge.truncate(title), name);
  }
}
