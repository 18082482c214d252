package dev.lockstep.sandbox.pagerduty;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A call over HTTP.
 *
 * @param url path and query, as sent
 * @param headers names in lower case
 */
record HttpCall(
    String method,
    String url,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    String body) {

  static HttpCall of(String method, String url, Map<String, List<String>> headers, String body) {
    int mark = url.indexOf('?');
    String path = mark < 0 ? url : url.substring(0, mark);
    String query = mark < 0 ? "" : url.substring(mark + 1);
    return new HttpCall(method, url, decoded(path), parameters(query), headers, body);
  }

  Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** All values of an array parameter; {@code name} has its brackets. */
  List<String> parameters(Set<String> allowed, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    values.stream()
        .filter(value -> !allowed.contains(value))
        .findFirst()
        .ifPresent(
            value -> {
              throw PagerDutyException.invalid(name + " does not allow " + value);
            });
    return values;
  }

  Set<String> include() {
    return Set.copyOf(query.getOrDefault("include[]", List.of()));
  }

  private static Map<String, List<String>> parameters(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int mark = pair.indexOf('=');
        String name = decoded(mark < 0 ? pair : pair.substring(0, mark));
        String value = mark < 0 ? "" : decoded(pair.substring(mark + 1));
        parameters.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
