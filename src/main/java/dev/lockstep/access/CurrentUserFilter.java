package dev.lockstep.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends the session of a local user who was removed, or whose password was changed: also where
 * another process did so.
 */
final class CurrentUserFilter extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentUserFilter.class);

  private final UserStore users;

  CurrentUserFilter(UserStore users) {
    this.users = users;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    try {
      if (authentication != null
          && authentication.getPrincipal() instanceof LoggedInUser user
          && !users.isCurrent(user)) {
        new SecurityContextLogoutHandler().logout(request, response, authentication);
      }
    } catch (DataAccessException e) {
      LOG.warn("Whether a user may still use the console is unknown: {}", e.getMessage());
      response.setHeader(HttpHeaders.RETRY_AFTER, "5");
      response.sendError(HttpStatus.SERVICE_UNAVAILABLE.value());
      return;
    }
    chain.doFilter(request, response);
  }

  /** Style sheets and scripts ask for no database. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return AccessRules.find(request).filter(rule -> rule.role() == null).isPresent();
  }
}
