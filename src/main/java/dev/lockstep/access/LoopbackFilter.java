package dev.lockstep.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/** Serves the console to this machine alone until somebody can log in. */
final class LoopbackFilter extends OncePerRequestFilter {
  private static final RequestMatcher LOCAL = new LocalRequests();

  private final SetUp setUp;
  private final ProblemResponses problems;

  LoopbackFilter(SetUp setUp, ProblemResponses problems) {
    this.setUp = setUp;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (LOCAL.matches(request) || setUp.isDone()) {
      chain.doFilter(request, response);
    } else {
      problems.setUpFirst(response);
    }
  }
}
