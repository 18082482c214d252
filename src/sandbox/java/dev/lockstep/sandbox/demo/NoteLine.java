package dev.lockstep.sandbox.demo;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A note as it stands in a sandbox.
 *
 * @param ours written by the user Lockstep acts as
 * @param forCallers people outside may read it: a comment, a status update
 */
record NoteLine(String text, boolean ours, boolean forCallers) {
  private static final Pattern MARK = Pattern.compile("\\n\\[lockstep:([0-9a-f]{16})\\]\\s*$");
  private static final Pattern HEAD =
      Pattern.compile("^[^\\n]*on \\S+, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC:\\n");

  /** What tells one carried note from another; empty for a note nobody carried. */
  Optional<String> mark() {
    Matcher mark = MARK.matcher(text);
    return mark.find() ? Optional.of(mark.group(1)) : Optional.empty();
  }

  /** What a person wrote on the other side, if this is a carried note. */
  Optional<String> carriedText() {
    Matcher head = HEAD.matcher(text);
    if (!ours || mark().isEmpty() || !head.find()) {
      return Optional.empty();
    }
    String marked = text.substring(head.end());
    return Optional.of(MARK.matcher("\n" + marked).replaceFirst("").strip());
  }
}
