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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold for any base and any two edits. */
class PlannerPropertiesTest {
  private static final List<String> LEFT_STATES = List.of("1", "2", "3", "6", "7", "odd");
  private static final List<String> RIGHT_STATES =
      List.of("triggered", "acknowledged", "resolved", "strange");

  private final TableMapping mapping =
      new TableMapping(
          List.of(
              new TableField("title", Owner.LEFT),
              new TableField("owner", Owner.RIGHT),
              new TableField("assignee", Owner.LEFT).ignoringEmpty(),
              new TableField("newest", Owner.NEWEST),
              new TableField("oneway", Owner.LEFT).onlyToRight(),
              new TableField("told", Owner.LEFT).announcedToRight(),
              new TableField("code", Owner.LEFT),
              new TableField("status", Owner.RIGHT)
                  .line("1", "triggered")
                  .line("2", "acknowledged")
                  .line("3", "acknowledged")
                  .line("6", "resolved")
                  .line("7", "resolved")
                  .needing("6", "code", "filled")),
          Set.of());
  private final Planner planner = new Planner();

  record Case(Map<String, AgreedValue> base, Snapshot left, Snapshot right) {}

  /** The two records and the base after a plan was carried out by systems that do as asked. */
  private Case carriedOut(Case before, SyncPlan plan) {
    Map<String, AgreedValue> base = new HashMap<>(before.base());
    base.putAll(plan.settled());
    plan.announcements().forEach(told -> base.put(told.field(), told.agreed()));
    Map<Side, Map<String, String>> values =
        Map.of(
            Side.LEFT, new HashMap<>(before.left().values()),
            Side.RIGHT, new HashMap<>(before.right().values()));
    plan.updates()
        .forEach(
            (side, update) -> {
              var far = (side == Side.LEFT ? before.right() : before.left()).values();
              update
                  .values()
                  .forEach(
                      (field, value) -> {
                        values.get(side).put(field, value);
                        String source = update.sources().getOrDefault(field, far.get(field));
                        base.put(field, AgreedValue.of(side, value, source));
                      });
            });
    return new Case(
        base,
        snapshot("itsm", values.get(Side.LEFT), 5),
        snapshot("platform", values.get(Side.RIGHT), 5));
  }

  @Property(tries = 2000)
  void onePassConvergesAndASecondPlansNothing(@ForAll("cases") Case given) {
    SyncPlan plan = planner.plan(mapping, given.base(), given.left(), given.right());
    Case after = carriedOut(given, plan);
    SyncPlan second = planner.plan(mapping, after.base(), after.left(), after.right());
    Case end = carriedOut(after, second);
    // A filled field is the one thing a first pass can add that a second one carries.
    assertThat(second.updates().keySet()).isSubsetOf(Set.of(Side.RIGHT));
    second
        .updates()
        .values()
        .forEach(u -> assertThat(u.values().keySet()).isEqualTo(Set.of("code")));
    assertThat(planner.plan(mapping, end.base(), end.left(), end.right()).isInSync()).isTrue();
  }

  @Property(tries = 2000)
  void everyFieldAgreesInTheEndOrIsReported(@ForAll("cases") Case given) {
    Case first =
        carriedOut(given, planner.plan(mapping, given.base(), given.left(), given.right()));
    Case end = carriedOut(first, planner.plan(mapping, first.base(), first.left(), first.right()));
    SyncPlan last = planner.plan(mapping, end.base(), end.left(), end.right());
    for (var field : mapping.fields()) {
      String left = end.left().values().get(field.name());
      String right = end.right().values().get(field.name());
      boolean reported = last.gaps().containsKey(field.name());
      boolean oneWay = !field.flowsTo(Side.LEFT);
      assertThat(reported || oneWay || left == null || right == null || field.agree(left, right))
          .as("%s: %s and %s", field.name(), left, right)
          .isTrue();
    }
  }

  /** Fields whose writes a side drops without a word, and fields it never shows. */
  record Unreliable(Set<String> dropped, Set<String> hidden) {
    private Map<String, String> after(Map<String, String> before, Map<String, String> written) {
      Map<String, String> values = new HashMap<>(before);
      written.forEach(
          (field, value) -> {
            if (!dropped.contains(field)) {
              values.put(field, value);
            } else {
              values.putIfAbsent(field, "");
            }
          });
      values.keySet().removeAll(hidden);
      return values;
    }
  }

  @Property(tries = 2000)
  void whatASystemDoesNotKeepOrShowIsSentTwiceAtMostAndReported(
      @ForAll("cases") Case given,
      @ForAll("unreliable") Unreliable left,
      @ForAll("unreliable") Unreliable right) {
    Case now =
        new Case(
            given.base(),
            snapshot("itsm", left.after(given.left().values(), Map.of()), 5),
            snapshot("platform", right.after(given.right().values(), Map.of()), 5));
    Map<String, Integer> writes = new HashMap<>();
    SyncPlan plan = planner.plan(mapping, now.base(), now.left(), now.right());
    for (int round = 0; round < 6 && !plan.isInSync(); round++) {
      plan.updates()
          .forEach(
              (side, update) ->
                  update.values().forEach((f, v) -> writes.merge(side + f + v, 1, Integer::sum)));
      now = carriedOut(now, plan, left, right);
      plan = planner.plan(mapping, now.base(), now.left(), now.right());
    }
    assertThat(plan.isInSync()).isTrue();
    assertThat(writes.values()).allMatch(times -> times <= 2);
    Map<String, AgreedValue> base = now.base();
    Map<String, String> gaps = plan.gaps();
    Set<String> settled = plan.settled().keySet();
    base.forEach(
        (field, agreed) -> {
          if (agreed.unconfirmed() != null && !settled.contains(field)) {
            assertThat(gaps).containsKey(field);
          }
        });
  }

  private Case carriedOut(Case before, SyncPlan plan, Unreliable left, Unreliable right) {
    Map<String, AgreedValue> base = new HashMap<>(before.base());
    base.putAll(plan.settled());
    plan.announcements().forEach(told -> base.put(told.field(), told.agreed()));
    Map<Side, Map<String, String>> values = new HashMap<>();
    for (Side side : Side.values()) {
      var update = plan.updates().get(side);
      Map<String, String> written = update == null ? Map.of() : update.values();
      Snapshot here = side == Side.LEFT ? before.left() : before.right();
      Snapshot far = side == Side.LEFT ? before.right() : before.left();
      var shown = (side == Side.LEFT ? left : right).after(here.values(), written);
      values.put(side, shown);
      for (var field : mapping.fields()) {
        String value = written.get(field.name());
        if (value != null) {
          String name = field.name();
          String source = update.sources().getOrDefault(name, far.values().get(name));
          AgreedValue old = base.getOrDefault(name, AgreedValue.NOTHING);
          base.put(name, Settlement.after(field, "it", side, old, source, value, shown.get(name)));
        }
      }
    }
    return new Case(
        base,
        snapshot("itsm", values.get(Side.LEFT), 5),
        snapshot("platform", values.get(Side.RIGHT), 5));
  }

  @Property(tries = 2000)
  void noPlanSettlesOnAValueThatASideDidNotShow(@ForAll("cases") Case given) {
    SyncPlan plan = planner.plan(mapping, given.base(), given.left(), given.right());
    plan.settled()
        .forEach(
            (field, agreed) -> {
              for (Side side : Side.values()) {
                Snapshot record = side == Side.LEFT ? given.left() : given.right();
                String former = given.base().getOrDefault(field, AgreedValue.NOTHING).on(side);
                assertThat(agreed.on(side))
                    .as("%s on %s", field, side)
                    .isIn(record.values().get(field), former);
              }
            });
  }

  @Property(tries = 2000)
  void noEditIsLostSilently(@ForAll("cases") Case given) {
    SyncPlan plan = planner.plan(mapping, given.base(), given.left(), given.right());
    Case after = carriedOut(given, plan);
    for (Side side : Side.values()) {
      var before = (side == Side.LEFT ? given.left() : given.right()).values();
      var now = (side == Side.LEFT ? after.left() : after.right()).values();
      before.forEach(
          (field, value) -> {
            AgreedValue base = given.base().getOrDefault(field, new AgreedValue(null, null));
            boolean edited = !value.equals(base.on(side)) && !value.isEmpty();
            if (edited && !value.equals(now.get(field))) {
              var update = plan.updates().get(side);
              assertThat(update).isNotNull();
              assertThat(update.conflicts())
                  .as("%s on %s", field, side)
                  .anyMatch(c -> c.field().equals(field) && c.lost().equals(value));
            }
          });
    }
  }

  @Property(tries = 500)
  void editsOfDifferentFieldsBothSurvive(
      @ForAll("words") String agreed, @ForAll("words") String left, @ForAll("words") String right) {
    Map<String, AgreedValue> base =
        Map.of("title", new AgreedValue(agreed, agreed), "owner", new AgreedValue(agreed, agreed));
    var given =
        new Case(
            base,
            snapshot("itsm", Map.of("title", left, "owner", agreed), 1),
            snapshot("platform", Map.of("title", agreed, "owner", right), 2));
    Case after = carriedOut(given, planner.plan(mapping, base, given.left(), given.right()));
    assertThat(after.left().values()).isEqualTo(Map.of("title", left, "owner", right));
    assertThat(after.right().values()).isEqualTo(Map.of("title", left, "owner", right));
  }

  @Provide
  Arbitrary<Unreliable> unreliable() {
    Arbitrary<Set<String>> some =
        Arbitraries.of("title", "owner", "newest", "oneway", "code", "status", "assignee")
            .set()
            .ofMaxSize(3);
    return Combinators.combine(some, some).as(Unreliable::new);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of("", "a", "b", "c");
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Map<String, AgreedValue>> base =
        Combinators.combine(words(), words(), words(), agreedStates())
            .as(
                (a, b, c, status) -> {
                  Map<String, AgreedValue> agreed = new HashMap<>();
                  agreed.put("title", new AgreedValue(a, a));
                  agreed.put("owner", new AgreedValue(b, b));
                  agreed.put("newest", new AgreedValue(c, c));
                  agreed.put("oneway", new AgreedValue(a, b));
                  agreed.put("status", status);
                  if (!c.isEmpty()) {
                    agreed.put("code", new AgreedValue(c, c));
                  }
                  return agreed;
                });
    return Combinators.combine(base, values(LEFT_STATES), values(RIGHT_STATES), clocks(), clocks())
        .as(
            (agreed, left, right, leftTime, rightTime) ->
                new Case(
                    agreed,
                    snapshot("itsm", left, leftTime),
                    snapshot("platform", without(right, "told"), rightTime)));
  }

  private static Arbitrary<AgreedValue> agreedStates() {
    return Arbitraries.of(
        new AgreedValue("1", "triggered"),
        new AgreedValue("2", "acknowledged"),
        new AgreedValue("3", "acknowledged"),
        new AgreedValue("6", "resolved"),
        new AgreedValue("7", "resolved"));
  }

  private Arbitrary<Map<String, String>> values(List<String> states) {
    Arbitrary<String> some = words().injectNull(0.1);
    return Combinators.combine(
            some, some, some, some, some, some, some, Arbitraries.of(states).injectNull(0.1))
        .as(
            (title, owner, newest, oneway, told, code, assignee, status) -> {
              Map<String, String> values = new HashMap<>();
              putUnlessNull(values, "title", title);
              putUnlessNull(values, "owner", owner);
              putUnlessNull(values, "newest", newest);
              putUnlessNull(values, "oneway", oneway);
              putUnlessNull(values, "told", told);
              putUnlessNull(values, "code", code);
              putUnlessNull(values, "assignee", assignee);
              putUnlessNull(values, "status", status);
              return values;
            });
  }

  private static Arbitrary<Integer> clocks() {
    return Arbitraries.integers().between(1, 3);
  }

  private static void putUnlessNull(Map<String, String> map, String key, String value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static Map<String, String> without(Map<String, String> values, String key) {
    Map<String, String> rest = new HashMap<>(values);
    rest.remove(key);
    return rest;
  }

  private static Snapshot snapshot(String system, Map<String, String> values, long second) {
    return new Snapshot(
        new RecordRef(system, "incident", "1"),
        "K",
        "",
        Version.count(second),
        Instant.ofEpochSecond(second),
        "",
        values);
  }
}
