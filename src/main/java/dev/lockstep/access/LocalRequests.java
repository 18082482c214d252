package dev.lockstep.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Requests from a browser on this machine: from a loopback address, for a name of this machine (no
 * other page can make a browser send that name for its own address), through no proxy.
 */
final class LocalRequests implements RequestMatcher {
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * The last one is Tomcat's: a proxy says that it forwards for a proxy, such as one at 127.0.0.1,
   * which anyone may have typed.
   */
  private static final List<String> OF_PROXIES =
      List.of("X-Forwarded-For", "Forwarded", "X-Forwarded-By");

  @Override
  public boolean matches(HttpServletRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    return host != null
        && NAMES.contains(host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT))
        && OF_PROXIES.stream().allMatch(header -> request.getHeader(header) == null)
        && isLoopback(request.getRemoteAddr());
  }

  private static boolean isLoopback(String address) {
    try {
      // An address, which is not looked up.
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
