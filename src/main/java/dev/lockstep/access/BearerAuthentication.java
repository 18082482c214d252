package dev.lockstep.access;

import dev.lockstep.access.ApiTokens.ApiToken;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.stereotype.Component;

/** Authenticates requests with an API token (RFC 6750, section 2.1). */
@Component
final class BearerAuthentication implements AuthenticationConverter, AuthenticationManager {
  /**
   * The user of the operating system who runs the command, percent-encoded. Read with the local
   * token only, whose file that user can read: anyone who has it may do everything anyway.
   */
  static final String USER = "X-Lockstep-User";

  private static final String SCHEME = "Bearer ";

  private final LocalToken local;
  private final ApiTokens tokens;

  BearerAuthentication(LocalToken local, ApiTokens tokens) {
    this.local = local;
    this.tokens = tokens;
  }

  @Override
  public @Nullable Authentication convert(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    return UsernamePasswordAuthenticationToken.unauthenticated(
        request.getHeader(USER), header.substring(SCHEME.length()).strip());
  }

  @Override
  public Authentication authenticate(Authentication presented) {
    String secret = String.valueOf(presented.getCredentials());
    if (local.accepts(secret)) {
      return UsernamePasswordAuthenticationToken.authenticated(
          AccountName.LOCAL + userName(presented.getPrincipal()), null, Role.ADMIN.authorities());
    }
    ApiToken token = find(secret);
    if (tokens.isExpired(token)) {
      throw new CredentialsExpiredException(
          "The API token '%s' expired at %s; an administrator can make a new one."
              .formatted(token.name(), token.expiresAt()));
    }
    return UsernamePasswordAuthenticationToken.authenticated(
        AccountName.TOKEN + token.name(), null, token.role().authorities());
  }

  private ApiToken find(String secret) {
    try {
      return tokens
          .find(secret)
          .orElseThrow(() -> new BadCredentialsException("No such API token"));
    } catch (DataAccessException e) {
      throw new AuthenticationServiceException("The database is not reachable", e);
    }
  }

  private static String userName(@Nullable Object header) {
    String name = header == null ? "" : AccountName.printable(decode(header.toString()));
    return name.isEmpty() ? "unnamed" : name;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
