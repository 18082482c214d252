package dev.lockstep.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Serves the console to this machine alone until somebody can log in. */
final class LoopbackFilter extends OncePerRequestFilter {
  /**
   * Set by Tomcat when a proxy says that it forwards for a proxy, such as one at 127.0.0.1: anyone
   * may have typed that.
   */
  private static final String FORWARDED = "X-Forwarded-By";

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
    if (isFromThisMachine(request) || setUp.isDone()) {
      chain.doFilter(request, response);
    } else {
      problems.setUpFirst(response);
    }
  }

  private static boolean isFromThisMachine(HttpServletRequest request) throws UnknownHostException {
    return request.getHeader(FORWARDED) == null
        // An address, which is not looked up.
        && InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
  }
}
