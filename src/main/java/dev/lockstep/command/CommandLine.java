package dev.lockstep.command;

import dev.lockstep.access.Role;
import java.util.Optional;

/**
 * A command as it was typed: {@code [INCIDENT] [VERB] [MORE]}.
 *
 * @param incident empty: the one in whose place it was asked
 * @param word what stands in the place of the verb, if it is none; empty otherwise
 */
record CommandLine(String incident, Verb verb, String word, String more) {

  static CommandLine parse(String text) {
    String[] first = split(text);
    Optional<Verb> verb = Verb.find(first[0]);
    if (verb.isPresent()) {
      return new CommandLine("", verb.get(), "", first[1]);
    }
    String[] second = split(first[1]);
    return new CommandLine(
        first[0],
        Verb.find(second[0]).orElse(second[0].isEmpty() ? Verb.STATUS : Verb.HELP),
        Verb.find(second[0]).isPresent() ? "" : second[0],
        second[1]);
  }

  /** The first word, and what follows; both may be empty. */
  static String[] split(String text) {
    String[] parts = text.strip().split("\\s+", 2);
    return new String[] {parts[0], parts.length < 2 ? "" : parts[1].strip()};
  }

  /** The least that is needed. */
  Role role() {
    return verb == Verb.UPDATE && !split(split(more)[1])[0].isEmpty() ? Role.OPERATOR : verb.role();
  }
}
