package dev.lockstep.access;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
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

  private static final Pattern EMAIL =
      Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,190}");

  private final UserStore store;
  private final OidcUserStore remembered;
  private final OidcSettings oidc;
  private final PasswordEncoder passwords;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /**
   * A user as others see it.
   *
   * @param email in lower case; empty for none
   */
  public record User(String name, String email, Role role, String createdBy, Instant createdAt) {}

  /** Who an e-mail address belongs to, and what that user may do. */
  public record Person(String name, Role role) {
    public boolean may(Role needed) {
      return role.compareTo(needed) >= 0;
    }
  }

  Users(
      UserStore store,
      OidcUserStore remembered,
      OidcSettings oidc,
      PasswordEncoder passwords,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.remembered = remembered;
    this.oidc = oidc;
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
   * The user with this e-mail address: a local one, or one of an identity provider who logged in
   * there not long ago.
   */
  public Optional<Person> findByEmail(String email) {
    String address = email.strip().toLowerCase(Locale.ROOT);
    return store
        .findByEmail(address)
        .or(() -> remembered.find(address, clock.instant().minus(oidc.remembered())));
  }

  /**
   * Adds a user.
   *
   * @param email empty: the name, if it is an address, or else none
   * @param by who asks for it
   * @throws RefusedException if name or address are taken, or something is invalid
   */
  public User add(String name, String email, Role role, String password, String by) {
    User user = new User(AccountName.require(name), address(name, email), role, by, now());
    String hash = hash(password);
    transaction.executeWithoutResult(
        status -> {
          if (!store.insert(user, hash)) {
            throw RefusedException.conflict(
                store.exists(name)
                    ? "There is a user named '%s'".formatted(name)
                    : "email: it belongs to another user");
          }
          record(name, "created", "User created: role " + role.label(), by);
        });
    return user;
  }

  private static String address(String name, String given) {
    String address = given.strip().toLowerCase(Locale.ROOT);
    if (address.isEmpty()) {
      return EMAIL.matcher(name).matches() ? name : "";
    }
    if (!EMAIL.matcher(address).matches()) {
      throw RefusedException.invalid("email: not an e-mail address");
    }
    return address;
  }

  /**
   * Replaces an e-mail address.
   *
   * @param email empty for none
   * @return false if there is no such user
   * @throws RefusedException if it is none, or belongs to another user
   */
  public boolean changeEmail(String name, String email, String by) {
    String address = address("", email);
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              if (!address.isEmpty() && store.hasEmail(address, name)) {
                throw RefusedException.conflict("email: it belongs to another user");
              }
              boolean exists = store.updateEmail(name, address);
              if (exists) {
                record(name, "e-mail changed", "E-mail address changed", by);
              }
              return exists;
            }));
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
