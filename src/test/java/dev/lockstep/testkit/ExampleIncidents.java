package dev.lockstep.testkit;

import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.record.Side;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A mapping whose left records are incidents. */
public final class ExampleIncidents {
  private ExampleIncidents() {}

  public static TableMapping mapping() {
    return new TableMapping(
            List.of(
                new TableField("scope", Owner.LEFT),
                new TableField("title", Owner.LEFT),
                new TableField("priority", Owner.LEFT),
                new TableField("service", Owner.LEFT),
                new TableField("assignee", Owner.LEFT),
                new TableField("status", Owner.NEWEST)),
            Set.of())
        .about(rule());
  }

  /** Priorities 1 and 2 are P1 and P2; the assignee is the incident manager. */
  public static IncidentRule rule() {
    Map<String, List<String>> levels = new LinkedHashMap<>();
    levels.put("P1", List.of("1"));
    levels.put("P2", List.of("2"));
    return new IncidentRule(
        Side.LEFT,
        "priority",
        levels,
        new Condition.Never(),
        new Condition.In("status", Set.of("working")),
        new Condition.In("status", Set.of("watching")),
        new Condition.In("status", Set.of("resolved")),
        "service",
        "",
        "assignee",
        "");
  }
}
