package dev.lockstep.bench;

import dev.lockstep.similarity.Ticket;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Tickets of a service desk that never was, the same at each run; only good to measure speed. */
final class MadeUp {
  private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");
  private static final List<String> THINGS =
      List.of(
          "VPN",
          "mail",
          "printer",
          "payroll portal",
          "intranet",
          "phone",
          "file share",
          "laptop",
          "badge reader",
          "booking system",
          "warehouse scanner",
          "web shop",
          "calendar",
          "database",
          "build server",
          "video call",
          "patient record",
          "laboratory system",
          "wiki",
          "invoice run");
  private static final List<String> TROUBLES =
      List.of(
          "is down",
          "does not respond",
          "is very slow",
          "shows an error",
          "asks for a password",
          "loses its connection",
          "can't be opened",
          "prints nothing",
          "times out",
          "crashes",
          "shows old data",
          "rejects my login",
          "freezes",
          "is missing a file",
          "sends twice");
  private static final int VOCABULARY = 20_000;
  private static final int PLACES = 400;

  private final Random random = new Random(7);
  private int made;

  Ticket next() {
    String thing = any(THINGS);
    String title = thing + " " + any(TROUBLES) + " in " + word(random.nextInt(PLACES));
    StringBuilder description = new StringBuilder("Since today the ").append(thing).append(' ');
    int length = 15 + random.nextInt(60);
    for (int i = 0; i < length; i++) {
      // Few words are frequent and many rare, as in any language.
      description.append(word((int) (VOCABULARY * Math.pow(random.nextDouble(), 4)))).append(' ');
    }
    return new Ticket(
        "made-" + made, title, description.toString(), thing, "", BEGIN.plusSeconds(120L * made++));
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A word of syllables that can be spoken; another one for each number. */
  private static String word(int number) {
    StringBuilder word = new StringBuilder();
    for (int rest = number + 40; rest > 0; rest /= 60) {
      word.append("bdfgklmnprst".charAt(rest % 12)).append("aeiou".charAt(rest / 12 % 5));
    }
    return word.toString();
  }
}
