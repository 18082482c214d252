package dev.lockstep.duplicates.ticket;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.Duplicate.Resolution;
import dev.lockstep.duplicates.ticket.Duplicate.Takeover;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.similarity.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** The columns of the table {@code duplicate}. */
class DuplicateRowMapper implements RowMapper<Duplicate> {
  private static final TypeReference<List<Reason>> REASONS = new TypeReference<>() {};
  private static final TypeReference<Map<String, Takeover>> RESTORE = new TypeReference<>() {};
  private static final TypeReference<Version> VERSION = new TypeReference<>() {};

  private final JsonColumns json;

  DuplicateRowMapper(JsonColumns json) {
    this.json = json;
  }

  /** The parameters of a statement that stores it, by name. */
  Map<String, @Nullable Object> toParameters(Duplicate duplicate) {
    UnlinkReason unlinkReason = duplicate.unlinkReason();
    Version written = duplicate.written();
    Map<String, @Nullable Object> parameters = new HashMap<>();
    parameters.put("id", duplicate.id());
    parameters.put("revision", duplicate.revision());
    parameters.put("duplicate", duplicate.duplicate().toString());
    parameters.put("primary", duplicate.primary().toString());
    parameters.put("state", duplicate.state().name());
    parameters.put("score", duplicate.score());
    parameters.put("reasons", json.write(duplicate.reasons()));
    parameters.put("by", duplicate.decidedBy());
    parameters.put("unlinkReason", unlinkReason == null ? null : unlinkReason.name());
    parameters.put("previousParent", duplicate.previousParent());
    parameters.put("written", written == null ? null : json.write(written));
    parameters.put("resolution", duplicate.resolution().name());
    parameters.put("restore", json.write(duplicate.restore()));
    return parameters;
  }

  @Override
  public Duplicate mapRow(ResultSet rs, int index) throws SQLException {
    double score = rs.getDouble("score");
    @Nullable Double compared = rs.wasNull() ? null : score;
    String unlinkReason = rs.getString("unlink_reason");
    String written = rs.getString("written");
    return new Duplicate(
        rs.getLong("id"),
        rs.getLong("revision"),
        RecordRef.parse(rs.getString("duplicate")),
        RecordRef.parse(rs.getString("primary_ticket")),
        State.valueOf(rs.getString("state")),
        compared,
        json.read(rs.getString("reasons"), REASONS),
        rs.getString("decided_by"),
        unlinkReason == null ? null : UnlinkReason.valueOf(unlinkReason),
        rs.getString("previous_parent"),
        written == null ? null : json.read(written, VERSION),
        Resolution.valueOf(rs.getString("resolution")),
        json.read(rs.getString("restore"), RESTORE));
  }
}
