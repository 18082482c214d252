package dev.lockstep.access;

import dev.lockstep.access.ApiTokens.ApiToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code api_token}. */
@Component
final class ApiTokenStore {
  /** A token's use is stored at most once in this time: reading must not cost a write. */
  private static final Duration USE = Duration.ofMinutes(1);

  private final JdbcClient jdbc;

  ApiTokenStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<ApiToken> findAll() {
    return jdbc.sql("select * from api_token order by name").query(ApiTokenStore::token).list();
  }

  /**
   * @return false if the name is taken
   */
  boolean insert(ApiToken token, byte[] hash) {
    return jdbc.sql(
                """
                insert into api_token (name, hash, role, created_by, created_at, expires_at)
                values (?, ?, ?, ?, ?, ?) on conflict (name) do nothing
                """)
            .params(
                token.name(),
                hash,
                token.role().name(),
                token.createdBy(),
                Timestamp.from(token.createdAt()),
                Timestamp.from(token.expiresAt()))
            .update()
        == 1;
  }

  boolean delete(String name) {
    return jdbc.sql("delete from api_token where name = ?").param(name).update() == 1;
  }

  Optional<ApiToken> use(byte[] hash, Instant now) {
    Optional<ApiToken> found =
        jdbc.sql("select * from api_token where hash = ?")
            .param(hash)
            .query(ApiTokenStore::token)
            .optional();
    found
        .filter(token -> now.isBefore(token.expiresAt()))
        .filter(token -> isDue(token.lastUsedAt(), now))
        .ifPresent(
            token ->
                jdbc.sql("update api_token set last_used_at = ? where hash = ?")
                    .params(Timestamp.from(now), hash)
                    .update());
    return found;
  }

  private static boolean isDue(@Nullable Instant last, Instant now) {
    return last == null || last.plus(USE).isBefore(now);
  }

  private static ApiToken token(ResultSet rs, int index) throws SQLException {
    Timestamp lastUsed = rs.getTimestamp("last_used_at");
    return new ApiToken(
        rs.getString("name"),
        Role.valueOf(rs.getString("role")),
        rs.getString("created_by"),
        rs.getTimestamp("created_at").toInstant(),
        rs.getTimestamp("expires_at").toInstant(),
        lastUsed == null ? null : lastUsed.toInstant());
  }
}
