package dev.lockstep.pair;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** The columns of the table {@code pair}, and of the states of its records. */
class PairRowMapper implements RowMapper<Pair> {
  private static final TypeReference<Map<String, AgreedValue>> BASE = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> GAPS = new TypeReference<>() {};

  static final String SELECT =
      """
      select pair.*, l.state as left_state, l.revision as left_revision,
        r.state as right_state, r.revision as right_revision
      from pair left join record l on l.ref = left_ref left join record r on r.ref = right_ref
      """;

  private final JsonColumns json;
  private final RecordStore records;

  PairRowMapper(ObjectMapper json, RecordStore records) {
    this.json = new JsonColumns(json, "pair");
    this.records = records;
  }

  /** The parameters of a statement that stores it with its unsaved records, by name. */
  Map<String, @Nullable Object> toParameters(Pair pair) {
    Map<String, @Nullable Object> parameters = new HashMap<>();
    parameters.put("id", pair.id());
    parameters.put("correlation", pair.correlation());
    parameters.put("mapping", pair.mapping());
    parameters.put("left", text(pair.left()));
    parameters.put("right", text(pair.right()));
    parameters.put("state", pair.state().name());
    parameters.put("creating", pair.creating());
    parameters.put("linked", pair.linked());
    parameters.put("revision", pair.revision());
    parameters.put("base", json.write(pair.base()));
    parameters.put("gaps", json.write(pair.gaps()));
    parameters.put("gapCount", pair.gaps().size());
    parameters.put(
        "notesSince", pair.notesSince() == null ? null : Timestamp.from(pair.notesSince()));
    parameters.put("records", json.write(unsaved(pair)));
    return parameters;
  }

  private List<Map<String, Object>> unsaved(Pair pair) {
    return pair.unsaved().stream()
        .map(side -> records.row(Objects.requireNonNull(pair.state(side))))
        .toList();
  }

  private static @Nullable String text(@Nullable RecordRef ref) {
    return ref == null ? null : ref.toString();
  }

  @Override
  public Pair mapRow(ResultSet rs, int index) throws SQLException {
    Timestamp notesSince = rs.getTimestamp("notes_since");
    return new Pair(
        rs.getObject("id", UUID.class),
        rs.getObject("correlation", UUID.class),
        rs.getString("mapping"),
        records.stateOrNull(rs, "left_state", "left_revision"),
        records.stateOrNull(rs, "right_state", "right_revision"),
        Pair.State.valueOf(rs.getString("state")),
        rs.getBoolean("creating"),
        rs.getBoolean("linked"),
        rs.getLong("revision"),
        json.read(rs.getString("base"), BASE),
        json.read(rs.getString("gaps"), GAPS),
        notesSince == null ? null : notesSince.toInstant(),
        Set.of());
  }
}
