package dev.lockstep.mapping;

import dev.lockstep.record.PlainText;
import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field as its section of the file rules it.
 *
 * @param ignored by side, value of that side, when it means nothing to the other side
 */
record MappedField(
    String name,
    Owner owner,
    FieldSide left,
    FieldSide right,
    ValueMapping valueMapping,
    Map<Side, Map<String, Condition>> ignoredWhen)
    implements FieldMapping {

  /** Stands before an id whose key its system does not know; translates into nothing. */
  static final String UNKNOWN_ID = "id:";

  /** Stands before an id whose key its system refused to tell; translates into nothing. */
  static final String LOOKUP_REFUSED = "refused:";

  /** The id in a value that could not be turned into a key. */
  static Optional<String> idWithoutKey(String value) {
    return Stream.of(UNKNOWN_ID, LOOKUP_REFUSED)
        .filter(value::startsWith)
        .map(prefix -> value.substring(prefix.length()))
        .findFirst();
  }

  FieldSide rule(Side side) {
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

  @Override
  public boolean ignoresEmpty(Side side) {
    return rule(side).ignoreEmpty();
  }

  @Override
  public Translation translate(Side from, String value, @Nullable String current) {
    Side to = from.other();
    String said = TextComparison.plain(value);
    if (rule(to).noteOnly() || (current != null && isSettled(from, said, current))) {
      return new Translation.AlreadyThere();
    }
    String reason = current == null ? null : rule(to).terminalValues().get(current);
    if (reason != null) {
      return new Translation.Unmapped(reason);
    }
    if (said.isEmpty()) {
      return translateEmpty(from);
    }
    Optional<String> id = idWithoutKey(said);
    if (id.isPresent() && rule(from).reference() != null) {
      return new Translation.Unmapped(unresolvedReason(from, said, id.get()));
    }
    String word = valueMapping.translate(from, said);
    if (word == null) {
      return new Translation.Unmapped(
          "the mapping has no %s value for %s '%s'".formatted(to.label(), from.label(), said));
    }
    String wanted = nearest(to, word, current);
    boolean text = valueMapping instanceof ValueMapping.Identity && rule(from).reference() == null;
    TextLimit limit = rule(to).limit();
    return new Translation.To(
        text ? limit.fit(wanted, PlainText.normalize(value)) : limit.fit(wanted));
  }

  private String unresolvedReason(Side from, String said, String id) {
    String reference = rule(from).reference();
    return said.startsWith(UNKNOWN_ID)
        ? "no " + reference + " is known by the id " + id
        : "the look-up fetch-%s of %s on the %s was refused; the warning in the log names the permission it needs"
            .formatted(reference, id, from.label());
  }

  private Translation translateEmpty(Side from) {
    FieldSide far = rule(from.other());
    if (!far.defaultValue().isEmpty()) {
      return new Translation.To(far.defaultValue());
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

  /**
   * Of several joined values with one meaning, the one that leaves the first part as it is: impact
   * stays, urgency follows.
   */
  private String nearest(Side to, String word, @Nullable String current) {
    if (!rule(to).joined() || current == null) {
      return word;
    }
    String kept = current.split(FieldSide.SEPARATOR, -1)[0];
    String meaning = valueMapping.translate(to, word);
    return valueMapping.knownValues(to).stream()
        .filter(known -> known.startsWith(kept + FieldSide.SEPARATOR))
        .filter(known -> meaning != null && meaning.equals(valueMapping.translate(to, known)))
        .sorted()
        .findFirst()
        .orElse(word);
  }

  /** As {@link #agree}, but where an empty value says nothing there is still room for this one. */
  private boolean isSettled(Side from, String said, String current) {
    Side to = from.other();
    if (current.isBlank() && ignoresEmpty(to) && !said.isEmpty()) {
      return said.equals(rule(from).defaultValue());
    }
    return agree(from, said, current);
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
    Condition nothing = ignoredWhen.getOrDefault(from, Map.of()).get(TextComparison.plain(value));
    return nothing == null || !nothing.holds(there);
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
    NoteTemplate tell = rule(to).noteTemplate();
    return tell == null ? null : tell.format(value);
  }

  /** Whether a lasting difference between the sides means they are out of step. */
  boolean isKeptEqual() {
    return List.of(left, right).stream().noneMatch(FieldSide::noteOnly)
        && (left.carryWhen().afterCreation() || right.carryWhen().afterCreation());
  }
}
