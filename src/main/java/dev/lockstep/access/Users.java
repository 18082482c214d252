package dev.lockstep.access;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Users who log in with a password of their own, for where there is no identity provider. */
@Component
public class Users {
  /** In characters. */
  private static final int SHORTEST = 12;

  /** In bytes: bcrypt would ignore what follows. */
  private static final int LONGEST = 72;

  private final UserStore store;
  private final PasswordEncoder passwords;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /** A user as others see it. */
  public record User(String name, Role role, String createdBy, Instant createdAt) {}

  Users(
      UserStore store,
      PasswordEncoder passwords,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.passwords = passwords;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** By name. */
  public List<User> list() {
    return store.findAll();
  }

  /**
   * Adds a user.
   *
   * @param by who asks for it
   * @throws RefusedException if the name is taken, or name or password are invalid
   */
  public User add(String name, Role role, String password, String by) {
    User user = new User(AccountName.require(name), role, by, now());
    String hash = hash(password);
    transaction.executeWithoutResult(
        status -> {
          if (!store.insert(user, hash)) {
            throw RefusedException.conflict("There is a user named '%s'".formatted(name));
          }
          record(name, "created", "User created: role " + role.label(), by);
        });
    return user;
  }

  /**
   * Replaces a password and ends the user's sessions.
   *
   * @return false if there is no such user
   * @throws RefusedException if the password is invalid
   */
  public boolean changePassword(String name, String password, String by) {
    String hash = hash(password);
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              boolean exists = store.updatePassword(name, hash, now());
              if (exists) {
                record(name, "password changed", "Password changed", by);
              }
              return exists;
            }));
  }

  /**
   * Removes a user and ends the user's sessions.
   *
   * @return false if there is no such user
   */
  public boolean remove(String name, String by) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              boolean existed = store.delete(name);
              if (existed) {
                record(name, "removed", "User removed", by);
              }
              return existed;
            }));
  }

  private String hash(String password) {
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      throw RefusedException.invalid("password: shorter than %d characters".formatted(SHORTEST));
    }
    if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw RefusedException.invalid("password: longer than %d bytes".formatted(LONGEST));
    }
    return passwords.encode(password);
  }

  /** As precise as the database stores it, since sessions compare it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void record(String name, String what, String text, String by) {
    audit.record(new AuditSubject("user", name), List.of(new AuditEntry(what, text, Map.of(), by)));
  }
}
