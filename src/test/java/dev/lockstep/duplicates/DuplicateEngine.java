package dev.lockstep.duplicates;

import dev.lockstep.mapping.DuplicateRules;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The engine with duplicate detection, between two in-memory systems. */
final class DuplicateEngine implements AutoCloseable {
  /** Compares titles, descriptions and services; follows status and code on the ITSM side. */
  private static final class Rules implements DuplicateRules {
    @Override
    public Compared compared(Side side, Map<String, String> values) {
      return new Compared(
          values.getOrDefault("title", ""),
          values.getOrDefault("description", ""),
          values.getOrDefault("service", ""),
          "");
    }

    @Override
    public boolean inScope(Side side, Map<String, String> values) {
      return !"secret".equals(values.get("compared"));
    }

    @Override
    public boolean isResolvedOrClosed(Side side, Map<String, String> values) {
      String over = side == Side.LEFT ? "6 closed cancelled" : "resolved";
      return values.containsKey("status") && over.contains(values.get("status"));
    }

    @Override
    public boolean isResolved(Side side, Map<String, String> values) {
      return side == Side.LEFT && List.of("6", "closed").contains(values.get("status"));
    }

    @Override
    public boolean follows(Side side) {
      return side == Side.LEFT;
    }

    @Override
    public Map<String, String> valuesFromPrimary(
        Side side, Map<String, String> primary, boolean texts) {
      String code = texts ? primary.getOrDefault("code", "done") : "neutral";
      return Map.of("status", "6", "code", code);
    }

    @Override
    public List<String> audience(Side side, Map<String, String> values) {
      String company = values.getOrDefault("company", "");
      return company.isEmpty() ? List.of() : List.of(company);
    }
  }

  private static TableField status() {
    return new TableField("status", Owner.RIGHT)
        .line("1", "triggered")
        .line("2", "acknowledged")
        .line("6", "resolved")
        .line("cancelled", "resolved")
        .line("closed", "resolved")
        .needing("6", "code", "done");
  }

  private static TableMapping mapping(TableField status) {
    return new TableMapping(
            List.of(
                new TableField("scope", Owner.LEFT),
                new TableField("title", Owner.LEFT),
                status,
                new TableField("code", Owner.LEFT).onlyToRight()),
            Set.of("nobody"))
        .comparing(new Rules());
  }

  final FakeSystems systems = new FakeSystems();
  final Engine engine;

  DuplicateEngine(Map<String, Object> settings) {
    this(settings, status());
  }

  private DuplicateEngine(Map<String, Object> settings, TableField status) {
    engine = new Engine(mapping(status), systems, settings);
    systems.onChange((ref, state) -> engine.receive(ref, state));
  }

  static DuplicateEngine automatic() {
    return new DuplicateEngine(Map.of("lockstep.duplicates.mode", "automatic"));
  }

  /** A workflow without a direct transition between open and resolved. */
  static DuplicateEngine stepping() {
    return new DuplicateEngine(
        Map.of("lockstep.duplicates.mode", "automatic"),
        status().by("1", "6", "2").by("6", "1", "2"));
  }

  static DuplicateEngine proposing() {
    return new DuplicateEngine(Map.of());
  }

  /** Maps the incidents of these systems also to others, whose records are not compared. */
  void mapFurther(String... systems) {
    TableMapping further =
        new TableMapping(
            List.of(new TableField("scope", Owner.LEFT), new TableField("title", Owner.NEWEST)),
            Set.of());
    List<TableMapping> all = new ArrayList<>(List.of(mapping(status())));
    Iterator<String> others = List.of("jira", "desk").iterator();
    for (String system : systems) {
      all.add(further.between(system + " further", system, others.next()));
    }
    engine.map(all);
  }

  /** A ticket that is not important enough to start a pair. */
  RecordRef call(String title) {
    return ticket("itsm", title, "no");
  }

  /** A ticket that starts a pair. */
  RecordRef major(String title) {
    return ticket("itsm", title, "yes");
  }

  RecordRef alert(String title) {
    return ticket("platform", title, "yes");
  }

  /** A ticket from another company's caller, which starts no pair. */
  RecordRef stranger(String title) {
    return ticket("itsm", title, "no", "south");
  }

  private RecordRef ticket(String system, String title, String scope) {
    return ticket(system, title, scope, "north");
  }

  private RecordRef ticket(String system, String title, String scope, String company) {
    return systems.person(
        system,
        Map.of(
            "scope",
            scope,
            "title",
            title,
            "service",
            "Patient Records",
            "company",
            company,
            "status",
            system.equals("itsm") ? "1" : "triggered"));
  }

  /** The platform's record of a pair. */
  RecordRef counterpart(RecordRef ticket) {
    return RecordRef.parse(systems.correlationOf(ticket));
  }

  Duplicates duplicates() {
    return engine.bean(Duplicates.class);
  }

  List<Duplicates.Summary> list(Duplicates.State... states) {
    return duplicates().list(List.of(states), 1000);
  }

  void settle() {
    engine.settle();
  }

  /** Resets all state. */
  void reset() {
    engine.forget();
    systems.forget();
  }

  @Override
  public void close() {
    engine.close();
  }
}
