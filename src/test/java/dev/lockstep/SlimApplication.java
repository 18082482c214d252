package dev.lockstep;

import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.pair.Pairs;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.env.Environment;

/**
 * The service without its stages: what is around them can be tested alone. Not marked as a
 * configuration, so that scans for the whole service don't find it.
 */
@EnableAutoConfiguration
@ComponentScan({"dev.lockstep.ops", "dev.lockstep.console"})
class SlimApplication {
  static final Instant AT = Instant.parse("2026-11-24T03:00:00Z");

  @Bean
  StartupCheck checkOfSomeStage(Environment environment) {
    return () ->
        environment.getProperty("TEST_PROBLEMS", "").isEmpty()
            ? List.of()
            : List.of(
                "FIRST_SETTING: missing; set it to a thing",
                "SECOND_SETTING: wrong; set it to another");
  }

  @Bean
  Pairs pairs() {
    Pairs.Summary summary =
        new Pairs.Summary(
            "p1",
            "incident",
            "LINKED",
            new Pairs.Member(
                RecordRef.parse("ticketing/incident/9d38"), "INC0010001", "http://t/INC0010001"),
            null,
            1,
            AT);
    Pairs.Detail detail =
        new Pairs.Detail(
            summary,
            List.of(new Pairs.Field("status", "2", null, "2", null, "no word for it")),
            List.of(new Pairs.Note(Side.LEFT, "n1", "ann", AT, "looking", "CARRIED")),
            List.of(new Pairs.Event(AT, "created", "Created #42", Map.of())));
    return new Pairs() {
      @Override
      public List<Summary> list(int limit) {
        return List.of(summary);
      }

      @Override
      public Optional<Detail> find(String id) {
        return List.of("p1", "INC0010001", "#42").contains(id)
            ? Optional.of(detail)
            : Optional.empty();
      }
    };
  }

  @Bean
  DeadLetters deadLetters() {
    DeadLetters.DeadLetter letter =
        new DeadLetters.DeadLetter(
            "d1", "pair:p1", "INC0010001 ⇄ #42", 3, AT, "refused", "PUT /x", "400 no", "Mend it.");
    return new DeadLetters() {
      @Override
      public List<DeadLetter> list() {
        return List.of(letter);
      }

      @Override
      public Optional<DeadLetter> find(String id) {
        return Optional.of(letter).filter(l -> l.id().equals(id));
      }

      @Override
      public boolean retry(String id) {
        return letter.id().equals(id);
      }

      @Override
      public boolean discard(String id) {
        return letter.id().equals(id);
      }
    };
  }
}
