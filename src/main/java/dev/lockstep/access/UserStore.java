package dev.lockstep.access;

import dev.lockstep.access.Users.Person;
import dev.lockstep.access.Users.User;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
                    Optional.ofNullable(rs.getString("email")).orElse(""),
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
   * @return false if the name or the address is taken
   */
  boolean insert(User user, String password) {
    Timestamp at = Timestamp.from(user.createdAt());
    return jdbc.sql(
                """
                insert into local_user
                  (name, email, password, role, created_by, created_at, changed_at)
                values (?, nullif(?, ''), ?, ?, ?, ?, ?) on conflict do nothing
                """)
            .params(
                user.name(), user.email(), password, user.role().name(), user.createdBy(), at, at)
            .update()
        == 1;
  }

  Optional<Person> findByEmail(String email) {
    return jdbc.sql("select name, role from local_user where email = ?")
        .param(email)
        .query((rs, i) -> new Person(rs.getString("name"), Role.valueOf(rs.getString("role"))))
        .optional();
  }

  boolean hasEmail(String email, String otherThan) {
    return findByEmail(email).filter(user -> !user.name().equals(otherThan)).isPresent();
  }

  /**
   * @param email empty for none
   */
  boolean updateEmail(String name, String email) {
    return jdbc.sql("update local_user set email = nullif(?, '') where name = ?")
            .params(email, name)
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
