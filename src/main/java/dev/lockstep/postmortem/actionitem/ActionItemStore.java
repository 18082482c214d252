package dev.lockstep.postmortem.actionitem;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.ops.database.PostgresText;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code action_item}. */
@Component
public class ActionItemStore {
  private static final TypeReference<SourceItem> SOURCE_ITEM = new TypeReference<>() {};
  private static final TypeReference<ChangeRequestState> CHANGE = new TypeReference<>() {};
  private static final TypeReference<List<EarlierChange>> ATTEMPTS = new TypeReference<>() {};
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  public ActionItemStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "action_item");
    this.clock = clock;
  }

  /**
   * Inserts a new item with the values of its source only.
   *
   * @return empty if that source reported it before
   */
  public Optional<ActionItem> insert(
      @Nullable Long postmortem,
      String source,
      String sourceId,
      @Nullable RecordRef incident,
      SourceItem sourceItem,
      Instant reportedAt) {
    return jdbc.sql(
            """
            insert into action_item (revision, postmortem, source, source_id, incident, source_item, title,
              description, owner, service, work_group, change_type, change, stage, problems, notified,
              reported_at, created_at, changed_at)
            values (1, :postmortem, :source, :sourceId, :incident, :sourceItem::jsonb, :title,
              :description, '', '', '', '', :change::jsonb, 'NEEDS_OWNER', '[]', '', :reported, :now,
              :now)
            on conflict (source, source_id) do nothing
            returning *
            """)
        .param("postmortem", postmortem)
        .param("source", source)
        .param("sourceId", PostgresText.removeNul(sourceId))
        .param("incident", incident == null ? null : incident.toString())
        .param("sourceItem", json.write(sourceItem))
        .param("title", PostgresText.removeNul(sourceItem.title()))
        .param("description", PostgresText.removeNul(sourceItem.description()))
        .param("change", json.write(ChangeRequestState.NONE))
        .param("reported", Timestamp.from(reportedAt))
        .param("now", now())
        .query(this::item)
        .optional();
  }

  public Optional<ActionItem> find(long id) {
    return one("select * from action_item where id = ?", id);
  }

  public Optional<ActionItem> find(String source, String sourceId) {
    return jdbc.sql("select * from action_item where source = ? and source_id = ?")
        .params(source, sourceId)
        .query(this::item)
        .optional();
  }

  /** The item that is followed up in this issue, whichever source reported it. */
  public Optional<ActionItem> findByTicket(String ticket) {
    return jdbc.sql(
            "select * from action_item where source_item ->> 'ticket' = ? order by id limit 1")
        .param(ticket)
        .query(this::item)
        .optional();
  }

  /** By the record of one of its change requests, or of the issue it is followed up in. */
  public Optional<ActionItem> findByRecord(String record) {
    return jdbc.sql(
            """
            select * from action_item
            where counterpart = :it or follow_up = :it or earlier @> :attempt::jsonb
            """)
        .param("it", record)
        .param("attempt", json.write(List.of(Map.of("counterpart", record))))
        .query(this::item)
        .optional();
  }

  public List<ActionItem> findByPostmortem(long postmortem) {
    return jdbc.sql("select * from action_item where postmortem = ? order by id")
        .param(postmortem)
        .query(this::item)
        .list();
  }

  /** Serializes the transactions that call it until each ends. */
  public void lockTickets() {
    jdbc.sql("select pg_advisory_xact_lock(hashtext('action items with tickets'))")
        .query()
        .listOfRows();
  }

  /** Locks an item until the transaction ends. */
  public Optional<ActionItem> lock(long id) {
    return one("select * from action_item where id = ? for update", id);
  }

  /**
   * Locks a postmortem's items in the order of their ids, until the transaction ends. Transactions
   * that change several items lock them before the inbox's rows, since a worker locks an item first
   * and its incident's row after it.
   */
  public void lockByPostmortem(long postmortem) {
    jdbc.sql("select id from action_item where postmortem = ? order by id for update")
        .param(postmortem)
        .query(Long.class)
        .list();
  }

  public List<ActionItem> findByIncidents(List<RecordRef> incidents) {
    return jdbc.sql("select * from action_item where incident = any(?) order by id")
        .param(RecordStore.names(incidents))
        .query(this::item)
        .list();
  }

  public List<ActionItem> findAll() {
    return jdbc.sql("select * from action_item order by id").query(this::item).list();
  }

  public List<ActionItem> findByStatus(ActionItemStatus stage) {
    return jdbc.sql("select * from action_item where stage = ? order by id")
        .param(stage.name())
        .query(this::item)
        .list();
  }

  public long count(ActionItemStatus stage) {
    return jdbc.sql("select count(*) from action_item where stage = ?")
        .param(stage.name())
        .query(Long.class)
        .single();
  }

  /** How many items postmortems have, by their ids; those without items are absent. */
  public Map<Long, ItemCount> counts(List<Long> postmortems) {
    Map<Long, ItemCount> counts = new HashMap<>();
    jdbc.sql(
            """
            select postmortem, count(*),
              count(*) filter (where stage not in ('DEPLOYED', 'DONE', 'CANCELLED'))
            from action_item where postmortem = any(?) group by postmortem
            """)
        .param(postmortems.toArray(Long[]::new))
        .query((rs, row) -> counts.put(rs.getLong(1), new ItemCount(rs.getInt(2), rs.getInt(3))))
        .list();
    return counts;
  }

  /**
   * Items changed since then, oldest first, including all that changed at the same moment as the
   * last.
   */
  public List<ActionItem> findChangedSince(Instant since) {
    return jdbc.sql("select * from action_item where changed_at >= ? order by changed_at, id")
        .param(Timestamp.from(since))
        .query(this::item)
        .list();
  }

  private Optional<ActionItem> one(String sql, Object parameter) {
    return jdbc.sql(sql).param(parameter).query(this::item).optional();
  }

  /**
   * Saves an item in the caller's transaction.
   *
   * @return the saved item; the same if nothing differs
   * @throws OptimisticLockingFailureException if it was changed since it was read
   */
  public ActionItem save(ActionItem item) {
    ActionItem before = find(item.id()).orElseThrow();
    if (before.equals(item)) {
      return item;
    }
    return jdbc.sql(
            """
            update action_item set revision = revision + 1, postmortem = :postmortem,
              incident = :incident, source_item = :sourceItem::jsonb, title = :title, description = :description, owner = :owner,
              due = :due, service = :service, work_group = :group, change_type = :type,
              earlier = :earlier::jsonb, counterpart = :counterpart, follow_up = :followUp, change = :change::jsonb,
              stage = :stage, problems = :problems::jsonb, notified = :notified, reported_at = :reported,
              changed_at = :now
            where id = :id and revision = :revision
            returning *
            """)
        .params(columns(item))
        .query(this::item)
        .optional()
        .orElseThrow(
            () ->
                new OptimisticLockingFailureException(
                    item.key() + " was changed by someone else since revision " + item.revision()));
  }

  private Map<String, @Nullable Object> columns(ActionItem item) {
    Map<String, @Nullable Object> columns = new HashMap<>();
    RecordRef incident = item.incident();
    LocalDate due = item.due();
    columns.put("id", item.id());
    columns.put("revision", item.revision());
    columns.put("postmortem", item.postmortem());
    columns.put("incident", incident == null ? null : incident.toString());
    columns.put("sourceItem", json.write(item.sourceItem()));
    columns.put("title", PostgresText.removeNul(item.title()));
    columns.put("description", PostgresText.removeNul(item.description()));
    columns.put("owner", PostgresText.removeNul(item.owner()));
    columns.put("due", due == null ? null : Date.valueOf(due));
    columns.put("service", PostgresText.removeNul(item.service()));
    columns.put("group", PostgresText.removeNul(item.group()));
    columns.put("type", item.type());
    columns.put("earlier", json.write(item.earlier()));
    columns.put("counterpart", item.counterpart().isEmpty() ? null : item.counterpart());
    columns.put("followUp", item.followUp().isEmpty() ? null : item.followUp());
    columns.put("change", json.write(item.change()));
    columns.put("stage", item.stage().name());
    columns.put("problems", json.write(item.problems()));
    columns.put("notified", item.notified());
    columns.put("reported", Timestamp.from(item.reportedAt()));
    columns.put("now", now());
    return columns;
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  private ActionItem item(ResultSet rs, int index) throws SQLException {
    long postmortem = rs.getLong("postmortem");
    @Nullable Long stands = rs.wasNull() ? null : postmortem;
    String incident = rs.getString("incident");
    Date due = rs.getDate("due");
    return new ActionItem(
        rs.getLong("id"),
        rs.getLong("revision"),
        stands,
        rs.getString("source"),
        rs.getString("source_id"),
        incident == null ? null : RecordRef.parse(incident),
        json.read(rs.getString("source_item"), SOURCE_ITEM),
        rs.getString("title"),
        rs.getString("description"),
        rs.getString("owner"),
        due == null ? null : due.toLocalDate(),
        rs.getString("service"),
        rs.getString("work_group"),
        rs.getString("change_type"),
        json.read(rs.getString("earlier"), ATTEMPTS),
        orEmpty(rs.getString("counterpart")),
        orEmpty(rs.getString("follow_up")),
        json.read(rs.getString("change"), CHANGE),
        ActionItemStatus.valueOf(rs.getString("stage")),
        json.read(rs.getString("problems"), TEXTS),
        rs.getString("notified"),
        rs.getTimestamp("reported_at").toInstant(),
        rs.getTimestamp("created_at").toInstant(),
        rs.getTimestamp("changed_at").toInstant());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
