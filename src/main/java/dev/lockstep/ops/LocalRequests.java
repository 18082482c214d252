package dev.lockstep.ops;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Requests for the console from a browser on this machine: from a loopback address, for a name of
 * this machine (no other page can make a browser send that name for its own address), through no
 * proxy; and a change only from a page of the console itself.
 */
final class LocalRequests implements RequestMatcher {
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> READS = Set.of("GET", "HEAD");

  @Override
  public boolean matches(HttpServletRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    return host != null
        && NAMES.contains(host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT))
        && request.getHeader("X-Forwarded-For") == null
        && request.getHeader("Forwarded") == null
        && isLoopback(request.getRemoteAddr())
        && (READS.contains(request.getMethod()) || isOwnPage(request, host));
  }

  private static boolean isOwnPage(HttpServletRequest request, String host) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    try {
      return origin != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
