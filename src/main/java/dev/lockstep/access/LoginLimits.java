package dev.lockstep.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** How often a user may try to log in from an address, and an address at all. */
@Component
final class LoginLimits {
  private static final Logger LOG = LoggerFactory.getLogger(LoginLimits.class);

  /** Tries a minute. */
  static final int OF_USER = 5;

  static final int OF_ADDRESS = 30;

  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MOST = 10_000;

  private final Cache<String, RateLimiter> limiters =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(REMEMBERED).build();

  /** What the audit has already: an attacker must not fill it. */
  private final Cache<String, Boolean> reported =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();

  private final AuditStore audit;

  LoginLimits(AuditStore audit) {
    this.audit = audit;
  }

  /** Whether this address may start another log-in. */
  boolean permits(String address) {
    return isPermitted(address, OF_ADDRESS);
  }

  /** Whether this user may try to log in from this address; the first refusal is in the audit. */
  boolean permits(String user, String address) {
    boolean isPermitted = permits(address) && isPermitted(user + "\n" + address, OF_USER);
    if (!isPermitted && reported.asMap().putIfAbsent(user + "\n" + address, true) == null) {
      report(user, address);
    }
    return isPermitted;
  }

  private boolean isPermitted(String key, int most) {
    return limiters.get(key, name -> limiter(name, most)).acquirePermission();
  }

  private static RateLimiter limiter(String name, int most) {
    return RateLimiter.of(
        name,
        RateLimiterConfig.custom()
            .limitForPeriod(most)
            .limitRefreshPeriod(PERIOD)
            .timeoutDuration(Duration.ZERO)
            .build());
  }

  private void report(String user, String address) {
    LOG.warn("Too many log-ins as {} from {}", user, address);
    try {
      audit.record(
          new AuditSubject("user", user),
          List.of(
              new AuditEntry("log-in refused", "Too many log-ins from " + address, Map.of(), "")));
    } catch (DataAccessException e) {
      LOG.warn("Not in the audit, since the database is not reachable: {}", e.getMessage());
    }
  }
}
