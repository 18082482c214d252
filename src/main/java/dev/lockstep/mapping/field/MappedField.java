package dev.lockstep.mapping.field;

import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field as defined by its section of the file.
 *
 * @param ignoredWhen by side, value of that side, when it does not apply to the other side
 */
public record MappedField(
    String name,
    Owner owner,
    FieldSide left,
    FieldSide right,
    ValueMapping valueMapping,
    Map<Side, Map<String, Condition>> ignoredWhen)
    implements FieldMapping {

  /** Prefix of an id for which the system has no key; has no mapped value. */
  public static final String UNKNOWN_ID = "id:";

  /** Prefix of an id whose lookup the system rejected; has no mapped value. */
  static final String LOOKUP_REFUSED = "refused:";

  /** The id in a value that could not be resolved to a key. */
  static Optional<String> idWithoutKey(String value) {
    return Stream.of(UNKNOWN_ID, LOOKUP_REFUSED)
        .filter(value::startsWith)
        .map(prefix -> value.substring(prefix.length()))
        .findFirst();
  }

  public FieldSide rule(Side side) {
    return side == Side.LEFT ? left : right;
  }

  @Override
  public boolean flowsTo(Side to) {
    return !rule(to.other()).noteOnly()
        && (rule(to).carryWhen().afterCreation() || rule(to).noteTemplate() != null);
  }

  @Override
  public boolean flowsAtCreationTo(Side to) {
    return !rule(to.other()).noteOnly() && rule(to).carryWhen().atCreation();
  }

  /** Whether it is a part of the body that creates a record on this side, or may be. */
  public boolean isWrittenAtCreation(Side to) {
    return !rule(to).noteOnly() && (flowsAtCreationTo(to) || !rule(to).defaultValue().isEmpty());
  }

  /** The values that tables list for this side, and those on the way to them. */
  public Set<String> writtenStates(Side to) {
    Set<String> states = new TreeSet<>(valueMapping.words(to.other()));
    for (Map<String, String> steps : rule(to).steps().values()) {
      steps.forEach(
          (wanted, step) -> {
            if (valueMapping.words(to.other()).contains(wanted)) {
              states.add(step);
            }
          });
    }
    return states;
  }

  /** Whether changes are written to the field itself, and not only reported in notes. */
  public boolean isWrittenAfterCreation(Side to) {
    return !rule(to).noteOnly()
        && !rule(to.other()).noteOnly()
        && rule(to).carryWhen().afterCreation();
  }

  @Override
  public boolean ignoresEmpty(Side side) {
    return rule(side).ignoreEmpty();
  }

  @Override
  public Translation translate(Side from, String value, @Nullable String current) {
    Side to = from.other();
    String plain = TextComparison.plain(value);
    if (rule(to).noteOnly() || (current != null && isSettled(from, plain, current))) {
      return new Translation.AlreadyThere();
    }
    String reason = current == null ? null : rule(to).terminalValues().get(current);
    if (reason != null) {
      return new Translation.Unmapped(reason);
    }
    if (plain.isEmpty()) {
      return translateEmpty(from);
    }
    Optional<String> id = idWithoutKey(plain);
    if (id.isPresent() && rule(from).reference() != null) {
      return new Translation.Unmapped(unresolvedReason(from, plain, id.get()));
    }
    String mapped = valueMapping.translate(from, plain);
    if (mapped == null) {
      return new Translation.Unmapped(
          "the mapping has no %s value for %s '%s'".formatted(to.label(), from.label(), plain));
    }
    String gap = valueMapping.gap(from, plain);
    if (gap != null) {
      return new Translation.Unmapped(gap);
    }
    String wanted = nearest(to, mapped, current);
    boolean text = valueMapping instanceof ValueMapping.Identity && rule(from).reference() == null;
    TextLimit limit = rule(to).limit();
    return new Translation.To(
        text ? limit.fit(wanted, PlainText.normalize(value)) : limit.fit(wanted));
  }

  private String unresolvedReason(Side from, String plain, String id) {
    String reference = rule(from).reference();
    return plain.startsWith(UNKNOWN_ID)
        ? "no " + reference + " has the id " + id
        : "the lookup fetch-%s of %s on the %s was rejected; the warning in the log names the required permission"
            .formatted(reference, id, from.label());
  }

  private Translation translateEmpty(Side from) {
    FieldSide target = rule(from.other());
    if (!target.defaultValue().isEmpty()) {
      return new Translation.To(target.defaultValue());
    }
    if (ignoresEmpty(from)) {
      return new Translation.AlreadyThere();
    }
    if (valueMapping.knownValues(from).isEmpty()) {
      return new Translation.To("");
    }
    return new Translation.Unmapped(
        "the mapping has no %s value for an empty one".formatted(from.other().label()));
  }

  /** An empty value needs no row, and an id without a key is in no table. */
  @Override
  public boolean isListed(Side side, String value) {
    String plain = TextComparison.plain(value);
    return plain.isEmpty()
        || rule(side).reference() != null && idWithoutKey(plain).isPresent()
        || valueMapping.isKnown(side, plain);
  }

  /**
   * Of several equivalent joined values, prefers the one that keeps the first part: impact stays,
   * urgency changes.
   */
  private String nearest(Side to, String mapped, @Nullable String current) {
    if (!rule(to).joined() || current == null) {
      return mapped;
    }
    String kept = current.split(FieldSide.SEPARATOR, -1)[0];
    String equivalent = valueMapping.translate(to, mapped);
    return valueMapping.knownValues(to).stream()
        .filter(known -> known.startsWith(kept + FieldSide.SEPARATOR))
        .filter(known -> equivalent != null && equivalent.equals(valueMapping.translate(to, known)))
        .sorted()
        .findFirst()
        .orElse(mapped);
  }

  /**
   * As {@link #agree}, but an empty value that means "unknown" can still be replaced by this one.
   */
  private boolean isSettled(Side from, String plain, String current) {
    Side to = from.other();
    if (current.isBlank() && ignoresEmpty(to) && !plain.isEmpty()) {
      return plain.equals(rule(from).defaultValue());
    }
    return agree(from, plain, current);
  }

  @Override
  public boolean agree(String leftValue, String rightValue) {
    if (left.noteOnly() || right.noteOnly()) {
      return true;
    }
    String l = TextComparison.plain(leftValue);
    String r = TextComparison.plain(rightValue);
    if (l.isEmpty() || r.isEmpty()) {
      return agreeWithEmpty(l, r);
    }
    return valueMapping.agree(l, r) || right.limit().isFitOf(r, l) || left.limit().isFitOf(l, r);
  }

  private boolean agreeWithEmpty(String l, String r) {
    if (l.isEmpty() && r.isEmpty()) {
      return true;
    }
    return l.isEmpty()
        ? left.ignoreEmpty() || r.equals(right.defaultValue())
        : right.ignoreEmpty() || l.equals(left.defaultValue());
  }

  @Override
  public boolean isRelevant(Side from, String value, Map<String, String> there) {
    Condition condition = ignoredWhen.getOrDefault(from, Map.of()).get(TextComparison.plain(value));
    return condition == null || !condition.holds(there);
  }

  /** The word that its table lists for a value; empty if there is none. */
  public Optional<String> word(Side from, String value) {
    return valueMapping.word(from, TextComparison.plain(value));
  }

  /** The word for a value, or the value itself; empty if it is, or is not known. */
  public Optional<String> wordOrValue(Side from, String value) {
    return isUnresolved(value)
        ? Optional.empty()
        : mapped(from, value).or(() -> Optional.of(value)).filter(text -> !text.isBlank());
  }

  /** Adds the keys that its table lists for a side, if it is a reference there. */
  public void addListedKeys(Side side, Map<String, Set<String>> byReference) {
    String reference = rule(side).reference();
    Set<String> listed = valueMapping.words(side.other());
    if (reference != null && !listed.isEmpty()) {
      byReference.computeIfAbsent(reference, any -> new TreeSet<>()).addAll(listed);
    }
  }

  /** The mapped value, also of one that is only copied. */
  public Optional<String> mapped(Side from, String value) {
    String plain = TextComparison.plain(value);
    return plain.isEmpty() || idWithoutKey(plain).isPresent()
        ? Optional.empty()
        : Optional.ofNullable(valueMapping.translate(from, plain));
  }

  /** Whether it is not known what the value refers to. */
  public static boolean isUnresolved(String value) {
    return idWithoutKey(value).isPresent();
  }

  @Override
  public boolean restores(Side side, String value) {
    return rule(side).restored().contains(value);
  }

  @Override
  public boolean isAccepted(Side to, Map<String, String> there) {
    return !rule(to).notWhile().holds(there);
  }

  @Override
  public Set<String> writtenTogether(Side to) {
    return rule(to).form().together();
  }

  @Override
  public boolean isDefault(Side side, String value) {
    return value.equals(rule(side).defaultValue());
  }

  @Override
  public boolean defaultsToReference(Side to) {
    return rule(to).reference() != null && !rule(to).defaultValue().isEmpty();
  }

  @Override
  public Map<String, String> fill(Side to, String value) {
    return rule(to).fill().getOrDefault(value, Map.of());
  }

  @Override
  public @Nullable String noteText(Side to, String value) {
    NoteTemplate template = rule(to).noteTemplate();
    return template == null ? null : template.format(value);
  }

  /**
   * Whether a permanent difference between the sides means that they are out of sync: not of a
   * value that is written later, nor of a text that people may word otherwise.
   */
  public boolean isKeptEqual() {
    return List.of(left, right).stream().noneMatch(FieldSide::noteOnly)
        && List.of(left, right).stream()
            .allMatch(side -> side.composed() == null && side.after().isEmpty())
        && (left.carryWhen().afterCreation() || right.carryWhen().afterCreation());
  }
}
