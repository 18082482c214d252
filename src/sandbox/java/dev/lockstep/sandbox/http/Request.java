package dev.lockstep.sandbox.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call over HTTP.
 *
 * @param url path and query, as sent
 * @param path its segments, decoded
 * @param variables what the path has in place of the route's braces, in order; empty until routed
 * @param headers names in lower case
 */
public record Request(
    String method,
    String url,
    List<String> path,
    List<String> variables,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    String body) {

  /** Reads a call that is not routed yet. */
  public static Request of(
      String method, String url, Map<String, List<String>> headers, String body) {
    int mark = url.indexOf('?');
    String path = mark < 0 ? url : url.substring(0, mark);
    String query = mark < 0 ? "" : url.substring(mark + 1);
    // A plus means a space in a query only; an e-mail address in a path keeps it.
    List<String> segments =
        Arrays.stream(path.split("/", -1))
            .map(segment -> decoded(segment.replace("+", "%2B")))
            .toList();
    return new Request(method, url, segments, List.of(), form(query), headers, body);
  }

  Request withVariables(List<String> found) {
    return new Request(method, url, path, found, query, headers, body);
  }

  /** The decoded path, without the query. */
  public String fullPath() {
    return String.join("/", path);
  }

  /** The first path variable: the id of the record in most routes. */
  public String id() {
    return variables.get(0);
  }

  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /** A user and a password, or what a vendor takes in their place. */
  public record Credentials(String user, String password) {}

  /** The credentials of HTTP basic authentication (RFC 7617), if the call has any. */
  public Optional<Credentials> basicCredentials() {
    String header = header("Authorization").orElse("");
    if (!header.startsWith("Basic ")) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("Basic ".length()).strip());
      String[] pair = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
      return pair.length == 2 ? Optional.of(new Credentials(pair[0], pair[1])) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Whether the body is declared to be {@code application/json}. */
  public boolean isJson() {
    return header("Content-Type").filter(type -> type.startsWith("application/json")).isPresent();
  }

  /** The first value of a query parameter. */
  public Optional<String> parameter(String name) {
    return values(name).stream().findFirst();
  }

  /** All values of a query parameter that may be repeated. */
  public List<String> values(String name) {
    return query.getOrDefault(name, List.of());
  }

  /** All values of a query parameter that may be repeated, separated by commas, or both. */
  public List<String> list(String name) {
    return values(name).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  public boolean flag(String name) {
    return parameter(name).orElse("").equalsIgnoreCase("true");
  }

  /** A form or a query, decoded. */
  public static Map<String, List<String>> form(String encoded) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : encoded.split("&", -1)) {
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
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
