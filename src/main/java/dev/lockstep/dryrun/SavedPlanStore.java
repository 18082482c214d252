package dev.lockstep.dryrun;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.dryrun.ChangePlan.PlannedRecord;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables {@code saved_plan} and {@code planned_record}. At most one plan is not finished. */
@Component
class SavedPlanStore {
  private static final TypeReference<ChangePlan> SUMMARY = new TypeReference<>() {};
  private static final TypeReference<PlannedRecord> RECORD = new TypeReference<>() {};
  private static final TypeReference<JsonNode> JSON = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;

  SavedPlanStore(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "saved_plan");
  }

  /**
   * @return empty if another one is not finished
   */
  Optional<SavedPlan> start(SavedPlan.Request request, String by, Instant now) {
    return jdbc.sql(
            """
            insert into saved_plan (since, system, kind, query, most, notes, adopt_by, started_by, started_at, seen_at)
            values (cast(:since as date), :system, :kind, :query, :most, :notes, :adoptBy, :by, :now, :now)
            on conflict do nothing
            returning *
            """)
        .param("since", request.since() == null ? null : Date.valueOf(request.since()))
        .param("system", request.system())
        .param("kind", request.kind())
        .param("query", request.query())
        .param("most", request.most())
        .param("notes", request.policy().notes().name())
        .param("adoptBy", request.policy().adoptBy())
        .param("by", by)
        .param("now", Timestamp.from(now))
        .query(this::plan)
        .optional();
  }

  /**
   * Stores that it goes on.
   *
   * @return false if it was stopped
   */
  boolean advance(SavedPlan plan, PlanProcess.Progress progress, Instant now) {
    return jdbc.sql(
                "update saved_plan set seen_at = ?, open = ?, writes = ? where id = ? and"
                    + " finished_at is null")
            .params(Timestamp.from(now), progress.open(), progress.writes(), plan.id())
            .update()
        > 0;
  }

  void add(SavedPlan plan, int position, JsonNode record) {
    jdbc.sql(
            """
            insert into planned_record (plan, position, system, operation, record)
            values (?, ?, ?, ?, ?::jsonb)
            """)
        .params(
            plan.id(),
            position,
            record.path("system").asText(),
            record.path("operation").asText(),
            json.write(record))
        .update();
  }

  /**
   * @param summary the plan without its records
   * @return false if it was stopped meanwhile
   */
  boolean finish(SavedPlan plan, ObjectNode summary, int records, Instant now) {
    return jdbc.sql(
                """
                update saved_plan set finished_at = ?, records = ?, summary = ?::jsonb
                where id = ? and finished_at is null
                """)
            .params(Timestamp.from(now), records, json.write(summary), plan.id())
            .update()
        > 0;
  }

  void fail(SavedPlan plan, String problem, Instant now) {
    jdbc.sql(
            "update saved_plan set finished_at = ?, problem = ? where id = ? and finished_at is"
                + " null")
        .params(Timestamp.from(now), problem, plan.id())
        .update();
  }

  /** Ends the one of a process that is gone. */
  void failUnseen(Instant before, String problem, Instant now) {
    jdbc.sql(
            "update saved_plan set finished_at = ?, problem = ? where finished_at is null and"
                + " seen_at < ?")
        .params(Timestamp.from(now), problem, Timestamp.from(before))
        .update();
  }

  Optional<SavedPlan> stop(String by, Instant now) {
    return jdbc.sql(
            "update saved_plan set finished_at = ?, stopped_by = ? where finished_at is null"
                + " returning *")
        .params(Timestamp.from(now), by)
        .query(this::plan)
        .optional();
  }

  void setBackfill(long plan, long backfill) {
    jdbc.sql("update saved_plan set backfill = ? where id = ?").params(backfill, plan).update();
  }

  /** Deletes all but the newest. */
  void prune(int kept) {
    jdbc.sql(
            """
            delete from saved_plan where finished_at is not null
              and id not in (select id from saved_plan order by id desc limit ?)
            """)
        .param(kept)
        .update();
  }

  /**
   * @return false if there is none, or it is not finished
   */
  boolean delete(long plan) {
    return jdbc.sql("delete from saved_plan where id = ? and finished_at is not null")
            .param(plan)
            .update()
        > 0;
  }

  /** Newest first. */
  List<SavedPlan> latest(int most) {
    return jdbc.sql("select * from saved_plan order by id desc limit ?")
        .param(most)
        .query(this::plan)
        .list();
  }

  Optional<SavedPlan> find(long plan) {
    return jdbc.sql("select * from saved_plan where id = ?")
        .param(plan)
        .query(this::plan)
        .optional();
  }

  /** Until the end of the transaction. */
  Optional<SavedPlan> lock(long plan) {
    return jdbc.sql("select * from saved_plan where id = ? for update")
        .param(plan)
        .query(this::plan)
        .optional();
  }

  /** Planned records in their order, from the one after this position. */
  List<SavedPlans.Line> records(long plan, String system, String operation, int after, int most) {
    return jdbc.sql(
            """
            select position, record from planned_record
            where plan = :plan and position > :after
              and (:system = '' or system = :system) and (:operation = '' or operation = :operation)
            order by position limit :most
            """)
        .param("plan", plan)
        .param("after", after)
        .param("system", system)
        .param("operation", operation)
        .param("most", most)
        .query(
            (rs, i) ->
                new SavedPlans.Line(
                    rs.getInt("position"), json.read(rs.getString("record"), RECORD)))
        .list();
  }

  /** The existing records that each planned record is based on, with their versions. */
  List<JsonNode> bases(long plan) {
    return jdbc.sql("select record -> 'basis' from planned_record where plan = ? order by position")
        .param(plan)
        .query((rs, i) -> json.read(rs.getString(1), JSON))
        .list();
  }

  private SavedPlan plan(ResultSet rs, int row) throws SQLException {
    Date since = rs.getDate("since");
    String summary = rs.getString("summary");
    return new SavedPlan(
        rs.getLong("id"),
        new SavedPlan.Request(
            since == null ? null : since.toLocalDate(),
            rs.getString("system"),
            rs.getString("kind"),
            rs.getString("query"),
            rs.getInt("most"),
            new StartPolicy(OlderNotes.valueOf(rs.getString("notes")), rs.getString("adopt_by"))),
        rs.getString("started_by"),
        rs.getTimestamp("started_at").toInstant(),
        instant(rs.getTimestamp("finished_at")),
        rs.getString("stopped_by"),
        rs.getString("problem"),
        rs.getLong("open"),
        rs.getInt("writes"),
        rs.getInt("records"),
        summary == null ? null : json.read(summary, SUMMARY),
        rs.getObject("backfill", Long.class));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
