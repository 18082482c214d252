package dev.lockstep.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.stereotype.Component;

/**
 * Lets the first user in while there are neither users nor an identity provider: with a one-time
 * password that is printed at the start, and from this machine only ({@link LoopbackFilter}).
 */
@Component
class SetUp implements AuthenticationProvider {
  private static final Logger LOG = LoggerFactory.getLogger("lockstep");
  private static final int BYTES = 15;

  private final UserStore users;
  private final boolean hasIdentityProvider;
  private final boolean isLogShipped;
  private final AtomicReference<@Nullable String> password = new AtomicReference<>();

  SetUp(
      UserStore users,
      ObjectProvider<ClientRegistrationRepository> identityProviders,
      Environment environment) {
    this.users = users;
    this.hasIdentityProvider = identityProviders.stream().findAny().isPresent();
    this.isLogShipped = environment.containsProperty("logging.structured.format.console");
  }

  /** Whether anyone may log in: a local user, or those of an identity provider. */
  boolean isDone() {
    return hasIdentityProvider || !users.isEmpty();
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (isDone()) {
      return;
    }
    // JSON logs are collected and kept: no password may be in them.
    if (isLogShipped) {
      LOG.info("Nobody can log in to the console yet; add a user: ./lockstep users add");
      return;
    }
    String generated = generate();
    password.set(generated);
    LOG.info(
        "Console: http://localhost:{}, one-time password {} (from this machine, until used or"
            + " restarted)",
        event.getApplicationContext().getEnvironment().getProperty("local.server.port"),
        generated);
  }

  /** Null, which lets other providers decide, unless it is the one-time password. */
  @Override
  public @Nullable Authentication authenticate(Authentication given) {
    String expected = password.get();
    if (expected == null
        || !AccountName.SETUP.equals(given.getName())
        || !isEqual(expected, String.valueOf(given.getCredentials()))
        || isDone()
        || !password.compareAndSet(expected, null)) {
      return null;
    }
    return UsernamePasswordAuthenticationToken.authenticated(
        AccountName.SETUP, null, Role.ADMIN.authorities());
  }

  @Override
  public boolean supports(Class<?> type) {
    return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
  }

  private static boolean isEqual(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
