package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A ticket whose incident was merged, and which gets a new one once it is unlinked. */
class ReleasedTicketTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";

  private final DuplicateEngine at = DuplicateEngine.automatic();

  @AfterEach
  void close() {
    at.close();
  }

  private RecordRef splitChild() {
    at.major(DOWN);
    at.settle();
    RecordRef child = at.major("Colour printer on floor nine eats its paper");
    at.settle();
    at.systems.person(child, Map.of("title", DOWN));
    at.settle();
    assertThat(at.list()).hasSize(1);
    at.duplicates().split(String.valueOf(at.list().get(0).id()), "ann");
    at.settle();
    return child;
  }

  @Test
  void itsNewIncidentIsToldWhichTicketItBelongsTo() {
    RecordRef child = splitChild();
    RecordRef incident = at.engine.bean(PairStore.class).find(child, "test").orElseThrow().right();
    assertThat(at.systems.noteTexts(incident))
        .filteredOn(text -> text.contains("Kept in sync with"))
        .hasSize(1);
    assertThat(at.systems.noteTexts(child))
        .filteredOn(text -> text.contains("Kept in sync with"))
        .hasSize(2);
  }

  @Test
  void itsMergedIncidentStaysInSyncWithItsOtherRecords() {
    at.mapFurther("platform");
    RecordRef child = splitChild();
    List<RecordRef> issues = at.systems.all("jira");
    assertThat(issues).hasSize(3);
    RecordRef merged =
        at.engine
            .bean(PairStore.class)
            .find(issues.get(1), "platform further")
            .orElseThrow()
            .left();
    at.systems.personNotes(merged, "Looked at once more", Visibility.INTERNAL);
    at.systems.person(merged, Map.of("title", "Merged"));
    at.settle();

    assertThat(at.systems.values(issues.get(1))).containsEntry("title", "Merged");
    assertThat(at.systems.noteTexts(issues.get(1)))
        .filteredOn(text -> text.contains("Looked at once more"))
        .hasSize(1);
    assertThat(at.systems.values(child)).containsEntry("title", DOWN);
  }

  @Test
  void itNamesItsNewIncidentAlsoWhereItHasOtherRecords() {
    at.mapFurther("platform", "itsm");
    RecordRef child = splitChild();
    RecordRef incident = at.engine.bean(PairStore.class).find(child, "test").orElseThrow().right();

    assertThat(at.systems.correlationOf(child)).isEqualTo(incident.toString());
  }
}
