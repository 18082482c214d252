package dev.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The right record is the new one, unless a test says otherwise. */
class InitialBaseTest {
  private static final TableMapping MAPPING =
      new TableMapping(
          List.of(
              new TableField("title", Owner.NEWEST),
              new TableField("priority", Owner.NEWEST).initially("P3"),
              new TableField("opened-by", Owner.LEFT).onlyToRight().initially("nobody"),
              new TableField("code", Owner.LEFT).announcedToRight()),
          Set.of());

  private static Snapshot record(Side side, Map<String, String> values) {
    RecordRef ref = new RecordRef(MAPPING.system(side), "incident", "1");
    return new Snapshot(ref, "1", "", Version.count(1), Instant.EPOCH, "", values);
  }

  private static SyncPlan plan(Map<String, String> written, Map<String, String> gaps) {
    SyncPlan.Update update = new SyncPlan.Update(written, Map.of(), List.of());
    return new SyncPlan(
        written.isEmpty() ? Map.of() : Map.of(Side.RIGHT, update), List.of(), Map.of(), gaps);
  }

  private static Map<String, AgreedValue> base(
      SyncPlan plan, Map<String, String> source, Map<String, String> created, boolean found) {
    return InitialBase.of(
        MAPPING, plan, Side.RIGHT, record(Side.LEFT, source), record(Side.RIGHT, created), found);
  }

  private static AgreedValue afterWriting(
      String field, String value, Map<String, String> created, boolean found) {
    return base(plan(Map.of(field, value), Map.of()), Map.of(field, value), created, found)
        .get(field);
  }

  private static AgreedValue withoutWriting(
      String field, Map<String, String> source, Map<String, String> created) {
    return base(plan(Map.of(), Map.of()), source, created, false).get(field);
  }

  @Test
  void bothAgreeOnWhatTheNewRecordShows() {
    assertThat(afterWriting("title", "Down", Map.of("title", "Down"), false))
        .isEqualTo(new AgreedValue("Down", "Down"));
  }

  @Test
  void aValueThatTheNewRecordDidNotKeepIsUnconfirmedAndSentOnceMore() {
    AgreedValue agreed = afterWriting("title", "Down", Map.of("title", "Do"), false);

    assertThat(agreed.unconfirmed()).isNotNull();
    assertThat(agreed.unconfirmed().canRetry()).isTrue();
  }

  @Test
  void anotherValueOfARecordThatExistedAlreadyIsItsEdit() {
    assertThat(afterWriting("title", "Down", Map.of("title", "Up"), true))
        .isEqualTo(new AgreedValue("Down", "Down"));
  }

  @Test
  void aRecordThatExistedAlreadyAndDoesNotShowTheValueConfirmsNothing() {
    assertThat(afterWriting("title", "Down", Map.of(), true).unconfirmed()).isNotNull();
    assertThat(afterWriting("title", "Down", Map.of("title", ""), true).unconfirmed()).isNotNull();
  }

  @Test
  void whatLaterFlowsByANoteOnlyIsAgreedAsShown() {
    assertThat(afterWriting("code", "fixed", Map.of("code", "Fixed."), false))
        .isEqualTo(new AgreedValue("fixed", "Fixed."));
  }

  @Test
  void whatLaterFlowsByANoteOnlyIsNotSentAgain() {
    AgreedValue agreed = afterWriting("code", "fixed", Map.of("code", ""), false);

    assertThat(agreed.unconfirmed()).isNotNull();
    assertThat(agreed.unconfirmed().canRetry()).isFalse();
  }

  @Test
  void anInitialValueOfTheNewRecordIsItsEditUnlessItIsTheDefault() {
    assertThat(withoutWriting("priority", Map.of("priority", ""), Map.of("priority", "P1")))
        .isEqualTo(new AgreedValue("", null));
    assertThat(withoutWriting("priority", Map.of(), Map.of("priority", "P1")))
        .isEqualTo(new AgreedValue(null, null));
    assertThat(withoutWriting("priority", Map.of("priority", ""), Map.of("priority", "P3")))
        .isEqualTo(new AgreedValue("", "P3"));
  }

  @Test
  void anInitialValueThatFlowsNowhereIsNoEdit() {
    assertThat(withoutWriting("opened-by", Map.of("opened-by", ""), Map.of("opened-by", "api")))
        .isEqualTo(new AgreedValue("", "api"));
  }

  @Test
  void aValueThatWasNotSentRemainsAnEditOfTheSource() {
    assertThat(withoutWriting("title", Map.of("title", "Down"), Map.of("title", "Up")))
        .isEqualTo(new AgreedValue(null, "Up"));
    assertThat(withoutWriting("title", Map.of("title", "Down"), Map.of()))
        .isEqualTo(new AgreedValue(null, null));
    assertThat(withoutWriting("title", Map.of("title", "Down"), Map.of("title", "Down")))
        .isEqualTo(new AgreedValue("Down", "Down"));
  }

  @Test
  void aGapRemainsAnEditOfTheSourceThoughBothShowTheSame() {
    SyncPlan plan = plan(Map.of(), Map.of("title", "not accepted"));
    Map<String, String> same = Map.of("title", "Down");

    assertThat(base(plan, same, same, false).get("title")).isEqualTo(new AgreedValue(null, "Down"));
  }

  @Test
  void anAnnouncedValueIsAgreedOnceItIsAnnounced() {
    AgreedValue announced = new AgreedValue("fixed", "");
    SyncPlan plan =
        new SyncPlan(
            Map.of(),
            List.of(new SyncPlan.Announcement(Side.RIGHT, "code", "code is fixed", announced)),
            Map.of(),
            Map.of());

    assertThat(base(plan, Map.of("code", "fixed"), Map.of(), false).get("code"))
        .isSameAs(announced);
  }

  private static AgreedValue openedByOnTheLeft(String left, String right, boolean found) {
    return InitialBase.of(
            MAPPING,
            plan(Map.of(), Map.of()),
            Side.LEFT,
            record(Side.RIGHT, Map.of("opened-by", right)),
            record(Side.LEFT, Map.of("opened-by", left)),
            found)
        .get("opened-by");
  }

  @Test
  void whatAFoundRecordDoesNotTakeFromTheSourceIsItsOwn() {
    assertThat(openedByOnTheLeft("ana", "api", true)).isEqualTo(new AgreedValue(null, "api"));
  }

  @Test
  void whatANewRecordDoesNotTakeFromTheSourceIsNoEdit() {
    assertThat(openedByOnTheLeft("ana", "api", false)).isEqualTo(new AgreedValue("ana", "api"));
  }

  @Test
  void theDefaultOfAFoundRecordIsNotItsOwn() {
    assertThat(openedByOnTheLeft("nobody", "api", true))
        .isEqualTo(new AgreedValue("nobody", "api"));
    assertThat(openedByOnTheLeft("api", "api", true)).isEqualTo(new AgreedValue("api", "api"));
  }
}
