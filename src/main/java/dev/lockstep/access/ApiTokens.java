package dev.lockstep.access;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * API tokens for programs. A token is random, shown once, and stored as its SHA-256 hash only: 256
 * random bits cannot be guessed, so a slow hash would protect nothing more.
 */
@Component
public class ApiTokens {
  /** By which scanners for leaked secrets recognise a token. */
  static final String PREFIX = "lockstep_";

  private static final int BYTES = 32;
  private static final int MOST_DAYS = 366;

  private final ApiTokenStore store;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param lastUsedAt to the minute; null if it was never used
   */
  public record ApiToken(
      String name,
      Role role,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /**
   * @param secret what callers send; not stored
   */
  public record NewToken(ApiToken token, String secret) {}

  ApiTokens(ApiTokenStore store, AuditStore audit, TransactionTemplate transaction, Clock clock) {
    this.store = store;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** By name. */
  public List<ApiToken> list() {
    return store.findAll();
  }

  /**
   * Makes a token.
   *
   * @param days how long it is accepted, from 1 to 366
   * @param by who asks for it
   * @throws RefusedException if the name is taken, or name or days are invalid
   */
  public NewToken create(String name, Role role, int days, String by) {
    if (days < 1 || days > MOST_DAYS) {
      throw RefusedException.invalid("days: %d is not between 1 and %d".formatted(days, MOST_DAYS));
    }
    Instant now = clock.instant();
    ApiToken token =
        new ApiToken(
            AccountName.require(name), role, by, now, now.plus(Duration.ofDays(days)), null);
    String secret = PREFIX + randomText();
    transaction.executeWithoutResult(
        status -> {
          if (!store.insert(token, hash(secret))) {
            throw RefusedException.conflict(
                "There is a token named '%s'; revoke it first, or use another name"
                    .formatted(name));
          }
          record(
              name,
              new AuditEntry(
                  "created",
                  "API token created: role %s, expires %s".formatted(role.label(), token.expiresAt),
                  Map.of(),
                  by));
        });
    return new NewToken(token, secret);
  }

  /**
   * Revokes a token: its next call is refused.
   *
   * @return false if there is none of this name
   */
  public boolean revoke(String name, String by) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              boolean existed = store.delete(name);
              if (existed) {
                record(name, new AuditEntry("revoked", "API token revoked", Map.of(), by));
              }
              return existed;
            }));
  }

  /** The token with this secret, expired ones too; notes that it was used. */
  Optional<ApiToken> find(String secret) {
    if (!secret.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return store.use(hash(secret), clock.instant());
  }

  boolean isExpired(ApiToken token) {
    return !clock.instant().isBefore(token.expiresAt());
  }

  private void record(String name, AuditEntry entry) {
    audit.record(new AuditSubject("token", name), List.of(entry));
  }

  private String randomText() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
