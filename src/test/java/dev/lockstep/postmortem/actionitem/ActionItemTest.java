package dev.lockstep.postmortem.actionitem;

import static dev.lockstep.testkit.ExampleItems.item;
import static dev.lockstep.testkit.ExampleItems.reported;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.record.RecordRef;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActionItemTest {
  private static final LocalDate DUE = LocalDate.parse("2026-12-01");
  private static final RecordRef INCIDENT = RecordRef.parse("itsm/incident/1");
  private static final SourceItem REPORTED = source("Add an index", "On sessions", "ann", DUE);

  /** Planned, and edited in its change request since. */
  private static final ActionItem EDITED =
      item(1, REPORTED)
          .edit()
          .incident(INCIDENT)
          .notified("ready")
          .title("Add two indexes")
          .description("On sessions and users")
          .owner("ben@example.com")
          .due(DUE.plusDays(7))
          .problems(List.of("unclear"))
          .done();

  private static SourceItem source(
      String title, String description, @Nullable String owner, @Nullable LocalDate due) {
    return new SourceItem(
        null, 1, title, description, owner, due, null, Set.of(), null, false, List.of());
  }

  @Test
  void aReportWithoutChangesKeepsAllEdits() {
    assertThat(EDITED.withReport(REPORTED, INCIDENT)).isEqualTo(EDITED);
    assertThat(EDITED.withReport(REPORTED, null)).isEqualTo(EDITED);
  }

  @Test
  void aReportReplacesOnlyWhatItsSourceChanged() {
    SourceItem retitled = source("Add an index soon", "On sessions", "ann", DUE);
    assertThat(EDITED.withReport(retitled, INCIDENT))
        .isEqualTo(EDITED.edit().sourceItem(retitled).title("Add an index soon").done());

    SourceItem described = source("Add an index", "On users", "ann", DUE);
    assertThat(EDITED.withReport(described, INCIDENT))
        .isEqualTo(EDITED.edit().sourceItem(described).description("On users").done());

    SourceItem undated = source("Add an index", "On sessions", "ann", null);
    assertThat(EDITED.withReport(undated, INCIDENT))
        .isEqualTo(EDITED.edit().sourceItem(undated).due(null).done());
  }

  @Test
  void aReportedOwnerIsResolvedAgain() {
    SourceItem owned = source("Add an index", "On sessions", "eve", DUE);

    assertThat(EDITED.withReport(owned, INCIDENT))
        .isEqualTo(EDITED.edit().sourceItem(owned).owner("").problems(List.of()).done());
  }

  @Test
  void anotherIncidentIsNotifiedAnew() {
    RecordRef other = RecordRef.parse("itsm/incident/2");

    assertThat(EDITED.withReport(REPORTED, other))
        .isEqualTo(EDITED.edit().incident(other).notified("").done());
  }

  @Test
  void aReportedItemIsNoLongerCancelled() {
    ActionItem cancelled = EDITED.edit().stage(ActionItemStatus.CANCELLED).done();

    assertThat(cancelled.withReport(REPORTED, INCIDENT).stage())
        .isEqualTo(ActionItemStatus.NEEDS_OWNER);
  }

  @Test
  void theStatusNamesTheChangeRequestThatDeterminesIt() {
    ActionItem item =
        item(1, reported("Do it"))
            .edit()
            .stage(ActionItemStatus.REOPENED)
            .change(new ChangeRequestState("CHG1", "cancelled", "", "", "", "", false))
            .done();

    assertThat(item.statusText()).isEqualTo("open again: CHG1 was cancelled");
    assertThat(
            item.edit()
                .earlier(List.of(EarlierChange.from(item, "")))
                .change(ChangeRequestState.NONE)
                .stage(ActionItemStatus.READY)
                .done()
                .statusText())
        .isEqualTo("CHG1 was cancelled; another change request is being created");
  }
}
