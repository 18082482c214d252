package dev.lockstep.access;

import dev.lockstep.access.Users.User;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/** The table {@code local_user}. */
@Component
final class UserStore {
  private final JdbcClient jdbc;

  UserStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<User> findAll() {
    return jdbc.sql("select * from local_user order by name")
        .query(
            (rs, index) ->
                new User(
                    rs.getString("name"),
                    Role.valueOf(rs.getString("role")),
                    rs.getString("created_by"),
                    rs.getTimestamp("created_at").toInstant()))
        .list();
  }

  boolean isEmpty() {
    return jdbc.sql("select not exists (select from local_user)").query(Boolean.class).single();
  }

  boolean exists(String name) {
    return jdbc.sql("select exists (select from local_user where name = ?)")
        .param(name)
        .query(Boolean.class)
        .single();
  }

  /**
   * @return false if the name is taken
   */
  boolean insert(User user, String password) {
    Timestamp at = Timestamp.from(user.createdAt());
    return jdbc.sql(
                """
                insert into local_user (name, password, role, created_by, created_at, changed_at)
                values (?, ?, ?, ?, ?, ?) on conflict (name) do nothing
                """)
            .params(user.name(), password, user.role().name(), user.createdBy(), at, at)
            .update()
        == 1;
  }

  boolean updatePassword(String name, String password, Instant now) {
    return jdbc.sql("update local_user set password = ?, changed_at = ? where name = ?")
            .params(password, Timestamp.from(now), name)
            .update()
        == 1;
  }

  boolean delete(String name) {
    return jdbc.sql("delete from local_user where name = ?").param(name).update() == 1;
  }

  /** Whether the user is still what it was at its log-in. */
  boolean isCurrent(LoggedInUser user) {
    return jdbc.sql("select exists (select from local_user where name = ? and changed_at = ?)")
        .params(user.name(), Timestamp.from(user.changedAt()))
        .query(Boolean.class)
        .single();
  }

  /**
   * Finds a user who logs in.
   *
   * @throws UsernameNotFoundException if there is none
   */
  LoggedInUser load(String typed) {
    String name = typed.strip().toLowerCase(Locale.ROOT);
    return jdbc.sql("select * from local_user where name = ?")
        .param(name)
        .query(
            (rs, index) ->
                new LoggedInUser(
                    rs.getString("name"),
                    Role.valueOf(rs.getString("role")),
                    rs.getString("password"),
                    rs.getTimestamp("changed_at").toInstant()))
        .optional()
        .orElseThrow(() -> new UsernameNotFoundException(name));
  }
}
