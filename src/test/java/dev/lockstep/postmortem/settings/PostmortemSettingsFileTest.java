package dev.lockstep.postmortem.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.postmortem.settings.PostmortemSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostmortemSettingsFileTest {
  @TempDir private Path dir;

  private PostmortemSettingsFile file(String yaml) throws IOException {
    return new PostmortemSettingsFile(Files.writeString(dir.resolve("p.yaml"), yaml));
  }

  @Test
  void whatIsShippedAndWhatIsNotThereAreTheDefaults() {
    PostmortemSettings shipped =
        new PostmortemSettingsFile(Path.of("config/postmortems.yaml")).read();
    assertThat(shipped).isEqualTo(PostmortemSettings.DEFAULT);
    assertThat(shipped.reopened().allows(1)).isFalse();
    assertThat(shipped.guard().mode()).isEqualTo(Mode.WARN);
    assertThat(new PostmortemSettingsFile(dir.resolve("none")).read()).isEqualTo(shipped);
  }

  @Test
  void readsAll() throws IOException {
    PostmortemSettings read =
        file("""
        people: {dana: dana@example.com}
        services:
          Patient Records: {owner: ana@example.com, group: Database}
        due-days: {P1: 14}
        types:
          - {priorities: [P0], type: emergency}
          - {labels: [routine], type: standard}
        reopened: {mode: new-change, most-changes: 2}
        guard: {mode: reopen, patience: 90s, needs-postmortem: ["1/1"], within: 5d}
        """)
            .read();
    assertThat(read.resolvePerson("Dana")).isEqualTo("dana@example.com");
    assertThat(read.resolvePerson("eva")).isEqualTo("eva");
    assertThat(read.ownerFor("Patient Records")).isEqualTo("ana@example.com");
    assertThat(read.groupFor("Other")).isEmpty();
    assertThat(read.type("p0", Set.of())).isEqualTo("emergency");
    assertThat(read.type("P1", Set.of("Routine"))).isEqualTo("standard");
    assertThat(read.type(null, Set.of())).isEqualTo("normal");
    assertThat(read.due("p1", LocalDate.parse("2026-12-01")))
        .contains(LocalDate.parse("2026-12-15"));
    assertThat(read.due(null, LocalDate.parse("2026-12-01"))).isEmpty();
    assertThat(read.reopened().allows(1)).isTrue();
    assertThat(read.reopened().allows(2)).isFalse();
    assertThat(read.guard().mode()).isEqualTo(Mode.REOPEN);
    assertThat(read.guard().within()).isEqualTo(Duration.ofDays(5));
  }

  @Test
  void saysWhatIsWrongAndWhere() throws IOException {
    assertThat(file("guard:\n  mood: warn\n").problems())
        .singleElement()
        .asString()
        .contains("p.yaml:")
        .contains("mood");
    assertThat(file("guard: {patience: soon}\n").problems())
        .singleElement()
        .asString()
        .contains("'soon' is not a duration");
    assertThat(file("types:\n  - {priorities: [P0], type: urgent}\n").problems())
        .singleElement()
        .asString()
        .contains("'urgent' is not a type of change");
    assertThat(file("reopened: {mode: newchange, most-changes: 0}\n").problems())
        .hasSize(2)
        .anyMatch(
            p -> p.contains("reopened.mode: 'newchange' is not a mode; did you mean 'new-change'"))
        .anyMatch(p -> p.contains("reopened.most-changes: '0' is not a number of change requests"));
    assertThat(file("reopened: {most-changes: many}\n").problems())
        .singleElement()
        .asString()
        .contains("'many' is not a number of change requests; write one from 1 to 99");
    assertThat(file("reopened: {mode: new-change}\n").read().reopened().allows(2)).isTrue();
    assertThat(file("reopened: {most-changes: 9}\n").read().reopened().allows(1)).isFalse();
    assertThat(file("people: [\n").problems()).singleElement().asString().contains("p.yaml:");
  }

  @Test
  void namesEachProblemWithItsOwnLineAndTheCure() throws IOException {
    assertThat(
            file("""
            # comment
            poeple: {dana: dana@example.com}
            services:
              Patient Records:
                ownr: ana@example.com
            due-days:
              P1: two weeks
            types:
              - {priorities: P0, type: emergncy}
            guard:
              mode: reopne
              patience: 30
            """)
                .problems())
        .hasSize(7)
        .anyMatch(p -> p.contains("p.yaml:2: poeple: no such key; did you mean 'people'?"))
        .anyMatch(p -> p.contains("p.yaml:5: services.Patient Records.ownr: no such key; did you"))
        .anyMatch(p -> p.contains("p.yaml:7: due-days.P1: 'two weeks' is not a number of days"))
        .anyMatch(p -> p.contains("p.yaml:9: types.0.priorities must be a list"))
        .anyMatch(
            p -> p.contains("p.yaml:9: types: 'emergncy' is not a type of change; did you mean"))
        .anyMatch(p -> p.contains("p.yaml:11: guard.mode: 'reopne' is not a mode; did you mean"))
        .anyMatch(p -> p.contains("p.yaml:12: guard.patience: '30' is not a duration"))
        .noneMatch(p -> p.contains("\n") || p.contains("com.fasterxml"));
  }

  @Test
  void wordListsAreCheckedTheSameWay() throws IOException {
    Path words = dir.resolve("w.yaml");
    java.nio.file.Files.writeString(
        words,
        """
        en:
          statuses:
            don: [finished]
            done: finished
          months: [[january]]
          date-order: american
          sectons: [actions]
        """);
    assertThat(new PostmortemWordsFile(words).problems())
        .hasSize(5)
        .anyMatch(p -> p.contains("w.yaml:3: en.statuses.don: no such key; did you mean 'done'?"))
        .anyMatch(p -> p.contains("w.yaml:4: en.statuses.done must be a list of words"))
        .anyMatch(p -> p.contains("w.yaml:5: en.months must list twelve months"))
        .anyMatch(p -> p.contains("w.yaml:6: date-order: 'american' is not an order of dates"))
        .anyMatch(p -> p.contains("w.yaml:7: en.sectons: no such key; did you mean 'sections'?"));
    assertThat(new PostmortemWordsFile(dir.resolve("none.yaml")).problems()).hasSize(1);
    assertThat(new PostmortemWordsFile(PostmortemWordsFile.SHIPPED).problems()).isEmpty();
  }

  @Test
  void aRuleWithoutATypeIsSaidSo() throws IOException {
    assertThat(file("types:\n  - priorities: [P0]\n").problems())
        .singleElement()
        .asString()
        .contains("not a type of change");
  }
}
