package dev.lockstep.access;

import dev.lockstep.access.Users.Person;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code oidc_user}: which role the last log-in of each user gave. */
@Component
final class OidcUserStore {
  private final JdbcClient jdbc;

  OidcUserStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** An address that was another user's is this one's now. */
  void save(Person user, String email, Instant at) {
    jdbc.sql("delete from oidc_user where name = ? or email = ?")
        .params(user.name(), email)
        .update();
    jdbc.sql("insert into oidc_user values (?, ?, ?, ?) on conflict do nothing")
        .params(user.name(), email, user.role().name(), Timestamp.from(at))
        .update();
  }

  void delete(String name) {
    jdbc.sql("delete from oidc_user where name = ?").param(name).update();
  }

  Optional<Person> find(String email, Instant since) {
    return jdbc.sql("select name, role from oidc_user where email = ? and logged_in_at >= ?")
        .params(email, Timestamp.from(since))
        .query((rs, i) -> new Person(rs.getString("name"), Role.valueOf(rs.getString("role"))))
        .optional();
  }
}
