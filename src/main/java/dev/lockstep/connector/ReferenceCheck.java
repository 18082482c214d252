package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.CheckJudge.Verdict;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Checks that the references which mappings use, such as users and groups, are resolved in one
 * system: those found in records, and otherwise whether a search is answered at all.
 */
final class ReferenceCheck {
  private final ConnectorDefinition connector;
  private final RecordGateway gateway;
  private final CheckAttempt attempt;
  private final BiConsumer<String, Verdict> results;

  /** Reference to an id in a record; empty: no record has one. */
  private final Map<String, String> ids = new TreeMap<>();

  /**
   * @param results receives what was checked and the result
   */
  ReferenceCheck(
      ConnectorDefinition connector,
      RecordGateway gateway,
      CheckAttempt attempt,
      BiConsumer<String, Verdict> results) {
    this.connector = connector;
    this.gateway = gateway;
    this.attempt = attempt;
    this.results = results;
  }

  /** Adds the references that the records of this kind contain. */
  void collect(CheckedKind kind, List<JsonNode> records) {
    kind.references()
        .forEach(
            (path, reference) -> {
              String id =
                  records.stream()
                      .map(record -> JsonPath.text(record, path))
                      .filter(text -> !text.isEmpty())
                      .findFirst()
                      .orElse("");
              ids.merge(reference, id, (first, second) -> first.isEmpty() ? second : first);
            });
  }

  void run() {
    Set<String> unseen = new TreeSet<>();
    ids.forEach(
        (reference, id) -> {
          if (attempt.unreachable()) {
            return;
          }
          if (!id.isEmpty()) {
            resolve(reference, id);
          } else if (isSearchAnswered(reference, CheckedKind.NOWHERE)) {
            unseen.add(reference);
          }
        });
    if (!unseen.isEmpty()) {
      results.accept(
          "references",
          new Verdict(
              Status.WARNING,
              "searches answer, but no record checked has a " + String.join(", ", unseen),
              "Fill these fields of a record by hand and run the check again."));
    }
  }

  private void resolve(String reference, String id) {
    Optional<String> key = attempt.ask(() -> gateway.keyOf(connector.system(), reference, id));
    if (key == null) {
      failed(reference);
    } else if (key.isEmpty()) {
      results.accept(
          "reference " + reference,
          new Verdict(
              Status.WARNING,
              id + ", which a record refers to, is not found",
              "It may be deleted; otherwise the account needs "
                  + connector.reference(reference).needs()
                  + "."));
    } else if (isSearchAnswered(reference, key.get())) {
      results.accept(
          "reference " + reference,
          new Verdict(Status.PASS, id + " is " + CheckJudge.truncate(key.get()), ""));
    }
  }

  /** Whether the search by key is permitted, which reading one object does not prove. */
  private boolean isSearchAnswered(String reference, String key) {
    if (attempt.ask(() -> gateway.idsOf(connector.system(), reference, key)) != null) {
      return true;
    }
    failed(reference);
    return false;
  }

  private void failed(String reference) {
    Verdict failure = attempt.failure();
    if (failure != null) {
      results.accept("reference " + reference, failure);
    }
  }
}
