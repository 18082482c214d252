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
    ValueMapping words,
    Map<Side, Map<String, Condition>> ignored)
    implements FieldMapping {

  /** Stands before an id whose key its system does not know; translates into nothing. */
  static final String UNKNOWN = "id:";

  /** Stands before an id whose key its system refused to tell; translates into nothing. */
  static final String REFUSED = "refused:";

  /** The id in a value that could not be turned into a key. */
  static Optional<String> idWithoutKey(String value) {
    return Stream.of(UNKNOWN, REFUSED)
        .filter(value::startsWith)
        .map(prefix -> value.substring(prefix.length()))
        .findFirst();
  }

  FieldSide rule(Side side) {
    return side == Side.LEFT ? left : right;
  }

  @Override
  public boolean flowsTo(Side to) {
    return !rule(to.other()).onlyTold() && (rule(to).carried().later() || rule(to).tell() != null);
  }

  @Override
  public boolean flowsAtCreationTo(Side to) {
    return !rule(to.other()).onlyTold() && rule(to).carried().atCreation();
  }

  @Override
  public boolean ignoresEmpty(Side side) {
    return rule(side).ignoreEmpty();
  }

  @Override
  public Translation translate(Side from, String value, @Nullable String current) {
    Side to = from.other();
    String said = TextComparison.plain(value);
    if (rule(to).onlyTold() || (current != null && isSettled(from, said, current))) {
      return new Translation.AlreadyThere();
    }
    String reason = current == null ? null : rule(to).finals().get(current);
    if (reason != null) {
      return new Translation.Unmapped(reason);
    }
    if (said.isEmpty()) {
      return emptied(from);
    }
    Optional<String> id = idWithoutKey(said);
    if (id.isPresent() && rule(from).reference() != null) {
      return new Translation.Unmapped(withoutKey(from, said, id.get()));
    }
    String word = words.translate(from, said);
    if (word == null) {
      return new Translation.Unmapped(
          "the mapping has no %s value for %s '%s'".formatted(to.label(), from.label(), said));
    }
    String wanted = nearest(to, word, current);
    boolean text = words instanceof ValueMapping.Identity && rule(from).reference() == null;
    TextLimit limit = rule(to).limit();
    return new Translation.To(
        text ? limit.fit(wanted, PlainText.normal(value)) : limit.fit(wanted));
  }

  private String withoutKey(Side from, String said, String id) {
    String reference = rule(from).reference();
    return said.startsWith(UNKNOWN)
        ? "no " + reference + " is known by the id " + id
        : "the look-up fetch-%s of %s on the %s was refused; the warning in the log names the permission it needs"
            .formatted(reference, id, from.label());
  }

  private Translation emptied(Side from) {
    FieldSide far = rule(from.other());
    if (!far.standIn().isEmpty()) {
      return new Translation.To(far.standIn());
    }
    if (ignoresEmpty(from)) {
      return new Translation.AlreadyThere();
    }
    if (words.known(from).isEmpty()) {
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
    String kept = current.split(FieldSide.JOINT, -1)[0];
    String meaning = words.translate(to, word);
    return words.known(to).stream()
        .filter(known -> known.startsWith(kept + FieldSide.JOINT))
        .filter(known -> meaning != null && meaning.equals(words.translate(to, known)))
        .sorted()
        .findFirst()
        .orElse(word);
  }

  /** As {@link #agree}, but where an empty value says nothing there is still room for this one. */
  private boolean isSettled(Side from, String said, String current) {
    Side to = from.other();
    if (current.isBlank() && ignoresEmpty(to) && !said.isEmpty()) {
      return said.equals(rule(from).standIn());
    }
    return agree(from, said, current);
  }

  @Override
  public boolean agree(String leftValue, String rightValue) {
    if (left.onlyTold() || right.onlyTold()) {
      return true;
    }
    String l = TextComparison.plain(leftValue);
    String r = TextComparison.plain(rightValue);
    if (l.isEmpty() || r.isEmpty()) {
      return agreeOnNothing(l, r);
    }
    return words.agree(l, r) || right.limit().isFitOf(r, l) || left.limit().isFitOf(l, r);
  }

  private boolean agreeOnNothing(String l, String r) {
    if (l.isEmpty() && r.isEmpty()) {
      return true;
    }
    return l.isEmpty()
        ? left.ignoreEmpty() || r.equals(right.standIn())
        : right.ignoreEmpty() || l.equals(left.standIn());
  }

  @Override
  public boolean means(Side from, String value, Map<String, String> there) {
    Condition nothing = ignored.getOrDefault(from, Map.of()).get(TextComparison.plain(value));
    return nothing == null || !nothing.holds(there);
  }

  @Override
  public boolean isDefault(Side side, String value) {
    return value.equals(rule(side).standIn());
  }

  @Override
  public boolean routes(Side to) {
    return rule(to).reference() != null && !rule(to).standIn().isEmpty();
  }

  @Override
  public Map<String, String> fill(Side to, String value) {
    return rule(to).fill().getOrDefault(value, Map.of());
  }

  @Override
  public @Nullable String announcement(Side to, String value) {
    NoteTemplate tell = rule(to).tell();
    return tell == null ? null : tell.of(value);
  }

  /** Whether a lasting difference between the sides means they are out of step. */
  boolean isKeptEqual() {
    return List.of(left, right).stream().noneMatch(FieldSide::onlyTold)
        && (left.carried().later() || right.carried().later());
  }
}
