package dev.lockstep.mapping;

import static dev.lockstep.ops.yaml.YamlFile.with;

import dev.lockstep.mapping.field.Condition;
import dev.lockstep.mapping.field.FieldUseCheck;
import dev.lockstep.mapping.field.MappedField;
import dev.lockstep.ops.yaml.Suggestion;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;

/** Validates the section {@code duplicates} of a mapping. */
final class DuplicateRuleCheck {
  private final YamlFile file;
  private final DuplicateRule duplicates;
  private final FieldUseCheck uses;

  DuplicateRuleCheck(YamlFile file, DuplicateRule duplicates, FieldUseCheck uses) {
    this.file = file;
    this.duplicates = duplicates;
    this.uses = uses;
  }

  void check() {
    List<String> place = List.of("duplicates");
    file.root()
        .path("duplicates")
        .path("compare")
        .properties()
        .forEach(
            entry -> uses.find(entry.getValue().asText(), with(place, "compare", entry.getKey())));
    for (Side side : Side.values()) {
      uses.checkCondition(side, of(duplicates.scope(), side), with(place, "scope", side.label()));
      uses.checkCondition(
          side, of(duplicates.excluded(), side), with(place, "never", side.label()));
      uses.checkCondition(
          side, of(duplicates.resolvedOrClosed(), side), with(place, "over", side.label()));
      DuplicateRule.Follow follow =
          duplicates.follow().getOrDefault(side, DuplicateRule.Follow.NOTHING);
      List<String> at = with(place, "follow", side.label());
      uses.checkCondition(side, follow.when(), with(at, "when"));
      follow.fields().forEach(name -> checkFollowed(side, name, with(at, "fields")));
      follow
          .instead()
          .forEach(
              (name, words) -> checkInstead(side, follow, name, words, with(at, "instead", name)));
      follow
          .neutral()
          .forEach(
              (name, text) -> checkNeutral(side, follow, name, text, with(at, "neutral", name)));
      if (duplicates.follows(side)) {
        List<String> shared = with(place, "share-texts-if-same");
        duplicates.sameAudience().forEach(name -> uses.findReadable(side, name, shared));
      }
    }
  }

  private void checkNeutral(
      Side side, DuplicateRule.Follow follow, String name, String text, List<String> at) {
    MappedField field = uses.get(name);
    if (field == null || !follow.fields().contains(name)) {
      refuseNotFollowed(follow, name, at);
    } else {
      uses.checkValue(side, field, text, at);
    }
  }

  private void refuseNotFollowed(DuplicateRule.Follow follow, String name, List<String> at) {
    file.refuse(
        at,
        "'%s' is not in the list `fields`%s".formatted(name, Suggestion.of(name, follow.fields())));
  }

  private void checkInstead(
      Side side,
      DuplicateRule.Follow follow,
      String name,
      Map<String, String> words,
      List<String> at) {
    MappedField field = uses.get(name);
    if (field == null || !follow.fields().contains(name)) {
      refuseNotFollowed(follow, name, at);
    } else {
      words.keySet().forEach(value -> uses.checkValue(side, field, value, at));
      words.values().forEach(value -> uses.checkValue(side, field, value, at));
    }
  }

  private void checkFollowed(Side side, String name, List<String> at) {
    MappedField field = uses.find(name, at);
    if (field != null && field.rule(side).noteOnly()) {
      file.refuse(
          at, "'%s' has no path on the %s, so it cannot be copied".formatted(name, side.label()));
    }
  }

  private static Condition of(Map<Side, Condition> sides, Side side) {
    return sides.getOrDefault(side, new Condition.Never());
  }
}
