package dev.lockstep.command;

import dev.lockstep.access.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be asked for. */
enum Verb {
  STATUS(Role.VIEWER, "", "level, stage, incident manager, what is due"),
  NOTE(Role.OPERATOR, "TEXT", "writes an internal note on all its records"),
  UPDATE(Role.VIEWER, "[AUDIENCE [send [TEXT] | snooze 15m REASON]]", "drafts, sends, postpones"),
  PAGE(Role.OPERATOR, "", "calls who is on call"),
  ASSIGN(Role.OPERATOR, "@PERSON or E-MAIL", "makes somebody the incident manager"),
  ACKNOWLEDGE(Role.OPERATOR, "", "somebody works on it"),
  RESOLVE(Role.OPERATOR, "[TEXT]", "it is resolved; the text becomes a note"),
  LINK(Role.VIEWER, "", "links to all its records"),
  TIMELINE(Role.VIEWER, "", "what happened last"),
  HELP(Role.VIEWER, "", "this");

  private final Role role;
  private final String usage;
  private final String about;

  Verb(Role role, String usage, String about) {
    this.role = role;
    this.usage = usage;
    this.about = about;
  }

  /** The least that is needed; what changes something with {@code UPDATE} needs an operator. */
  Role role() {
    return role;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String help() {
    return "%s%s: %s".formatted(word(), usage.isEmpty() ? "" : " " + usage, about);
  }

  static Optional<Verb> find(String word) {
    return Arrays.stream(values()).filter(verb -> verb.word().equalsIgnoreCase(word)).findFirst();
  }
}
