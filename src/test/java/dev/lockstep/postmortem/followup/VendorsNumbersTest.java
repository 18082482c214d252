package dev.lockstep.postmortem.followup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.mapping.NotePolicy;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A vendor's tickets are numbered like the house's own, and are none of its incidents. */
final class VendorsNumbersTest {
  /** Lockstep writes nothing of its own on the right. */
  private static final NotePolicy SILENT =
      new NotePolicy() {
        @Override
        public Optional<Visibility> targetVisibility(Side from, Visibility visibility) {
          return Optional.empty();
        }

        @Override
        public boolean takesOwn(Side to) {
          return to == Side.LEFT;
        }
      };

  private final FakeSystems systems = new FakeSystems();
  private final Engine engine =
      new Engine(
          new TableMapping(
                  List.of(new TableField("scope", Owner.LEFT), new TableField("title", Owner.LEFT)),
                  Set.of())
              .withNotes(SILENT),
          systems);

  @AfterEach
  void close() {
    engine.close();
  }

  private RecordRef open(String system, String scope) {
    systems.onChange(engine::receive);
    RecordRef opened = systems.person(system, Map.of("scope", scope, "title", "x"));
    engine.settle();
    return opened;
  }

  private Optional<RecordRef> named(String name) {
    return engine.bean(IncidentLookup.class).findByName(name).map(Incident::ref);
  }

  private static String key(RecordRef ref) {
    return ref.id().toUpperCase(Locale.ROOT);
  }

  @Test
  void aNumberAloneIsNoVendorsTicket() {
    RecordRef ours = open("itsm", "yes");
    RecordRef theirs = systems.all("platform").iterator().next();

    assertThat(named(key(ours))).contains(ours);
    assertThat(named(key(theirs))).isEmpty();
    assertThat(named("platform:" + key(theirs))).contains(ours);
  }

  /** Action items of a postmortem would be written to another company. */
  @Test
  void aVendorsOtherTicketsAreNotAskedFor() {
    RecordRef other = open("platform", "no");

    assertThat(named(other.id())).isEmpty();
    assertThat(engine.bean(IncidentLookup.class).find(other)).isEmpty();
    assertThat(systems.calls("fetch platform")).isZero();
  }
}
