package dev.lockstep.postmortem.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.postmortem.settings.PostmortemSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
                guard: {mode: reopen, patience: 90s, needs-postmortem: ["1/1"], within: 5d}
                """)
            .read();
    assertThat(read.person("Dana")).isEqualTo("dana@example.com");
    assertThat(read.person("eva")).isEqualTo("eva");
    assertThat(read.ownerFor("Patient Records")).isEqualTo("ana@example.com");
    assertThat(read.groupFor("Other")).isEmpty();
    assertThat(read.type("p0", Set.of())).isEqualTo("emergency");
    assertThat(read.type("P1", Set.of("Routine"))).isEqualTo("standard");
    assertThat(read.type(null, Set.of())).isEqualTo("normal");
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
        .contains("'soon' is no duration");
    assertThat(file("types:\n  - {priorities: [P0], type: urgent}\n").problems())
        .singleElement()
        .asString()
        .contains("'urgent' is no type of change");
    assertThat(file("people: [\n").problems()).singleElement().asString().contains("p.yaml:");
  }

  @Test
  void aRuleWithoutATypeIsSaidSo() throws IOException {
    assertThat(file("types:\n  - priorities: [P0]\n").problems())
        .singleElement()
        .asString()
        .contains("no type of change");
  }
}
