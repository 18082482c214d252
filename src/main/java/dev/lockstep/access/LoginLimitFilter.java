package dev.lockstep.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses log-ins beyond {@link LoginLimits}. */
final class LoginLimitFilter extends OncePerRequestFilter {
  private static final RequestMatcher PASSWORD =
      PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, LoginPage.PATH);

  /** Each begins a session, which takes memory. */
  private static final RequestMatcher IDENTITY_PROVIDER =
      PathPatternRequestMatcher.withDefaults().matcher(LoginPage.AUTHORIZATION + "/**");

  private final LoginLimits limits;

  LoginLimitFilter(LoginLimits limits) {
    this.limits = limits;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (isPermitted(request)) {
      chain.doFilter(request, response);
    } else {
      response.sendRedirect(LoginPage.PATH + "?" + LoginPage.LIMITED);
    }
  }

  private boolean isPermitted(HttpServletRequest request) {
    String address = request.getRemoteAddr();
    if (PASSWORD.matches(request)) {
      String typed = Objects.requireNonNullElse(request.getParameter("username"), "");
      return limits.permits(AccountName.printable(typed).toLowerCase(Locale.ROOT), address);
    }
    return !IDENTITY_PROVIDER.matches(request) || limits.permits(address);
  }
}
