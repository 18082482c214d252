package dev.lockstep.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.mapping.MappingLoader.KnownSystem;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another company may read. */
class VendorMappingTest {
  private static final KnownSystem SERVICENOW =
      new KnownSystem(
          "servicenow",
          Set.of("incident"),
          Set.of("cmdb-ci"),
          Map.of("incident", Set.of(Visibility.INTERNAL, Visibility.PUBLIC)));

  @TempDir private Path folder;

  private Mapping load(String file) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), file);
    return new MappingLoader(Shipped.SCHEMA, Map.of("servicenow", SERVICENOW, "vendor", SERVICENOW))
        .load(folder)
        .all()
        .get(0);
  }

  private static String shipped() throws IOException {
    return Files.readString(Path.of("mappings/incident.vendor.yaml"));
  }

  @Test
  void onlyPublicCommentsCross() throws IOException {
    NotePolicy notes = load(shipped()).notes();

    assertThat(notes.targetVisibility(Side.LEFT, Visibility.INTERNAL)).isEmpty();
    assertThat(notes.targetVisibility(Side.LEFT, Visibility.PUBLIC)).contains(Visibility.PUBLIC);
    assertThat(notes.targetVisibility(Side.RIGHT, Visibility.PUBLIC)).contains(Visibility.INTERNAL);
    assertThat(notes.targetVisibility(Side.RIGHT, Visibility.INTERNAL)).isEmpty();
    assertThat(notes.takesOwn(Side.RIGHT)).isFalse();
    assertThat(notes.takesOwn(Side.LEFT)).isTrue();
  }

  @Test
  void refusesAtStartToReportAFieldWhereLockstepWritesNothing() throws IOException {
    String number = "    left: number\n    right: ";
    String wrong =
        shipped().replace(number + "{carried: never}", number + "{tell: {text: \"{{value}}\"}}");

    assertThatThrownBy(() -> load(wrong))
        .hasMessageContaining(
            "field 'number': `own: none` of notes.to-right keeps this from vendor; remove one of them");
    assertThat(load(wrong.replace(", own: none", "")).notes().takesOwn(Side.RIGHT)).isTrue();
  }

  @Test
  void aWrongNameOfASystemSaysWhereInstancesAreNamed() throws IOException {
    String wrong = shipped().replace("system: vendor", "system: vendors");

    assertThatThrownBy(() -> load(wrong))
        .hasMessageContaining(
            "system 'vendors' is neither a folder in connectors/ nor an instance in LOCKSTEP_INSTANCES; did you mean 'vendor'?");
  }
}
